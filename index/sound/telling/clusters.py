"""How many voices there are, and what each is like: segments grouped by average linkage.

What similarity two moments of one voice have depends on the encoder and the room, so it is measured in each recording:
between moments of one segment (``Scale``). Groups are joined as long as their moments are nearly as alike as that. With
CAM++ two voices are .5 to .6 times as alike as one in clean read speech, .75 in a room with far microphones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from index.sound.networks.voice_encoder import unit
from index.sound.telling.windows import VoiceWindow
from index.types import Vectors

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

JOINED = 0.80
"""How alike, against two moments of one voice, the moments of two groups are at least that are one voice."""
_STRICTER = (0.86, 0.92)
"""The same where fewer voices come out than are announced."""
_CUTS = tuple(np.arange(0.3, 1.5, 0.02))
"""The same where the number of voices is known, the coarsest first."""
_LEAST_SECONDS = 1.5
"""Of speech in a segment, for it to found a group."""
LEAST_VOICE = 2.0
"""Seconds of a group that is a voice."""
_MOST = 3000
"""Segments that are compared with each other, the longest: six hours have twice as many, and memory grows with their
square."""
_LEAST_PAIRS = 3
_USUAL, _USUAL_SPREAD = 0.65, 0.08
"""Of CAM++, for a recording in which no segment is long enough to measure them."""


@dataclass(frozen=True, slots=True)
class Scale:
    """``same``: the median cosine similarity of two moments of one segment that do not overlap; ``spread``: its
    standard deviation, both as this recording has them."""

    same: float = _USUAL
    spread: float = _USUAL_SPREAD


def scale_of(windows: Sequence[VoiceWindow], vectors: Vectors, heard: Array) -> Scale:
    """``vectors``: one a window, ``heard``: 0 where nothing is."""
    pairs = []
    for _segment, group in groupby((at for at in range(len(windows)) if heard[at]), lambda at: windows[at].segment):
        first, *rest = group
        if rest and windows[first].end <= windows[rest[-1]].start:
            pairs.append((first, rest[-1]))
    if len(pairs) < _LEAST_PAIRS:
        return Scale()
    one, other = np.array(pairs).T
    alike = (vectors[one] * vectors[other]).sum(axis=1)
    same = float(np.median(alike))
    return Scale(max(same, 1e-3), max(1.4826 * float(np.median(np.abs(alike - same))), 1e-3))


def centroids(means: Vectors, seconds: Array, scale: Scale, voices: int | None, announced: int) -> Vectors:
    """``(voices, dim)``, each of length 1, those who speak most first.

    ``means``: of the vectors of each segment, not of length 1, so that the product of two is the mean similarity of
    their moments; ``seconds`` of speech in each. ``voices`` is how many there are, None to find out, and then
    ``announced`` take part at least.
    """
    told = np.linalg.norm(means, axis=1) > 0
    founding = np.flatnonzero(told & (seconds >= _LEAST_SECONDS))
    if founding.size == 0:
        founding = np.flatnonzero(told)
    founding = founding[np.argsort(-seconds[founding], kind="stable")[:_MOST]]
    if founding.size == 0:
        return means[:0]
    chosen, weights = means[founding], seconds[founding]
    tree = _tree(chosen)
    if voices is not None:
        return _exactly(chosen, weights, tree, scale, voices)
    found = means[:0]
    for share in (JOINED, *_STRICTER):
        found = _large(chosen, weights, _cut(tree, share * scale.same, len(chosen)))
        if len(found) >= announced:
            return found
    return _large(chosen, weights, _cut(tree, JOINED * scale.same, len(chosen)))


def _tree(means: Vectors) -> Array | None:
    """Average linkage over 1 - similarity."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if len(means) < 2:
        return None
    apart = 1 - means @ means.T
    np.fill_diagonal(apart, 0)
    found: Array = linkage(np.maximum(squareform(apart, checks=False), 0), "average")
    return found


def _cut(tree: Array | None, similarity: float, count: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster

    if tree is None:
        return np.zeros(count, np.int64)
    found: Labels = fcluster(tree, 1 - similarity, "distance").astype(np.int64) - 1
    return found


def _large(means: Vectors, seconds: Array, labels: Labels) -> Vectors:
    """The groups that speak long enough to be voices; the largest in any case."""
    found, spoken = _groups(means, seconds, labels)
    return unit(found[spoken >= min(LEAST_VOICE, spoken[0])])


def _groups(means: Vectors, seconds: Array, labels: Labels) -> tuple[Vectors, Array]:
    """The mean of each group and its seconds, the largest first."""
    sums = np.zeros((labels.max() + 1, means.shape[1]))
    np.add.at(sums, labels, means * seconds[:, None])
    spoken = np.bincount(labels, weights=seconds).astype(np.float64)
    order = np.argsort(-spoken, kind="stable")
    return (sums[order] / np.maximum(spoken[order], 1e-9)[:, None]).astype(np.float32), spoken[order]


def _exactly(means: Vectors, seconds: Array, tree: Array | None, scale: Scale, voices: int) -> Vectors:
    """The largest groups that are as many, of the coarsest cut that has them; who is left over joins whom they are most
    like when windows are told apart."""
    for share in _CUTS:
        found, spoken = _groups(means, seconds, _cut(tree, share * scale.same, len(means)))
        if int((spoken >= LEAST_VOICE).sum()) >= voices:
            break
    return unit(found[:voices])
