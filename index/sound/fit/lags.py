"""Where each minute of a transcript lies in a recording, found by comparing when somebody should speak with when
somebody does.

Both are whitened, since speech now makes speech in a moment likely: what is left of a recording is about white noise,
and the sum of its products with what is expected, for each lag, a matched filter. Minutes are put together by the best
path through their lags (Viterbi): staying is free, moving by a step, as clocks that run apart do, costs little, a jump
much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.sound.fit.expected import Activity

Scores = npt.NDArray[np.float32]
"""``(lags,)`` or ``(minutes, lags)``: natural logarithms of likelihoods, but for what all lags share."""

FURTHEST = 1800.0
"""Seconds by which a transcript may be off, beside what a longer recording allows."""

_BEFORE = 10.0
"""Seconds before the first text in which nobody is expected to speak. Of what was before that it knows nothing."""

_MINUTE = 60.0
_SCORES = 10_000_000
_SLOPE = 0.3
"""How much more speech is heard where all is expected than where none is: .2 to .45 was measured."""

_DRIFT, _JUMP, _ELSEWHERE = 1.0, 18.0, 12.0
"""What a path pays, in the unit of the scores: for a step, for a jump, for beginning elsewhere than where the
transcript says."""

_COVERED, _ENOUGH = 0.6, 500
"""Part of some minutes that is most of them, and lags that are enough to tell what chance does."""

_MOST = 14.0
"""Of one minute: a long piece of music that happens to lie as a gap of the transcript does is no more than that."""


@dataclass(frozen=True, slots=True)
class Match:
    """``scores`` of each minute of the transcript for lags of ``first``, ``first`` + 1, … times ``step`` seconds;
    ``window`` are the steps of a minute, ``told`` and ``heard`` what was compared, whitened."""

    scores: Scores
    first: int
    step: float
    window: int
    told: Activity
    heard: Activity

    def seconds(self, column: float) -> float:
        """The lag of a column."""
        return (column + self.first) * self.step

    def slope(self, score: float, first: int, last: int) -> float:
        """How much more speech is heard in some minutes where all is expected than where none is, by the sum of their
        scores."""
        told = self.told[first * self.window : last * self.window]
        return float(score * (self.heard.var() or 1.0) / (_SLOPE * (told @ told or 1.0)))

    def standing(self, scores: Scores, first: int, last: int) -> Scores:
        """The scores of all lags of some minutes, in standard deviations from their median: about normal where nothing
        belongs together, so that among 20 000 lags the best has 4 to 5.5. They are told from those lags at which most
        of the minutes lie in the recording: elsewhere there is nothing to score."""
        begins = (np.arange(scores.size) + self.first) + first * self.window
        size = min(last * self.window, self.told.size) - first * self.window
        covered = np.minimum(begins + size, self.heard.size) - np.maximum(begins, 0)
        inside = covered > _COVERED * size
        known = scores[inside] if inside.sum() > _ENOUGH else scores
        middle = np.median(known)
        spread = 1.4826 * float(np.median(np.abs(known - middle)))
        stood: Scores = (scores - middle) / np.float32(spread or 1.0)
        return stood

    def near(self, seconds: float) -> slice:
        """The columns of lags up to so many seconds."""
        reach = int(seconds / self.step)
        return slice(-self.first - reach, -self.first + reach + 1)


def matched(expected: Activity, speech: Activity, step: float) -> Match:
    """Of a transcript and a recording, both in steps of ``step`` seconds from 0. Minutes of very long ones are longer,
    so that their scores stay within some 40 MB."""
    back, ahead = _reach(expected, speech, step)
    most = max(1, _SCORES // (back + ahead + 1))
    return _match(expected, speech, step, max(round(_MINUTE / step), -(-expected.size // most)))


def matched_whole(expected: Activity, speech: Activity, step: float) -> Match:
    """The same as if all of the transcript were one minute, which is fast."""
    return _match(expected, speech, step, expected.size)


def _match(expected: Activity, speech: Activity, step: float, window: int) -> Match:
    memory = _memory(speech)
    told, heard = _whitened(expected, memory), _whitened(speech, memory)
    told[: max(0, int((expected > 0).argmax()) - round(_BEFORE / step))] = 0
    back, ahead = _reach(expected, speech, step)
    end = told.size + ahead
    room = np.concatenate([np.zeros(back, np.float32), heard[:end], np.zeros(max(0, end - heard.size), np.float32)])
    rows = [
        _correlated(room[start : start + back + ahead + window], told[start : start + window])
        for start in range(0, told.size, window)
    ]
    lags = min(row.size for row in rows)
    scores = np.stack([row[:lags] for row in rows])
    scores *= _SLOPE / (float(heard.var()) or 1.0)
    return Match(scores, -back, step, window, told, heard)


def _reach(expected: Activity, speech: Activity, step: float) -> tuple[int, int]:
    """Steps of the greatest lags, back and ahead."""
    reach = round(FURTHEST / step)
    return min(reach, expected.size), min(max(reach, speech.size - expected.size), speech.size)


def best_path(match: Match, near: float) -> npt.NDArray[np.int64]:
    """The column of each minute, where the transcript itself tells a lag of less than ``near`` seconds."""
    scores = np.clip(match.scores, -_MOST, _MOST)
    best = scores[0] - np.float32(_ELSEWHERE)
    best[match.near(near)] += np.float32(_ELSEWHERE)
    came = np.empty(scores.shape, np.int32)
    for number, row in enumerate(scores[1:], 1):
        best, came[number] = _step(best)
        best += row
    path = np.empty(len(scores), np.int64)
    path[-1] = int(best.argmax())
    for number in range(len(scores) - 1, 0, -1):
        path[number - 1] = came[number, path[number]]
    return path


def _step(best: Scores) -> tuple[Scores, npt.NDArray[np.int32]]:
    """The best way to each column from the minute before, and the column from which it comes."""
    columns = np.arange(best.size, dtype=np.int32)
    top = int(best.argmax())
    ways = np.full((4, best.size), -np.inf, np.float32)
    ways[0] = best
    ways[1, 1:] = best[:-1] - _DRIFT
    ways[2, :-1] = best[1:] - _DRIFT
    ways[3] = best[top] - _JUMP
    origins = np.stack([columns, columns - 1, columns + 1, np.full_like(columns, top)])
    taken = ways.argmax(axis=0)
    return ways[taken, columns], origins[taken, columns]


def _memory(activity: Activity) -> float:
    """How much of a step is like the one before."""
    centred = activity - activity.mean()
    power = float(centred @ centred)
    return min(0.95, max(0.5, float(centred[1:] @ centred[:-1]) / power)) if power else 0.5


def _whitened(activity: Activity, memory: float) -> Activity:
    """Without its mean and without what each step has from the one before."""
    centred = activity - activity.mean()
    white: Activity = np.concatenate([centred[:1], centred[1:] - np.float32(memory) * centred[:-1]])
    return white


def _correlated(stretch: Activity, piece: Activity) -> Activity:
    """``sum(stretch[k + i] * piece[i])`` for each k at which the piece lies within the stretch."""
    size = 1 << (stretch.size + piece.size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(piece, size)), size)
    found: Activity = product[: stretch.size - piece.size + 1].astype(np.float32)
    return found
