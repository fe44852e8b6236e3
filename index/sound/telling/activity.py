"""When somebody speaks in a recording, and when two speak at once, heard by pyannote's segmentation.

It reads chunks of ten seconds, and of each frame tells which of up to three voices of that chunk speak, at most two at
once: seven classes. Chunks overlap by half, and each frame is told by two of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.sound.reading.recording import RATE
from index.sound.reading.timeline import Samples
from index.sound.telling.loudness import FRAME, Levels
from index.types import Progress

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

STEP = FRAME / RATE
"""Seconds from one frame to the next."""

_CHUNK = 10 * RATE
_FRAMES, _HOP = 589, 296
"""Of a chunk, and from one chunk to the next."""
_BATCH = 8
_NOBODY, _FIRST_PAIR = 0, 4
"""Classes: nobody, one of three alone, then two of them."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Of each frame, ``(frames,)``: the probability ``speech`` that somebody speaks, ``at_once`` that two do, and how
    ``loud`` it is, see ``loudness``. ``duration`` of the recording in seconds."""

    speech: npt.NDArray[np.float32]
    at_once: npt.NDArray[np.float32]
    loud: npt.NDArray[np.float32]
    duration: float

    @property
    def spoken(self) -> float:
        """Seconds of speech, in expectation."""
        return float(self.speech.sum()) * STEP

    def mean_speech(self, start: float, end: float) -> float:
        """Between two moments, in seconds; 0 beyond the end."""
        first = int(start / STEP)
        part = self.speech[first : max(int(end / STEP), first + 1)]
        return float(part.mean()) if part.size else 0.0

    def speech_by(self, seconds: float) -> npt.NDArray[np.float32]:
        """``(steps,)``: the mean of ``speech`` in steps of as many ``seconds``, less where a pause is in one, however
        short. It is what is compared with a transcript."""
        from scipy.ndimage import uniform_filter1d

        steps = max(1, round(self.duration / seconds))
        middles = (np.arange(self.speech.size) + 0.5) * STEP
        number = np.minimum((middles / seconds).astype(np.int64), steps - 1)
        sums = np.bincount(number, weights=self.speech, minlength=steps)
        means = sums / np.maximum(np.bincount(number, minlength=steps), 1)
        quietest = np.ones(steps)
        np.minimum.at(quietest, number, uniform_filter1d(self.loud, 3, mode="nearest"))
        return (means * quietest).astype(np.float32)

    def moments_at_once(self, least: float = 0.5) -> tuple[tuple[float, float], ...]:
        """Spans of at least ``least`` seconds in which two speak."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], self.at_once > 0.5, [0]]).astype(np.int8)))
        spans = edges.reshape(-1, 2) * STEP
        return tuple((float(start), float(end)) for start, end in spans if end - start >= least)


def activity_of(
    blocks: Iterable[Samples], session: "InferenceSession", duration: float | None, progress: Progress | None = None
) -> Activity:
    """Of a whole recording, streamed; ``duration`` is what its file tells, for the progress."""
    speech, at_once, weight, levels = _Sums(), _Sums(), _Sums(), Levels()
    samples = 0
    for first, chunks in _batches(levels.passing(blocks)):
        classes = np.exp(session.run(["found"], {"sound": chunks.sounds[:, None]})[0])
        for at, of_chunk in enumerate(classes):
            frame = (first + at) * _HOP
            speech.add(frame, 1 - of_chunk[:, _NOBODY])
            at_once.add(frame, of_chunk[:, _FIRST_PAIR:].sum(axis=1))
            weight.add(frame, np.ones(_FRAMES, np.float32))
        samples = chunks.samples
        if progress and duration:
            progress("listen", min(round(samples / RATE), round(duration)), round(duration))
    loud = levels.loudness()
    return Activity(speech.mean(weight, loud.size), at_once.mean(weight, loud.size), loud, samples / RATE)


class _Sums:
    """An array that grows."""

    def __init__(self) -> None:
        self._values = np.zeros(1 << 14, np.float32)

    def add(self, at: int, values: npt.NDArray[np.float32]) -> None:
        if at + values.size > self._values.size:
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        self._values[at : at + values.size] += values

    def mean(self, weight: "_Sums", size: int) -> npt.NDArray[np.float32]:
        """The first ``size`` values, each by its weight; 0 where nothing was told."""
        found = np.zeros(size, np.float32)
        told = min(size, self._values.size)
        np.divide(self._values[:told], weight._values[:told], out=found[:told], where=weight._values[:told] > 0)
        return found


@dataclass(frozen=True, slots=True)
class _Chunks:
    """``sounds``: ``(chunks, 160000)``, the last one filled with silence; ``samples`` have been read up to here."""

    sounds: Samples
    samples: int


def _batches(blocks: Iterable[Samples]) -> Iterator[tuple[int, _Chunks]]:
    """With the number of the first chunk of each batch."""
    held = np.empty(0, np.float32)
    made, samples = 0, 0
    reach = (_BATCH - 1) * _HOP * FRAME + _CHUNK
    for block in blocks:
        held, samples = np.concatenate([held, block]), samples + block.size
        while held.size >= reach:
            yield made, _Chunks(_cut(held, _BATCH), samples)
            made, held = made + _BATCH, held[_BATCH * _HOP * FRAME :]
    overlap = _CHUNK - _HOP * FRAME if made else 0  # of which the chunks before have told
    if held.size > overlap:
        left = max(1, -(-(held.size - overlap) // (_HOP * FRAME)))
        padded = np.concatenate([held, np.zeros(left * _HOP * FRAME + _CHUNK - held.size, np.float32)])
        yield made, _Chunks(_cut(padded, left), samples)


def _cut(held: Samples, count: int) -> Samples:
    return np.stack([held[at * _HOP * FRAME : at * _HOP * FRAME + _CHUNK] for at in range(count)])
