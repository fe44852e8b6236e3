"""When a transcript says that somebody speaks: what the speech of its recording is compared with.

A caption tells when text is shown, not when every word of it is said. So words are spread over their segment at about
the rate at which people speak, and pauses are supposed where a sentence ends: they are nearly all that is to be seen of
captions that follow one another without a gap.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from index.types import Segment

Activity = npt.NDArray[np.float32]
"""``(n,)``, in equal steps of time from 0: a share or a probability of speech, in [0, 1]."""

_NOT_SAID = re.compile(r"\[[^\]]*\]|\([^)]*\)|[♪♫*_#]+")
"""« [Musique] », « (applaudissements) »."""

_PAUSES = ((re.compile(r"[.?!…]+[»”\")]*(?=\s|$)"), 0.6), (re.compile(r"[,;:](?=\s)"), 0.25))
"""Where people pause, and how much less speech is to be expected there."""

_PAUSE = 0.35
"""Seconds, about that of a pause at the end of a sentence."""

_LONG = 1.0
"""Seconds."""

_WORD = 0.45
"""Seconds that a word takes at most, pauses counted."""

_BLUR = 0.3
"""Seconds by which the times of a transcript are off anyway."""


def expected_speech(segments: Sequence[Segment], step: float, duration: float) -> Activity:
    """The share of each step in which the transcript lets somebody speak, over ``duration`` seconds of its own
    clock."""
    steps = max(1, round(duration / step))
    speech = np.zeros(steps + 1)
    for segment in segments:
        start, end = segment.start, max(segment.end, segment.start + step)
        density = _density(segment.text, end - start)
        _add(speech, start / step, end / step, density)
    speech = np.minimum(speech, 1.0)
    for start, end, depth in _pauses(segments):
        _scale(speech, start / step, end / step, 1.0 - depth)
    blur = np.bartlett(2 * round(_BLUR / step) + 1) if round(_BLUR / step) else np.ones(1)
    smooth: Activity = np.convolve(speech[:steps], blur / blur.sum(), "same").astype(np.float32)
    return smooth


def long_pauses(segments: Sequence[Segment], step: float, duration: float) -> Activity:
    """0 in the gaps of a transcript that are long enough to be heard by anybody, 1 elsewhere: the part of what is
    expected on which one may rely. Captions without gaps have none."""
    speech: Activity = np.ones(max(1, round(duration / step)), np.float32)
    end = segments[0].start if segments else 0.0
    for segment in segments:
        if segment.start - end >= _LONG:
            speech[round(end / step) : round(segment.start / step)] = 0
        if said_words(segment.text):
            end = max(end, segment.end)
    return speech


def said_words(text: str) -> int:
    """Words that somebody says, without « [Musique] »."""
    return len(_NOT_SAID.sub(" ", text).split())


def _density(text: str, seconds: float) -> float:
    return min(1.0, said_words(text) * _WORD / seconds)


def _pauses(segments: Sequence[Segment]) -> Iterator[tuple[float, float, float]]:
    """Start, end and depth of what the punctuation tells."""
    for segment in segments:
        length = segment.end - segment.start
        for pattern, depth in _PAUSES:
            for match in pattern.finditer(segment.text):
                moment = segment.start + length * match.end() / len(segment.text)
                yield moment - _PAUSE / 2, moment + _PAUSE / 2, depth


def _add(speech: npt.NDArray[np.float64], start: float, end: float, share: float) -> None:
    """To every step the part of it that lies between two positions."""
    first, last = int(start), min(int(end), speech.size - 1)
    if first > last:
        return
    covered = np.ones(last - first + 1)
    covered[0] -= start - first
    covered[-1] -= 1 - (end - last) if end < last + 1 else 0
    speech[first : last + 1] += np.maximum(covered, 0) * share


def _scale(speech: npt.NDArray[np.float64], start: float, end: float, factor: float) -> None:
    first, last = max(0, round(start)), max(0, round(end))
    speech[first:last] *= factor
