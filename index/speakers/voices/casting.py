"""Who each voice of a debate most likely is: one assignment of all voices to all names.

A voice is a person of the title, an announced host, a person whom only the text names, a host without a name, or
nobody known. Each pair has a score in nats, from the names that are said (``name_cues``) and from whether the voice
talks like a host; the best assignment is the Hungarian method's. How much worse the best assignment becomes when a
voice is to be somebody else says how sure it is.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.speakers.likeliest import likeliest
from index.speakers.voices.hosts import HostModel

Array = npt.NDArray[np.float64]

_MOST_ODDS = 4.0
"""Nats that talking like a host or a guest may weigh: a title is not wrong because a guest asks much."""
_UNKNOWN = -3.0
"""Log odds of somebody whom nobody names, against one person of the title."""
_TWICE = -10.0
"""Of one person having two voices: diarization splits people."""
_UNNAMED_HOST = -3.0
"""Of a host without a name where the description announces some by name."""
_ONLY_IN_TEXT = -5.0
"""Of a person whom no title announces: most names in a text are of people who do not speak."""
_ANSWERS = 4.0
"""Nats from which a voice seems to answer to a name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have a voice. ``announced`` by the title or the description, not by the text alone."""

    name: str
    host: bool = False
    announced: bool = True
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """``candidate`` is the number of the likeliest person, -1 for none; probabilities as they come out, of being that
    one and of being any host."""

    candidate: int
    probability: float
    host: float


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """What was fitted: the hosts' traits, and the logistic regressions from a guess's log odds to its being right."""

    host: HostModel
    named: tuple[float, float]
    hosted: tuple[float, float]

    def sureness(self, probability: float, *, host: bool) -> float:
        """The calibrated probability that a name, or being a host, is right."""
        slope, bias = self.hosted if host else self.named
        odds = slope * log_odds(probability) + bias
        return round(1 / (1 + float(np.exp(-odds))), 3)


def log_odds(probability: float) -> float:
    """In nats, kept within 12."""
    return float(np.clip(np.log(max(probability, 1e-9) / max(1 - probability, 1e-9)), -12, 12))


@cache
def voice_model() -> VoiceModel:
    """The numbers of ``data/voices.json``."""
    found = json.loads(resources.files("index.speakers").joinpath("data/voices.json").read_text("utf-8"))
    host = HostModel(tuple(found["host"]["weights"]), found["host"]["bias"])
    return VoiceModel(host, tuple(found["named"]), tuple(found["hosted"]))


def guesses(likelihood: Array, hosts: Array, candidates: Sequence[Candidate]) -> list[Guess]:
    """One for each voice. ``likelihood``: ``(voices, candidates)`` from the names said; ``hosts``: ``(voices,)`` the
    log odds of being a host; both in nats."""
    voices = len(hosts)
    is_host, is_guest = _log_share(hosts), _log_share(-hosts)
    columns, owners = _columns(likelihood, is_host, is_guest, candidates)
    unnamed = _UNNAMED_HOST if any(candidate.host for candidate in candidates) else 0.0
    scores = np.column_stack([*columns, *[is_host + unnamed] * voices, *[is_guest + _UNKNOWN] * voices])
    named = len(columns)
    best = np.column_stack([_forced(scores, column) for column in (*range(named), named, named + voices)])
    chances = np.exp(best - best.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    found = [_guess(row, owners, candidates) for row in chances]
    return [_doubted(guess, voice, likelihood, candidates) for voice, guess in enumerate(found)]


def _doubted(guess: Guess, voice: int, likelihood: Array, candidates: Sequence[Candidate]) -> Guess:
    """No longer sure where a second person of the title is called and only this voice answers: it may be both."""
    for number, candidate in enumerate(candidates):
        here = likelihood[voice, number]
        if (
            candidate.announced
            and number != guess.candidate
            and here > _ANSWERS
            and here >= likelihood[:, number].max()
        ):
            return Guess(guess.candidate, min(guess.probability, 0.5), guess.host)
    return guess


def _log_share(odds: Array) -> Array:
    clipped = np.clip(odds, -_MOST_ODDS, _MOST_ODDS)
    share: Array = -np.logaddexp(0.0, -clipped)
    return share


def _columns(
    likelihood: Array, is_host: Array, is_guest: Array, candidates: Sequence[Candidate]
) -> tuple[list[Array], list[int]]:
    """The scores of each candidate who may be there, twice for those announced, and whose column each is."""
    columns: list[Array] = []
    owners: list[int] = []
    for number, candidate in enumerate(candidates):
        if not candidate.announced and likelihood[:, number].max() < _UNKNOWN - _ONLY_IN_TEXT:
            continue  # less likely than nobody, whoever it is
        score = likelihood[:, number] + (is_host if candidate.host else is_guest)
        columns.append(score if candidate.announced else score + _ONLY_IN_TEXT)
        owners.append(number)
        if candidate.announced:
            columns.append(score + _TWICE)
            owners.append(number)
    return columns, owners


def _forced(scores: Array, column: int) -> Array:
    """``(voices,)``: the best total when each voice in turn has to take ``column``."""
    voices = len(scores)
    others = np.delete(scores, column, axis=1)
    return np.array([scores[voice, column] + _best_total(np.delete(others, voice, axis=0)) for voice in range(voices)])


def _best_total(scores: Array) -> float:
    from scipy.optimize import linear_sum_assignment  # takes as long to import as the rest of the read path

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return float(scores[rows, columns].sum())


def _guess(chances: Array, owners: Sequence[int], candidates: Sequence[Candidate]) -> Guess:
    """From the chances of each candidate's columns, of a host without a name, of nobody known."""
    by_candidate = np.zeros(len(candidates))
    np.add.at(by_candidate, np.array(owners, dtype=np.int64), chances[: len(owners)])
    named_hosts = sum(float(by_candidate[at]) for at, candidate in enumerate(candidates) if candidate.host)
    host = float(chances[-2]) + named_hosts
    if not len(candidates):
        return Guess(-1, 0.0, host)
    best = int(likeliest(by_candidate))
    return Guess(best, float(by_candidate[best]), host)
