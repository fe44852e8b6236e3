"""The formulas of information retrieval and of abstention, over plain lists. All in [0, 1]; higher is better unless
said.

A ranking without anything in it counts as zero. Ties are the caller's to break, by a stable key, before the ranking
comes here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
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
    """One question each. Among questions of one confidence the risk is what any order of them gives on average. Raises
    ValueError without any."""
    if not confidence:
        raise ValueError("the curve is not defined without questions")
    wrong = _wrong_by_confidence(confidence, right)
    counts = np.arange(1, len(wrong) + 1)
    risk = np.cumsum(wrong) / counts
    best = np.cumsum(np.sort(_wrong_by_confidence([float(value) for value in right], right))) / counts
    area = float(risk.mean())
    return RiskCoverage(
        coverage=tuple((counts / len(wrong)).tolist()),
        risk=tuple(risk.tolist()),
        area=area,
        excess=max(0.0, area - float(best.mean())),
    )


def _wrong_by_confidence(confidence: Sequence[float], right: Sequence[bool]) -> npt.NDArray[np.float64]:
    """How wrong each answer is, the surest first: 0 or 1, and within a tie the mean of the tie."""
    wrong = 1.0 - np.array(right, float)
    values, group = np.unique(-np.array(confidence, float), return_inverse=True)
    means = np.bincount(group, wrong, len(values)) / np.bincount(group, minlength=len(values))
    shared: npt.NDArray[np.float64] = means[np.sort(group)]
    return shared
