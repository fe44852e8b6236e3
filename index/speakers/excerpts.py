"""A few seconds of a voice, by which somebody who knows it can tell whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.speakers.attribution import Attributed
from index.speakers.corrections import split_at
from index.types import Segment, joined_text

MOST = 3
LEAST_SECONDS, MOST_SECONDS = 3.0, 8.0
_PAUSE = 1.0
"""Seconds of silence within one excerpt, at most."""
_LEAST_HEARD = 1.5
"""Seconds of a segment by which a voice is known."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``text`` is said from ``start`` to ``end`` seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """Segments of a voice that follow one another; ``sure`` in [0, 1]: that it says the least sure of them."""

    segments: tuple[Segment, ...]
    sure: float

    @property
    def seconds(self) -> float:
        return self.segments[-1].end - self.segments[0].start

    @property
    def worth(self) -> float:
        """How much of it helps to know a voice, in seconds."""
        return self.sure * min(self.seconds, MOST_SECONDS)

    def joins(self, other: "_Part") -> bool:
        """Whether ``other`` goes on where this ends, and both are one excerpt."""
        last, first = self.segments[-1], other.segments[0]
        near = last.index + 1 == first.index and first.start - last.end <= _PAUSE
        return near and other.segments[-1].end - self.segments[0].start <= MOST_SECONDS


def excerpts(known: Attributed, voice: str) -> tuple[Excerpt, ...]:
    """Three of 3 to 8 seconds in order of time, one from each third of what ``voice`` says; fewer or shorter ones
    where it says little, none where the debate has no such voice. Nothing that somebody else talks over."""
    parts = _parts(known, voice)
    long = [part for part in parts if part.seconds >= LEAST_SECONDS] or parts
    return tuple(_excerpt(max(third, key=lambda part: part.worth)) for third in _thirds(long))


def surest(known: Attributed, wanted: Callable[[Segment], bool], seconds: float) -> tuple[tuple[float, float], ...]:
    """Start and end of the segments that are ``wanted``, in order of time: those whose voice is surest, then the
    longest, up to as many ``seconds``. Nothing that somebody else talks over, or too short to know a voice by."""
    segments = known.debate.segments
    sure = known.heard or (1.0,) * len(segments)
    found = [part for part in segments if wanted(part) and not _talked_over(segments, part.index)]
    long = [part for part in found if part.end - part.start >= _LEAST_HEARD]
    kept: list[tuple[float, float]] = []
    left = seconds
    for part in sorted(long, key=lambda part: (-round(sure[part.index], 1), part.start - part.end)):
        if left > 0:
            kept.append((part.start, min(part.end, part.start + left)))
            left -= part.end - part.start
    return tuple(sorted(kept))


def _parts(known: Attributed, voice: str) -> list[_Part]:
    segments = known.debate.segments
    sure = known.heard or (1.0,) * len(segments)
    found: list[_Part] = []
    for segment in segments:
        if segment.voice != voice or _talked_over(segments, segment.index):
            continue
        part = _Part((segment,), sure[segment.index])
        if found and found[-1].joins(part):
            before = found.pop()
            part = _Part((*before.segments, segment), min(before.sure, part.sure))
        found.append(part)
    return found


def _talked_over(segments: Sequence[Segment], at: int) -> bool:
    """Whether the segment before or after it, of another voice, lies over it."""
    one = segments[at]
    near = [segments[other] for other in (at - 1, at + 1) if 0 <= other < len(segments)]
    return any(other.voice != one.voice and other.start < one.end and one.start < other.end for other in near)


def _thirds(parts: Sequence[_Part]) -> list[Sequence[_Part]]:
    """As equal in number as can be, none of them empty."""
    count = min(MOST, len(parts))
    borders = [len(parts) * at // count for at in range(count + 1)] if count else [0]
    return [parts[first:last] for first, last in pairwise(borders)]


def _excerpt(part: _Part) -> Excerpt:
    """Of one that is too long the beginning, up to a word."""
    segments, start = part.segments, part.segments[0].start
    words = len(segments[0].text.split())
    if part.seconds > MOST_SECONDS and words > 1:
        word = min(max(round(words * MOST_SECONDS / part.seconds), 1), words - 1)
        first, _rest = split_at(segments[0], word)
        return Excerpt(start, min(first.end, start + MOST_SECONDS), first.text)
    return Excerpt(start, min(segments[-1].end, start + MOST_SECONDS), joined_text(segments))
