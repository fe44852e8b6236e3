"""Voices of segments -> turns in time, as a diarization is written: cut where nobody speaks, two where two speak.

Where two speak at once and the transcript has one, the second is whoever else speaks nearest to that moment (Otterson &
Ostendorf, "Efficient use of overlap information in speaker diarization", ASRU 2007).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from index.sound.telling.activity import STEP, Activity
from index.sound.types import VoiceTurn
from index.types import Segment

_APART = 0.5
"""Seconds without speech that end a turn."""
_SPEECH = 0.5
_NEAREST = 5.0
"""Seconds within which another voice speaks that may be the second one."""
_DOUBTED = 0.5
"""The confidence of a second voice."""


def turns_of(segments: Sequence[Segment], activity: Activity) -> tuple[VoiceTurn, ...]:
    """In the order in which they begin."""
    spoken = [part for turn in _joined(segments) for part in _spoken(turn, activity)]
    both = [second for moment in activity.moments_at_once() for second in _second(moment, spoken)]
    return tuple(sorted([*spoken, *both], key=lambda turn: (turn.start, turn.end)))


def _joined(segments: Sequence[Segment]) -> list[VoiceTurn]:
    """Segments of one voice that follow one another; as sure as the mean of them by time. They may overlap."""
    found: list[VoiceTurn] = []
    last: dict[str, int] = {}
    for segment in segments:
        if segment.voice is None:
            continue
        sure = segment.attribution.confidence
        before = last.get(segment.voice)
        if before is not None and segment.start - found[before].end <= _APART:
            found[before] = _longer(found[before], segment.end, sure)
        else:
            last[segment.voice] = len(found)
            found.append(VoiceTurn(segment.start, segment.end, segment.voice, sure))
    return found


def _longer(turn: VoiceTurn, end: float, sure: float) -> VoiceTurn:
    more, whole = max(end - turn.end, 0.0), max(end, turn.end) - turn.start
    confidence = sure if whole <= 0 else (turn.confidence * (whole - more) + sure * more) / whole
    return replace(turn, end=max(turn.end, end), confidence=round(confidence, 3))


def _spoken(turn: VoiceTurn, activity: Activity) -> Iterator[VoiceTurn]:
    """Its parts in which somebody speaks."""
    first, last = round(turn.start / STEP), round(turn.end / STEP)
    speaking = first + np.flatnonzero(activity.speech[first:last] > _SPEECH)
    if speaking.size == 0:
        return
    cuts = np.flatnonzero(np.diff(speaking) * STEP > _APART)
    for begin, end in zip([0, *(cuts + 1)], [*cuts, speaking.size - 1], strict=True):
        start, stop = float(speaking[begin]) * STEP, float(speaking[end] + 1) * STEP
        yield replace(turn, start=round(start, 3), end=round(stop, 3))


def _second(moment: tuple[float, float], spoken: Sequence[VoiceTurn]) -> Iterator[VoiceTurn]:
    """The other voice of a moment in which two speak, where only one is told."""
    start, end = moment
    near = [turn for turn in spoken if turn.end > start - _NEAREST and turn.start < end + _NEAREST]
    here = {turn.voice for turn in near if turn.start < end and turn.end > start}
    others = [turn for turn in near if turn.voice not in here]
    if len(here) == 1 and others:
        other = min(others, key=lambda turn: max(turn.start - end, start - turn.end))
        yield VoiceTurn(round(start, 3), round(end, 3), other.voice, _DOUBTED)
