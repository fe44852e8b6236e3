"""How likely it is that the debates answer; below a threshold the answer is withheld.

A logistic regression on a few figures, with weights of their own for questions in a language of the transcripts and for
others, whose words cannot match, for debates whose tokens are unknown, and for another model than the one that they
were fitted with, whose cosines lie elsewhere. The weights stand in ``data/confidence.json``;
``python -m eval.fit_confidence`` makes them and says there on what and when.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from index.encoding.encoder import mixable
from index.pieces.tokens import Tokens
from index.words.lexical import fold, is_stop_word
from rag.expected import expected_in, holds
from rag.retrieve import Evidence, Promising, Ranked
from rag.types import Passage

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """``cosine`` and ``nearness`` of the best narrow window, as in ``Evidence``; ``matched``: how near the words of the
    first passage come to those of the topic, a mean of cosines (None where tokens are unknown); ``missing``: it does
    not name what the question wants to be told; ``wide_share``: the best share of BM25 in a wide window.
    ``same_language``: the question is in a language of the transcripts. ``fitted_model``: the cosines are those of the
    model that the weights were fitted with.
    """

    cosine: float
    nearness: float
    matched: float | None
    missing: bool
    wide_share: float
    same_language: bool
    fitted_model: bool = True

    @property
    def weights(self) -> str:
        """Which of the sets of weights these are for."""
        language = "same_language" if self.same_language else "other_language"
        tokens = "" if self.matched is not None else "_without_tokens"
        return f"{language}{tokens}{'' if self.fitted_model else '_any_model'}"

    @property
    def features(self) -> dict[str, float]:
        """Those that its weights are for."""
        near = {"cosine": self.cosine} if self.fitted_model else {"nearness": self.nearness}
        near |= {} if self.matched is None else {"matched": self.matched}
        return near | ({"missing": float(self.missing), "wide_share": self.wide_share} if self.same_language else {})


def figures(
    question: str,
    topic: tuple[str, Tokens],
    evidence: Evidence,
    promising: Mapping[str, Promising],
    first: Passage,
    *,
    same_language: bool,
    model: str,
) -> Figures:
    """Of the ``first`` passage found for ``topic``, given as its words and their tokens; ``model`` is the encoder's
    fingerprint."""
    expected = expected_in(question)
    return Figures(
        cosine=evidence.cosine,
        nearness=evidence.nearness,
        matched=_matched(*topic, promising[first.debate].ranked, first),
        missing=expected is not None and not holds(expected, first.text),
        wide_share=evidence.wide_share,
        same_language=same_language,
        fitted_model=mixable(model, _fitted()["model"]),
    )


def confidence(found: Figures) -> float:
    """In [0, 1]; calibrated as far as the questions it was fitted on resemble the one asked."""
    weights: dict[str, float] = _fitted()["weights"][found.weights]
    logit = weights["intercept"] + sum(weights[name] * value for name, value in found.features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def _matched(topic: str, tokens: Tokens, entry: Ranked, first: Passage) -> float | None:
    """The mean over the topic's words, those of grammar left out, of the mean over each one's tokens."""
    if entry.matches is None:
        return None
    table = entry.layout.table
    during = np.flatnonzero((first.start <= table.start) & (table.end <= first.end)).tolist()
    inside = [position for position in during if table.text_of(position, position) in first.text]
    nearest = entry.matches[inside].max(axis=0)
    words = _tokens_of_words(topic, tokens) or [list(range(len(tokens.begins)))]
    return float(np.mean([nearest[columns].mean() for columns in words]))


def _tokens_of_words(topic: str, tokens: Tokens) -> list[list[int]]:
    """The positions of the tokens that begin in each word that says something."""
    spans = [match.span() for match in _WORD.finditer(topic) if not is_stop_word(fold(match[0]))]
    found = ([at for at, begins in enumerate(tokens.begins) if begin <= begins < end] for begin, end in spans)
    return [columns for columns in found if columns]


@cache
def _fitted() -> dict[str, Any]:
    text = resources.files("rag").joinpath("data/confidence.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
