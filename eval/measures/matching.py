"""Where a passage lies in its recording, and what of it is gold.

Time decides what is gold: a segment is gold when its middle lies in a gold span, so that gold made over one cutting of
a recording serves another. Text decides which segments a passage is made of, since captions may overlap in time.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from eval.suites.questions import GoldQuestion, GoldSpan
from index.types import Debate, Segment, joined_text
from rag.types import Citation


class Timed(Protocol):
    """Seconds ``start`` to ``end`` of a debate: a passage, a citation, a span."""

    @property
    def debate(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


Place = tuple[str, int]
"""A debate's id and the position of one of its segments."""


class Corpus:
    """The recordings of a suite, with their gold speakers."""

    def __init__(self, debates: Iterable[Debate]) -> None:
        self._debates = {debate.id: debate for debate in debates}

    def __len__(self) -> int:
        return len(self._debates)

    def speaker(self, place: Place) -> str | None:
        return self._debates[place[0]].segments[place[1]].speaker

    def grades(self, question: GoldQuestion) -> dict[Place, int]:
        """The gold segments of a question, each with the highest grade of the spans over it."""
        found: dict[Place, int] = {}
        for span in question.gold:
            for segment in _under(span, self._debates[span.debate].between(span.start, span.end)):
                place = (span.debate, segment.index)
                found[place] = max(found.get(place, 0), span.grade)
        return found

    def words(self, citation: Citation, text: str) -> dict[Place, int] | None:
        """How many words of each segment ``text`` holds, which is the citation's or its quote; None when it does not
        stand at that time, word for word."""
        debate = self._debates.get(citation.debate)
        parts = debate.between(citation.start, citation.end) if debate else []
        begin = joined_text(parts).find(text)
        if begin < 0 or not text:
            return None
        end = begin + len(text)
        found: dict[Place, int] = {}
        at = 0
        for part in parts:
            inside = part.text[max(0, begin - at) : max(0, end - at)]
            if inside.strip():
                found[citation.debate, part.index] = len(inside.split())
            at += len(part.text) + 1
        return found

    def touched(self, citation: Citation) -> list[Place]:
        """The segments of a passage in the order of time: by its text, or by its time when the text is not there."""
        words = self.words(citation, citation.text)
        if words is not None:
            return list(words)
        debate = self._debates.get(citation.debate)
        parts = debate.between(citation.start, citation.end) if debate else []
        return [(citation.debate, part.index) for part in parts]


def touches(citation: Timed, span: Timed) -> bool:
    return citation.debate == span.debate and citation.start < span.end and span.start < citation.end


def gold_seconds(citation: Timed, spans: Sequence[Timed]) -> float:
    """How much of the passage's time lies in any of ``spans``."""
    return covered(
        [(max(citation.start, span.start), min(citation.end, span.end)) for span in spans if touches(citation, span)]
    )


def covered(intervals: Iterable[tuple[float, float]]) -> float:
    """The length of the union."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _under(span: GoldSpan, segments: Sequence[Segment]) -> Sequence[Segment]:
    """Those whose middle lies in ``span``; else the one that it overlaps most, so that no span is lost."""
    inside = [segment for segment in segments if span.start <= (segment.start + segment.end) / 2 < span.end]
    return inside or sorted(segments, key=lambda segment: -_overlap(span, segment))[:1]


def _overlap(span: GoldSpan, segment: Segment) -> float:
    return min(span.end, segment.end) - max(span.start, segment.start)
