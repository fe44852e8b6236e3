"""Voices of windows -> turns in time, as a diarization is written: cut where nobody speaks, two where two speak.

Where two speak at once, the second is whoever else speaks nearest to that moment (Otterson & Ostendorf, "Efficient use
of overlap information in speaker diarization", ASRU 2007).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from index.sound.telling.activity import STEP, Activity
from index.sound.telling.clusters import Array
from index.sound.telling.windows import VoiceWindow
from index.sound.types import VoiceTurn

_APART = 0.5
"""Seconds without speech that end a turn."""
_SPEECH = 0.5
_NEAREST = 5.0
"""Seconds within which another voice speaks that may be the second one."""


def turns_of(
    windows: Sequence[VoiceWindow], chances: Array, names: Sequence[str], activity: Activity
) -> tuple[VoiceTurn, ...]:
    """In the order in which they begin. ``chances``: ``(windows, voices + 1)``, nobody last."""
    alone = [part for turn in _runs(windows, chances, names) for part in _spoken(turn, activity)]
    both = [second for moment in activity.moments_at_once() for second in _second(moment, alone)]
    return tuple(sorted([*alone, *both], key=lambda turn: (turn.start, turn.end)))


def _runs(windows: Sequence[VoiceWindow], chances: Array, names: Sequence[str]) -> Iterator[VoiceTurn]:
    """Windows of one voice that follow one another; of two that overlap, each ends in the middle."""
    order = sorted(range(len(windows)), key=lambda at: windows[at].middle)
    states = chances.argmax(axis=1)
    starts, ends = _borders([windows[at] for at in order])
    position = 0
    for state, group in groupby(order, key=lambda at: int(states[at])):
        rows = list(group)
        first, last = position, position + len(rows) - 1
        position += len(rows)
        if state < len(names):
            confidence = round(float(np.mean(chances[rows, state])), 3)
            yield VoiceTurn(starts[first], ends[last], names[state], confidence)


def _borders(windows: Sequence[VoiceWindow]) -> tuple[list[float], list[float]]:
    starts = [window.start for window in windows]
    ends = [window.end for window in windows]
    for at in range(1, len(windows)):
        if starts[at] < ends[at - 1]:
            middle = (windows[at - 1].middle + windows[at].middle) / 2
            starts[at] = ends[at - 1] = middle
    return starts, ends


def _spoken(turn: VoiceTurn, activity: Activity) -> Iterator[VoiceTurn]:
    """Its parts in which somebody speaks."""
    first, last = round(turn.start / STEP), round(turn.end / STEP)
    speaking = first + np.flatnonzero(activity.speech[first:last] > _SPEECH)
    if speaking.size == 0:
        return
    cuts = np.flatnonzero(np.diff(speaking) * STEP > _APART)
    for begin, end in zip([0, *(cuts + 1)], [*cuts, speaking.size - 1], strict=True):
        start, stop = float(speaking[begin]) * STEP, float(speaking[end] + 1) * STEP
        yield replace(turn, start=round(start, 3), end=round(stop, 3))


def _second(moment: tuple[float, float], alone: Sequence[VoiceTurn]) -> Iterator[VoiceTurn]:
    """The other voice of a moment in which two speak."""
    start, end = moment
    near = [turn for turn in alone if turn.end > start - _NEAREST and turn.start < end + _NEAREST]
    speaking = max(near, key=lambda turn: min(turn.end, end) - max(turn.start, start), default=None)
    others = [turn for turn in near if speaking and turn.voice != speaking.voice]
    if others:
        other = min(others, key=lambda turn: max(turn.start - end, start - turn.end))
        yield VoiceTurn(round(start, 3), round(end, 3), other.voice, 0.5)
