"""The write path of who speaks: a correction, a split, a rename, undone or made, reaches search in one transaction.

state of the index -> the change laid over what the file says -> one transaction, if nobody changed the index meanwhile
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.attribution import Attributed, attributed
from index.build import indexed, windows_of
from index.encoder import Encoder
from index.errors import CorrectionUnknown, FieldInvalid, PersonUnknown, SegmentUnknown, StoreBusy, WordUnknown, listed
from index.names import canonical
from index.people import alike, person_of
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Relabelling, Store
from index.transcripts.segments import plain
from index.types import Attribution, Debate, Origin, Segment, Vectors, joined_text
from index.windows import turns

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the index: the debates in which they speak, and the other names that were merged into theirs."""

    name: str
    debates: tuple[str, ...]
    names: tuple[str, ...] = ()


def correct(store: Store, debate: str, first: int, last: int, speaker: str | None) -> Debate:
    """Segments ``first`` to ``last`` (both included) are spoken by ``speaker`` (a participant's surname will do), or by
    nobody known. Raises DebateUnknown, SegmentUnknown."""

    def change(now: Debate) -> list[Correction]:
        name = canonical(plain(speaker), [person.name for person in now.participants]) if speaker else None
        return [_said_by(segment, name) for segment in _between(now, first, last)]

    return _changed(store, debate, change)


def attribute_by_model(store: Store, debate: str, names: Mapping[int, tuple[str, float]], model: str) -> Debate:
    """What a language model says: speaker and confidence by the index of a segment, in place of what one said
    before. Raises DebateUnknown."""

    def change(now: Debate) -> list[Correction]:
        return [
            replace(_said_by(now.segments[at], speaker), origin=Origin.MODEL, confidence=confidence, by=model)
            for at, (speaker, confidence) in names.items()
        ]

    earlier = {one.act for one in store.corrections(debate) if one.origin is Origin.MODEL and one.act is not None}
    return _changed(store, debate, change, removed=sorted(earlier))


def split(store: Store, encoder: Encoder, debate: str, segment: int, word: int) -> Debate:
    """Cut a segment before its word ``word``, counted from 0, so that two people can be said to speak it. Raises
    DebateUnknown, SegmentUnknown, WordUnknown."""

    def change(now: Debate) -> list[Correction]:
        (found,) = _between(now, segment, segment)
        words = len(found.text.split())
        if not 0 < word < words:
            raise WordUnknown(word=word, segment=segment, last=words - 1)
        return [Correction(CorrectionKind.SPLIT, found.start, found.end, found.text, word=word)]

    return _changed(store, debate, change, encoder=encoder)


def undo(store: Store, encoder: Encoder, debate: str, act: int) -> Debate:
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
    corrected. ``attribution`` is the least certain of theirs."""

    first: int
    last: int
    start: float
    end: float
    attribution: Attribution
    voice: str | None
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


def turns_of(debate: Debate) -> list[SpokenTurn]:
    """The turns of a debate over its segments, in order."""
    found = []
    for run in turns(debate.segments):
        parts = debate.segments[run.first : run.last + 1]
        end = max(part.end for part in parts)
        voice = parts[0].voice
        found.append(SpokenTurn(run.first, run.last, parts[0].start, end, run.attribution, voice, joined_text(parts)))
    return found


def uncertain(debate: Debate) -> list[SpokenTurn]:
    """Turns whose speaker no person and no file has told, the least certain first, of these the longest."""
    told = (Origin.CORRECTED, Origin.LABELLED)
    open_turns = [turn for turn in turns_of(debate) if turn.attribution.origin not in told]
    return sorted(open_turns, key=lambda turn: (turn.attribution.confidence, -turn.words, turn.first))


def people(store: Store) -> list[Person]:
    """Whoever speaks or takes part, by name."""
    with store.reading():
        where = {name: set(debates) for name, debates in store.speakers().items()}
        for summary in store.debates():
            for participant in summary.participants:
                where.setdefault(participant.name, set()).add(summary.id)
        renames = store.renames()
    merged: dict[str, list[str]] = {}
    for name in renames:
        merged.setdefault(person_of(name, renames), []).append(name)
    return [Person(name, tuple(sorted(found)), tuple(merged.get(name, ()))) for name, found in sorted(where.items())]


def may_be_one(store: Store) -> list[tuple[str, str]]:
    """Pairs of people who may be one, for somebody to decide."""
    return alike(person.name for person in people(store))


def rename(store: Store, names: Sequence[str], person: str) -> None:
    """Each of ``names`` goes by ``person`` from now on, in every debate: a rename, or a merge. Raises PersonUnknown,
    FieldInvalid."""
    person = plain(person)
    if not person:
        raise FieldInvalid(field="person", value=person, expected="a name", expected_fr="un nom")
    _renamed(store, lambda known: _all_known(names, known), {name: person for name in names if name != person})


def part(store: Store, name: str) -> None:
    """``name`` stands for itself again. Raises PersonUnknown."""

    def check(_known: Iterable[str]) -> None:
        if name not in store.renames():
            raise PersonUnknown(person=name, known=listed(sorted(store.renames())))

    _renamed(store, check, {name: None})


def _all_known(names: Iterable[str], known: Iterable[str]) -> None:
    spelled = sorted(known)
    for name in names:
        if name not in spelled:
            raise PersonUnknown(person=name, known=listed(spelled))


def _renamed(store: Store, check: Callable[[Iterable[str]], None], renames: Mapping[str, str | None]) -> None:
    for _attempt in range(_ATTEMPTS):
        with store.reading():
            since = store.generation()
            check([person.name for person in people(store)])
            said = store.renames() | {name: new for name, new in renames.items() if new is not None}
            said = {name: new for name, new in said.items() if renames.get(name, new) is not None}
            debates = [_attributed(store, summary.id, said).debate for summary in store.debates()]
        if store.relabel(Relabelling(debates=debates, renames=renames), since):
            return
    raise StoreBusy(path="index")


def _changed(
    store: Store,
    debate: str,
    change: Callable[[Debate], list[Correction]],
    *,
    removed: Sequence[int] = (),
    encoder: Encoder | None = None,
) -> Debate:
    """``change`` is told the debate as it is, and says what is corrected. With an ``encoder`` its segments may be cut
    otherwise, and the windows that change get their vectors."""
    for _attempt in range(_ATTEMPTS):
        with store.reading():
            since = store.generation()
            now = store.debate(debate)
            added = change(now)
            kept = [one for one in store.corrections(debate) if one.act not in removed]
            base = store.original(debate)
            found = attributed(base, [*kept, *added], store.renames()).debate
            vectors = _vectors(store, now) if encoder else {}
        made = Relabelling(debates=[found], added={debate: added}, removed=removed)
        if encoder and [part.text for part in found.segments] != [part.text for part in now.segments]:
            encoder.load()
            entry = replace(indexed(found, encoder, known=vectors), base=base)
            made = replace(made, debates=(), recut=[entry])
        if store.relabel(made, since):
            return found
    raise StoreBusy(path="index")


def _vectors(store: Store, debate: Debate) -> dict[str, Vectors]:
    """By the text of their window."""
    known = store.vectors(debate.id)
    return {
        window.text: known[place]
        for window in windows_of(debate)
        if (place := (window.width, window.first, window.last)) in known
    }


def _attributed(store: Store, debate: str, renames: Mapping[str, str]) -> Attributed:
    return attributed(store.original(debate), store.corrections(debate), renames)


def _said_by(segment: Segment, speaker: str | None) -> Correction:
    return Correction(CorrectionKind.SPEAKER, segment.start, segment.end, segment.text, speaker)


def _between(debate: Debate, first: int, last: int) -> tuple[Segment, ...]:
    if not 0 <= first <= last < len(debate.segments):
        raise SegmentUnknown(first=first, last=last, debate=debate.id, end=len(debate.segments) - 1)
    return debate.segments[first : last + 1]
