"""Tiers of annotation (ELAN, Praat) -> cues: which tiers hold the speech, and whose.

    Ada, Jean, bruits           -> two speakers; "bruits" is left out
    phrase, words, phones       -> "phrase", nobody's
    Ada - words, Ada - phones   -> "Ada - words", whose words become cues

Neither format says what a tier is for, so its name and type are read: those that promise an utterance come before those
that promise nothing, these before words, and translations, glosses, sounds and gestures come last; only tiers of the
best kind that is there are read. Of tiers that hang together, or are the same person's, one is read. The others are
noted with their lines.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from index.transcripts.report import Cue, Note, NoteKind, Reading, Word, shortened
from index.transcripts.tally import Tally
from index.transcripts.words import cues_of

_UTTERANCES, _UNKNOWN, _WORDS, _OTHER = range(4)
_KINDS = (
    (
        _OTHER,
        "ref id ft translation translations traduction trad gloss glosses glose gls mb morph morphs morpheme "
        "morphemes pos lemma lemmas syntax notes note comment comments commentaire commentaires gesture "
        "gestures geste gestes gaze regard hand hands head posture syllable syllables syllabes syll pitch tone tones "
        "breaks noise noises bruit bruits music musique events topic topics phone phones phoneme phonemes phonetic "
        "phonetics ipa laughter rires",
    ),
    (
        _UTTERANCES,
        "tx txt text texte ut utt utterance utterances transcript transcripts transcription transcriptions trs trn "
        "orth ortho orthographic orthography orthographe speech sentence sentences phrase phrases turn turns spch "
        "parole paroles énoncé énoncés",
    ),
    (_WORDS, "word words mot mots token tokens ort wrd"),
    (_OTHER, "mau kan phon align"),
)
_ROW_OF = {word: row for row, (_kind, words) in reversed([*enumerate(_KINDS)]) for word in words.split()}
"""The last row gives way to the others: "ORT-MAU" holds words, "MAU" phones."""
_NAMELESS = frozenset(["", "default", "main", "tier"])
_PARTS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_SEPARATORS = "-–_@:/|.()[] "
_SILENCE = re.compile(
    r"(?:sp|sil|spn|eps|#|_|<(?:eps|sil|sp|p:|usb|unk|nib)>|\[(?:sil|silence|noise)\])?", re.IGNORECASE
)
_LEAST_WORDS = 20
_SINGLE = 1.2
"""Words a cue: below it, and with at least so many cues, a tier holds words whatever its name says."""


@dataclass(frozen=True, slots=True, eq=False)
class Tier:
    """``notes`` are told when the tier is read; ``family`` is shared by tiers that depend on one another, ``depth`` how
    far this one is from their root; ``coded``: its values come from a fixed list."""

    name: str
    line: int | None
    cues: tuple[Cue, ...]
    notes: tuple[Note, ...] = ()
    kind: str = ""
    participant: str = ""
    family: str = ""
    depth: int = 0
    coded: bool = False

    @property
    def level(self) -> int:
        """What it promises, by its name or else by its type; one without letters holds no speech."""
        if self.coded or not any(_PARTS.search(cue.text) for cue in self.cues):
            return _OTHER
        return _level(self.name) if _level(self.name) != _UNKNOWN else _level(self.kind)

    @property
    def words(self) -> int:
        """How many its values have together."""
        return sum(len(cue.text.split()) for cue in self.cues)

    @property
    def holds_words(self) -> bool:
        """Whether each value is a word, by its kind or by their length."""
        many = len(self.cues) >= _LEAST_WORDS
        return self.level == _WORDS or (many and self.words <= _SINGLE * len(self.cues))


def speech(tiers: Iterable[Tier], reading: Reading) -> None:
    """Put the cues of the tiers that hold speech into ``reading``, in order of time, and note what is left out."""
    silences = Tally()
    voiced = [_voiced(tier, silences) for tier in tiers]
    filled = [tier for tier in voiced if tier.cues]
    kept = _best(_best(filled, lambda tier: tier.family), lambda tier: tier.participant)
    level = min((tier.level for tier in kept), default=_UNKNOWN)
    kept = [tier for tier in kept if tier.level == level]
    others = set(filled).difference(kept)
    for tier in voiced:
        if tier in others:
            leave_out(reading, tier.name, tier.line, len(tier.cues))
        else:
            reading.notes.extend(tier.notes)
    silences.tell(reading, NoteKind.MARKUP_REMOVED)
    tracks = [_spoken(tier, _speaker(tier, alone=len(kept) == 1)) for tier in kept]
    reading.cues.extend(heapq.merge(*tracks, key=lambda cue: cue.start))


def leave_out(reading: Reading, name: str, line: int | None, count: int) -> None:
    """Note a tier of ``count`` values that is not read."""
    reading.note(NoteKind.OTHER_TIER, line, f"{shortened(name, 48)} × {count}")


def _level(name: str) -> int:
    """What a name promises, by its words: "A_Transcription-txt", "TokensAlign", "phrase 1"."""
    found = [
        _ROW_OF[part] for part in _PARTS.findall(_CAMEL.sub(" ", name).casefold().replace("_", " ")) if part in _ROW_OF
    ]
    return _KINDS[min(found)][0] if found else _UNKNOWN


def _voiced(tier: Tier, silences: Tally) -> Tier:
    """Without the cues that are empty, or hold a sign for silence only."""
    cues: list[Cue] = []
    for cue in tier.cues:
        if not _SILENCE.fullmatch(cue.text.strip()):
            cues.append(cue)
        elif cue.text.strip():
            silences.add(cue.text.strip(), cue.line)
    return replace(tier, cues=tuple(cues))


def _best(tiers: list[Tier], group: Callable[[Tier], str]) -> list[Tier]:
    """Of each group one: of the best kind, the nearest to the root, the one with most words. "" is no group."""
    best: dict[str, Tier] = {}
    for tier in sorted(tiers, key=lambda tier: (tier.level, tier.depth, -tier.words)):
        best.setdefault(group(tier), tier)
    return [tier for tier in tiers if not group(tier) or best[group(tier)] is tier]


def _speaker(tier: Tier, *, alone: bool) -> str | None:
    """The participant, or the name without what tells the kind: "tx@SP1" -> "SP1". A name alone may mean anything."""
    if tier.participant or (alone and _level(tier.name) == _UNKNOWN):
        return tier.participant or None
    rest = _PARTS.sub(lambda part: "" if part[0].casefold() in _ROW_OF else part[0], tier.name)
    name = " ".join(dict.fromkeys(re.sub(rf"[{re.escape(_SEPARATORS)}]{{2,}}", " ", rest).strip(_SEPARATORS).split()))
    return None if name.casefold() in _NAMELESS or not _PARTS.search(name) else name


def _spoken(tier: Tier, speaker: str | None) -> Iterator[Cue]:
    if tier.holds_words:
        return cues_of(Word(cue.start, cue.end, cue.text.strip(), speaker, cue.line) for cue in tier.cues)
    return (replace(cue, speaker=speaker) for cue in tier.cues)
