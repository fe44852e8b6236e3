"""Vectors of a voice from stretches of a recording in which it is known to speak: for people who were enrolled."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.sound.ears import Ears
from index.sound.recording import blocks, open_recording
from index.sound.timeline import Samples
from index.sound.voice_encoder import unit
from index.sound.windows import sounds, voice_windows
from index.types import Vectors


def voice_vectors(path: Path, spans: Sequence[tuple[float, float]], ears: Ears) -> Vectors:
    """``(n, dim)``: the mean, of length 1, of what is heard within each of ``spans``, in seconds; none of those that
    are silent or beyond the end. Raises a RecordingError, ModelUnprepared."""
    ears.load()
    windows = voice_windows(spans)
    heard = sounds(blocks(open_recording(path)), windows)
    order: list[int] = []

    def parts() -> Iterator[Samples]:
        for at, part in heard:
            order.append(at)
            yield part

    found = list(ears.voice.embed(parts()))
    sums: dict[int, Vectors] = {}
    for at, vector in zip(order, found, strict=True):
        span = windows[at].segment
        sums[span] = sums.get(span, np.zeros_like(vector)) + vector
    kept = [sums[span] for span in sorted(sums) if sums[span].any()]
    return unit(np.array(kept, np.float32)) if kept else np.zeros((0, 1), np.float32)
