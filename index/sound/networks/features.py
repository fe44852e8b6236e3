"""What a speaker encoder reads: energies in bands of the mel scale, as Kaldi makes them (compute-fbank-feats).

Frames of 25 ms every 10 ms, without dither; the mean of each band is taken off, and with it the loudness.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from index.sound.reading.recording import RATE
from index.sound.reading.timeline import Samples

BANDS = 80
FRAME, HOP = RATE * 25 // 1000, RATE // 100
"""Samples of a frame, and from one to the next."""

_FFT = 512
_PREEMPHASIS = 0.97
_LEAST = np.finfo(np.float32).eps


def frames_in(samples: int) -> int:
    """How many frames there are in as many samples; 0 for less than one."""
    return max(0, 1 + (samples - FRAME) // HOP)


def features(sound: Samples) -> npt.NDArray[np.float32]:
    """``(frames, 80)``, float32, each band with mean 0. ``sound`` is at 16 kHz, at least a frame of it."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - _PREEMPHASIS * before) * _window(), _FFT)
    # as loud as 16-bit samples are: what is added below would not be small beside those of [-1, 1]
    power = (np.abs(spectrum) ** 2).astype(np.float32) * np.float32(2.0**30)
    energies: npt.NDArray[np.float32] = np.log(np.maximum(power @ _mel(), _LEAST))
    energies -= energies.mean(axis=0)
    return energies


@cache
def _window() -> npt.NDArray[np.float32]:
    """Kaldi's own, called after Povey."""
    return (np.hanning(FRAME) ** 0.85).astype(np.float32)


@cache
def _mel() -> npt.NDArray[np.float32]:
    """``(257, 80)``: triangles from 20 Hz to 8 kHz on the mel scale, the last bin left out as in Kaldi."""
    mel = 1127.0 * np.log1p(np.arange(_FFT // 2) * (RATE / _FFT) / 700.0)
    low, high = 1127.0 * np.log1p(np.array([20.0, RATE / 2]) / 700.0)
    edges = np.linspace(low, high, BANDS + 2)
    rising = (mel[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - mel[:, None]) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.concatenate([triangles, np.zeros((1, BANDS))]).astype(np.float32)
