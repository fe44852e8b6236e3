"""Decoded frames -> one channel of samples, each at its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

RATE = 16_000
"""Samples a second of what is heard."""

Samples: TypeAlias = npt.NDArray[np.float32]
"""``(n,)``, one channel, in [-1, 1]."""

_JITTER = 0.05
"""Seconds that a frame's time may be off without anything being missing: containers round times."""

_BACK, _BEYOND = 3.0, 10.0
"""Seconds. A time that goes back further, or lies that far beyond the end, is that of a counter that began again, as
where two files were joined: its frames follow those before (as in FFmpeg's own tools, ``-dts_delta_threshold``)."""

_SILENCE = np.zeros(10 * RATE, np.float32)


class Timeline:
    """Where a frame begins later than the one before ends, silence fills the gap, and where it begins earlier, what
    was heard already is left out. Time 0 is ``zero`` seconds on the clock of the file; nothing lies far behind
    ``end``."""

    def __init__(self, zero: float, end: float) -> None:
        self._zero = zero
        self._end = end
        self._due = 0.0
        self._surplus = 0
        self._resampler: AudioResampler | None = None
        self._kind: tuple[int, str, str, int] | None = None
        self.written = 0
        self.silence = 0
        self.first_gap = float("inf")

    def place(self, frame: AudioFrame) -> Iterator[Samples]:
        """What a frame adds, and the silence before it. Raises ValueError for channels that cannot be mixed."""
        if abs(ahead := self._ahead(frame)) > _JITTER:
            yield from self.rest()
            if self._leaps(ahead):
                self._zero += ahead
            else:
                yield from self._move(ahead)
        kind = (frame.sample_rate, frame.format.name, frame.layout.name, frame.layout.nb_channels)
        if kind != self._kind:
            yield from self.rest()
            self._kind = kind
        self._due += frame.samples / frame.sample_rate
        yield from self._cut(self._resampled(frame))

    def rest(self) -> Iterator[Samples]:
        """What the resampler holds back, at the end or before a leap."""
        if self._resampler is not None:
            yield from self._cut(_joined(self._resampler.resample(None)))
        self._resampler = None

    def gap(self, frame: AudioFrame) -> float:
        """Seconds of silence that a frame needs before it."""
        ahead = self._ahead(frame)
        return 0.0 if ahead <= _JITTER or self._leaps(ahead) else ahead

    def _ahead(self, frame: AudioFrame) -> float:
        """By how many seconds a frame begins after the end of the one before it; less than 0 for before that."""
        return 0.0 if frame.time is None else frame.time - self._zero - self._due

    def _leaps(self, ahead: float) -> bool:
        return not -_BACK <= ahead <= self._end + _BEYOND - self._due

    def _move(self, ahead: float) -> Iterator[Samples]:
        """To another time than the one that was due."""
        self._due += ahead
        missing = round(self._due * RATE) - self.written
        self._surplus = max(0, -missing)
        if missing > 0:
            self.first_gap = min(self.first_gap, self.written / RATE)
        for done in range(0, missing, _SILENCE.size):
            piece = _SILENCE[: missing - done]
            self.silence += piece.size
            self.written += piece.size
            yield piece

    def _resampled(self, frame: AudioFrame) -> Samples:
        from av.audio.resampler import AudioResampler

        # in 16 bits, since only for whole numbers the mix of several channels is kept within the range
        if self._resampler is None:
            self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        frame.pts = None
        return _joined(self._resampler.resample(frame))

    def _cut(self, samples: Samples) -> Iterator[Samples]:
        """Without what lies before the time that is reached."""
        skipped = min(self._surplus, samples.size)
        self._surplus -= skipped
        if samples.size > skipped:
            self.written += samples.size - skipped
            yield samples[skipped:]


def _joined(frames: list[AudioFrame]) -> Samples:
    pieces = [frame.to_ndarray().reshape(-1) for frame in frames if frame.samples]
    return np.concatenate(pieces or [np.zeros(0, np.int16)]).astype(np.float32) / np.float32(32768)
