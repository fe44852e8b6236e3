"""Vectors of windows in FAISS: exact inner product, which is the cosine for vectors of length 1; higher is better.

The file is a cache of what SQLite holds. It says which state of the index and which model it belongs to and carries a
checksum; a missing, stale or damaged one is simply built again (``load`` returns None).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.files import write_whole
from index.types import Vectors

Ids = npt.NDArray[np.int64]

_MAGIC = b"QDQFAISS1\n"
_SAMPLE = 2048


@dataclass(frozen=True, slots=True)
class CacheKey:
    """What a cache file has to agree with."""

    stamp: str
    fingerprint: str


class VectorIndex:
    """Ids of windows and their vectors, ``(n, dim)`` float32 of length 1."""

    def __init__(self, ids: Ids, vectors: Vectors) -> None:
        if len(ids) != len(vectors):
            raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1] if vectors.ndim == 2 else 1))
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))
        self._sample = _sample(vectors)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, among: Ids | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest windows as (id, similarity), best first, ties by id; only ``among`` these ids when
        given."""
        limit = min(k, len(self) if among is None else len(among))
        if limit == 0:
            return []
        selector = (
            None
            if among is None
            else faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.ascontiguousarray(among, np.int64)))  # type: ignore[call-arg]
        )
        similarities, ids = self._index.search(vector.reshape(1, -1), limit, params=selector)
        found = [
            (int(id_), float(similarity)) for id_, similarity in zip(ids[0], similarities[0], strict=True) if id_ >= 0
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def background(self, vector: Vectors) -> tuple[float, float]:
        """Mean and standard deviation of the similarity to any window, from an even sample of at most 2,048.

        Cosines of one model sit in a narrow band that moves with the question; only distances from this mean compare.
        """
        if len(self._sample) < 2:
            return 0.0, 1.0
        similarities = self._sample @ vector
        return float(similarities.mean()), max(float(similarities.std()), 1e-6)

    def save(self, path: Path, key: CacheKey) -> None:
        """Raises OSError."""
        body = faiss.serialize_index(self._index).tobytes()
        header = {**asdict(key), "sha256": hashlib.sha256(body).hexdigest()}
        write_whole(path, _MAGIC + json.dumps(header).encode() + b"\n" + body)

    @classmethod
    def load(cls, path: Path, key: CacheKey) -> "VectorIndex | None":
        """The index saved at ``path``, or None unless it is whole and belongs to ``key``."""
        try:
            content = path.read_bytes()
            header_end = content.index(b"\n", len(_MAGIC))
            header = json.loads(content[len(_MAGIC) : header_end])
        except (OSError, ValueError):
            return None
        body = content[header_end + 1 :]
        expected = {**asdict(key), "sha256": hashlib.sha256(body).hexdigest()}
        if not content.startswith(_MAGIC) or header != expected:
            return None
        loaded = cls.__new__(cls)
        loaded._index = faiss.deserialize_index(np.frombuffer(body, np.uint8))
        loaded._sample = _sample(_stored(loaded._index))
        return loaded


def _sample(vectors: Vectors) -> Vectors:
    step = max(1, -(-len(vectors) // _SAMPLE))
    return np.array(vectors[::step], np.float32)


def _stored(index: Any) -> Vectors:
    inner = faiss.downcast_index(index.index)
    vectors: Vectors = inner.reconstruct_n(0, inner.ntotal) if inner.ntotal else np.zeros((0, inner.d), np.float32)
    return vectors


def as_ids(ids: Sequence[int]) -> Ids:
    return np.fromiter(ids, np.int64, len(ids))
