"""What people said of who speaks, as the pages tell it: one act at a time, with its places in the recording."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.speakers.corrections import Correction, CorrectionKind
from index.types import Origin
from rag.links import permalink

_PLACES = 5
"""Told of one person in one act."""
_ONE_PLACE = 1.0
"""Seconds between segments that are told as one place."""
_WORDS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """From ``start`` seconds, with the link to read it."""

    start: float
    link: str


@dataclass(frozen=True, slots=True)
class Naming:
    """``speaker`` (None: nobody known) speaks at ``places``, and at ``more`` of them; of a ``whole`` voice, wherever it
    speaks that is heard there."""

    speaker: str | None
    places: tuple[Place, ...]
    more: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment ends before ``words``, the first ones of what follows."""

    place: Place
    words: str


@dataclass(frozen=True, slots=True)
class Act:
    """What was said at once, and is undone at once; ``model`` is the language model that said it, empty for a person;
    ``enrolled`` where a voice that is enrolled was recognised; ``lost`` how many of its places the transcript no longer
    has."""

    number: int
    namings: tuple[Naming, ...]
    cuts: tuple[Cut, ...]
    model: str
    lost: int
    enrolled: bool = False


def acts_of(debate: str, corrections: Sequence[Correction], lost: Collection[Correction] = ()) -> list[Act]:
    """The last one first. ``lost`` are some of ``corrections``."""
    by_number: dict[int, list[Correction]] = {}
    for one in corrections:
        if one.act is not None:
            by_number.setdefault(one.act, []).append(one)
    return [_act(debate, number, made, lost) for number, made in sorted(by_number.items(), reverse=True)]


def _act(debate: str, number: int, made: Sequence[Correction], lost: Collection[Correction]) -> Act:
    return Act(
        number,
        (*_namings(debate, made, CorrectionKind.SPEAKER), *_namings(debate, made, CorrectionKind.VOICE)),
        tuple(_cut(debate, one) for one in made if one.kind is CorrectionKind.SPLIT),
        next((one.by for one in made if one.origin is Origin.MODEL), ""),
        sum(one in lost for one in made),
        any(one.origin is Origin.VOICE for one in made),
    )


def _namings(debate: str, made: Sequence[Correction], kind: CorrectionKind) -> Iterator[Naming]:
    """One for each person."""
    said = [one for one in made if one.kind is kind]
    for speaker in dict.fromkeys(one.speaker for one in said):
        stretches = _stretches([one for one in said if one.speaker == speaker])
        places = [Place(start, permalink(debate, start, end)) for start, end in stretches]
        yield Naming(speaker, tuple(places[:_PLACES]), len(places[_PLACES:]), kind is CorrectionKind.VOICE)


def _stretches(said: Sequence[Correction]) -> list[tuple[float, float]]:
    """Start and end of those that follow one another."""
    found: list[tuple[float, float]] = []
    for start, end in sorted((one.start, one.end) for one in said):
        if found and start <= found[-1][1] + _ONE_PLACE:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _cut(debate: str, one: Correction) -> Cut:
    words = one.text.split()[one.word or 0 :]
    return Cut(Place(one.start, permalink(debate, one.start, one.end)), " ".join(words[:_WORDS]))
