"""The path through the lags of a transcript's minutes -> stretches of it that lie elsewhere, each one proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.sound.fit.clock import Stretch
from index.sound.fit.lags import Match, best_path

NEAR = 0.75
"""Seconds that captions may lag without anybody minding."""

PROOF = 6.5
_PROOF_NEAR, _PROOF_PART = 4.0, 5.0
"""Standard deviations at which a lag is proven: one of some ten thousand, or one of the few around none, for a whole
transcript or for a part of it."""

_SLOPE = 0.04
"""The least that speech has to follow what is expected: noise among silence, or among speech, does by chance alone."""

_SPLIT = 3
"""Steps between two minutes that are a jump."""

_MISSING = 300.0
"""Seconds of a transcript that a recording may lack in one place."""

_LINE, _DRIFT = 10, 1.5
"""Minutes and seconds from which on a drift is told from a constant lag."""


@dataclass(frozen=True, slots=True)
class Part:
    """Minutes ``first`` to ``last`` (not included) at a lag of ``lag`` + ``drift`` * t seconds at the time t, how well
    that stands (see ``Match.standing``), and how far speech follows the text in it."""

    first: int
    last: int
    lag: float
    drift: float
    proof: float
    slope: float

    def at(self, seconds: float) -> float:
        """The lag at a moment of the transcript."""
        return self.lag + self.drift * seconds


def proven_parts(match: Match) -> list[Part]:
    """In order, all minutes in one of them; none where no lag is proven."""
    path = best_path(match, NEAR)
    cuts = [0, *(int(cut) + 1 for cut in np.flatnonzero(np.abs(np.diff(path)) > _SPLIT)), len(path)]
    parts = [_part(match, path[first:last], first) for first, last in pairwise(cuts)]
    while parts and (weak := _weakest(match, parts)) is not None:
        parts = _without(match, parts, weak)
    return parts


def is_near(match: Match, part: Part) -> bool:
    """Whether it lies where the transcript says."""
    ends = (part.first * match.window * match.step, part.last * match.window * match.step)
    return all(abs(part.at(end)) < NEAR for end in ends)


def _part(match: Match, columns: npt.NDArray[np.int64], first: int) -> Part:
    """Fitted to a path."""
    lags = (columns + match.first) * match.step
    middles = (np.arange(first, first + len(columns)) + 0.5) * match.window * match.step
    drift, lag = np.polyfit(middles, lags, 1) if len(columns) >= _LINE else (0.0, 0.0)
    if abs(drift) * (middles[-1] - middles[0]) <= _DRIFT:
        drift, lag = 0.0, float(np.median(lags))
    return _measured(match, first, first + len(columns), float(lag), float(drift))


def _measured(match: Match, first: int, last: int, lag: float, drift: float) -> Part:
    """Against all lags that are parallel to it."""
    middles = (np.arange(first, last) + 0.5) * match.window * match.step
    columns = np.round((lag + drift * middles) / match.step).astype(int) - match.first
    centre = int(np.median(columns))
    rows = match.scores[first:last]
    along = np.sum([np.roll(row, centre - column) for row, column in zip(rows, columns, strict=True)], axis=0)
    proof = float(match.standing(along, first, last)[centre])
    return Part(first, last, lag, drift, proof, match.slope(along[centre], first, last))


def _weakest(match: Match, parts: Sequence[Part]) -> int | None:
    """The part that is not to be kept, None where all are proven and follow one another in the recording too."""
    near = _PROOF_NEAR if len(parts) == 1 else _PROOF_PART
    margins = [
        part.proof - (near if is_near(match, part) else PROOF) if part.slope >= _SLOPE else -1.0 for part in parts
    ]
    least = int(np.argmin(margins))
    if margins[least] < 0:
        return least
    for number, (before, after) in enumerate(pairwise(parts)):
        border = after.first * match.window * match.step
        if before.at(border) - after.at(border) > _MISSING:
            return number if margins[number] < margins[number + 1] else number + 1
    return None


def _without(match: Match, parts: Sequence[Part], number: int) -> list[Part]:
    """The minutes of one part go to the neighbour that stands better."""
    around = [place for place in (number - 1, number + 1) if 0 <= place < len(parts)]
    if not around:
        return []
    heir = max(around, key=lambda place: parts[place].proof)
    first, last = min(number, heir), max(number, heir)
    joined = _measured(match, parts[first].first, parts[last].last, parts[heir].lag, parts[heir].drift)
    return [*parts[:first], joined, *parts[last + 1 :]]


def stretches(match: Match, parts: Sequence[Part], starts: Sequence[float]) -> list[Stretch]:
    """Each part from the segment on at which it begins; ``starts`` are those of the segments, in seconds."""
    borders = [0.0, *(_border(match, before, after, starts) for before, after in pairwise(parts))]
    return [Stretch(start, part.lag, 1.0 + part.drift) for start, part in zip(borders, parts, strict=True)]


def _border(match: Match, before: Part, after: Part, starts: Sequence[float]) -> float:
    """The start of a segment, within the minutes around, from which on the second part explains more than the first."""
    first, last = (after.first - 1) * match.window, min((after.first + 1) * match.window, match.told.size)
    middle = after.first * match.window * match.step
    gain = _explained(match, first, last, after.at(middle)) - _explained(match, first, last, before.at(middle))
    behind = np.concatenate([np.cumsum(gain[::-1])[::-1], [0.0]])
    inside = [start for start in starts if first <= start / match.step < last] or [middle]
    return max(inside, key=lambda start: float(behind[round(start / match.step) - first]))


def _explained(match: Match, first: int, last: int, lag: float) -> npt.NDArray[np.float32]:
    """For each step, the product of what is expected and what is heard at a lag."""
    places = np.arange(first, last) + round(lag / match.step)
    inside = (places >= 0) & (places < match.heard.size)
    heard = np.where(inside, match.heard[np.clip(places, 0, match.heard.size - 1)], np.float32(0))
    product: npt.NDArray[np.float32] = match.told[first:last] * heard
    return product
