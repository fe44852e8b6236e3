"""A recording and its transcript -> who speaks when, on one screen.

    recording -> when somebody speaks -> does it belong to the transcript, and how are its times -> windows in each
    segment -> a vector a window -> how many voices -> the voice of each window -> segments with voices

The recording is read two or three times and never held. Vectors of voices are dropped when this returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.sound.fit.alignment import Verdict, agreed, aligned
from index.sound.fit.clock import Clock
from index.sound.networks.ears import Ears
from index.sound.networks.voice_encoder import VoiceEncoder
from index.sound.reading.recording import Recording, blocks, open_recording
from index.sound.telling.activity import Activity, activity_of
from index.sound.telling.apart import told_apart
from index.sound.telling.laying import laid
from index.sound.telling.sequence import Listened
from index.sound.telling.turns import turns_of
from index.sound.telling.voice_vectors import vectors_of
from index.sound.telling.windows import LENGTH, VoiceWindow, voice_windows
from index.sound.types import Heard
from index.types import Debate, Progress, Segment, Vectors

_STEP = 0.1
"""Seconds in which speech is compared with the transcript."""
_SHORT_DEBATE = 1800.0
"""Seconds of segments up to which those that are long are also heard as wholes: with few of them each counts, and with
many it would take half as long again."""
_LONG, _LONGEST = 2 * LENGTH, 15.0
"""Seconds of these; a longer one may hold several voices."""


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
    listened = _listened(recording, segments, activity, ears.voice, progress)
    chances, names = told_apart(listened, segments, options.voices, len(debate.participants))
    heard = laid(segments, listened.windows, chances, names)
    return Heard(
        segments=heard,
        turns=turns_of(heard, activity),
        at_once=activity.moments_at_once(),
        duration=activity.duration,
        spoken=activity.spoken,
        proven=alignment.verdict is not Verdict.UNSURE,
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


def _listened(
    recording: Recording,
    segments: Sequence[Segment],
    activity: Activity,
    encoder: VoiceEncoder,
    progress: Progress | None,
) -> Listened:
    windows = voice_windows([(segment.start, segment.end) for segment in segments])
    speech = np.array([activity.mean_speech(one.start, one.end) for one in windows], np.float32)
    vectors = vectors_of(blocks(recording), windows, encoder, progress)
    wholes: dict[int, Vectors] = {}
    if sum(segment.end - segment.start for segment in segments) <= _SHORT_DEBATE:
        long = [segment for segment in segments if _LONG <= segment.end - segment.start <= _LONGEST]
        spans = [VoiceWindow(segment.index, segment.start, segment.end) for segment in long]
        found = vectors_of(blocks(recording), spans, encoder)
        wholes = {span.segment: vector for span, vector in zip(spans, found, strict=True) if vector.any()}
    return Listened(windows, vectors, speech, wholes)
