"""How likely it is that the debates answer; below a threshold the answer is withheld.

A logistic regression on four figures, one set of weights for questions in a language of the transcripts and one for
others, whose words cannot match. The weights stand in ``data/confidence.json``; ``python -m eval.fit_confidence``
makes them and says there on what and when.
"""

import json
import math
from functools import cache
from importlib import resources

from rag.retrieve import Evidence

FEATURES = ("narrow_z", "wide_share", "known", "best")


def features(evidence: Evidence, best: float) -> tuple[float, ...]:
    """In the order of ``FEATURES``; ``best`` is the score of the first passage."""
    return evidence.narrow_z, evidence.wide_share, evidence.known, best


def confidence(evidence: Evidence, best: float, *, same_language: bool) -> float:
    """In [0, 1]; calibrated as far as the questions it was fitted on resemble the one asked."""
    weights = _weights()["same_language" if same_language else "other_language"]
    figures = zip(FEATURES, features(evidence, best), strict=True)
    logit = weights["intercept"] + sum(weights[name] * value for name, value in figures)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@cache
def _weights() -> dict[str, dict[str, float]]:
    text = resources.files("rag").joinpath("data/confidence.json").read_text("utf-8")
    weights: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return weights
