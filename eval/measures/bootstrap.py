"""Intervals by resampling questions: the percentile bootstrap of Efron (1979), as Koehn (2004) pairs it for systems.

Seeded, so that the same result gives the same interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
_SEED = 20241119
_BATCH = 500
_LEVEL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % of the resampled values lie from ``low`` to ``high``, both included."""

    low: float
    high: float


def mean_interval(values: Sequence[float]) -> Interval:
    """Of the mean; for the difference of two systems, pass the differences on each question. Raises ValueError for
    no value."""
    if not values:
        raise ValueError("no values to resample")
    drawn = np.array(values, float)
    random = np.random.default_rng(_SEED)
    means = np.concatenate(
        [drawn[random.integers(0, len(drawn), (_BATCH, len(drawn)))].mean(axis=1) for _ in range(RESAMPLES // _BATCH)]
    )
    return _interval(means)


def area_interval(
    positive: Sequence[Sequence[float]], negative: Sequence[Sequence[float]], signs: Sequence[float] = (1.0,)
) -> Interval:
    """Of the area under the ROC curve, or with two lists each and signs (1, -1) of a difference of areas.

    The answerable and the others are resampled apart; the systems share each draw. Raises ValueError when either is
    empty.
    """
    above = sum(sign * _above(p, n) for sign, p, n in zip(signs, positive, negative, strict=True))
    if not isinstance(above, np.ndarray) or not above.size:
        raise ValueError("no values to resample")
    random = np.random.default_rng(_SEED)
    found = []
    for _ in range(RESAMPLES // _BATCH):
        rows, columns = (_drawn(random, size) for size in above.shape)
        found.append(((rows @ above) * columns).sum(axis=1))
    return _interval(np.concatenate(found))


def risk_interval(
    confidence: Sequence[Sequence[float]], right: Sequence[Sequence[bool]], signs: Sequence[float] = (1.0,)
) -> tuple[Interval, Interval]:
    """Of the area under the risk-coverage curve and of its excess, or of their differences between two systems over
    the same questions in the same order. Raises ValueError without questions."""
    if not all(right):
        raise ValueError("no values to resample")
    random = np.random.default_rng(_SEED)
    areas, excesses = [], []
    for _ in range(RESAMPLES // _BATCH):
        counts = random.multinomial(len(right[0]), np.full(len(right[0]), 1 / len(right[0])), _BATCH)
        area = excess = np.zeros(_BATCH)
        for sign, sure, truth in zip(signs, confidence, right, strict=True):
            value = _risk_areas(counts, np.array(sure, float), np.array(truth, float))
            area = area + sign * value
            excess = excess + sign * (value - _risk_areas(counts, np.array(truth, float), np.array(truth, float)))
        areas.append(area)
        excesses.append(excess)
    return _interval(np.concatenate(areas)), _interval(np.concatenate(excesses))


def _risk_areas(
    counts: npt.NDArray[np.int64], confidence: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The mean risk of each resampling, a row of ``counts``: how often each question was drawn.

    The wrong answers among the first k rise evenly within a tie, hence the interpolation.
    """
    levels, group = np.unique(-confidence, return_inverse=True)
    inside = np.eye(len(levels))[group]
    answered = np.cumsum(counts @ inside, axis=1)
    wrong = np.cumsum((counts * (1 - right)) @ inside, axis=1)
    ranks = np.arange(1, counts.shape[1] + 1)
    rows = zip(answered, wrong, strict=True)
    areas = [float(np.mean(np.interp(ranks, [0.0, *drawn], [0.0, *bad]) / ranks)) for drawn, bad in rows]
    return np.array(areas)


def _above(positive: Sequence[float], negative: Sequence[float]) -> npt.NDArray[np.float64]:
    """1 where a positive one scores above a negative one, 1/2 where they tie: the area is the mean."""
    difference = np.subtract.outer(np.array(positive, float), np.array(negative, float))
    above: npt.NDArray[np.float64] = (np.sign(difference) + 1) / 2
    return above


def _drawn(random: np.random.Generator, size: int) -> npt.NDArray[np.float64]:
    """How often each is drawn, as a share, a row for each resampling of a batch."""
    shares: npt.NDArray[np.float64] = random.multinomial(size, np.full(size, 1 / size), _BATCH) / size
    return shares


def _interval(values: npt.NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values, _LEVEL)
    return Interval(float(low), float(high))
