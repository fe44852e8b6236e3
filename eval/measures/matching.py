"""Where a passage lies in its recording, and what of it is gold.

Time decides what is gold: a segment is gold when its middle lies in a gold span, so that gold made over one cutting of
a recording serves another. Text decides which segments a passage is made of, since captions may overlap in time.
"""

from collections.abc import Iterable, Iterator, Sequence
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
        stand at that time, word for word. Where it stands twice, the place nearest to the citation's time is meant."""
        parts = self._parts(citation)
        found = [_held(parts, begin, begin + len(text)) for begin in _occurrences(text, joined_text(parts))]
        found = [held for held in found if _at_time(citation, [part for part, _words in held])]
        if not found:
            return None
        nearest = min(found, key=lambda held: _distance(citation, [part for part, _words in held]))
        return {(citation.debate, part.index): words for part, words in nearest}

    def touched(self, citation: Citation) -> list[Place]:
        """The segments of a passage in the order of time: by its text, or by its time when the text is not there."""
        words = self.words(citation, citation.text)
        if words is not None:
            return list(words)
        return [
            (citation.debate, part.index)
            for part in self._parts(citation)
            if part.start < citation.end and citation.start < part.end
        ]

    def _parts(self, citation: Citation) -> list[Segment]:
        """The segments at the citation's time, those that it only borders on and those without length as well."""
        debate = self._debates.get(citation.debate)
        return [
            part
            for part in (debate.segments if debate else ())
            if part.start <= citation.end and citation.start <= part.end
        ]


def _occurrences(text: str, within: str) -> Iterator[int]:
    """Where ``text`` stands as whole words."""
    begin = within.find(text) if text else -1
    while begin >= 0:
        end = begin + len(text)
        if not within[begin - 1 : begin].isalnum() and not within[end : end + 1].isalnum():
            yield begin
        begin = within.find(text, begin + 1)


def _held(parts: Sequence[Segment], begin: int, end: int) -> list[tuple[Segment, int]]:
    """The segments under characters ``begin`` to ``end`` of their joined text, with their words there."""
    found = []
    at = 0
    for part in parts:
        inside = part.text[max(0, begin - at) : max(0, end - at)]
        if inside.strip():
            found.append((part, len(inside.split())))
        at += len(part.text) + 1
    return found


def _at_time(citation: Citation, parts: Sequence[Segment]) -> bool:
    """Each of ``parts`` shares some of the citation's time; a moment without length lies within it."""
    return all(
        (part.start < citation.end and citation.start < part.end)
        or (
            min(part.end, citation.end) - max(part.start, citation.start) == 0
            and 0 in (_length(part), _length(citation))
        )
        for part in parts
    )


def _length(timed: Segment | Citation) -> float:
    return timed.end - timed.start


def _distance(citation: Citation, parts: Sequence[Segment]) -> float:
    """In seconds; 0 where the citation lies within these segments and fills them."""
    return abs(parts[0].start - citation.start) + abs(max(part.end for part in parts) - citation.end)


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
