"""Measured in a fresh process: questions to an index of one size, by the engine and by the searches of its store."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from eval.bench.figures import times
from eval.bench.growth.corpus import Asked
from eval.bench.growth.made import Made
from index.pieces.windows import WIDTHS
from index.types import EVERYWHERE, Scope
from index.words.lexical import terms
from rag.retrieve import CANDIDATES

_WARM_UP = "De quoi parle-t-on dans ces débats depuis vingt ans ?"


def measure(questions: int, **made: Any) -> dict[str, Any]:
    """Milliseconds of ``ask``, ``dense`` and ``lexical``, each over other questions, half of which name a speaker: no
    cache of questions, topics or scopes can help. Vectors of questions are not on the clock of ``dense``."""
    size = Made(**made)
    corpus = size.corpus
    asked = corpus.questions(size.debates, 3 * questions)
    engine, store, encoder = size.open()
    engine.ask(_WARM_UP)
    third = [asked[at : at + questions] for at in range(0, 3 * questions, questions)]
    vectors = {one.topic: encoder.embed_query(one.topic) for one in third[1]}
    words = {one.topic: terms(one.topic, "fr") for one in third[2]}
    narrow, wide = min(WIDTHS), max(WIDTHS)
    return {
        "ask": _timed(third[0], lambda one: engine.ask(one.question)),
        "dense": _timed(third[1], lambda one: store.dense(vectors[one.topic], narrow, CANDIDATES, scope_of(one))),
        "lexical": _timed(third[2], lambda one: store.lexical(words[one.topic], wide, CANDIDATES, scope_of(one))),
    }


def scope_of(asked: Asked) -> Scope:
    return Scope(speakers=frozenset({asked.speaker})) if asked.speaker else EVERYWHERE


def _timed(asked: Iterable[Asked], act: Callable[[Asked], object]) -> dict[str, dict[str, float]]:
    """ "anyone" and "named": where the question names who speaks."""
    took: dict[str, list[float]] = {"anyone": [], "named": []}
    for one in asked:
        began = time.perf_counter()
        act(one)
        took["named" if one.speaker else "anyone"].append(1000 * (time.perf_counter() - began))
    return {kind: times(values) for kind, values in took.items() if values}
