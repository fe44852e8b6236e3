"""Sound that is made: laid on a tape that is written while more comes, with noise over it; and music.

A recording of any length takes the memory of what plays at once.
"""

import wave
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]
"""Mono, ``RATE`` samples a second, in [-1, 1]."""

RATE = 16_000
LEVEL = 0.05
"""Root mean square of every voice and of music, so that noise is as loud beside each of them."""
_FADE = 80
"""Samples over which a cut begins and ends, so that no click tells where somebody else speaks."""
_LOOP = 37 * RATE
_PINK = 0.7
"""Share of the noise's power that is pink; the rest is white."""
_BEAT = RATE // 2
_NOTES = 220.0 * 2 ** (np.array([0, 3, 7, 12, 5, 8, 12, 17, -2, 2, 5, 10]).reshape(3, 4) / 12)
"""Hz: three chords of four notes."""


def levelled(sound: Sound) -> Sound:
    """As loud as every voice is."""
    return (sound * (LEVEL / max(float(np.sqrt(np.mean(sound**2))), 1e-9))).astype(np.float32)


def faded(sound: Sound) -> Sound:
    length = min(_FADE, len(sound) // 2)
    ramp = np.linspace(0, 1, length, endpoint=False, dtype=np.float32)
    sound[:length] *= ramp
    sound[len(sound) - length :] *= ramp[::-1]
    return sound


def music(samples: int, draw: np.random.Generator) -> Sound:
    """A chord on every beat, which dies away; each note with four harmonics."""
    sound = np.zeros(samples, dtype=np.float32)
    for begin in range(0, samples, _BEAT):
        seconds = np.arange(min(_BEAT, samples - begin)) / RATE
        chord = _NOTES[draw.integers(len(_NOTES))]
        waves = [np.sin(2 * np.pi * note * number * seconds) / number for note in chord for number in range(1, 5)]
        sound[begin : begin + len(seconds)] = np.sum(waves, axis=0) * np.exp(-3 * seconds)
    return faded(levelled(sound))


def write_wave(path: Path, sounds: Iterable[tuple[int, Sound]], noise: "Noise") -> None:
    """Sounds and the samples at which they begin, in that order; where several play at once they are added."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        tape = _Tape(file, noise)
        for at, sound in sounds:
            tape.lay(at, sound)
        tape.flush(None)


@dataclass(slots=True)
class Noise:
    """Pink noise that comes round again, and white noise that does not, of a power together."""

    level: float
    draw: np.random.Generator
    pink: Sound = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        shape = np.sqrt(np.maximum(np.arange(_LOOP // 2 + 1), 1))
        pink = np.fft.irfft(np.fft.rfft(self.draw.standard_normal(_LOOP)) / shape, _LOOP)
        self.pink = (pink * (self.level * np.sqrt(_PINK) / pink.std())).astype(np.float32)

    def next(self, samples: int) -> Sound:
        pink = np.take(self.pink, np.arange(self.at, self.at + samples), mode="wrap")
        self.at = (self.at + samples) % _LOOP
        white = self.draw.standard_normal(samples, dtype=np.float32) * np.float32(self.level * np.sqrt(1 - _PINK))
        return pink + white


@dataclass(slots=True)
class _Tape:
    """What is not yet written begins at the sample ``begin``."""

    file: wave.Wave_write
    noise: Noise
    begin: int = 0
    waiting: Sound = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def lay(self, at: int, sound: Sound) -> None:
        """Nothing that comes later begins before ``at``."""
        self.flush(at)
        missing = at - self.begin + len(sound) - len(self.waiting)
        self.waiting = np.pad(self.waiting, (0, max(missing, 0)))
        self.waiting[at - self.begin : at - self.begin + len(sound)] += sound

    def flush(self, until: int | None) -> None:
        samples = len(self.waiting) if until is None else until - self.begin
        sound = np.zeros(samples, dtype=np.float32)
        known = min(samples, len(self.waiting))
        sound[:known] = self.waiting[:known]
        self.waiting, self.begin = self.waiting[known:], self.begin + samples
        sound += self.noise.next(samples)
        self.file.writeframes((np.clip(sound, -1, 1) * 32_767).round().astype("<i2").tobytes())
