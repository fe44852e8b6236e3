"""Measured in a fresh process: what cannot be saved, the parts of an answer by themselves, and whole answers."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import faiss
import numpy as np

from eval.bench import parts
from eval.bench.figures import times
from eval.bench.server import Client, serving
from index.pieces.windows import WIDTHS
from index.store import Store
from index.types import Vectors
from index.words.lexical import query_groups
from rag.engine import Engine
from rag.retrieve import CANDIDATES

_WARM_UP = ("De quoi parle-t-on ?", "Qui parle ?", "Que disent-ils de l'avenir ?")

Took = dict[str, float]
"""Milliseconds."""


def measure(home: str, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of the parts, of ``engine`` and of ``http``, each question by each way in turn, so that whatever
    else the machine does disturbs all alike. Each way has a model of its own: none finds in a cache what another has
    left there."""
    with serving(home) as server, Client(server.url) as client:
        return measured(parts.open_engine(home), parts.open_engine(home), client.ask, questions)


def measured(
    alone: Engine, whole: Engine, over_http: Callable[[str], object], questions: Sequence[str]
) -> dict[str, Any]:
    """The parts are those of ``alone``. ``tokenise`` is a part of ``encode``, and not counted twice in the ``sum``."""
    alone.warm_up()
    whole.warm_up()
    of_parts = _parts(alone)
    taken: list[Took] = []
    for question in (*_WARM_UP, *questions):
        took = of_parts(question)
        took["engine"] = _timed(lambda: whole.ask(question))[1]  # noqa: B023  called at once
        took["http"] = _timed(lambda: over_http(question))[1]  # noqa: B023
        taken.append(took)
    taken = taken[len(_WARM_UP) :]
    return {name: times([took[name] for took in taken]) for name in taken[0]}


def _parts(engine: Engine) -> Callable[[str], Took]:
    encoder, searches = parts.encoder_of(engine), _searches(parts.store_of(engine))
    languages = sorted({debate.language for debate in engine.debates()})

    def taken(question: str) -> Took:
        vector, encode = _timed(lambda: encoder.embed_questions([question])[0][0])
        took = {
            "encode": encode,
            "tokenise": _timed(lambda: encoder.count_tokens([question]))[1],
            "faiss": _timed(lambda: [search(vector) for search in searches])[1],
            "terms": _timed(lambda: query_groups(question, languages))[1],
        }
        return took | {"sum": encode + took["faiss"] + took["terms"]}

    return taken


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


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """What came, and the milliseconds it took."""
    began = time.perf_counter()
    found = act()
    return found, 1000 * (time.perf_counter() - began)
