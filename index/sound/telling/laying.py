"""Voices of windows -> voices of segments: each with the one that speaks it, cut where it holds two.

A cut is made between words, where the sound changes the voice as far as the moment of a word is known; at the end of a
sentence if one is near, failing that of a clause.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from index.sound.telling.clusters import Array
from index.sound.telling.sequence import SENTENCE_END, word_ends
from index.sound.telling.windows import VoiceWindow
from index.speakers.corrections import split_at
from index.types import UNKNOWN, Attribution, Origin, Segment

_LEAST = 0.8
"""Below which a voice is not said to speak."""
_NEAR = 1.0
"""Seconds by which the end of a sentence may be off."""
_CLAUSE_END = re.compile(r"[,;:–—][\"'»”) ]*$")


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive windows of one state, which begins at the ``start`` of its segment, or between two windows."""

    state: int
    start: float
    confidence: float


def laid(
    segments: Sequence[Segment], windows: Sequence[VoiceWindow], chances: Array, names: Sequence[str]
) -> tuple[Segment, ...]:
    """``segments``, numbered anew, with the voices of ``names``; ``chances``: ``(windows, voices + 1)`` as in
    ``sequence``. A name that a segment has stays its speaker."""
    found: list[Segment] = []
    rows = {segment: list(group) for segment, group in groupby(range(len(windows)), lambda at: windows[at].segment)}
    for number, segment in enumerate(segments):
        runs = _runs(segment, [windows[at] for at in rows[number]], chances[rows[number]])
        found += [_voiced(part, run, names) for part, run in _cut(segment, runs)]
    return tuple(replace(segment, index=at) for at, segment in enumerate(found))


def _runs(segment: Segment, windows: Sequence[VoiceWindow], chances: Array) -> list[_Run]:
    states = [int(row.argmax()) for row in chances]
    runs: list[_Run] = []
    at = 0
    for state, group in groupby(states):
        length = len(list(group))
        start = segment.start if at == 0 else (windows[at - 1].middle + windows[at].middle) / 2
        runs.append(_Run(state, start, float(np.mean(chances[at : at + length, state]))))
        at += length
    return runs


def _cut(segment: Segment, runs: Sequence[_Run]) -> list[tuple[Segment, _Run]]:
    """As many parts as there are words for."""
    parts: list[tuple[Segment, _Run]] = []
    rest, run = segment, runs[0]
    for following in runs[1:]:
        word = _word_at(rest, following.start)
        if word is None:
            continue
        before, rest = split_at(rest, word)
        parts.append((before, run))
        run = following
    return [*parts, (rest, run)]


def _word_at(segment: Segment, moment: float) -> int | None:
    """The word before which to cut, from 1; None where there is but one."""
    words = segment.text.split()
    if len(words) < 2:
        return None
    off = [abs(end - moment) for end in word_ends(segment)[:-1]]
    for pattern in (SENTENCE_END, _CLAUSE_END):
        near = [at for at, word in enumerate(words[:-1]) if off[at] <= _NEAR and pattern.search(word)]
        if near:
            return min(near, key=off.__getitem__) + 1
    return int(np.argmin(off)) + 1


def _voiced(segment: Segment, run: _Run, names: Sequence[str]) -> Segment:
    if run.state >= len(names) or run.confidence < _LEAST:
        return replace(segment, voice=None, attribution=segment.attribution if segment.speaker else UNKNOWN)
    voice = names[run.state]
    if segment.speaker:
        return replace(segment, voice=voice)
    confidence = round(min(run.confidence, 0.999), 3)
    return replace(segment, voice=voice, attribution=Attribution(voice, Origin.VOICE, confidence))
