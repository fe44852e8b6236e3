"""What is marked in a text: the moment of the address, the passages of an answer, the words that were looked for. They
may overlap, so a run of text is cut into bits, each with all that marks it."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from api.web.reader.transcript import Transcript
from rag.types import Citation

MARKED_HITS = 1_000
"""Of a part: a browser lays out no more than some thousands of marks at once."""


class MarkKind(StrEnum):
    """Named as the style sheet does."""

    MOMENT = "moment"
    PASSAGE = "passage"
    HIT = "hit"


@dataclass(frozen=True, slots=True)
class Mark:
    """The characters ``begin`` to ``end`` of the text. ``n`` is the number of the passage; ``current`` the one to which
    the browser goes, which has no ``kind`` where nothing is to be marked there."""

    begin: int
    end: int
    kind: MarkKind | None
    n: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of text under the same marks: ``kinds`` are the names of their classes, ``n`` the number of a passage
    that begins here, or 0."""

    text: str
    kinds: str = ""
    n: int = 0
    current: bool = False


def bits(text: str, begin: int, end: int, marks: Sequence[Mark]) -> tuple[Bit, ...]:
    """The bits of ``text[begin:end]``, which are that text; the kinds of each in the order of ``MarkKind``."""
    over = [mark for mark in marks if mark.begin < end and mark.end > begin]
    changes: defaultdict[int, Counter[MarkKind | None]] = defaultdict(Counter)
    beginning: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in over:
        beginning[mark.begin].append(mark)
        changes[max(mark.begin, begin)][mark.kind] += 1
        changes[min(mark.end, end)][mark.kind] -= 1
    on: Counter[MarkKind | None] = Counter()
    found = []
    for one, other in pairwise(sorted({begin, end, *changes})):
        on.update(changes[one])
        found.append(_bit(text[one:other], on, beginning[one]))
    return tuple(found)


def _bit(text: str, on: Mapping[MarkKind | None, int], beginning: Sequence[Mark]) -> Bit:
    number = next((mark.n for mark in beginning if mark.n), 0)
    return Bit(text, " ".join(kind for kind in MarkKind if on[kind]), number, any(mark.current for mark in beginning))


def moment_marks(transcript: Transcript, start: float, stop: float) -> list[Mark]:
    """What is said between two moments, neighbours in one mark; where nothing is, a mark of no kind on what is said
    next. The first one is the current one."""
    stretches: list[list[int]] = []
    for run in transcript.during(start, stop):
        if stretches and run.begin <= stretches[-1][1] + 1:
            stretches[-1][1] = run.end
        else:
            stretches.append([run.begin, run.end])
    if not stretches:
        there = transcript.nearest(start)
        return [Mark(there.begin, there.end, None, current=True)]
    return [Mark(begin, end, MarkKind.MOMENT, current=at == 0) for at, (begin, end) in enumerate(stretches)]


def passage_marks(transcript: Transcript, citations: Sequence[Citation]) -> list[Mark]:
    """Where the words of each citation of this debate stand now, nearest to their moment; none for one whose words are
    there no more."""
    found = ((one, _nearest_place(transcript, one)) for one in citations if one.debate == transcript.debate.id)
    return [Mark(place, place + len(one.text), MarkKind.PASSAGE, one.n) for one, place in found if place is not None]


def _nearest_place(transcript: Transcript, citation: Citation) -> int | None:
    places = list(_places(citation.text, transcript.text))
    return min(places, key=lambda place: abs(transcript.at(place).start - citation.start), default=None)


def _places(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def hit_marks(found: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[list[Mark], int]:
    """Of the first ``MARKED_HITS`` hits that stand in ``begin`` to ``end``, at least partly; how many more do."""
    first = bisect_right(found, begin, key=lambda hit: hit[1])
    last = bisect_left(found, end, key=lambda hit: hit[0])
    marked = found[first : min(last, first + MARKED_HITS)]
    return [Mark(*hit, MarkKind.HIT) for hit in marked], max(last - first - MARKED_HITS, 0)
