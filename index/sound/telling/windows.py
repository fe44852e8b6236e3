"""Which parts of a recording are listened to for a voice, and their sound: windows within each segment.

A window is long enough to know a voice by and short enough to hold one; they overlap by half. Of a segment shorter
than a window all is taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.sound.reading.recording import RATE
from index.sound.reading.timeline import Samples

LENGTH, HOP = 1.5, 0.75
"""Seconds of a window, and from one to the next."""

_LEAST = 0.5
"""Seconds without which no voice is known; what is shorter is widened to both sides."""
_SHORTEST = 0.25
"""Seconds below which what is left at the end of a recording is not listened to."""
_NEARLY = 1.25
"""A segment up to as many windows long is one window in its middle."""


@dataclass(frozen=True, slots=True)
class VoiceWindow:
    """``start`` to ``end`` seconds of the recording, in which segment ``segment`` is said."""

    segment: int
    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def voice_windows(spans: Sequence[tuple[float, float]]) -> list[VoiceWindow]:
    """The windows of segments that are said from ``start`` to ``end``; each has at least one."""
    return [VoiceWindow(at, *window) for at, span in enumerate(spans) for window in _within(*span)]


def _within(start: float, end: float) -> list[tuple[float, float]]:
    length, middle = end - start, (start + end) / 2
    if length < _LEAST:
        return [(max(0.0, middle - _LEAST / 2), max(0.0, middle - _LEAST / 2) + _LEAST)]
    if length <= LENGTH:
        return [(start, end)]
    if length <= LENGTH * _NEARLY:
        return [(middle - LENGTH / 2, middle + LENGTH / 2)]
    gaps = max(1, round((length - LENGTH) / HOP + 0.15))
    starts = np.linspace(start, end - LENGTH, gaps + 1)
    return [(float(at), float(at) + LENGTH) for at in starts]


def sounds(blocks: Iterable[Samples], wanted: Sequence[VoiceWindow]) -> Iterator[tuple[int, Samples]]:
    """The number in ``wanted`` of each window, in the order in which they begin, and its sound; none of those that lie
    beyond the end. What is held of the recording is as long as the longest one."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at].start)
    held, begin = np.empty(0, np.float32), 0
    following = iter(blocks)
    for at in order:
        first, last = round(wanted[at].start * RATE), round(wanted[at].end * RATE)
        held, begin = held[max(0, first - begin) :], max(begin, min(first, begin + held.size))
        while begin + held.size < last:
            block = next(following, None)
            if block is None:
                break
            held = np.concatenate([held, block])
            dropped = min(max(0, first - begin), held.size)
            held, begin = held[dropped:], begin + dropped
        found = held[first - begin : last - begin]
        if found.size >= _SHORTEST * RATE:
            yield at, found
