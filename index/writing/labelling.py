"""The write path of who speaks: a correction, a split, a rename, undone or made, reaches search in one transaction.

state of the index -> the change laid over what the file says -> one transaction, if nobody changed the index meanwhile
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.encoding.encoder import Encoder
from index.errors import (
    CorrectionUnknown,
    FieldInvalid,
    SegmentsChanged,
    SegmentUnknown,
    StoreBusy,
    VoiceUnknown,
    WordUnknown,
    listed,
)
from index.pieces.windows import weakest
from index.speakers.attribution import Attributed, Guess, attributed
from index.speakers.corrections import Correction, CorrectionKind
from index.speakers.names import canonical
from index.speakers.voices import is_anonymous
from index.store import ATTEMPTS, Relabelling, Store
from index.transcripts.segments import plain
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment, Vectors, joined_text
from index.writing.embedding import index_fingerprint, indexed, windows_of

_GUESSED_WORDS = 100
"""Of a turn that is only guessed."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Segments ``first`` to ``last`` (both included) are spoken by ``speaker`` (a participant's surname will do), or by
    nobody known. ``seen`` is the ``mark_of`` their text as the person saw it."""

    first: int
    last: int
    speaker: str | None
    seen: str | None = None


def mark_of(text: str) -> str:
    """A short sign of a text, by which a change of it is noticed: a page need not send it whole."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def correct(store: Store, debate: str, sayings: Sequence[Saying]) -> Attributed:
    """What a person says at once, and takes back at once. Raises DebateUnknown, SegmentUnknown, FieldInvalid,
    SegmentsChanged; then nothing is changed."""

    def change(now: Debate) -> list[Correction]:
        return [made for saying in sayings for made in _said(now, saying)]

    return _changed(store, debate, change)


def _said(now: Debate, saying: Saying) -> list[Correction]:
    segments = _between(now, saying.first, saying.last)
    if saying.seen is not None and mark_of(joined_text(segments)) != saying.seen:
        raise SegmentsChanged(first=saying.first, last=saying.last, debate=now.id)
    return [_said_by(segment, _name(saying.speaker, now)) for segment in segments]


def name_voice(store: Store, debate: str, voice: str, speaker: str | None) -> Attributed:
    """What a person says of everything that an anonymous voice says; None that nobody knows it. What is said of single
    segments, by the file or by a person, stands. Raises DebateUnknown, VoiceUnknown, FieldInvalid."""

    def change(now: Debate) -> list[Correction]:
        return [_said_of(voice, _name(speaker, now), now)]

    return _changed(store, debate, change)


def know_voices(store: Store, debate: str, names: Mapping[str, tuple[str, float]]) -> Attributed:
    """Whose voices were recognised: name and confidence by label, in place of what was before. A person's word stands
    above. Raises DebateUnknown, VoiceUnknown."""

    def change(now: Debate) -> list[Correction]:
        return [
            replace(_said_of(voice, _name(name, now), now), origin=Origin.VOICE, confidence=confidence)
            for voice, (name, confidence) in names.items()
        ]

    earlier = {one.act for one in store.corrections(debate) if one.origin is Origin.VOICE and one.act is not None}
    if not names and not earlier:
        return state(store, debate)
    return _changed(store, debate, change, removed=sorted(earlier))


def _said_of(voice: str, speaker: str | None, now: Debate) -> Correction:
    said = [part for part in now.segments if part.voice == voice and is_anonymous(voice)]
    if not said:
        voices = dict.fromkeys(part.voice for part in now.segments if part.voice and is_anonymous(part.voice))
        raise VoiceUnknown(voice=voice, debate=now.id, known=listed(list(voices)))
    # a long text is found again in a revised transcript; one that was corrected may be another voice's
    anchor = max(said, key=lambda part: (part.attribution.origin is not Origin.CORRECTED, len(part.text.split())))
    return replace(_said_by(anchor, speaker), kind=CorrectionKind.VOICE)


def attribute_by_model(store: Store, read: Debate, names: Mapping[int, tuple[str, float]], model: str) -> Attributed:
    """What a language model says of the debate that it ``read``: speaker and confidence by the index of a segment, in
    place of what one said before. Raises DebateUnknown."""

    def change(_now: Debate) -> list[Correction]:
        return [
            replace(_said_by(read.segments[at], speaker), origin=Origin.MODEL, confidence=confidence, by=model)
            for at, (speaker, confidence) in names.items()
        ]

    earlier = {one.act for one in store.corrections(read.id) if one.origin is Origin.MODEL and one.act is not None}
    return _changed(store, read.id, change, removed=sorted(earlier))


def split(store: Store, encoder: Encoder, debate: str, segment: int, word: int) -> Attributed:
    """Cut a segment before its word ``word``, counted from 0, so that two people can be said to speak it; 0 ends a turn
    before the segment. Raises DebateUnknown, SegmentUnknown, WordUnknown, ModelMismatch."""

    def change(now: Debate) -> list[Correction]:
        (found,) = _between(now, segment, segment)
        words = len(found.text.split())
        if not (word == 0 < segment or 0 < word < words):
            raise WordUnknown(word=word, segment=segment, last=words - 1)
        return [Correction(CorrectionKind.SPLIT, found.start, found.end, found.text, word=word)]

    return _changed(store, debate, change, encoder=encoder)


def undo(store: Store, encoder: Encoder, debate: str, act: int) -> Attributed:
    """Take back what was said at once. Raises DebateUnknown, CorrectionUnknown."""
    made = store.corrections(debate)
    undone = [one for one in made if one.act == act]
    if not undone:
        known = listed(list(dict.fromkeys(str(one.act) for one in made)))
        raise CorrectionUnknown(correction=act, debate=store.original(debate).id, known=known)
    recuts = any(one.kind is CorrectionKind.SPLIT for one in undone)
    return _changed(store, debate, lambda _now: [], removed=[act], encoder=encoder if recuts else None)


def state(store: Store, debate: str) -> Attributed:
    """A debate with its voices and lost corrections, made anew from the file and the corrections. Raises
    DebateUnknown."""
    with store.reading():
        return _attributed(store, debate, store.renames())


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """Segments ``first`` to ``last`` (both included) that one person speaks, as far as it is known: what is shown and
    corrected. ``attribution`` is the least certain of theirs; ``guess`` who it may be where that is not known, with
    the most that a person's word would gain."""

    first: int
    last: int
    start: float
    end: float
    attribution: Attribution
    guess: Guess
    voice: str | None
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


def turns_of(known: Attributed) -> list[SpokenTurn]:
    """The turns of a debate over its segments, in order. Where nobody is known to speak, as they are guessed, and cut
    where they grow long: a person who names one has read it whole."""
    segments = known.debate.segments
    starts: list[int] = []
    words = 0
    for at, segment in enumerate(segments):
        long = segment.speaker is None and words >= _GUESSED_WORDS
        if at == 0 or long or not _one_turn(known, at - 1, at):
            starts.append(at)
            words = 0
        words += len(segment.text.split())
    return [
        _turn(known, first, following - 1)
        for first, following in zip(starts, [*starts[1:], len(segments)], strict=True)
    ]


def _one_turn(known: Attributed, one: int, other: int) -> bool:
    def key(at: int) -> tuple[str | None, str | None, str | None]:
        segment = known.debate.segments[at]
        unknown = segment.speaker is None
        return segment.speaker, segment.voice if unknown else None, _guessed(known, at) if unknown else None

    told = (one in known.told) == (other in known.told)
    return told and other not in known.cuts and key(one) == key(other)


def _guessed(known: Attributed, at: int) -> str | None:
    return known.guesses[at].attribution.speaker


def _turn(known: Attributed, first: int, last: int) -> SpokenTurn:
    parts, guesses = known.debate.segments[first : last + 1], known.guesses[first : last + 1]
    attribution = weakest(*(part.attribution for part in parts))
    guess = UNKNOWN if attribution.speaker else weakest(*(one.attribution for one in guesses))
    return SpokenTurn(
        first,
        last,
        start=parts[0].start,
        end=max(part.end for part in parts),
        attribution=attribution,
        guess=Guess(guess, max(one.gain for one in guesses)),
        voice=parts[0].voice,
        text=joined_text(parts),
    )


def uncertain(known: Attributed) -> list[SpokenTurn]:
    """Turns whose speaker no person and no file has told; first those where a person's word helps most: by the words
    that it would make right, then the least certain, then the longest."""
    open_turns = [
        turn
        for turn in turns_of(known)
        if turn.first not in known.told and turn.attribution.origin is not Origin.LABELLED
    ]
    return sorted(
        open_turns,
        key=lambda turn: (
            -turn.guess.gain,
            turn.attribution.confidence or turn.guess.attribution.confidence,
            -turn.words,
            turn.first,
        ),
    )


def _changed(
    store: Store,
    debate: str,
    change: Callable[[Debate], list[Correction]],
    *,
    removed: Sequence[int] = (),
    encoder: Encoder | None = None,
) -> Attributed:
    """``change`` is told the debate as it is, and says what is corrected. With an ``encoder`` its segments may be cut
    otherwise, and the windows that change get their vectors."""
    for _attempt in range(ATTEMPTS):
        with store.reading():
            since = store.generation()
            now = store.debate(debate)
            added = change(now)
            kept = [one for one in store.corrections(debate) if one.act not in removed]
            base = store.original(debate)
            found = attributed(base, [*kept, *added], store.renames())
            vectors = vectors_of(store, now) if encoder else {}
        made = Relabelling(debates=[found.debate], added={debate: added}, removed=removed)
        if encoder and [part.text for part in found.debate.segments] != [part.text for part in now.segments]:
            encoder.load()
            store.check_fingerprint(index_fingerprint(encoder))
            entry = replace(indexed(found.debate, encoder, known=vectors), base=base)
            made = replace(made, debates=(), recut=[entry])
        if store.relabel(made, since):
            return found
    raise StoreBusy(path=store.place)


def vectors_of(store: Store, debate: Debate) -> dict[str, Vectors]:
    """Those that the store has of ``debate``, by the text of their window."""
    known = store.vectors(debate.id)
    return {
        window.text: known[place]
        for window in windows_of(debate)
        if (place := (window.width, window.first, window.last)) in known
    }


def _attributed(store: Store, debate: str, renames: Mapping[str, str]) -> Attributed:
    return attributed(store.original(debate), store.corrections(debate), renames)


def _name(speaker: str | None, debate: Debate) -> str | None:
    """As a participant's full name where it is one; a new name as it is typed. Raises FieldInvalid."""
    if speaker is None:
        return None
    name = plain(speaker)
    if not name:
        raise FieldInvalid(field="speaker", value=speaker, expected="a name", expected_fr="un nom")
    return canonical(name, [person.name for person in debate.participants])


def _said_by(segment: Segment, speaker: str | None) -> Correction:
    return Correction(CorrectionKind.SPEAKER, segment.start, segment.end, segment.text, speaker)


def _between(debate: Debate, first: int, last: int) -> tuple[Segment, ...]:
    if not 0 <= first <= last < len(debate.segments):
        raise SegmentUnknown(first=first, last=last, debate=debate.id, end=len(debate.segments) - 1)
    return debate.segments[first : last + 1]
