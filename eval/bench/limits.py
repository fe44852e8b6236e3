"""Measured in a fresh process: what cannot be saved, the parts of an answer by themselves, and whole answers."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import faiss
import numpy as np

from eval.bench import parts
from eval.bench.figures import times
from eval.bench.server import Client, serving
from index.build import WIDTHS
from index.lexical import query_groups
from index.store import Store
from index.types import Vectors
from rag.retrieve import CANDIDATES

_WARM_UP = ("De quoi parle-t-on ?", "Qui parle ?", "Que disent-ils de l'avenir ?")


def measure(way: str, home: str, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of each question, once: of the ``parts``, of the ``engine``, or over ``http``. Each way has a
    process of its own, so that none finds in a cache what another has left there."""
    return {"parts": _parts, "engine": _engine, "http": _http}[way](home, questions)


def _parts(home: str, questions: Sequence[str]) -> dict[str, Any]:
    """``tokenise`` is a part of ``encode``, and not counted twice in the ``sum``."""
    engine = parts.open_engine(home)
    engine.warm_up()
    encoder, searches = parts.encoder_of(engine), _searches(parts.store_of(engine))
    languages = sorted({debate.language for debate in engine.debates()})
    for question in _WARM_UP:
        vector = encoder.embed_question(question)[0]
    taken: dict[str, list[float]] = {name: [] for name in ("encode", "tokenise", "faiss", "terms", "sum")}
    for question in questions:
        vector, encode = _timed(lambda: encoder.embed_question(question))  # noqa: B023  called at once
        _found, faiss_ = _timed(lambda: [search(vector[0]) for search in searches])  # noqa: B023
        _words, words = _timed(lambda: query_groups(question, languages))  # noqa: B023
        _count, tokenise = _timed(lambda: encoder.count_tokens([question]))  # noqa: B023
        for name, value in zip(taken, (encode, tokenise, faiss_, words, encode + faiss_ + words), strict=True):
            taken[name].append(value)
    return {name: times(values) for name, values in taken.items()}


def _searches(store: Store) -> list[Callable[[Vectors], object]]:
    """FAISS alone over all windows of each width."""
    found: dict[int, list[Vectors]] = {width: [] for width in WIDTHS}
    for debate in store.debates():
        for (width, _first, _last), vector in store.vectors(debate.id).items():
            found[width].append(vector)
    return [_search(np.array(vectors, np.float32)) for vectors in found.values()]


def _search(vectors: Vectors) -> Callable[[Vectors], object]:
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return lambda vector: index.search(vector.reshape(1, -1), min(CANDIDATES, len(vectors)))


def _engine(home: str, questions: Sequence[str]) -> dict[str, Any]:
    engine = parts.open_engine(home)
    engine.warm_up()
    for question in _WARM_UP:
        engine.ask(question)
    return times([_timed(lambda: engine.ask(question))[1] for question in questions])  # noqa: B023


def _http(home: str, questions: Sequence[str]) -> dict[str, Any]:
    with serving(home) as server, Client(server.url) as client:
        for question in _WARM_UP:
            client.ask(question)
        return times([_timed(lambda: client.ask(question))[1] for question in questions])  # noqa: B023


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """What came, and the milliseconds it took."""
    began = time.perf_counter()
    found = act()
    return found, 1000 * (time.perf_counter() - began)
