"""The side file that says who speaks, and what it makes of the segments.

To add a format: one module with ``looks_like`` and ``read``, one row in ``SIDE_FORMATS``.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import FileBinary, SpeakersInvalid
from index.files import read_bytes
from index.speakers import diarization, rttm, table
from index.speakers.names import canonical
from index.speakers.side import Mark, Unusable
from index.transcripts.encoding import decode
from index.transcripts.limits import LIMITS, Limits
from index.transcripts.source import Source
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment

LEAST_SHARE = 0.8
"""Of a segment's time that its speaker must have."""


@dataclass(frozen=True, slots=True)
class SideFormat:
    """``looks_like`` tells by its content whether a side file is in this format; ``read`` raises Unusable."""

    name: str
    looks_like: Callable[[str], bool]
    read: Callable[[str], Iterable[Mark]]


SIDE_FORMATS = (
    SideFormat("RTTM", rttm.looks_like, rttm.read),
    SideFormat("JSON", diarization.looks_like, diarization.read),
    SideFormat("TSV, CSV", lambda _text: True, table.read),
)
"""In the order they are tried: what is neither of the others is a table."""


@dataclass(frozen=True, slots=True)
class Label:
    """``speaker`` (None: unknown) speaks from ``start`` to ``end`` seconds."""

    start: float
    end: float
    speaker: str | None


def read_labels(path: Path, *, name: str | None = None, limits: Limits = LIMITS) -> list[Label]:
    """The labels of a side file, in order of time. Raises SpeakersInvalid naming the line, or FileUnreadable,
    FileEmpty, FileTooLarge, LimitExceeded."""
    shown = name or path.name
    try:
        data = read_bytes(path, shown, limits.file_mb)
        text, encoding = decode(data, shown)
    except FileBinary as error:
        raise SpeakersInvalid(
            path=shown, line=1, reason="it is not a text", reason_fr="ce n'est pas un texte"
        ) from error
    limits.check_parts(Source(shown, data, text, encoding))
    form = next(form for form in SIDE_FORMATS if form.looks_like(text))
    try:
        marks = sorted(form.read(text), key=lambda mark: mark.start)
    except Unusable as error:
        raise SpeakersInvalid(path=shown, line=error.line, reason=error.reason, reason_fr=error.reason_fr) from error
    following = [*(mark.start for mark in marks[1:]), float("inf")]
    return [
        Label(mark.start, mark.end if mark.end is not None else until, mark.speaker)
        for mark, until in zip(marks, following, strict=False)
    ]


def attribute(
    segments: Sequence[Segment], labels: Sequence[Label], participants: Sequence[Participant]
) -> tuple[Segment, ...]:
    """Each segment with the speaker whose labels cover most of it; names that stand for a participant become that name.

    Segments that no label covers, or mostly unknown ones, become unknown: the side file replaces what the file
    itself said.
    """
    names = [participant.name for participant in participants]
    people = {label.speaker: canonical(label.speaker, names) for label in labels if label.speaker}
    starts = sorted(segment.start for segment in segments)
    labels = [replace(label, start=_snapped(label.start, starts), end=_snapped(label.end, starts)) for label in labels]
    found: list[Segment] = []
    first = 0
    for segment in segments:
        while first < len(labels) and labels[first].end <= segment.start:
            first += 1
        speaker, share = _most_covering(segment, labels, first)
        attribution = UNKNOWN
        if speaker is not None and share >= LEAST_SHARE:
            attribution = Attribution(people[speaker], Origin.LABELLED, round(share, 3))
        found.append(replace(segment, attribution=attribution))
    return tuple(found)


def _snapped(moment: float, starts: Sequence[float]) -> float:
    """A whole second stands for the segment that begins within it: 03:40 for the one at 220.4."""
    following = bisect_left(starts, moment)
    begins = following < len(starts) and float(moment).is_integer() and starts[following] < moment + 1
    return starts[following] if begins else moment


def _most_covering(segment: Segment, labels: Sequence[Label], first: int) -> tuple[str | None, float]:
    """The speaker with the most seconds of the segment, and their share of it; an instant has one speaker, and
    what two say at once is nobody's."""
    seconds: dict[str | None, float] = {}
    for at in range(first, len(labels)):
        label = labels[at]
        if label.start >= segment.end and label.start > segment.start:
            break
        overlap = min(segment.end, label.end) - max(segment.start, label.start)
        seconds[label.speaker] = seconds.get(label.speaker, 0.0) + max(overlap, 0.0)
    speaker = max(seconds, key=lambda speaker: seconds[speaker], default=None)
    duration = segment.end - segment.start
    if not seconds or duration <= 0:
        return speaker, 1.0
    at_once = sum(share >= LEAST_SHARE * duration for share in seconds.values()) > 1
    return None if at_once else speaker, min(seconds[speaker] / duration, 1.0)
