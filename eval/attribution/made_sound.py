"""Recordings of debates of known truth: each speaker of a labelled debate is given one voice, and each segment a cut of
that voice as long as the segment.

The voices say something else, in another language: they are what is tested, not the words. Written as it is made, so
that a recording of any length takes the memory of its voices.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.attribution.made_script import CONDITIONS, Script, Spoken, drawn, script_of
from eval.attribution.tape import LEVEL, RATE, Noise, Sound, faded, levelled, music, write_wave
from index.errors import SuiteInvalid
from index.sound.reading.recording import blocks, open_recording
from index.types import Debate

_TRIES = 8
_LOUD = 0.5
"""Of a voice's mean power, which a cut has to have: nobody says a word in a pause."""


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
    SuiteInvalid or a RecordingError."""
    files = sorted(path for path in folder.glob("*-*") if path.is_file())
    if not files:
        reason, reason_fr = "it has no recordings VOICE-NUMBER", "il y manque des enregistrements VOIX-NUMÉRO"
        raise SuiteInvalid(suite=str(folder), reason=reason, reason_fr=reason_fr)
    parts: dict[str, list[Sound]] = {}
    for path in files:
        parts.setdefault(path.name.split("-")[0], []).append(_decoded(path))
    return Voices({name: levelled(np.concatenate(sounds)) for name, sounds in parts.items()})


def make(
    debate: Debate, voices: Voices, condition: str, path: Path, *, minutes: float | None = None, seed: int = 0
) -> Made:
    """``debate`` with the gold in its segments, told in ``voices`` under a name of ``CONDITIONS``, into a WAV at
    ``path``. The same for the same seed. Raises SuiteInvalid where there are fewer voices than speakers."""
    asked = CONDITIONS[condition]
    script = script_of(debate, asked, minutes=minutes, seed=seed)
    cast = _cast(debate, script, voices, seed)
    noise = Noise(LEVEL * 10 ** (-asked.noise / 20), drawn(seed, debate.id, "noise"))
    write_wave(path, _sounds(script, voices, cast, drawn(seed, debate.id, "cuts")), noise)
    words = tuple(speaker for one in script.captions for speaker in one.speakers)
    return Made(path, script.unlabelled(debate), words, script.spoken, script.duration, cast)


def _decoded(path: Path) -> Sound:
    return np.concatenate(list(blocks(open_recording(path))))


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
        yield at, music(samples, draw) if voice is None else _cut(voices.sounds[voice], samples, draw)


def _cut(sound: Sound, samples: int, draw: np.random.Generator) -> Sound:
    """From anywhere in ``sound``, which comes round again, if possible not from a pause."""
    for _try in range(_TRIES):
        start = int(draw.integers(len(sound)))
        cut = np.take(sound, np.arange(start, start + samples), mode="wrap")
        if np.mean(cut**2) >= _LOUD * LEVEL**2:
            break
    return faded(cut)
