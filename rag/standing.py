"""Whether the passages of an answer that was kept still stand in the debates as they were cited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.pieces.windows import weakest
from index.types import Debate, Segment, joined_text
from rag.links import permalink
from rag.types import Citation

_LEEWAY = 1.0
"""Seconds by which times may differ and be the same: links have whole ones."""


class Standing(StrEnum):
    """``moved``: the same words at another moment; ``changed``: the debate is there, these words are not."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Stood:
    """Citation ``n`` today: where its words are now and who is said to speak them, None when they are nowhere."""

    n: int
    standing: Standing
    speaker: str | None = None
    permalink: str | None = None


def standing(citation: Citation, debate: Debate | None) -> Stood:
    """``debate`` is that of the citation as it is now; None when it was removed."""
    if debate is None:
        return Stood(citation.n, Standing.GONE)
    places = list(_places(citation.text, debate.segments))
    if not places:
        return Stood(citation.n, Standing.CHANGED)
    there = min(places, key=lambda parts: abs(parts[0].start - citation.start))
    start, end = there[0].start, max(part.end for part in there)
    same = start <= citation.start + _LEEWAY and end >= citation.end - _LEEWAY
    link = citation.permalink if same else permalink(debate.id, start, end)
    speaker = weakest(*(part.attribution for part in there)).speaker
    return Stood(citation.n, Standing.UNCHANGED if same else Standing.MOVED, speaker, link)


def _places(text: str, segments: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """The segments under each place where ``text`` stands."""
    whole = joined_text(segments)
    at = whole.find(text)
    while at >= 0:
        begin, found = 0, []
        for segment in segments:
            if begin < at + len(text) and begin + len(segment.text) > at:
                found.append(segment)
            begin += len(segment.text) + 1
        yield found
        at = whole.find(text, at + 1)
