"""Which voice speaks in each window, given what comes before and after: a hidden Markov model (Rabiner, 1989).

A window speaks for a voice by its cosine similarity to that voice's centroid. Voices change seldom within a sentence,
more often where one ends, most after a question. One more state is nobody: noise, music, two at once, somebody who
says a word. The centroids are made again from the windows that are sure (as in expectation and maximisation).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from index.sound.networks.voice_encoder import unit
from index.sound.telling.clusters import JOINED, LEAST_VOICE, Array, Scale
from index.sound.telling.windows import LENGTH, VoiceWindow
from index.types import Segment, Vectors

_NATS = 6.3
"""That a window weighs at most for the voice that it fits against another one: overlapping windows tell less each than
``_sharpness`` would have it, and noise is common to neighbours."""
_NOBODY = 0.5
"""From here on, between two voices (0) and one voice (1), a window is rather somebody's than nobody's."""
_FEWEST = 0.55
"""How alike two voices are against one, where there is but one to measure."""
_WITHIN, _AFTER_SENTENCE, _AFTER_QUESTION, _AFTER_PAUSE = 0.004, 0.12, 0.35, 0.30
_AT_BORDER = 0.02
"""Of captions that end within a sentence."""
_IN_CAPTION = 0.3
"""Of the probability after a sentence, where one ends within a caption: who makes captions begins one with a voice."""
_SLACK = 0.4
"""Seconds by which the moment of a word may be wrong."""
_PAUSE = 1.5
_LEAST_SPEECH = 0.3
_SURE = 0.9
_ROUNDS = 3

SENTENCE_END = re.compile(r"[.?!…][\"'»”) ]*$")
_QUESTION = re.compile(r"\?[\"'»”) ]*$")


@dataclass(frozen=True, slots=True)
class Listened:
    """What was heard in ``windows``, which are in the order of their segments. ``vectors``: ``(windows, dim)``, zero
    where nothing is heard; ``speech``: ``(windows,)`` the share of speech in each. ``wholes``: ``(dim,)`` by the number
    of a segment that was also heard as a whole."""

    windows: Sequence[VoiceWindow]
    vectors: Vectors
    speech: npt.NDArray[np.float32]
    wholes: Mapping[int, Vectors] = field(default_factory=dict)

    @property
    def heard(self) -> Array:
        """``(windows,)``: how much each counts, against a whole window of speech."""
        seconds = np.array([one.seconds for one in self.windows])
        told = (self.speech >= _LEAST_SPEECH) & (np.linalg.norm(self.vectors, axis=1) > 0)
        return np.where(told, np.clip(seconds / LENGTH, 0.3, 1.0), 0.0)


def voices_of(listened: Listened, changes: Array, centroids: Vectors, scale: Scale, *, fixed: bool = False) -> Array:
    """``(windows, voices + 1)``, rows sum to 1: the probability of each voice, of nobody last. ``changes``:
    ``(windows,)`` the prior probability that another voice begins there. Where the number of voices is ``fixed`` none
    is joined or dropped."""
    weights = listened.heard * np.clip(listened.speech, 0, 1)
    for _round in range(_ROUNDS):
        if not fixed:
            centroids = _distinct(centroids)
        sure = posteriors(listened, changes, centroids, scale)[:, :-1]
        parts = np.where(sure > _SURE, sure, 0.0) * weights[:, None]
        seconds = parts.sum(axis=0) * LENGTH
        moved = unit((parts.T @ listened.vectors).astype(np.float32))
        if fixed:
            centroids = np.where(seconds[:, None] > 0, moved, centroids).astype(np.float32)
        else:
            centroids = moved[seconds >= min(LEAST_VOICE, seconds.max(initial=0.0))]
    return posteriors(listened, changes, centroids, scale)


def posteriors(listened: Listened, changes: Array, centroids: Vectors, scale: Scale) -> Array:
    """The same for centroids that stay: forward and backward passes."""
    same = np.sqrt(scale.same)  # of a moment with the centroid of its voice, from which the noise is gone
    other = min(_other(centroids) * same, same - 1e-3)
    nobody = other + _NOBODY * (same - other)
    scores = np.column_stack([listened.vectors @ centroids.T, np.full(len(listened.vectors), nobody)])
    evidence = _sharpness(same - other, scale.spread) * scores * listened.heard[:, None]
    likelihood = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    forward = _pass(likelihood, changes)
    backward = _pass(likelihood[::-1], np.concatenate([changes[:1], changes[:0:-1]]))[::-1]
    joint = forward * backward / likelihood
    normalised: Array = joint / joint.sum(axis=1, keepdims=True)
    return normalised


def _other(centroids: Vectors) -> float:
    """How alike two voices of this recording are, of length 1."""
    if len(centroids) < 2:
        return _FEWEST
    alike = centroids @ centroids.T
    return float(alike[np.triu_indices(len(centroids), 1)].mean())


def _sharpness(apart: float, spread: float) -> float:
    """Nats that a difference of 1 in similarity weighs: with ``apart`` between the means of two normal distributions,
    a window of one of them weighs (apart / spread)^2 / 2 against the other on average."""
    return min(_NATS, (apart / spread) ** 2 / 2) / apart


def _pass(likelihood: Array, changes: Array) -> Array:
    """``(windows, states)``, rows sum to 1: from the first window up to each."""
    found = np.empty_like(likelihood)
    others = max(likelihood.shape[1] - 1, 1)
    state = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    for at, (of_window, change) in enumerate(zip(likelihood, changes, strict=True)):
        if at:
            state = state * (1 - change) + (1 - state) * change / others
        state = state * of_window
        state /= state.sum()
        found[at] = state
    return found


def _distinct(centroids: Vectors) -> Vectors:
    """Two that are alike are one, since no window is sure between them: the first, who speaks more."""
    kept: list[int] = []
    for at, one in enumerate(centroids):
        if all(float(one @ centroids[other]) < JOINED for other in kept):
            kept.append(at)
    return centroids[kept]


def changes_before(windows: Sequence[VoiceWindow], segments: Sequence[Segment]) -> Array:
    """``(windows,)``: how likely another voice begins before each window, by the text alone."""
    found = np.full(len(windows), _AT_BORDER)
    for at in range(1, len(windows)):
        before, here = windows[at - 1], windows[at]
        if before.segment == here.segment:
            found[at] = _within(segments[here.segment], before, here)
        else:
            found[at] = _between(segments[before.segment], segments[here.segment])
    return found


def _between(one: Segment, other: Segment) -> float:
    ended = _after(one.text)
    return max(ended, _AFTER_PAUSE) if other.start - one.end > _PAUSE else ended


def _after(text: str) -> float:
    if _QUESTION.search(text):
        return _AFTER_QUESTION
    return _AFTER_SENTENCE if SENTENCE_END.search(text) else _AT_BORDER


def _within(segment: Segment, before: VoiceWindow, here: VoiceWindow) -> float:
    """Higher where a sentence ends about between the middles of two windows."""
    first, last = before.middle - _SLACK, here.middle + _SLACK
    ends = zip(segment.text.split()[:-1], word_ends(segment), strict=False)
    near = [word for word, end in ends if first <= end <= last and SENTENCE_END.search(word)]
    return max((_IN_CAPTION * _after(word) for word in near), default=_WITHIN)


def word_ends(segment: Segment) -> list[float]:
    """When each word of the text ends, in seconds: as the transcript tells, else by its share of the characters."""
    words = segment.text.split()
    if len(segment.words) == len(words):
        return [word.end if word.end is not None else word.start for word in segment.words]
    lengths = np.cumsum([len(word) + 1 for word in words])
    share = lengths / max(lengths[-1] if len(words) else 1, 1)
    return [float(at) for at in segment.start + share * (segment.end - segment.start)]
