"""What was heard -> which voice speaks in each window, and how many voices there are."""

from collections.abc import Sequence

import numpy as np

from index.sound.telling.clusters import Array, Scale, centroids, scale_of
from index.sound.telling.sequence import Listened, changes_before, voices_of
from index.sound.telling.windows import LENGTH
from index.types import Segment, Vectors


def told_apart(
    listened: Listened, segments: Sequence[Segment], voices: int | None, announced: int
) -> tuple[Array, Sequence[str]]:
    """``(windows, voices + 1)`` probabilities, of nobody last, and what the voices are called: numbered as they first
    speak. ``voices`` is how many there are, None to find out, and then ``announced`` take part at least."""
    scale = scale_of(listened.windows, listened.vectors, listened.heard)
    means, seconds = _means(listened, segments, scale)
    found = centroids(means, seconds, scale, voices, announced)
    changes = changes_before(listened.windows, segments)
    return _numbered(voices_of(listened, changes, found, scale, fixed=voices is not None))


def _means(listened: Listened, segments: Sequence[Segment], scale: Scale) -> tuple[Vectors, Array]:
    """``(segments, dim)``: the mean of the windows of each, and its seconds of speech. A segment that was heard as a
    whole tells its voice better than its windows do: made as long as the mean of windows that tell as much, so that
    the product of two is still as alike as their windows are (the formula of Spearman and Brown)."""
    number = np.array([one.segment for one in listened.windows])
    weights = listened.heard * listened.speech * np.array([one.seconds for one in listened.windows])
    sums = np.zeros((len(segments), listened.vectors.shape[1]))
    np.add.at(sums, number, listened.vectors * weights[:, None])
    told = np.bincount(number, weights=weights, minlength=len(segments))
    means = (sums / np.maximum(told, 1e-9)[:, None]).astype(np.float32)
    for at, vector in listened.wholes.items():
        windows = (segments[at].end - segments[at].start) / LENGTH
        reliability = windows * scale.same / (1 + (windows - 1) * scale.same)
        means[at] = vector * np.sqrt(scale.same / reliability)
    spans = np.array([segment.end - segment.start for segment in segments])
    return means, np.minimum(told, spans)


def _numbered(chances: Array) -> tuple[Array, Sequence[str]]:
    """Voices that never speak are left out."""
    nobody = chances.shape[1] - 1
    speaking = [int(state) for state in dict.fromkeys(chances.argmax(axis=1).tolist()) if state != nobody]
    return chances[:, [*speaking, nobody]], [f"SPEAKER_{at:02d}" for at in range(len(speaking))]
