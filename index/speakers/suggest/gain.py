"""What a label would bring: how many more words would be right, in expectation, if one segment's speaker were known.

A label in a long turn, or at a point where the rest of the debate hangs in the balance, is worth more than one of the
least certain segment. Exact in the chain, for one segment of each stretch without a likely change.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.speakers.suggest.decoding import Floats, Marginals, host_states

_REACH = 300
"""Segments to either side that a label is taken to reach."""
_SPLIT_AT = 0.1


def expected_gain(found: Marginals, words: Floats, changes: Floats) -> Floats:
    """``(T,)`` in words; 0 for the segments of a stretch that are not its longest one."""
    candidates = _candidates(changes, words)
    guests = found.states.shape[1] // 2
    onward = _conditional(found.pairs, axis=2)
    back = _conditional(found.pairs, axis=1).transpose(0, 2, 1)
    best = words * _speakers(found.states, guests).max(axis=1)
    gains = np.zeros(len(words))
    told = np.tile(np.eye(2 * guests + 1), (len(candidates), 1, 1))
    weights = found.states[candidates]
    gains[candidates] = words[candidates] - best[candidates]
    gains[candidates] += _reached(told, weights, candidates, onward, words, best, 1)
    gains[candidates] += _reached(told, weights, candidates, back, words, best, -1)
    return gains


def _reached(
    told: Floats,
    weights: Floats,
    candidates: npt.NDArray[np.int64],
    steps: Floats,
    words: Floats,
    best: Floats,
    way: int,
) -> Floats:
    """What the candidates' labels bring to the segments on one side; ``steps[t]`` goes into t from before, or, on the
    way back, from t to what was before."""
    gains = np.zeros(len(candidates))
    live = np.arange(len(candidates))
    guests = weights.shape[1] // 2
    for distance in range(1, _REACH + 1):
        places = candidates[live] + way * distance
        inside = (places >= 0) & (places < len(words))
        live, places, told = live[inside], places[inside], told[inside]
        if not len(live):
            break
        told = np.matmul(told, steps[places if way > 0 else places + 1])
        known = _speakers(told, guests).max(axis=-1)
        added = words[places] * (weights[live] * known).sum(axis=1) - best[places]
        gains[live] += added
        keep = added > 1e-3 * words[places]
        live, told = live[keep], told[keep]
    return gains


def _candidates(changes: Floats, words: Floats) -> npt.NDArray[np.int64]:
    """The longest segment of each stretch."""
    starts = np.flatnonzero(changes > _SPLIT_AT)
    bounds = np.unique(np.concatenate([[0], starts, [len(words)]]))
    return np.array([first + int(words[first:end].argmax()) for first, end in pairwise(bounds)], dtype=np.int64)


def _conditional(pairs: Floats, axis: int) -> Floats:
    conditional: Floats = pairs / np.maximum(pairs.sum(axis=axis, keepdims=True), 1e-12)
    return conditional


def _speakers(states: Floats, guests: int) -> Floats:
    host = states[..., host_states(guests)].sum(axis=-1, keepdims=True)
    return np.concatenate([states[..., :guests], host], axis=-1)
