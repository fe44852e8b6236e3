"""What is searched in one state of the index: some parts, and which of their debates are there.

BM25 is what SQLite's FTS5 gives (k1 = 1.2, b = 0.75), over the windows of all widths: Robertson and Zaragoza (2009),
The Probabilistic Relevance Framework.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.local.arrays import Array
from index.local.part import Part
from index.local.postings import Bools, Places
from index.local.rows import ID_BITS
from index.local.sample import NO_SAMPLE, Sample, sampled
from index.local.scopes import Chosen, chosen
from index.local.truth import Content, Truth
from index.local.vectors import CompressedVectors
from index.types import Hit, Scope, Vectors
from index.words.bm25 import K1, B
from index.words.bm25 import idf as idf_of

_SCOPES_KEPT = 64
_COMPARED_AGAIN = 50
"""Of what compressed vectors give, with the vectors as they are stored: far more than anybody is shown."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """Windows of a part and their scores, in no order."""

    number: int
    places: Places
    scores: Array


class State:
    """Safe to share between threads. ``truth`` is always of the same state of the index."""

    def __init__(self, parts: Sequence[Part], contents: Sequence[Content]) -> None:
        self.parts = tuple(parts)
        self.contents = {content.mark: content for content in contents}
        self._windows = sum(content.windows for content in contents)
        self._debates = {content.mark.key: content.debate for content in contents}
        self.sample: Sample | None = None
        self.earlier = NO_SAMPLE
        self._lock = threading.Lock()
        self._last_said: tuple[frozenset[str], Places] = (frozenset(), _NONE)
        self._scopes: dict[tuple[int, int, Scope], Chosen] = {}
        alive = [part.marked(self.contents.keys()) for part in parts]
        self._alive: list[Bools | None] = [
            None if marked.all() else part.alive(marked) for part, marked in zip(parts, alive, strict=True)
        ]

    def __len__(self) -> int:
        return self._windows

    def dense(self, vector: Vectors, width: int, k: int, scope: Scope, truth: Truth) -> list[Hit]:
        found = []
        for number, part in enumerate(self.parts):
            among, vectors = self._chosen(number, width, scope, truth), (part.vectors or {}).get(width)
            if vectors is None or not among.count:
                continue
            compressed = isinstance(vectors, CompressedVectors)
            places, scores = vectors.search(
                vector, max(k, _COMPARED_AGAIN) if compressed else k, among.bits, among.count
            )
            places += part.span(width).start
            if compressed:
                first = np.argsort(-scores, kind="stable")[:_COMPARED_AGAIN]
                scores[first] = truth.vectors(part.ids(places[first])) @ vector
            found.append(_Scored(number, places, scores))
        return self._hits(found, k, width)

    def lexical(self, terms: Sequence[str], width: int, k: int, scope: Scope, truth: Truth) -> list[Hit]:
        weights = self._weights(terms)
        found = []
        for number, part in enumerate(self.parts):
            among = self._chosen(number, width, scope, truth)
            if not among.count or k <= 0:
                continue
            here = part.span(width)
            scores = self._bm25(number, weights, here)
            mask = among.mask()
            matching = scores > 0
            places = np.flatnonzero(matching if mask is None else matching & mask)
            best = _highest(scores[places], k)
            found.append(_Scored(number, places[best] + here.start, scores[places[best]]))
        return self._hits(found, k, width)

    def background(self, vector: Vectors, truth: Truth) -> tuple[float, float]:
        """Of the similarity to any window, from a sample. Cosines of one model sit in a narrow band that moves with the
        question; only distances from this mean compare."""
        with self._lock:
            if self.sample is None:
                self.sample = self._sampled(truth)
            sample = self.sample.vectors
        if len(sample) < 2:
            return 0.0, 1.0
        similarities = sample @ vector
        return float(similarities.mean()), max(float(similarities.std()), 1e-6)

    def _sampled(self, truth: Truth) -> Sample:
        """The same windows in every program, however it has them in parts."""
        parts = zip(self.parts, self._alive, strict=True)
        return sampled([part.ids(_places(part, alive)) for part, alive in parts], self.earlier, truth)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many windows each of ``terms`` stands."""
        found = dict.fromkeys(terms, 0)
        for part, alive in zip(self.parts, self._alive, strict=True):
            for term in found:
                docs, _counts = part.postings.of(term)
                found[term] += len(docs) if alive is None else int(alive[docs].sum())
        return found

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every term, and in how many windows it stands."""
        found: dict[str, int] = {}
        for part, alive in zip(self.parts, self._alive, strict=True):
            for term, count in part.postings.frequencies(alive).items():
                found[term] = found.get(term, 0) + count
        return found

    def _weights(self, terms: Sequence[str]) -> dict[str, float]:
        """The idf of each term."""
        windows = len(self)
        return {term: idf_of(count, windows) for term, count in self.frequencies(terms).items() if count}

    def _bm25(self, number: int, weights: dict[str, float], here: slice) -> Array:
        part, scores = self.parts[number], np.zeros(here.stop - here.start)
        norms = self._norms[number]
        for term, idf in weights.items():
            docs, counts = part.postings.of(term)
            # in their own type: else all are copied to search among them
            of_width = slice(*np.searchsorted(docs, np.array([here.start, here.stop], docs.dtype)))
            docs, counts = docs[of_width], counts[of_width]
            scores[docs - here.start] += idf * (counts * (K1 + 1.0) / (counts + norms[part.postings.lengths[docs]]))
        return scores

    @cached_property
    def _norms(self) -> list[Array]:
        """For each part k1 * (1 - b + b * length / mean length), by the length of a window."""
        longest = [int(part.postings.lengths.max()) if len(part) else 0 for part in self.parts]
        return [K1 * (1.0 - B + B * np.arange(most + 1) / self._mean_length) for most in longest]

    @cached_property
    def _mean_length(self) -> float:
        total = sum(
            int((part.postings.lengths if alive is None else part.postings.lengths[alive]).sum(dtype=np.int64))
            for part, alive in zip(self.parts, self._alive, strict=True)
        )
        return max(total, 1) / max(len(self), 1)

    def _chosen(self, number: int, width: int, scope: Scope, truth: Truth) -> Chosen:
        key = number, width, scope
        with self._lock:
            found = self._scopes.get(key)
        if found is None:
            said = self._said(scope.speakers, truth) if scope.speakers else _NONE
            found = chosen(self.parts[number], self.contents, width, scope, said)
            with self._lock:
                while len(self._scopes) >= _SCOPES_KEPT * len(self.parts):
                    self._scopes.pop(next(iter(self._scopes)))
                self._scopes[key] = found
        return found

    def _said(self, speakers: frozenset[str], truth: Truth) -> Places:
        """Where they speak; kept for the other width and the other parts."""
        known, said = self._last_said
        if known != speakers:
            said = truth.said(speakers)
            self._last_said = speakers, said
        return said

    def _hits(self, found: Sequence[_Scored], k: int, width: int) -> list[Hit]:
        """The best, by score and then by id."""
        if not found:
            return []
        parts = [self.parts[one.number] for one in found]
        columns = [
            np.concatenate([one.scores for one in found]).astype(np.float64),
            np.concatenate([part.ids(one.places) for part, one in zip(parts, found, strict=True)]),
            np.concatenate([part.table.first[one.places] for part, one in zip(parts, found, strict=True)]),
            np.concatenate([part.table.last[one.places] for part, one in zip(parts, found, strict=True)]),
        ]
        best = np.lexsort((columns[1], -columns[0]))[: max(k, 0)]
        scores, ids, firsts, lasts = (column[best].tolist() for column in columns)
        return [
            Hit(self._debates[id_ >> ID_BITS], first, last, width, score)
            for score, id_, first, last in zip(scores, ids, firsts, lasts, strict=True)
        ]


def _places(part: Part, alive: Bools | None) -> Places:
    return np.arange(len(part)) if alive is None else np.flatnonzero(alive)


_NONE: Places = np.zeros(0, np.int64)
NOTHING = State((), ())


def _highest(scores: Array, k: int) -> Places:
    """Where the ``k`` highest are; of equal ones at the end, those that come first."""
    if len(scores) <= k:
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero(scores > least)
    return np.concatenate([above, np.flatnonzero(scores == least)[: k - len(above)]])
