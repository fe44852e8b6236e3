"""Voices that a diarization confused, mended: a piece of one voice in the middle of another one's sentence.

Whoever transcribes cuts sentences into pieces, and nearly nobody is interrupted within one. How often the voice changes
there tells how many pieces are wrong; a hidden Markov model (Rabiner, 1989) then says whose each piece is. Without
punctuation, or where little is wrong, nothing is touched.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.types import UNKNOWN, Segment

Array = npt.NDArray[np.float64]

_SENTENCE_END = re.compile(r"[.?!…][\"'»”) ]*$")
LEAST_NOISE = 0.03
"""Share of pieces in a wrong voice below which labels are left as they are."""
_USUAL = 0.05
"""Share of changes within a sentence that are real in recordings without errors."""
_STAYS_WITHIN = 0.985
_LEAST_POSTERIOR = 0.7
_LEAST_BOUNDARIES = 30


def mend(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with the voice that most likely says each; where that is open, none."""
    noise = noise_of(segments)
    voices = list(dict.fromkeys(segment.speaker for segment in segments if segment.speaker is not None))
    if noise < LEAST_NOISE or len(voices) < 2:
        return tuple(segments)
    posterior = _posterior(segments, voices, noise)
    best = posterior.argmax(axis=1)
    return tuple(
        _with_voice(segment, voices[int(voice)], float(row[voice]))
        for segment, voice, row in zip(segments, best, posterior, strict=True)
    )


def noise_of(segments: Sequence[Segment]) -> float:
    """The share of segments that seem to be in a wrong voice, in [0, 0.5], from the changes within sentences."""
    within = [
        one.speaker != other.speaker
        for one, other in pairwise(segments)
        if not _SENTENCE_END.search(one.text) and one.speaker and other.speaker
    ]
    ends = sum(bool(_SENTENCE_END.search(segment.text)) for segment in segments)
    if len(within) < _LEAST_BOUNDARIES or ends < 0.1 * len(segments):
        return 0.0
    return min(max(sum(within) / len(within) - _USUAL, 0.0) / 2, 0.5)


def _with_voice(segment: Segment, voice: str, posterior: float) -> Segment:
    if segment.speaker is None or segment.speaker == voice:
        return segment
    if posterior < _LEAST_POSTERIOR:
        return replace(segment, attribution=UNKNOWN)
    return replace(segment, attribution=replace(segment.attribution, speaker=voice))


def _posterior(segments: Sequence[Segment], voices: Sequence[str], noise: float) -> Array:
    """``(segments, voices)``, rows sum to 1: forward and backward passes."""
    likelihood = _likelihood(segments, voices, noise)
    stays = _stays(segments)
    forward = _pass(likelihood, stays)
    backward = _pass(likelihood[::-1], stays[::-1])[::-1]
    joint = forward * backward / np.maximum(likelihood, 1e-12)
    normalised: Array = joint / joint.sum(axis=1, keepdims=True)
    return normalised


def _likelihood(segments: Sequence[Segment], voices: Sequence[str], noise: float) -> Array:
    """``(segments, voices)``: how likely the label is when each voice speaks."""
    number = {voice: at for at, voice in enumerate(voices)}
    table = np.full((len(segments), len(voices)), noise / (len(voices) - 1))
    for at, segment in enumerate(segments):
        if segment.speaker is None:
            table[at] = 1.0
        else:
            table[at, number[segment.speaker]] = 1 - noise
    return table


def _stays(segments: Sequence[Segment]) -> Array:
    """``(segments - 1,)``: how likely the same voice goes on. After a sentence that comes from the labels themselves,
    halfway to what noise would leave of it."""
    ended = np.array([bool(_SENTENCE_END.search(segment.text)) for segment in segments[:-1]])
    same = np.array([one.speaker == other.speaker for one, other in pairwise(segments)])
    after = float(same[ended].mean()) if ended.any() else 0.5
    return np.where(ended, min(max(after, 0.5), 0.95), _STAYS_WITHIN)


def _pass(likelihood: Array, stays: Array) -> Array:
    """``(segments, voices)``, rows sum to 1: probability of each voice from the labels up to each segment."""
    count, voices = likelihood.shape
    state = np.zeros((count, voices))
    state[0] = likelihood[0] / likelihood[0].sum()
    for at in range(1, count):
        moved = (1 - stays[at - 1]) / (voices - 1)
        predicted = state[at - 1] * (stays[at - 1] - moved) + moved
        state[at] = predicted * likelihood[at]
        state[at] /= state[at].sum()
    return state
