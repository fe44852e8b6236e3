"""The weights of the cues. ``data/turns.json`` holds them and their source; ``eval.fit_speakers`` makes it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from index.speakers.suggest.chain import CHANGES, Cues, Structure
from index.speakers.suggest.decoding import Floats
from index.speakers.suggest.guest_cues import Uttered, called_cues, left_cues, own_cues
from index.speakers.suggest.mentions import mentions
from index.speakers.suggest.turn_cues import boundary_cues, read_words, segment_cues
from index.types import Participant, Segment

NOTHING_SHOWN = 1.01
"""A threshold above every confidence."""
_SCALE = 100
_REMEMBERED = 8
"""Debates whose cues are kept in memory, some with one more guest."""
"""Weights are stored as whole hundredths."""


@dataclass(frozen=True, slots=True)
class Knots:
    """A rising line through points: from a probability of the chain to the share that was right on held-out debates."""

    raw: tuple[float, ...]
    right: tuple[float, ...]

    def __call__(self, probability: Floats) -> Floats:
        return np.interp(probability, self.raw, self.right)


IDENTITY = Knots((0.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class TurnModel:
    """``boundaries``: weights of each cue for the four kinds of change; ``hosts``: for the host speaking.

    A change of speaker is told above ``change_at``, a host above ``host_at``; a name may be shown unasked from a
    confidence of ``shown_at`` on.
    """

    boundaries: Mapping[str, tuple[float, ...]]
    hosts: Mapping[str, float]
    structure: Structure
    guest_confidence: Knots = IDENTITY
    host_confidence: Knots = IDENTITY
    change_at: float = 0.3
    host_at: float = 0.4
    shown_at: float = NOTHING_SHOWN

    def cues(self, segments: Sequence[Segment], guests: Sequence[Participant]) -> Cues:
        found = mentions(segments, guests)
        words = read_words(segments, found)
        uttered = Uttered(segments, found, len(guests))
        return Cues(
            boundaries=np.array([self._changes(cues) for cues in boundary_cues(words)]).reshape(-1, CHANGES),
            hosts=np.array([sum(self.hosts.get(cue, 0.0) for cue in cues) for cues in segment_cues(words)]),
            called=called_cues(uttered),
            left=left_cues(uttered),
            own=own_cues(uttered, segments, found),
        )

    def _changes(self, cues: Iterable[str]) -> Floats:
        known = [self.boundaries[cue] for cue in cues if cue in self.boundaries]
        return np.sum(known, axis=0) if known else np.zeros(CHANGES)


def to_document(model: TurnModel) -> dict[str, Any]:
    """What JSON holds of ``model``."""
    structure = model.structure
    return {
        "scale": _SCALE,
        "boundaries": {cue: [round(weight * _SCALE) for weight in row] for cue, row in model.boundaries.items()},
        "hosts": {cue: round(weight * _SCALE) for cue, weight in model.hosts.items()},
        "called": np.round(structure.called, 3).tolist(),
        "left": np.round(structure.left, 3).tolist(),
        "own": np.round(structure.own, 3).tolist(),
        "again": round(structure.again, 3),
        "guest_confidence": [model.guest_confidence.raw, model.guest_confidence.right],
        "host_confidence": [model.host_confidence.raw, model.host_confidence.right],
        "change_at": model.change_at,
        "host_at": model.host_at,
        "shown_at": model.shown_at,
    }


def from_document(document: Mapping[str, Any]) -> TurnModel:
    scale = document["scale"]
    return TurnModel(
        boundaries={cue: tuple(weight / scale for weight in row) for cue, row in document["boundaries"].items()},
        hosts={cue: weight / scale for cue, weight in document["hosts"].items()},
        structure=Structure(
            np.array(document["called"]), np.array(document["left"]), np.array(document["own"]), document["again"]
        ),
        guest_confidence=Knots(*(tuple(points) for points in document["guest_confidence"])),
        host_confidence=Knots(*(tuple(points) for points in document["host_confidence"])),
        change_at=document["change_at"],
        host_at=document["host_at"],
        shown_at=document["shown_at"],
    )


@lru_cache(maxsize=_REMEMBERED)
def remembered_cues(segments: tuple[Segment, ...], guests: tuple[Participant, ...], model: TurnModel) -> Cues:
    """Kept from one answer of a person to the next, since they take longer than all the rest."""
    return model.cues(segments, guests)


@cache
def load_model() -> TurnModel:
    """The model that ships with the package."""
    text = resources.files("index.speakers").joinpath("data/turns.json").read_text("utf-8")
    return from_document(json.loads(text)["model"])
