"""Models for debates that they have not seen, and the calibration of those that ship.

Each debate is judged by weights of the others; its confidences by what was right on the others, themselves held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.isotonic import IsotonicRegression

from eval.attribution.crf import Example, example, fit
from eval.attribution.fit import left_out_models
from eval.attribution.recordings import GoldDebate, gold_debates
from eval.attribution.recut import recut
from eval.attribution.voices import read_told
from index.speakers.attribution import Models
from index.speakers.host_names import host_name
from index.speakers.suggest import Suggestion, suggest
from index.speakers.suggest.decoding import Floats
from index.speakers.suggest.turn_model import IDENTITY, NOTHING_SHOWN, Knots, TurnModel
from index.speakers.voices.casting import voice_model

SHOWN_RIGHT = 0.95
"""The least share of right words among the names that are shown unasked."""
_MARGIN = 0.02
"""Above it on the debates that the threshold is chosen on, since others will be a little harder."""
_LEAST_WORDS = 2_000
_KNOTS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """A debate and what a model that has not seen it says."""

    debate: GoldDebate
    model: TurnModel
    suggestions: tuple[Suggestion, ...]

    @property
    def right(self) -> Floats:
        """``(T,)``: 1 where the name is the gold one."""
        pairs = zip(self.debate.gold, self.suggestions, strict=True)
        return np.array([gold == suggestion.speaker for gold, suggestion in pairs], dtype=np.float64)

    @property
    def confidence(self) -> Floats:
        return np.array([suggestion.confidence for suggestion in self.suggestions])

    @property
    def of_host(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([suggestion.speaker == host_name("fr") for suggestion in self.suggestions])


def models_without_each(folder: Path) -> dict[str, Models]:
    """By the ids of the debates of a native suite: all that names people, fitted on the others."""
    voices = left_out_models(read_told(folder))
    turns = {one.debate.id: one.model for one in leave_one_out(gold_debates(folder))}
    return {name: Models(voices.get(name, voice_model()), model) for name, model in turns.items()}


def leave_one_out(debates: Sequence[GoldDebate]) -> list[Judged]:
    """Each debate by a model of the others, calibrated on them."""
    raw = _raw(debates, _examples(debates))
    return _calibrated_on_others(raw)


def fit_all(debates: Sequence[GoldDebate]) -> tuple[TurnModel, list[Judged]]:
    """The model of all debates, calibrated on the models of all but one, and these as they judge the one left out."""
    examples = _examples(debates)
    raw = _raw(debates, examples)
    model = fit([part for both in examples for part in both])
    return calibrated(model, raw), _calibrated_on_others(raw)


def _raw(debates: Sequence[GoldDebate], examples: Sequence[tuple[Example, Example]]) -> list[Judged]:
    """Each debate by weights of the others, with probabilities as they come."""
    return [_judged(debate, fit(_without(examples, place))) for place, debate in enumerate(debates)]


def _calibrated_on_others(raw: Sequence[Judged]) -> list[Judged]:
    """The weights have not seen the debate, nor has the calibration."""
    return [_judged(one.debate, calibrated(one.model, [other for other in raw if other is not one])) for one in raw]


def calibrated(model: TurnModel, judged: Sequence[Judged]) -> TurnModel:
    """``model`` with confidences and thresholds that hold on ``judged``, whose confidences are raw."""
    right = np.concatenate([one.right for one in judged])
    raw = np.concatenate([one.confidence for one in judged])
    words = np.concatenate([one.debate.words * one.debate.known for one in judged]).astype(np.float64)
    host = np.concatenate([one.of_host for one in judged])
    guests = _isotonic(raw[~host], right[~host], words[~host])
    hosts = _isotonic(raw[host], right[host], words[host])
    confidence = np.where(host, hosts(raw), guests(raw))
    return replace(
        model,
        guest_confidence=guests,
        host_confidence=hosts,
        host_at=_host_threshold(judged),
        shown_at=shown_threshold(confidence, right, words),
    )


def shown_threshold(confidence: Floats, right: Floats, words: Floats) -> float:
    """The lowest confidence from which on names are right often enough, over enough words to say so; above every
    confidence where there is none."""
    for threshold in np.unique(confidence):
        shown = confidence >= threshold
        total = words[shown].sum()
        if total >= _LEAST_WORDS and (words * right)[shown].sum() / total >= SHOWN_RIGHT + _MARGIN:
            return float(np.floor(threshold * 1_000) / 1_000)
    return NOTHING_SHOWN


def _judged(debate: GoldDebate, model: TurnModel) -> Judged:
    return Judged(debate, model, suggest(debate.segments, debate.participants, model=model))


def _examples(debates: Sequence[GoldDebate]) -> list[tuple[Example, Example]]:
    """Each debate as it is and cut another way, to learn from both."""
    return [(example(debate), example(recut(debate))) for debate in debates]


def _without(examples: Sequence[tuple[Example, Example]], place: int) -> list[Example]:
    return [one for at, both in enumerate(examples) if at != place for one in both]


def _isotonic(raw: Floats, right: Floats, words: Floats) -> Knots:
    """A rising line with few points, fitted to bins so that a lucky hundred words make no certainty."""
    if len(raw) < _KNOTS:
        return IDENTITY
    order = np.argsort(raw, kind="stable")
    share = np.cumsum(words[order]) / max(words.sum(), 1.0)
    bins = np.minimum((share * _KNOTS).astype(int), _KNOTS - 1)
    weights = np.array([words[order][bins == at].sum() for at in range(_KNOTS)])
    kept = weights > 0
    means = [np.average(raw[order][bins == at], weights=words[order][bins == at]) for at in np.flatnonzero(kept)]
    shares = [np.average(right[order][bins == at], weights=words[order][bins == at]) for at in np.flatnonzero(kept)]
    rising = IsotonicRegression(y_min=0, y_max=1).fit_transform(means, shares, sample_weight=weights[kept])
    return Knots(tuple(np.round(means, 4).tolist()), tuple(np.round(rising, 4).tolist()))


def _host_threshold(judged: Sequence[Judged]) -> float:
    """With the best F1 over segments."""
    found = np.concatenate([[suggestion.host for suggestion in one.suggestions] for one in judged])
    true = np.concatenate([one.debate.host for one in judged])
    candidates = np.arange(0.2, 0.61, 0.05)
    scores = [2 * (true & (found >= at)).sum() / ((found >= at).sum() + true.sum()) for at in candidates]
    return round(float(candidates[int(np.argmax(scores))]), 2)
