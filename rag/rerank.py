"""The first passages in the order of a reranker, which reads each with the question that it answers.

Scores stay with the places: the passage that comes first has the best score that the ranking gave, and so on. So they
fall from first to last and remain comparable with those of the passages that were not reread, whatever figures a
cross-encoder gives. How sure the answer is still comes from the scores before: the confidence was fitted on them.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.encoding.reranker import Reranker
from rag.types import Passage


def reranked(reranker: Reranker, topic: str, passages: Sequence[Passage], first: int) -> list[Passage]:
    """The ``first`` of ``passages`` in another order, ties in the one they had, then the rest. Raises an
    EncoderError."""
    read, rest = passages[:first], passages[first:]
    relevance = reranker.relevance(topic, [_read(passage) for passage in read])
    order = sorted(range(len(read)), key=lambda at: -relevance[at])
    return [replace(read[at], score=place.score) for at, place in zip(order, read, strict=True)] + list(rest)


def _read(passage: Passage) -> str:
    return f"{passage.context.text} {passage.text}" if passage.context else passage.text
