"""Measured in a fresh process: how much of the exact nearest windows the store's search finds, under each filter."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.bench.growth.corpus import Asked, Corpus
from eval.bench.growth.made import Made
from eval.bench.growth.vectors import MadeVectors
from index.pieces.windows import WIDTHS
from index.types import EVERYWHERE, Debate, Scope, Vectors, Window
from index.writing.embedding import windows_of

K = 10
KINDS = ("nothing", "speaker", "debate", "dates")
"""What a search is restricted by."""
_DATES = datetime.timedelta(weeks=26)
"""Before and after the debate of a question."""

Place = tuple[str, int, int]
Best = list[tuple[float, Place]]
"""At most ``K`` windows by their similarity, the best first."""


def measure(questions: int, **made: Any) -> dict[str, Any]:
    """Recall@10 by filter, the mean over questions and widths; where a filter leaves fewer windows, of those."""
    size = Made(**made)
    corpus = size.corpus
    # by twos, so that all of them name a speaker
    asked = [one for one in corpus.questions(size.debates, 2 * questions) if one.speaker]
    _engine, store, encoder = size.open()
    vectors = np.array([encoder.embed_query(one.topic) for one in asked], np.float32)
    kinds = [kind for kind in KINDS for _one in asked]
    scopes = [_scope(kind, one, corpus) for kind in KINDS for one in asked]
    vectors = np.tile(vectors, (len(KINDS), 1))
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    exact = exact_nearest(corpus, size.vectors(corpus, encoder), size.debates, vectors, scopes)
    for (width, at), best in exact.items():
        hits = {(hit.debate, hit.first, hit.last) for hit in store.dense(vectors[at], width, K, scopes[at])}
        right = {place for _similarity, place in best}
        found[kinds[at]].append(len(right & hits) / max(len(right), 1))
    return {kind: float(np.mean(values)) for kind, values in found.items()}


def _scope(kind: str, asked: Asked, corpus: Corpus) -> Scope:
    if kind == "speaker":
        return Scope(speakers=frozenset({str(asked.speaker)}))
    if kind == "debate":
        return Scope(debates=frozenset({asked.debate}))
    if kind == "dates":
        day = corpus.debate(asked.number).date
        assert day is not None
        return Scope(date_from=day - _DATES, date_to=day + _DATES)
    return EVERYWHERE


def exact_nearest(
    corpus: Corpus, made: MadeVectors, debates: int, vectors: Vectors, scopes: Sequence[Scope]
) -> Mapping[tuple[int, int], Best]:
    """By width and by the number of the question, whose vector is a row of ``vectors``. One debate at a time, so that
    memory does not grow with their number."""
    best: dict[tuple[int, int], Best] = {(width, at): [] for width in WIDTHS for at in range(len(vectors))}
    for number in range(debates):
        debate = corpus.debate(number)
        within = [at for at, scope in enumerate(scopes) if _may_hold(debate, scope)]
        if not within:
            continue
        windows = windows_of(debate)
        widths = np.array([window.width for window in windows])
        similarities = made.of(number).vectors @ vectors.T
        for at in within:
            inside = _inside(debate, windows, scopes[at])
            for width in WIDTHS:
                rows = inside[widths[inside] == width]
                best[width, at] = _better(best[width, at], debate, windows, rows, similarities[:, at])
    return best


def _may_hold(debate: Debate, scope: Scope) -> bool:
    day = debate.date
    return (
        (scope.debates is None or debate.id in scope.debates)
        and (scope.speakers is None or any(person.name in scope.speakers for person in debate.participants))
        and (scope.date_from is None or (day is not None and day >= scope.date_from))
        and (scope.date_to is None or (day is not None and day <= scope.date_to))
    )


def _inside(debate: Debate, windows: Sequence[Window], scope: Scope) -> npt.NDArray[np.int64]:
    """The rows of windows in which somebody of ``scope`` says something."""
    if scope.speakers is None:
        return np.arange(len(windows))
    theirs = np.array([part.speaker in scope.speakers for part in debate.segments])
    return np.array([row for row, one in enumerate(windows) if theirs[one.first : one.last + 1].any()], np.int64)


def _better(
    best: Best, debate: Debate, windows: Sequence[Window], rows: npt.NDArray[np.int64], similarity: Vectors
) -> Best:
    nearest = rows[np.argsort(-similarity[rows])[:K]]
    new = [(float(similarity[row]), (debate.id, windows[row].first, windows[row].last)) for row in nearest]
    return sorted([*best, *new], key=lambda one: (-one[0], one[1]))[:K]
