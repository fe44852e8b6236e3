"""How loud a recording is from moment to moment, against its surroundings: a short pause shows where no network that
reads ten seconds tells of it."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from index.sound.reading.timeline import Samples

FRAME = 270
"""Samples of a frame: those of the segmentation."""

_AROUND = 592
"""Frames, ten seconds, that tell what is loud and what is silent."""
_EVERY = 59
_SILENT, _LOUD = 5, 80
"""Percentiles of them."""
_LEAST_RANGE = 6.0
"""Decibels between them at least: the flutter of an even sound is no pause."""
_FULL = 0.4
"""From here on, of the way from silent to loud, it is loud."""


class Levels:
    """Decibels of each frame, of sound that passes."""

    def __init__(self) -> None:
        self._rest = np.empty(0, np.float32)
        self._found: list[npt.NDArray[np.float32]] = []

    def passing(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """The same blocks."""
        for block in blocks:
            sound = np.concatenate([self._rest, block])
            whole = sound.size // FRAME * FRAME
            self._found.append(_decibels(sound[:whole].reshape(-1, FRAME)))
            self._rest = sound[whole:]
            yield block

    def loudness(self) -> npt.NDArray[np.float32]:
        """``(frames,)`` in [0, 1]: 0 for a pause, 1 for what is as loud as most of what is around it."""
        last = [_decibels(self._rest[None])] if self._rest.size else []
        levels = np.concatenate([*self._found, *last, np.empty(0, np.float32)])
        if levels.size == 0:
            return levels
        silent, loud = _around(levels)
        found: npt.NDArray[np.float32] = np.clip(
            (1 - (loud - levels) / np.maximum(loud - silent, _LEAST_RANGE)) / _FULL, 0, 1
        ).astype(np.float32)
        return found


def _decibels(frames: Samples) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = (10 * np.log10((frames**2).mean(axis=1) + 1e-9)).astype(np.float32)
    return found


def _around(levels: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What is silent and what is loud in the ten seconds around each frame, told once a second."""
    middles = range(0, levels.size, _EVERY)
    parts = [levels[max(0, at - _AROUND // 2) : at + _AROUND // 2] for at in middles]
    both = np.array([np.percentile(part, (_SILENT, _LOUD)) for part in parts])
    silent, loud = np.repeat(both, _EVERY, axis=0)[: levels.size].T
    return silent, loud
