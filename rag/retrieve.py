"""A topic -> a score for each piece of the debates that come into question.

    score(piece) = mean over widths of mean over the windows that hold it of  dense * z(cosine) + lexical * share(BM25)
                   + match * z(MaxSim of its own tokens)

z is in standard deviations above the mean cosine of the topic with any window; share is BM25 over the most that these
words could reach, in [0, 1]. A window that a search did not return counts with the least of what it returned, or with
no word. MaxSim is the mean, over the topic's tokens, of the cosine of the nearest token in the piece; its z is over the
pieces of the debate. A debate whose tokens are unknown goes without. ``dense``, ``match`` and
``lexical`` are weights, see ``weights.py``.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial

import numpy as np
import numpy.typing as npt

from index.pieces.tokens import Tokens
from index.pieces.windows import WIDTHS
from index.store import Store
from index.types import Hit, Scope, Vectors
from index.words.bm25 import K1, idf
from rag.layout import Layout, Layouts
from rag.quoting import Groups
from rag.weights import SHIPPED, Weights

CANDIDATES = 300
"""Windows taken from each search at each width."""

_DEBATES = 40
_DEBATES_ANYHOW = 12
_WORDS = 150_000
"""Debates that are looked at closely, more than an answer cites and far fewer than a large index holds: so many, or
from so many on those that hold so many words, 15 hours of talk. On techologie-dev (348 of some 300 words) 12, 20 and 40
find as much (nDCG@20 .642, .647, .642), and 8 do not (.621)."""

_LEAST_SPREAD = 0.01
"""Of MaxSim, so that nothing is divided by nearly 0; it is about 0.1."""

_ROUNDING = 1e-9
"""By which two ways to add up one score may differ, at most."""

Topic = tuple[Vectors, Tokens]
"""What is looked for, as its vector and its tokens."""

Scores = npt.NDArray[np.float64]
Matches = npt.NDArray[np.float32]
_Found = dict[str, dict[tuple[int, int], float]]
"""Scores by debate, then by the first and last piece of the window."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the searches saw: the best ``cosine`` of a narrow window; ``nearness``, the same from any window's cosine
    (0) to that of one text with itself (1), which can be compared between models; the best share of BM25 of a wide
    window."""

    cosine: float
    nearness: float
    wide_share: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A debate with the scores of its pieces, in their order. ``matches[piece, token]`` is the cosine of the piece's
    token that is nearest to one of the topic's; None where the debate's tokens are unknown."""

    layout: Layout
    scores: Scores
    matches: Matches | None = None


@dataclass(frozen=True)
class Promising:
    """A debate of which no wanted piece scores above ``most``, nor above ``closer``, for which its columns are read;
    its tokens are when its scores are looked at. Inside ``store.reading()``."""

    most: float
    _bounded: Callable[[], float]
    _read: Callable[[], Ranked]

    @classmethod
    def of(cls, ranked: Ranked) -> "Promising":
        """One that is read already."""
        most = float(ranked.scores.max())
        return cls(most, lambda: most, lambda: ranked)

    @cached_property
    def closer(self) -> float:
        return self._bounded()

    @cached_property
    def ranked(self) -> Ranked:
        return self._read()


@dataclass(frozen=True, slots=True)
class _Hits:
    """What the searches found for a topic, by width and debate; ``floors`` are the least of ``dense``."""

    dense: dict[int, _Found]
    lexical: dict[int, _Found]
    floors: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Words:
    """The terms to search, and what turns a BM25 into a share."""

    terms: tuple[str, ...]
    most: float


def retrieve(
    store: Store,
    layouts: Layouts,
    topic: Topic,
    groups: Groups,
    scope: Scope,
    length: Callable[[str], int],
    weights: Weights = SHIPPED,
) -> tuple[dict[str, Promising], Evidence]:
    """Search the windows of ``scope`` for a ``topic``, given as its vector and its tokens, and for its words: the
    debates that come into question, by id and in the order of the ids. ``length`` tells the words of a debate. One
    state of the index: call it, and look at what it gives, inside ``store.reading()``."""
    mean, deviation = store.background(topic[0])
    words = _words(store, groups)
    dense, lexical = {}, {}
    for width in WIDTHS:
        dense[width] = _by_debate(store.dense(topic[0], width, CANDIDATES, scope), mean, deviation)
        lexical[width] = _by_debate(store.lexical(words.terms, width, CANDIDATES, scope), 0.0, words.most)
    found = _Hits(dense, lexical, {width: _least(dense[width]) for width in WIDTHS})
    generation = store.generation()

    @cache
    def carried(debate: str) -> tuple[Layout, Scores]:
        layout = layouts.of(debate, generation)
        return layout, _carried(layout, found, weights)

    def bounded(debate: str) -> float:
        layout, scores = carried(debate)
        return _highest(layout, scores, scope) + _ROUNDING

    def ranked(debate: str) -> Ranked:
        layout, scores = carried(debate)
        nearest = _nearest(layouts, layout, topic[1], generation) if weights.match else None
        return Ranked(layout, _matched(layout, scores, nearest, scope, weights), nearest)

    among = {
        debate: Promising(_most(debate, found, weights), partial(bounded, debate), partial(ranked, debate))
        for debate in _promising(found, weights, length)
    }
    above = deviation * _best(dense[min(WIDTHS)])
    return among, Evidence(mean + above, above / max(1.0 - mean, 1e-6), _best(lexical[max(WIDTHS)]))


def _promising(hits: _Hits, weights: Weights, length: Callable[[str], int]) -> list[str]:
    """The debates whose best windows could carry a piece furthest, in the order of their ids."""
    most: dict[str, float] = {}
    for width in WIDTHS:
        for debate in hits.dense[width].keys() | hits.lexical[width].keys():
            nearest, matching = hits.dense[width].get(debate, {}), hits.lexical[width].get(debate, {})
            best, share = max(nearest.values(), default=0.0), max(matching.values(), default=0.0)
            most[debate] = most.get(debate, 0.0) + weights.dense * best + weights.lexical * share
    chosen: list[str] = []
    words = 0
    for debate in sorted(most, key=lambda debate: (-most[debate], debate))[:_DEBATES]:
        if len(chosen) >= _DEBATES_ANYHOW and words >= _WORDS:
            break
        chosen.append(debate)
        words += length(debate)
    return sorted(chosen)


def _most(debate: str, hits: _Hits, weights: Weights) -> float:
    """What no piece of ``debate`` scores above: at each width the best of its windows."""
    total = 0.0
    for width in WIDTHS:
        best = max((above for _first, _last, above in _above(debate, hits, width, weights)), default=0.0)
        total += weights.dense * hits.floors[width] + max(best, 0.0)
    return total / len(WIDTHS) + _ROUNDING


def _above(debate: str, hits: _Hits, width: int, weights: Weights) -> Iterator[tuple[int, int, float]]:
    """The windows of ``debate`` that were found, and how far above the least each one is."""
    nearest, matching, floor = (
        hits.dense[width].get(debate, {}),
        hits.lexical[width].get(debate, {}),
        hits.floors[width],
    )
    for place in nearest.keys() | matching.keys():
        nearer = weights.dense * (nearest.get(place, floor) - floor)
        yield *place, nearer + weights.lexical * matching.get(place, 0.0)


def _by_debate(hits: Iterable[Hit], zero: float, unit: float) -> _Found:
    """With their scores above ``zero``, in units of ``unit``."""
    found: _Found = {}
    for debate, first, last, _width, score in hits:
        found.setdefault(debate, {})[first, last] = (score - zero) / unit
    return found


def _nearest(layouts: Layouts, layout: Layout, tokens: Tokens, generation: str) -> Matches | None:
    known = layouts.tokens_of(layout.debate, generation) if len(tokens.begins) else None
    return None if known is None else known.nearest(tokens.vectors, layout.table.spaced)


def _matched(layout: Layout, scores: Scores, nearest: Matches | None, scope: Scope, weights: Weights) -> Scores:
    """With z of each piece's MaxSim among those of its debate. Each debate has axes of its own, so this says where in a
    recording, not in which: the best piece that is wanted has the score that the windows gave the best one."""
    if nearest is None:
        return scores
    means = nearest.mean(axis=1).astype(np.float64)
    found: Scores = scores + weights.match * (means - means.mean()) / max(float(means.std()), _LEAST_SPREAD)
    lowered = _highest(layout, scores, scope) - _highest(layout, found, scope)
    return found + lowered if math.isfinite(lowered) else found


def _highest(layout: Layout, scores: Scores, scope: Scope) -> float:
    """Of the pieces that are wanted; minus infinity where none is."""
    wanted = slice(None) if scope.speakers is None else layout.table.spoken_by(scope.speakers)
    return float(scores[wanted].max(initial=-math.inf))


def _carried(layout: Layout, hits: _Hits, weights: Weights) -> Scores:
    """Carry the scores of windows to the pieces inside them."""
    total = np.zeros(len(layout.table))
    for width in WIDTHS:
        above = np.zeros(len(layout.table))
        for first, last, more in _above(layout.debate, hits, width, weights):
            above[first : last + 1] += more
        total += weights.dense * hits.floors[width] + above / layout.table.covers[width]
    return total / len(WIDTHS)


def _words(store: Store, groups: Groups) -> _Words:
    """A group (one word's forms) weighs what its commonest form weighs."""
    terms = tuple(dict.fromkeys(term for group in groups for term in group))
    if not terms:
        return _Words((), 1.0)
    counts, windows = store.document_frequencies(terms)
    weights = {group: idf(max(counts[term] for term in group), windows) for group in map(tuple, groups)}
    return _Words(terms, (K1 + 1) * sum(weights.values()))


def _least(found: _Found) -> float:
    return min((score for windows in found.values() for score in windows.values()), default=0.0)


def _best(found: _Found) -> float:
    return max((score for windows in found.values() for score in windows.values()), default=0.0)
