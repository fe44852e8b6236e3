"""What is heard and what stands in the transcript of a made debate: a plan, before any sound.

A debate with gold speakers is told again: each of its segments is an utterance, and the transcript that is given away
has the same words without their speakers, with the faults that real ones have. Pure, and the same for the same seed.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from index.speakers.cast import participants_of
from index.types import UNKNOWN, Debate, Segment

_JINGLE = 3.0, 8.0
"""Seconds, at least and at most."""
_BETWEEN_JINGLES = 60.0
_OVERLAP = 1.0
_ROOM = 40.0
"""dB: what a quiet room has, so that no perfect silence tells where a caption ends."""
_KEPT = 1 / 3
"""Of a caption, however its borders are moved."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What makes a debate hard to hear. ``noise``: dB by which speech is louder; ``music`` between turns; ``shift``:
    seconds by which a caption's border may be beside its sound; ``two``: share of the captions that hold two voices;
    ``overlap``: share of the turns that begin a second before the one before has ended."""

    noise: float = _ROOM
    music: bool = False
    shift: float = 0.0
    two: float = 0.0
    overlap: float = 0.0


CONDITIONS = {
    "clean": Condition(),
    "noise": Condition(noise=10.0),
    "music": Condition(music=True),
    "borders": Condition(shift=0.3),
    "two": Condition(two=0.05),
    "hard": Condition(noise=10.0, music=True, shift=0.3, two=0.05),
    "overlap": Condition(overlap=0.2),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """``speaker`` speaks from ``start`` to ``end``, in seconds of the recording."""

    start: float
    end: float
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Caption:
    """A piece of the transcript that is given away, with the speaker of each of its words."""

    start: float
    end: float
    words: tuple[str, ...]
    speakers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """``spoken`` in order of their starts, ``jingles`` (start, end) where only music plays."""

    spoken: tuple[Spoken, ...]
    jingles: tuple[tuple[float, float], ...]
    captions: tuple[Caption, ...]

    @property
    def duration(self) -> float:
        return max((one.end for one in self.spoken), default=0.0)

    def unlabelled(self, debate: Debate) -> Debate:
        """``debate`` as somebody has it who has no speakers."""
        segments = tuple(
            Segment(index, one.start, one.end, " ".join(one.words), UNKNOWN) for index, one in enumerate(self.captions)
        )
        return replace(debate, segments=segments)


def drawn(seed: int, *parts: str) -> np.random.Generator:
    """Chance of its own for each purpose, so that a debate is the same in all conditions but for what they change."""
    return np.random.default_rng([seed, zlib.crc32("/".join(parts).encode())])


def script_of(debate: Debate, condition: Condition, *, minutes: float | None = None, seed: int = 0) -> Script:
    """The first ``minutes`` of ``debate``, or all of it."""
    end = float("inf") if minutes is None else 60 * minutes
    segments = [one for one in debate.segments if one.start < end]
    captions = [_caption(one) for one in segments]
    jingles: list[tuple[float, float]] = []
    if condition.music:
        captions, jingles = _with_jingles(captions, drawn(seed, debate.id, "music"))
    spoken = [Spoken(one.start, one.end, one.speakers[0]) for one in captions]
    if condition.overlap:
        spoken = _overlapping(spoken, condition.overlap, drawn(seed, debate.id, "overlap"))
    if condition.two:
        captions = _with_two_voices(captions, condition.two, drawn(seed, debate.id, "two"))
    if condition.shift:
        captions = _shifted(captions, condition.shift, drawn(seed, debate.id, "borders"))
    return Script(tuple(spoken), tuple(jingles), tuple(captions))


def joined(first: Debate, second: Debate, minutes: float) -> Debate:
    """The first ``minutes`` of each, one after the other: a debate with more people than either."""
    parts = [[one for one in debate.segments if one.start < 60 * minutes] for debate in (first, second)]
    late = parts[0][-1].end
    moved = [replace(one, start=one.start + late, end=one.end + late) for one in parts[1]]
    people = tuple(dict.fromkeys((*first.participants, *second.participants)))
    names = " – ".join(person.name for person in people)
    return replace(
        first,
        id=f"{first.id}+{second.id}",
        title=f"Débat {names}",
        description=f"{first.description} {second.description}",
        participants=people or tuple(participants_of(names)),
        segments=tuple(replace(one, index=index) for index, one in enumerate([*parts[0], *moved])),
    )


def _caption(segment: Segment) -> Caption:
    words = tuple(segment.text.split())
    return Caption(segment.start, segment.end, words, (segment.speaker,) * len(words))


def _changes(captions: Sequence[Caption]) -> list[int]:
    """The captions after which somebody else speaks."""
    return [at for at, (one, two) in enumerate(pairwise(captions)) if one.speakers[-1] != two.speakers[0]]


def _with_jingles(
    captions: Sequence[Caption], draw: np.random.Generator
) -> tuple[list[Caption], list[tuple[float, float]]]:
    """Music at every other change of speaker that comes a minute or more after the last one; the rest moves on."""
    changes = set(_changes(captions))
    moved, jingles, late, last = [], list[tuple[float, float]](), 0.0, 0.0
    for at, one in enumerate(captions):
        moved.append(replace(one, start=one.start + late, end=one.end + late))
        if at in changes and one.end - last > _BETWEEN_JINGLES and draw.random() < 0.5:
            seconds = draw.uniform(*_JINGLE)
            jingles.append((one.end + late, one.end + late + seconds))
            late, last = late + seconds, one.end
    return moved, jingles


def _overlapping(spoken: Sequence[Spoken], share: float, draw: np.random.Generator) -> list[Spoken]:
    """Whoever spoke goes on for a second, or as long as the next utterance lasts."""
    found = list(spoken)
    for at, (one, two) in enumerate(pairwise(spoken)):
        if one.speaker != two.speaker and draw.random() < share:
            found[at] = replace(one, end=min(two.start + _OVERLAP, two.end))
    return found


def _with_two_voices(captions: Sequence[Caption], share: float, draw: np.random.Generator) -> list[Caption]:
    """At some changes of speaker a caption goes on into the next one, or swallows it."""
    changes = np.array(_changes(captions), dtype=np.int64)
    draw.shuffle(changes)
    chosen: set[int] = set()
    for at in changes.tolist():
        if len(chosen) < round(share * len(captions)) and not chosen & {at - 1, at + 1}:
            chosen.add(at)
    found: list[Caption] = []
    for at, one in enumerate(captions):
        if at - 1 in chosen:
            found += _longer(found.pop(), one, draw.uniform(0.3, 1.0))
        else:
            found.append(one)
    return found


def _longer(one: Caption, two: Caption, share: float) -> list[Caption]:
    """``one`` with the first words of ``two``, a ``share`` of them, and what is left of it."""
    words = max(1, round(share * len(two.words)))
    if words >= len(two.words):
        return [Caption(one.start, two.end, one.words + two.words, one.speakers + two.speakers)]
    cut = two.start + (two.end - two.start) * words / len(two.words)
    longer = Caption(one.start, cut, one.words + two.words[:words], one.speakers + two.speakers[:words])
    return [longer, Caption(cut, two.end, two.words[words:], two.speakers[words:])]


def _shifted(captions: Sequence[Caption], most: float, draw: np.random.Generator) -> list[Caption]:
    """Each border moved by up to ``most`` seconds; of no caption is less than a third left."""
    found = list(captions)
    for at, (one, two) in enumerate(pairwise(captions)):
        before, after = (one.end - one.start) * _KEPT, (two.end - two.start) * _KEPT
        moved = float(np.clip(draw.uniform(-most, most), -before, after))
        found[at] = replace(found[at], end=one.end + moved)
        found[at + 1] = replace(two, start=two.start + moved)
    return found
