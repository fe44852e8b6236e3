"""Passages -> citations: numbered, with title and links."""

from collections.abc import Mapping, Sequence

from index.types import DebateSummary
from rag.links import permalink, recording_url
from rag.types import Citation, Passage


def citations_of(passages: Sequence[Passage], debates: Mapping[str, DebateSummary]) -> tuple[Citation, ...]:
    """Numbered from 1 in their order, with the titles and links of their ``debates``, by id."""
    return tuple(_citation(n, passage, debates[passage.debate]) for n, passage in enumerate(passages, start=1))


def _citation(number: int, passage: Passage, debate: DebateSummary) -> Citation:
    return Citation(
        n=number,
        debate=debate.id,
        title=debate.title,
        speaker=passage.attribution.speaker,
        attribution=passage.attribution.origin,
        attribution_confidence=passage.attribution.confidence,
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
        text=passage.text,
        score=passage.score,
        permalink=permalink(debate.id, passage.start, passage.end),
        video_url=recording_url(debate, passage.start, passage.end),
        context=passage.context,
    )
