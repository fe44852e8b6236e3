"""The vectors of voices in windows of a recording, and in stretches in which somebody is known to speak."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.sound.networks.ears import Ears
from index.sound.networks.voice_encoder import VoiceEncoder, unit
from index.sound.reading.recording import blocks, open_recording
from index.sound.reading.timeline import Samples
from index.sound.telling.windows import VoiceWindow, sounds, voice_windows
from index.types import Progress, Vectors

_TOLD_EVERY = 50


def voice_vectors(path: Path, spans: Sequence[tuple[float, float]], ears: Ears) -> Vectors:
    """``(n, dim)``: the mean, of length 1, of what is heard within each of ``spans``, in seconds; zero for those
    that are silent or beyond the end. Raises a RecordingError, ModelUnprepared."""
    ears.load()
    windows = voice_windows(spans)
    vectors = vectors_of(blocks(open_recording(path)), windows, ears.voice)
    sums = np.zeros((len(spans), vectors.shape[1]), np.float32)
    np.add.at(sums, [window.segment for window in windows], vectors)
    return unit(sums)


def vectors_of(
    sound: Iterable[Samples],
    windows: Sequence[VoiceWindow],
    encoder: VoiceEncoder,
    progress: Progress | None = None,
) -> Vectors:
    """``(windows, dim)``, each of length 1; zero for those that are silent or beyond the end. ``sound`` is a whole
    recording, in blocks."""
    order: list[int] = []

    def parts() -> Iterator[Samples]:
        for at, part in sounds(sound, windows):
            order.append(at)
            yield part

    found: list[Vectors] = []
    for vector in encoder.embed(parts()):
        found.append(vector)
        if progress and len(found) % _TOLD_EVERY == 0:
            progress("voices", len(found), len(windows))
    if progress:
        progress("voices", len(windows), len(windows))
    vectors = np.zeros((len(windows), found[0].size if found else 1), np.float32)
    if found:
        vectors[order] = found
    return vectors
