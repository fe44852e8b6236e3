"""Recordings of debates of known truth: each speaker of a labelled debate is given one voice, and each segment a cut of
that voice as long as the segment.

The voices say something else, in another language: they are what is tested, not the words. Written as it is made, so
that a recording of any length takes the memory of its voices.
"""

import wave
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.attribution.made_script import CONDITIONS, Script, Spoken, drawn, script_of
from index.errors import SuiteInvalid
from index.types import Debate

Sound = npt.NDArray[np.float32]
"""Mono, 16 kHz, in [-1, 1]."""

RATE = 16_000
LEVEL = 0.05
"""Root mean square of every voice, so that the noise is as loud beside each of them."""
_FADE = 80
"""Samples over which a cut begins and ends, so that no click tells where somebody else speaks."""
_TRIES = 8
_LOUD = 0.5
"""Of a voice's mean power, which a cut has to have: nobody says a word in a pause."""
_LOOP = 37 * RATE
_PINK = 0.7
"""Share of the noise's power that is pink; the rest is white."""
_BEAT = RATE // 2
_NOTES = 220.0 * 2 ** (np.array([0, 3, 7, 12, 5, 8, 12, 17, -2, 2, 5, 10]).reshape(3, 4) / 12)
"""Hz: three chords of four notes."""


@dataclass(frozen=True, slots=True)
class Voices:
    """By name, each as one long sound of ``LEVEL``."""

    sounds: Mapping[str, Sound]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.sounds))


@dataclass(frozen=True, slots=True)
class Made:
    """A recording at ``path`` and what is known of it. ``debate`` has no speakers; ``words`` are the speakers of all
    its words in order, ``spoken`` who speaks when; ``cast`` tells whose voice each speaker has."""

    path: Path
    debate: Debate
    words: tuple[str | None, ...]
    spoken: tuple[Spoken, ...]
    duration: float
    cast: Mapping[str | None, str]


def read_voices(folder: Path) -> Voices:
    """Of files VOICE-ANYTHING in any format that FFmpeg reads, joined in the order of their names. Raises
    SuiteInvalid."""
    files = sorted(path for path in folder.glob("*-*") if path.is_file())
    if not files:
        reason, reason_fr = "it has no recordings VOICE-NUMBER", "il y manque des enregistrements VOIX-NUMÉRO"
        raise SuiteInvalid(suite=str(folder), reason=reason, reason_fr=reason_fr)
    parts: dict[str, list[Sound]] = {}
    for path in files:
        parts.setdefault(path.name.split("-")[0], []).append(_decoded(path))
    return Voices({name: levelled(np.concatenate(sounds)) for name, sounds in parts.items()})


def levelled(sound: Sound) -> Sound:
    """As loud as every voice is."""
    return (sound * (LEVEL / max(float(np.sqrt(np.mean(sound**2))), 1e-9))).astype(np.float32)


def make(
    debate: Debate, voices: Voices, condition: str, path: Path, *, minutes: float | None = None, seed: int = 0
) -> Made:
    """``debate`` with the gold in its segments, told in ``voices`` under a name of ``CONDITIONS``, into a WAV at
    ``path``. The same for the same seed. Raises SuiteInvalid where there are fewer voices than speakers."""
    asked = CONDITIONS[condition]
    script = script_of(debate, asked, minutes=minutes, seed=seed)
    cast = _cast(debate, script, voices, seed)
    noise = None if asked.noise is None else _Noise(LEVEL * 10 ** (-asked.noise / 20), drawn(seed, debate.id, "noise"))
    write_wave(path, _sounds(script, voices, cast, drawn(seed, debate.id, "cuts")), noise)
    words = tuple(speaker for one in script.captions for speaker in one.speakers)
    return Made(path, script.unlabelled(debate), words, script.spoken, script.duration, cast)


def write_wave(path: Path, sounds: Iterable[tuple[int, Sound]], noise: "_Noise | None" = None) -> None:
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
class _Noise:
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
    noise: _Noise | None
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
        if self.noise and samples:
            sound += self.noise.next(samples)
        self.file.writeframes((np.clip(sound, -1, 1) * 32_767).round().astype("<i2").tobytes())


def _decoded(path: Path) -> Sound:
    import av

    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    with av.open(path) as file:
        frames = [new for frame in file.decode(audio=0) for new in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def _cast(debate: Debate, script: Script, voices: Voices, seed: int) -> dict[str | None, str]:
    """A voice for each speaker, the same for the same debate and seed in every condition."""
    speakers = list(dict.fromkeys(one.speaker for one in script.spoken))
    if len(speakers) > len(voices.names):
        few = f"{len(voices.names)} < {len(speakers)}"
        reason, reason_fr = f"too few voices, {few}", f"il n'y a pas assez de voix, {few}"
        raise SuiteInvalid(suite=debate.id, reason=reason, reason_fr=reason_fr)
    order = drawn(seed, debate.id, "cast").permutation(len(voices.names))
    return {speaker: voices.names[at] for speaker, at in zip(speakers, order, strict=False)}


def _sounds(
    script: Script, voices: Voices, cast: Mapping[str | None, str], draw: np.random.Generator
) -> Iterator[tuple[int, Sound]]:
    """All that is heard, in the order of the starts."""
    timeline: Sequence[tuple[float, float, str | None]] = sorted(
        [(one.start, one.end, cast[one.speaker]) for one in script.spoken]
        + [(start, end, None) for start, end in script.jingles],
        key=lambda one: one[:2],
    )
    for start, end, voice in timeline:
        at, samples = round(start * RATE), round(end * RATE) - round(start * RATE)
        yield at, _music(samples, draw) if voice is None else _cut(voices.sounds[voice], samples, draw)


def _cut(sound: Sound, samples: int, draw: np.random.Generator) -> Sound:
    """From anywhere in ``sound``, which comes round again, if possible not from a pause."""
    for _try in range(_TRIES):
        start = int(draw.integers(len(sound)))
        cut = np.take(sound, np.arange(start, start + samples), mode="wrap")
        if np.mean(cut**2) >= _LOUD * LEVEL**2:
            break
    return _faded(cut)


def _faded(sound: Sound) -> Sound:
    length = min(_FADE, len(sound) // 2)
    ramp = np.linspace(0, 1, length, endpoint=False, dtype=np.float32)
    sound[:length] *= ramp
    sound[len(sound) - length :] *= ramp[::-1]
    return sound


def _music(samples: int, draw: np.random.Generator) -> Sound:
    """A chord on every beat, which dies away; each note with four harmonics."""
    sound = np.zeros(samples, dtype=np.float32)
    for begin in range(0, samples, _BEAT):
        seconds = np.arange(min(_BEAT, samples - begin)) / RATE
        chord = _NOTES[draw.integers(len(_NOTES))]
        waves = [np.sin(2 * np.pi * note * number * seconds) / number for note in chord for number in range(1, 5)]
        sound[begin : begin + len(seconds)] = np.sum(waves, axis=0) * np.exp(-3 * seconds)
    return _faded(levelled(sound))
