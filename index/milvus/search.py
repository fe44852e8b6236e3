"""Nearest vectors and BM25, in one state of the index.

A scope is the versions of its debates, which the state knows, and one more condition for speakers. Milvus finds
candidates for BM25 by a sparse product of weights (``rows.py``) and the terms' idf; it has a BM25 of its own, which is
not used: it counts rows that no state names (of changes that are being made, or were), has another idf, and in
milvus-lite statistics for each of its files. The candidates are scored here from their own terms with the formula of
SQLite's FTS5 and counts over exactly the debates of this state, so that shares and confidence mean the same in every
store.
"""

import math
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from index.milvus.blobs import Blobs, unpacked_json
from index.milvus.client import Client, Row
from index.milvus.schema import search_parameters, speaker_number, term_number, windows_collection
from index.milvus.snapshot import Snapshot
from index.milvus.state import Entry
from index.types import Hit, Scope, Vectors
from index.words.bm25 import K1, B
from index.words.bm25 import idf as idf_of

_MOST = 16_384
"""Rows that a server gives at once."""
_VERSIONS = 2_000
"""Debates of one expression, which is 40 kB then; of more, several searches are made."""
_SAMPLE = 2_048
_SPARE = 50
"""Candidates beyond what is wanted, so that those that are level at the end of it are put in one order."""


class Windows:
    """Searches windows. Safe to share between threads."""

    def __init__(self, client: Client, blobs: Blobs) -> None:
        self._client, self._blobs = client, blobs
        self._lock = threading.Lock()
        self._index_types: dict[str, str] = {}
        self._sampled: dict[tuple[int, int], Vectors] = {}
        self._sample_of = ("", np.zeros((0, 1), np.float32))
        self._counted: dict[int, bytes] = {}
        self._counts_of = ""
        self._counts: Counter[str] = Counter()

    def dense(self, state: Snapshot, vector: Vectors, width: int, k: int, scope: Scope) -> list[Hit]:
        if k <= 0:
            return []
        return _hits(state, self._found(state, vector, "vector", width, k + _SPARE, scope, ()))[:k]

    def lexical(self, state: Snapshot, terms: Sequence[str], width: int, k: int, scope: Scope) -> list[Hit]:
        counts, windows = self.frequencies(state, terms)
        idf = {term: idf_of(count, windows) for term, count in counts.items() if count}
        if not idf or k <= 0:
            return []
        wanted = {term_number(term): weight for term, weight in idf.items()}
        rows = self._found(state, wanted, "weights", width, 2 * k + _SPARE, scope, ("terms",))
        mean = sum(entry.terms for entry in state.debates.values()) / windows
        scored = [{**row, "score": _bm25(row["terms"].split(), idf, mean)} for row in rows]
        return _hits(state, [row for row in scored if row["score"] > 0])[:k]

    def _found(
        self, state: Snapshot, vector: object, field: str, width: int, k: int, scope: Scope, fields: Sequence[str]
    ) -> list[Row]:
        conditions = list(_conditions(state, width, scope))
        if not conditions:
            return []
        name, limit = windows_collection(state.root.dimension), min(k, _MOST)
        parameters = (
            search_parameters(self._index_type(name), limit, self._client.is_local) if field == "vector" else {}
        )
        wanted = ("version", "number", "width", "first", "last", *fields)
        return [
            row
            for condition in conditions
            for row in self._client.search(name, vector, field, limit, condition, wanted, parameters, state.level())
        ]

    def _index_type(self, collection: str) -> str:
        """As it was made, whatever the settings say by now."""
        if collection not in self._index_types:
            self._index_types[collection] = self._client.index_type(collection, "vector")
        return self._index_types[collection]

    def background(self, state: Snapshot, vector: Vectors) -> tuple[float, float]:
        """From an even sample of at most some 2,048 windows; a new debate brings its own, the others' are kept."""
        sample = self._sample(state)
        if len(sample) < 2:
            return 0.0, 1.0
        similarities = sample @ vector
        return float(similarities.mean()), max(float(similarities.std()), 1e-6)

    def _sample(self, state: Snapshot) -> Vectors:
        rung = max(0, math.ceil(math.log2(max(state.windows, 1) / _SAMPLE)))
        versions = [entry.parts["windows"].version for entry in state.debates.values()]
        with self._lock:
            if self._sample_of[0] == state.root.generation:
                return self._sample_of[1]
            kept = {version: self._sampled.get((version, rung)) for version in versions}
            missing = [version for version, found in kept.items() if found is None]
            kept |= self._sampled_now(state, missing, rung)
            self._sampled = {(version, rung): found for version, found in kept.items() if found is not None}
            none = np.zeros((0, max(state.root.dimension, 1)), np.float32)
            self._sample_of = state.root.generation, np.concatenate([*self._sampled.values(), none])
            return self._sample_of[1]

    def _sampled_now(self, state: Snapshot, versions: Sequence[int], rung: int) -> dict[int, Vectors]:
        name = windows_collection(state.root.dimension)
        found: dict[int, list[Any]] = {version: [] for version in versions}
        for some in _batches(versions):
            rows = self._client.query(
                name, f"version in {some} and rung >= {rung}", ["version", "vector"], state.level()
            )
            for row in rows:
                found[row["version"]].append(row["vector"])
        return {version: unit(vectors, state.root.dimension) for version, vectors in found.items()}

    def frequencies(self, state: Snapshot, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        """In how many windows each term stands, and how many windows there are."""
        with self._lock:
            self._count(state)
            return {term: self._counts.get(term, 0) for term in terms}, state.windows

    def vocabulary(self, state: Snapshot) -> dict[str, int]:
        with self._lock:
            self._count(state)
            return dict(self._counts)

    def _count(self, state: Snapshot) -> None:
        """The counts of this state from those of the last one: what came is added, what went is taken away."""
        if self._counts_of == state.root.generation:
            return
        parts = [entry.parts["counts"] for entry in state.debates.values()]
        versions = {part.version for part in parts}
        new = [part for part in parts if part.version not in self._counted]
        contents = self._blobs.read(new, state.level())
        for version in [version for version in self._counted if version not in versions]:
            self._counts.subtract(unpacked_json(self._counted.pop(version)))
        for part, content in zip(new, contents, strict=True):
            self._counted[part.version] = content
            self._counts.update(unpacked_json(content))
        self._counts = +self._counts  # without those that nothing holds any more
        self._counts_of = state.root.generation


def unit(rows: Sequence[Any], dimension: int) -> Vectors:
    """Vectors as they are stored -> of length 1 again."""
    vectors = np.array(rows, np.float32).reshape(len(rows), max(dimension, 1))
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return scaled


def _conditions(state: Snapshot, width: int, scope: Scope) -> Iterator[str]:
    """On the windows of ``scope``: one expression, or several that share no window."""
    versions = [entry.parts["windows"].version for entry in state.debates.values() if _within(entry, scope)]
    condition = f"width == {width}"
    if scope.speakers is not None:
        if not scope.speakers:
            return
        condition += f" and array_contains_any(speakers, {sorted(map(speaker_number, scope.speakers))})"
    for some in _batches(versions):
        yield f"version in {some} and {condition}"


def _within(entry: Entry, scope: Scope) -> bool:
    found = entry.summary
    if scope.debates is not None and found.id not in scope.debates:
        return False
    if scope.date_from is not None and (found.date is None or found.date < scope.date_from):
        return False
    return scope.date_to is None or (found.date is not None and found.date <= scope.date_to)


def _batches(versions: Sequence[int]) -> Iterator[list[int]]:
    for begin in range(0, len(versions), _VERSIONS):
        yield sorted(versions[begin : begin + _VERSIONS])


def _hits(state: Snapshot, rows: Sequence[Row]) -> list[Hit]:
    """Best first, ties by the order in which debates were added and then by the window's."""
    entries = [(state.by_version[row["version"]], row) for row in rows]
    entries.sort(key=lambda pair: (-pair[1]["score"], pair[0].order, pair[1]["number"]))
    return [Hit(entry.summary.id, row["first"], row["last"], row["width"], row["score"]) for entry, row in entries]


def _bm25(terms: Sequence[str], idf: dict[str, float], mean: float) -> float:
    length = K1 * (1 - B + B * len(terms) / mean)
    counts = Counter(term for term in terms if term in idf)
    return sum(idf[term] * count * (K1 + 1) / (count + length) for term, count in counts.items())
