"""The formulas of information retrieval and of abstention, over plain lists. All in [0, 1]; higher is better unless
said.

A ranking without anything in it counts as zero. Ties are the caller's to break, by a stable key, before the ranking
comes here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score


def hit(relevant: Sequence[bool], k: int) -> float:
    """Whether anything among the first ``k`` is relevant (success@k)."""
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int) -> float:
    """1 / the rank of the first relevant one among ``k``; 0 when there is none. Voorhees (1999)."""
    return next((1 / rank for rank, value in enumerate(relevant[:k], start=1) if value), 0.0)


def precision(relevant: Sequence[bool], k: int) -> float:
    """The relevant share of what is shown, at most ``k``. Not divided by ``k``: a system need not fill the page."""
    shown = relevant[:k]
    return sum(shown) / len(shown) if shown else 0.0


def recall(found: Sequence[bool]) -> float:
    """The share of gold items that were found. Raises ValueError without any."""
    if not found:
        raise ValueError("recall is not defined without gold")
    return sum(found) / len(found)


def ndcg(gains: Sequence[float], ideal: Sequence[float], k: int) -> float:
    """nDCG@k of Järvelin and Kekäläinen (2002) with the discount log2(rank + 1).

    ``gains`` in rank order, one for each different item; ``ideal`` those of all gold items in any order. With gains of
    2^grade - 1 it is the form of Burges et al. (2005). Raises ValueError when nothing has a gain.
    """
    best = _dcg(sorted(ideal, reverse=True)[:k])
    if best <= 0:
        raise ValueError("nDCG is not defined without gold")
    return _dcg(gains[:k]) / best


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive one scores above a negative one, ties half. Raises ValueError unless there are both."""
    if not positive or not negative:
        raise ValueError("the area is not defined without both kinds")
    truth = [True] * len(positive) + [False] * len(negative)
    return float(roc_auc_score(truth, [*positive, *negative]))


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """``risk[i]`` is the share of wrong answers among the ``i + 1`` questions answered with the most confidence.

    ``area`` is the mean risk, so lower is better; ``excess`` what it has more than the best order of the same answers.
    El-Yaniv and Wiener (2010); Geifman, Uziel and El-Yaniv (2019).
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float
    excess: float


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """One question each, ties in the order given. Raises ValueError without any."""
    if not confidence:
        raise ValueError("the curve is not defined without questions")
    order = sorted(range(len(confidence)), key=lambda at: -confidence[at])
    risk = _risk([right[at] for at in order])
    best = _risk(sorted(right, reverse=True))
    coverage = tuple((at + 1) / len(order) for at in range(len(order)))
    area = float(np.mean(risk))
    return RiskCoverage(coverage, risk, area, area - float(np.mean(best)))


def _risk(right: Sequence[bool]) -> tuple[float, ...]:
    wrong = np.cumsum(~np.array(right, bool))
    return tuple((wrong / np.arange(1, len(right) + 1)).tolist())
