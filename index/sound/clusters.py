"""How many voices there are, and what each is like: the vectors of segments grouped by average linkage.

Groups are made small and pure first, then joined by their centroids; who speaks for less than a few seconds in all is
nobody's group. Cosine similarities are those of CAM++, whose vectors of one voice in different moments have .6 to .9
and of two voices .2 to .5, also with noise at 10 dB (measured on ``eval.attribution.made_sound``).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.sound.voice_encoder import unit
from index.types import Vectors

Labels = npt.NDArray[np.int64]

JOINED = 0.75
"""Centroids at least as similar are one voice."""
_GROUPED = (0.60, 0.68, 0.76)
"""Similarities down to which segments are grouped, the stricter ones where fewer voices come out than are announced."""
_LEAST_SECONDS = 1.5
"""Of speech in a segment, for it to found a group."""
_LEAST_VOICE = 2.0
"""Seconds of a group that is a voice."""
_MOST = 3000
"""Segments that are compared with each other, the longest: six hours have twice as many, and memory grows with their
square."""


def centroids(vectors: Vectors, seconds: npt.NDArray[np.float64], voices: int | None, announced: int) -> Vectors:
    """``(voices, dim)``, each of length 1, those who speak most first. ``vectors``: one a segment, ``seconds`` of
    speech in each. ``voices`` is how many there are, None to find out, and then ``announced`` take part at least."""
    founding = np.flatnonzero((seconds >= _LEAST_SECONDS) & (np.linalg.norm(vectors, axis=1) > 0))
    if founding.size == 0:
        founding = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    founding = founding[np.argsort(-seconds[founding], kind="stable")[:_MOST]]
    if founding.size == 0:
        return vectors[:0]
    chosen, weights = vectors[founding], seconds[founding]
    tree = _linkage(chosen)
    if voices is not None:
        return _exactly(chosen, weights, tree, voices)
    found = vectors[:0]
    for similarity in _GROUPED:
        labels = _cut(tree, similarity, len(chosen))
        found = _joined(*_means(chosen, weights, labels))
        if len(found) >= announced:
            break
    return found


def _linkage(vectors: Vectors) -> npt.NDArray[np.float64] | None:
    from scipy.cluster.hierarchy import linkage

    if len(vectors) < 2:
        return None
    found: npt.NDArray[np.float64] = linkage(vectors, "average", metric="cosine")
    return found


def _cut(tree: npt.NDArray[np.float64] | None, similarity: float, count: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster

    if tree is None:
        return np.zeros(count, np.int64)
    found: Labels = fcluster(tree, 1 - similarity, "distance").astype(np.int64) - 1
    return found


def _means(vectors: Vectors, weights: npt.NDArray[np.float64], labels: Labels) -> tuple[Vectors, Sequence[float]]:
    """The mean of each group and its seconds, the largest first."""
    sums = np.zeros((labels.max() + 1, vectors.shape[1]))
    np.add.at(sums, labels, vectors * weights[:, None])
    seconds = np.bincount(labels, weights=weights)
    order = np.argsort(-seconds, kind="stable")
    return unit(sums[order].astype(np.float32)), list(seconds[order])


def _joined(means: Vectors, seconds: Sequence[float], most: int | None = None) -> Vectors:
    """Those that are alike become one, until none are, or until there are ``most``; then those that speak enough."""
    found, weights = means.astype(np.float64), np.array(seconds)
    while len(found) > 1:
        alike = found @ found.T
        np.fill_diagonal(alike, -1)
        one, other = sorted(int(at) for at in np.unravel_index(alike.argmax(), alike.shape))
        if alike[one, other] < JOINED if most is None else len(found) <= most:
            break
        mean = found[one] * weights[one] + found[other] * weights[other]
        found[one], weights[one] = mean / np.linalg.norm(mean), weights[one] + weights[other]
        found, weights = np.delete(found, other, axis=0), np.delete(weights, other)
    order = np.argsort(-weights, kind="stable")
    kept = order if most is not None else order[weights[order] >= min(_LEAST_VOICE, weights.max())]
    return found[kept].astype(np.float32)


def _exactly(
    vectors: Vectors, weights: npt.NDArray[np.float64], tree: npt.NDArray[np.float64] | None, voices: int
) -> Vectors:
    """The largest groups, of pure ones, that are as many; further ones join those that they are most like."""
    for similarity in (*_GROUPED, 0.9):
        means, seconds = _means(vectors, weights, _cut(tree, similarity, len(vectors)))
        large = [at for at, of in enumerate(seconds) if of >= _LEAST_VOICE]
        if len(large) >= voices:
            return _joined(means[large], [seconds[at] for at in large], voices)
    return _joined(means, seconds, voices)
