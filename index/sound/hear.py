"""A recording and its transcript -> who speaks when, on one screen.

    recording -> when somebody speaks -> does it belong to the transcript, and how are its times -> windows in each
    segment -> a vector a window -> how many voices -> the voice of each window -> segments with voices

The recording is read twice and never held. Vectors of voices are dropped when this returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.sound.fit.alignment import agreed, aligned
from index.sound.fit.clock import Clock
from index.sound.networks.ears import Ears
from index.sound.reading.recording import blocks, open_recording
from index.sound.telling.activity import activity_of
from index.sound.telling.clusters import Array, centroids, scale_of
from index.sound.telling.laying import laid
from index.sound.telling.sequence import Listened, changes_before, voices_of
from index.sound.telling.turns import turns_of
from index.sound.telling.voice_vectors import vectors_of
from index.sound.telling.windows import voice_windows
from index.sound.types import Heard
from index.types import Debate, Progress, Segment

_STEP = 0.1
"""Seconds in which speech is compared with the transcript."""


@dataclass(frozen=True, slots=True)
class HearOptions:
    """``voices`` is how many there are, None to find out. ``align`` moves the times of the transcript to those of the
    recording where they differ, which is refused otherwise."""

    voices: int | None = None
    align: bool = False


def hear(
    path: Path, debate: Debate, options: HearOptions | None = None, *, ears: Ears, progress: Progress | None = None
) -> Heard:
    """Who speaks ``debate``, by the recording at ``path``. Names that segments have stay. Raises a RecordingError,
    ModelUnprepared."""
    options = options or HearOptions()
    recording = open_recording(path)
    ears.load(progress)
    activity = activity_of(blocks(recording), ears.segmentation, recording.duration, progress)
    alignment = aligned(activity.speech_by(_STEP), _STEP, debate.segments, activity.duration)
    clock = agreed(alignment, debate.segments, activity.duration, align=options.align)
    segments = _moved(debate.segments, clock)
    windows = voice_windows([(segment.start, segment.end) for segment in segments])
    speech = np.array([activity.mean_speech(one.start, one.end) for one in windows], np.float32)
    listened = Listened(windows, vectors_of(blocks(recording), windows, ears.voice, progress), speech)
    chances, names = _apart(listened, segments, options.voices, len(debate.participants))
    return Heard(
        segments=laid(segments, listened.windows, chances, names),
        turns=turns_of(listened.windows, chances, names, activity),
        at_once=activity.moments_at_once(),
        duration=activity.duration,
        spoken=activity.spoken,
    )


def _moved(segments: Sequence[Segment], clock: Clock) -> tuple[Segment, ...]:
    """At the times at which they are heard."""
    if clock.is_identity:
        return tuple(segments)
    return tuple(
        replace(
            segment,
            start=_at(clock, segment.start),
            end=_at(clock, segment.end),
            words=tuple(
                replace(word, start=_at(clock, word.start), end=None if word.end is None else _at(clock, word.end))
                for word in segment.words
            ),
        )
        for segment in segments
    )


def _at(clock: Clock, seconds: float) -> float:
    return max(0.0, round(clock.to_recording(seconds), 3))


def _apart(
    listened: Listened, segments: Sequence[Segment], voices: int | None, announced: int
) -> tuple[Array, Sequence[str]]:
    """``(windows, voices + 1)`` probabilities, and what the voices are called."""
    number = np.array([one.segment for one in listened.windows])
    weights = listened.heard * listened.speech * np.array([one.seconds for one in listened.windows])
    sums = np.zeros((len(segments), listened.vectors.shape[1]))
    np.add.at(sums, number, listened.vectors * weights[:, None])
    told = np.bincount(number, weights=weights, minlength=len(segments))
    means = (sums / np.maximum(told, 1e-9)[:, None]).astype(np.float32)
    seconds = np.minimum(told, [segment.end - segment.start for segment in segments])
    scale = scale_of(listened.windows, listened.vectors, listened.heard)
    found = centroids(means, seconds, scale, voices, announced)
    changes = changes_before(listened.windows, segments)
    chances, _centroids = voices_of(listened, changes, found, scale, fixed=voices is not None)
    return _numbered(chances)


def _numbered(chances: Array) -> tuple[Array, Sequence[str]]:
    """Voices as they first speak; those who never do are left out."""
    nobody = chances.shape[1] - 1
    speaking = [int(state) for state in dict.fromkeys(chances.argmax(axis=1).tolist()) if state != nobody]
    return chances[:, [*speaking, nobody]], [f"SPEAKER_{at:02d}" for at in range(len(speaking))]
