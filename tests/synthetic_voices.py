"""Voices that nobody has: a buzz through three resonances that move from vowel to vowel (Fant's source and filter).

The networks take them for speech, and tell two of different pitch and length of the vocal tract apart.
"""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 16_000
_VOWELS = [(800, 1200, 2500), (500, 1800, 2500), (300, 2200, 3000), (450, 900, 2400), (320, 800, 2300)]
_WIDTHS = (80, 100, 150)

Sound = npt.NDArray[np.float32]

LOW, HIGH = (100.0, 0.9), (210.0, 1.18)
"""Two voices: pitch in Hz, and how much shorter their tract is than the average man's."""


def spoken(seconds: float, voice: tuple[float, float], seed: int = 0) -> Sound:
    """``(samples,)`` at 16 kHz: syllables of random vowels, with some noise between them."""
    pitch, tract = voice
    chance = np.random.default_rng(seed)
    parts: list[npt.NDArray[np.float64]] = []
    while sum(part.size for part in parts) < seconds * RATE:
        parts.append(_syllable(chance, pitch, np.array(_VOWELS[chance.integers(len(_VOWELS))]) * tract))
        if chance.random() < 0.4:
            parts.append(0.1 * chance.standard_normal(int(chance.uniform(0.03, 0.08) * RATE)))
    return (0.3 * np.concatenate(parts)[: round(seconds * RATE)]).astype(np.float32)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def written(path: Path, *parts: Sound) -> Path:
    """One after the other in a wav file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.concatenate(parts) * 32767).astype("<i2").tobytes())
    return path


def _syllable(
    chance: np.random.Generator, pitch: float, resonances: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    from scipy.signal import lfilter

    size = int(chance.uniform(0.08, 0.2) * RATE)
    hertz = pitch * (1 + 0.1 * chance.standard_normal()) * (1 + 0.03 * np.sin(10 * np.pi * np.arange(size) / RATE))
    sound = np.diff(np.floor(np.cumsum(hertz / RATE)), prepend=0) + 0.01 * chance.standard_normal(size)
    for resonance, width in zip(resonances, _WIDTHS, strict=True):
        radius = np.exp(-np.pi * width / RATE)
        sound = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * resonance / RATE), radius**2], sound)
    shaped: npt.NDArray[np.float64] = sound / np.abs(sound).max() * np.hanning(size) ** 0.3
    return shaped
