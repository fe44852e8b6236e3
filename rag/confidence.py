"""How likely it is that the debates answer, from what the searches saw; below a threshold the answer is withheld.

A logistic regression on five figures, one set of weights for questions in the transcripts' language and one for
others (whose
words cannot match). The weights stand in ``data/confidence.json``; ``python -m eval.fit_confidence`` made them, and
says there on what and when.
"""

import json
import math
from functools import cache
from importlib import resources

from rag.retrieve import Evidence

FEATURES = ("narrow_z", "wide_z", "narrow_share", "wide_share", "known")


def confidence(evidence: Evidence, *, same_language: bool) -> float:
    """In [0, 1]; calibrated as far as the questions it was fitted on resemble the one asked."""
    weights = _weights()["same_language" if same_language else "other_language"]
    total = weights["intercept"] + sum(weights[name] * getattr(evidence, name) for name in FEATURES)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def _weights() -> dict[str, dict[str, float]]:
    text = resources.files("rag").joinpath("data/confidence.json").read_text("utf-8")
    document: dict[str, dict[str, float]] = json.loads(text)
    return document
