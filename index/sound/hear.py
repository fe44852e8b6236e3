"""A recording and its transcript -> who speaks when, on one screen.

    recording -> when somebody speaks -> does it belong to the transcript, and how are its times -> windows in each
    segment -> a vector a window -> how many voices -> the voice of each window -> segments with voices

The recording is read twice and never held. Vectors of voices are dropped when this returns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.sound.activity import STEP, Activity, activity_of
from index.sound.clusters import Array, centroids, scale_of
from index.sound.ears import Ears
from index.sound.laying import laid
from index.sound.recording import blocks, open_recording
from index.sound.sequence import Listened, changes_before, voices_of
from index.sound.timeline import Samples
from index.sound.turns import turns_of
from index.sound.types import Heard
from index.sound.voice_encoder import VoiceEncoder
from index.sound.windows import VoiceWindow, sounds, voice_windows
from index.types import Debate, Progress, Segment, Vectors

_TOLD_EVERY = 50


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
    segments = debate.segments
    listened = _listened(blocks(recording), segments, activity, ears.voice, progress)
    chances, names = _apart(listened, segments, options.voices, len(debate.participants))
    return Heard(
        segments=laid(segments, listened.windows, chances, names),
        turns=turns_of(listened.windows, chances, names, activity),
        at_once=activity.moments_at_once(),
        duration=activity.duration,
        spoken=activity.spoken,
    )


def _listened(
    sound: Iterable[Samples],
    segments: Sequence[Segment],
    activity: Activity,
    encoder: VoiceEncoder,
    progress: Progress | None,
) -> Listened:
    windows = voice_windows([(segment.start, segment.end) for segment in segments])
    speech = np.array([_mean(activity.speech, one) for one in windows], np.float32)
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
    vectors = np.zeros((len(windows), found[0].size if found else 1), np.float32)
    if found:
        vectors[order] = found
    if progress:
        progress("voices", len(windows), len(windows))
    return Listened(windows, vectors, speech)


def _mean(values: Vectors, window: VoiceWindow) -> float:
    first = int(window.start / STEP)
    part = values[first : max(int(window.end / STEP), first + 1)]
    return float(part.mean()) if part.size else 0.0


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
