"""Some windows that stand for all of them: what any text's cosine with a question is.

Up to ``_EVENLY`` windows these are taken evenly, in the order of their ids. Of more, those whose id falls on a number
(Knuth's multiplicative hash): a debate that comes or goes then changes only its own share, and little is read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.local.postings import Places
from index.local.truth import Truth
from index.types import Vectors

_SIZE = 2048
_EVENLY = 50_000
_KNUTH = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Sample:
    """Windows by their ids, ascending, and their vectors ``(n, dim)``."""

    ids: Places
    vectors: Vectors


NO_SAMPLE = Sample(np.zeros(0, np.int64), np.zeros((0, 1), np.float32))


def sampled(ids: Sequence[Places], earlier: Sample, truth: Truth) -> Sample:
    """Of all windows, given part by part; ``earlier`` are vectors that need not be read again."""
    count = sum(map(len, ids))
    if count <= _EVENLY:
        every = np.sort(np.concatenate([NO_SAMPLE.ids, *ids]))
        chosen = every[:: max(1, -(-count // _SIZE))]
    else:
        chosen = np.sort(np.concatenate([_fallen(some, count) for some in ids]))
    known = np.isin(chosen, earlier.ids)
    read = truth.vectors(chosen[~known])
    if not known.any():
        return Sample(chosen, read)
    vectors = np.empty((len(chosen), earlier.vectors.shape[1]), np.float32)
    vectors[known] = earlier.vectors[np.searchsorted(earlier.ids, chosen[known])]
    vectors[~known] = read
    return Sample(chosen, vectors)


def _fallen(ids: Places, count: int) -> Places:
    """One in so many, a power of two, that about ``_SIZE`` of ``count`` are left."""
    bits = max(0, round(np.log2(count / _SIZE)))
    return ids[(ids.astype(np.uint64) * _KNUTH) >> np.uint64(64 - bits) == 0] if bits else ids
