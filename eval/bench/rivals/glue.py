"""A product as something that is evaluated: its chunks become passages with their places."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.rivals import OURS, Chunk, Searching
from eval.runs.systems import Asked
from eval.types import Response, System
from index.types import Origin
from rag.engine import MOST_TOP_K
from rag.links import permalink
from rag.types import Citation


class Chunked:
    """Answers with what a product finds. It cites the first chunk, says who speaks of none, never abstains; the score
    of the first chunk is all that it says of its confidence."""

    def __init__(self, searching: Searching, chunks: Sequence[Chunk]) -> None:
        self._searching = searching
        self._chunks = chunks

    def answer(self, question: str) -> Response:
        found = self._searching.search(question)
        passages = tuple(_citation(rank, self._chunks[at], score) for rank, (at, score) in enumerate(found, start=1))
        return Response(passages, passages[:1], False, found[0][1] if found else 0.0)


def _citation(rank: int, chunk: Chunk, score: float) -> Citation:
    text, link = chunk.text, permalink(chunk.debate, chunk.start, chunk.end)
    place = chunk.start, chunk.end
    return Citation(rank, chunk.debate, chunk.debate, None, Origin.UNKNOWN, 0.0, *place, text, text, score, link, None)


def module_of(rival: str) -> Any:
    return importlib.import_module(f"eval.bench.rivals.{rival}")


def system_of(rival: str, model: str, folder: Path, chunks: Sequence[Chunk]) -> System:
    """``rival`` on what its ``Indexing`` left in ``folder``."""
    searching = module_of(rival).Searching(model, folder, MOST_TOP_K)
    return Asked(searching.engine) if rival == OURS else Chunked(searching, chunks)
