"""Vectors of windows in FAISS: inner product, which is the cosine for vectors of length 1; higher is better.

``ExactVectors`` compare every one. ``CompressedVectors`` keep eight bits a dimension in lists around centres (an
inverted file, Jégou, Douze and Schmid 2011, with a scalar quantiser) and look into those near the question: 700,000
windows of 384 dimensions take 400 bytes each and 6 ms instead of 1,536 bytes and 60 ms. They are in places: the vector
at place ``p`` is that of window ``p``.
"""

import math
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.cores import cores
from index.types import Vectors

Places = npt.NDArray[np.int64]
Similarities = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]
"""A bit for each place, the lowest bit of a byte first."""

_LISTS = 3.0
"""Lists for the square root of as many vectors; 3 to 6 differ little, and more take longer to make."""

_TRAINED_ON = 40
"""Vectors a list, for its centre."""

_ROUNDS = 8
_MARGIN = 0.05
"""Of the range of values in the sample, on either side: others may lie a little outside."""

_LOOKED_AT = 40_000
_LOOKED_AT_AMONG = 12_000
_LEAST_SHARE = 0.4
"""A search looks at so many vectors at least, and at this share of the lists. Fewer among some of them, since these lie
apart in memory and take five times as long each. It is much: where many vectors are nearly alike, the nearest ones lie
in many lists. Measured in eval/README.md, « A large index »."""

_THREADS = 4
"""At most, for one search of compressed vectors: it reads 100 MB, as fast as memory gives it."""


class ExactVectors:
    """``(n, dim)`` float32 of length 1, each compared."""

    def __init__(self, vectors: Vectors) -> None:
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1] if vectors.ndim == 2 else 1)
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors, np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, among: Bits | None, count: int) -> tuple[Places, Similarities]:
        """The ``k`` nearest of the ``count`` places that are ``among`` these (None: all): places and similarities."""
        limit = min(k, count, len(self))
        if limit <= 0:
            return _nothing()
        selector = _selector(among, len(self))
        faiss.omp_set_num_threads(1)  # of the calling thread; others would wait for it, turning round
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        return _found(self._index.search(vector.reshape(1, -1), limit, params=parameters))

    def vectors(self) -> Vectors:
        """A copy of all."""
        inner = self._index
        found: Vectors = inner.reconstruct_n(0, len(self)) if len(self) else np.zeros((0, inner.d), np.float32)
        return found


class CompressedVectors:
    """Eight bits a dimension: the similarity that they give is off by about 0.0002, so what must be in its exact order
    is compared again with the vectors themselves."""

    def __init__(self, index: Any, memory: Any = None) -> None:
        self._index = index
        self._index.parallel_mode = 1  # the lists of one search among threads
        self._memory = memory  # what the index looks into, if it has not its own
        self._centres: Vectors = index.quantizer.reconstruct_n(0, index.nlist)

    @staticmethod
    def sample_for(count: int) -> int:
        """How many vectors to train on, for ``count`` of them."""
        return min(count, _lists(count) * _TRAINED_ON)

    @classmethod
    def trained(cls, sample: Vectors, count: int) -> "CompressedVectors":
        """Empty, for ``count`` vectors like those of the ``sample``."""
        dimension, lists = sample.shape[1], min(_lists(count), len(sample))
        sample = np.ascontiguousarray(sample, np.float32)
        # FAISS warns of few vectors a centre, which small tests have
        centres = faiss.Kmeans(dimension, lists, niter=_ROUNDS, min_points_per_centroid=1, max_points_per_centroid=256)
        centres.train(sample)
        quantiser = faiss.IndexFlatL2(dimension)
        quantiser.add(np.asarray(centres.centroids, np.float32))
        index = faiss.IndexIVFScalarQuantizer(
            quantiser, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, True
        )
        index.sq.rangestat_arg = _MARGIN
        index.train(sample)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, places: Places, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(places, np.int64))

    def search(self, vector: Vectors, k: int, among: Bits | None, count: int) -> tuple[Places, Similarities]:
        """As for exact ones, as near as the lists tell: the fewer places are ``among`` these, the more lists are looked
        into, all of them when it is few."""
        limit = min(k, count, len(self))
        if limit <= 0:
            return _nothing()
        lists, products = self._nearest_lists(vector, count, among is None)
        selector = _selector(among, len(self))
        faiss.omp_set_num_threads(min(_THREADS, cores()))
        parameters = faiss.SearchParametersIVF(nprobe=lists.shape[1], sel=selector)  # type: ignore[call-arg]
        similarities, places = np.empty((1, limit), np.float32), np.empty((1, limit), np.int64)
        arrays = (np.ascontiguousarray(vector, np.float32), lists, products, similarities, places)
        asked, *given = (faiss.swig_ptr(array) for array in arrays)
        # FAISS's own wrapper takes no parameters here
        self._index.search_preassigned_c(1, asked, limit, *given, False, parameters)
        return _found((similarities, places))

    def _nearest_lists(self, vector: Vectors, count: int, everywhere: bool) -> tuple[Places, Similarities]:
        """Those to look into among ``count`` places, and the inner products of their centres, the highest first; both
        ``(1, n)``."""
        share = (_LOOKED_AT if everywhere else _LOOKED_AT_AMONG) / count
        probes = min(len(self._centres), math.ceil(len(self._centres) * max(_LEAST_SHARE, share)))
        products = self._centres @ vector
        lists = np.argsort(-products, kind="stable")[:probes]
        return lists.reshape(1, -1), products[lists].reshape(1, -1)

    def at(self, places: Places) -> Vectors:
        """As they are kept, of length about 1."""
        numbered = {int(place): row for row, place in enumerate(places.tolist())}
        found = np.empty((len(places), self._index.d), np.float32)
        lists = self._index.invlists
        for number in range(self._index.nlist):
            size = lists.list_size(number)
            ids = faiss.rev_swig_ptr(lists.get_ids(number), size) if size else ()
            for offset, place in enumerate(ids):
                if int(place) in numbered:
                    row = found[numbered[int(place)]]
                    self._index.reconstruct_from_offset(number, offset, faiss.swig_ptr(row))
        return found

    def to_bytes(self) -> Bits:
        found: Bits = faiss.serialize_index(self._index)
        return found

    @classmethod
    def of_bytes(cls, content: Bits) -> "CompressedVectors":
        """Looks into ``content`` where it lies, a mapped file say. The caller knows that it is whole."""
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(content), content.size)  # type: ignore[attr-defined]
        return cls(faiss.read_index(reader), content)


def _lists(count: int) -> int:
    return max(1, round(_LISTS * math.sqrt(count)))


def _selector(among: Bits | None, count: int) -> Any:
    return None if among is None else faiss.IDSelectorBitmap(count, faiss.swig_ptr(among))


def _found(answer: tuple[Any, Any]) -> tuple[Places, Similarities]:
    similarities, places = answer[0][0], answer[1][0]
    return places[places >= 0], similarities[places >= 0]


def _nothing() -> tuple[Places, Similarities]:
    return np.zeros(0, np.int64), np.zeros(0, np.float32)
