"""What people, or a language model, say of who speaks: kept apart from the transcript, and laid over it.

A correction is anchored to the time and the text of its segment, so that it finds its place again in a revised
transcript; one that does not is given back, never dropped. Splits come first, then whole voices, then the speakers of
segments, each in the order in which they were made.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

from index.types import UNKNOWN, Attribution, Origin, Segment
from index.words.lexical import fold

_NEAR = 10.0
"""Seconds by which times may differ after a transcript was revised."""
_LEAST_WORDS = 6
"""From here on a text is looked for in the whole debate, when nothing is said there at its time."""
_LEAST_ALIKE = 0.6
"""Share of the words of a segment that a correction must hold to say who speaks it."""


class CorrectionKind(StrEnum):
    """What is corrected."""

    SPEAKER = "speaker"
    SPLIT = "split"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Correction:
    """``speaker`` (None: it is not known) says the segment that was at ``start`` to ``end`` seconds with ``text``; or,
    for a split, that segment is cut before its word ``word``, counted from 0; or, for a voice, ``speaker`` is whoever
    says that segment, wherever the same voice speaks.

    ``origin`` is corrected, or model and ``by`` names the model, or voice where an enrolled one was recognised. ``act``
    is given by the store: what was said at once, of several segments perhaps, and is undone at once.
    """

    kind: CorrectionKind
    start: float
    end: float
    text: str
    speaker: str | None = None
    word: int | None = None
    origin: Origin = Origin.CORRECTED
    confidence: float = 1.0
    by: str = ""
    act: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """``segments`` with the corrections of people laid over them; ``guesses`` are those of a model, by the index of
    their segment, which a person has not confirmed; a person spoke of those that are ``told``, if only to say that
    nobody knows; those of ``cuts`` begin where one was cut; ``lost`` found no place."""

    segments: tuple[Segment, ...]
    guesses: Mapping[int, Attribution] = field(default_factory=dict)
    told: frozenset[int] = frozenset()
    cuts: frozenset[int] = frozenset()
    lost: tuple[Correction, ...] = ()


def corrected(segments: Sequence[Segment], corrections: Sequence[Correction]) -> Corrected:
    """A person's word stands above what the transcript says, the last one above the others."""
    cut, cuts, lost = _split(list(segments), [one for one in corrections if one.kind is CorrectionKind.SPLIT])
    found = {index: segment.attribution for index, segment in enumerate(cut)}
    guesses: dict[int, Attribution] = {}
    told: set[int] = set()
    spoken = [one for one in corrections if one.kind is CorrectionKind.SPEAKER]
    exact = [_same(cut, correction) for correction in spoken]
    held = {at for at in exact if at is not None}
    for correction, at in zip(spoken, exact, strict=True):
        places = [at] if at is not None else [place for place in _places(cut, correction) if place not in held]
        said = _attribution(correction)
        if correction.origin is Origin.CORRECTED:
            found.update(dict.fromkeys(places, said))
            told.update(places)
        else:
            guesses.update(dict.fromkeys(places, said))
        lost += [] if places else [correction]
    named = tuple(replace(segment, attribution=found[index]) for index, segment in enumerate(cut))
    return Corrected(named, guesses, frozenset(told), cuts, tuple(lost))


def voices_said(
    segments: Sequence[Segment], corrections: Sequence[Correction]
) -> tuple[dict[str, Correction], tuple[Correction, ...]]:
    """By the label of a voice, what was said last of it as a whole; and what found no voice in its place."""
    whole = [one for one in corrections if one.kind is CorrectionKind.VOICE]
    if not whole:
        return {}, ()
    cut, _cuts, _lost = _split(list(segments), [one for one in corrections if one.kind is CorrectionKind.SPLIT])
    found = [(_voice_at(cut, one), one) for one in whole]
    ranked = sorted(found, key=lambda pair: pair[1].origin is Origin.CORRECTED)  # a person's word is above a program's
    return {voice: one for voice, one in ranked if voice}, tuple(one for voice, one in found if not voice)


def _voice_at(segments: Sequence[Segment], correction: Correction) -> str | None:
    """That of the segment; where it is no longer as it was, of most that say what it said."""
    at = _same(segments, correction)
    places = [at] if at is not None else list(_places(segments, correction))
    voices = Counter(voice for place in places if (voice := segments[place].voice))
    return voices.most_common(1)[0][0] if voices else None


def renumbered(corrections: Sequence[Correction], last: int) -> list[Correction]:
    """Corrections of one debate of another index, with the numbers of their acts after ``last``, in order: what was
    said at once stays so, and no act is one that this index has. Those without a number are one act."""
    numbers: dict[int | None, int] = {}
    return [replace(one, act=numbers.setdefault(one.act, last + 1 + len(numbers))) for one in corrections]


def split_at(segment: Segment, word: int) -> tuple[Segment, Segment]:
    """``segment`` cut before its word ``word`` (from 1 to its last); the moment is that of the word where it is known,
    else estimated by the share of characters. Both keep the index. Raises ValueError for a word that is none."""
    words = segment.text.split()
    if not 0 < word < len(words):
        raise ValueError(word)
    first, second = " ".join(words[:word]), " ".join(words[word:])
    moment = _moment(segment, word, len(first) / len(segment.text))
    before = replace(segment, end=moment, text=first, words=segment.words[:word] if _each(segment) else ())
    after = replace(segment, start=moment, text=second, words=segment.words[word:] if _each(segment) else ())
    return before, after


def _each(segment: Segment) -> bool:
    """Whether each word of the text has its time."""
    return len(segment.words) == len(segment.text.split())


def _moment(segment: Segment, word: int, share: float) -> float:
    told = segment.words[word].start if _each(segment) else segment.start + share * (segment.end - segment.start)
    return min(max(round(told, 3), segment.start), segment.end)


def _split(
    segments: list[Segment], splits: Sequence[Correction]
) -> tuple[list[Segment], frozenset[int], list[Correction]]:
    lost: list[Correction] = []
    moments: set[float] = set()
    for split in splits:
        at = _same(segments, split)
        if at is None or split.word is None or not 0 <= split.word < len(segments[at].text.split()):
            lost.append(split)
        elif split.word == 0:
            moments.add(segments[at].start)
        else:
            segments[at : at + 1] = split_at(segments[at], split.word)
            moments.add(segments[at].end)
    cuts = frozenset(index for index, segment in enumerate(segments) if segment.start in moments)
    return [replace(segment, index=index) for index, segment in enumerate(segments)], cuts, lost


def _same(segments: Sequence[Segment], correction: Correction) -> int | None:
    """The segment with that text, nearest to that time; a long text that stands once may be anywhere."""
    found = [at for at, segment in enumerate(segments) if segment.text == correction.text]
    near = [at for at in found if abs(segments[at].start - correction.start) <= _NEAR]
    if not near and len(found) == 1 and len(correction.text.split()) >= _LEAST_WORDS:
        return found[0]
    return min(near, key=lambda at: abs(segments[at].start - correction.start), default=None)


def _attribution(correction: Correction) -> Attribution:
    if correction.speaker is None:
        return UNKNOWN
    return Attribution(correction.speaker, correction.origin, correction.confidence)


def _places(segments: Sequence[Segment], correction: Correction) -> Iterator[int]:
    """Where the segment is no longer as it was: those near its time that say what it said."""
    for at, segment in enumerate(segments):
        near = segment.start <= correction.end + _NEAR and segment.end >= correction.start - _NEAR
        if near and _alike(segment.text, correction.text):
            yield at


def _alike(text: str, wanted: str) -> bool:
    """Whether most words of ``text`` stand in ``wanted``, in their order."""
    here, there = fold(text).split(), fold(wanted).split()
    matched = sum(block.size for block in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks())
    return matched >= _LEAST_ALIKE * len(here) and matched >= min(2, len(there))
