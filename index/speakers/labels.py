"""The side file that says who speaks: TSV or CSV, a line where each speaker begins.

    index  start  speaker
    0      00:00  Présentatrice
    8      01:44  Jean-Baptiste Kempf

A name holds until the next line, or until ``end`` where that column is given; ``?`` or nothing is unknown. Lines that
begin with # are comments, other columns are left alone.
"""

import csv
import io
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import FileBinary, FileUnreadable, SpeakersInvalid
from index.names import canonical
from index.times import parse_time
from index.transcripts.encoding import decode
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment

LEAST_SHARE = 0.8
"""Of a segment's time that its speaker must have."""
_NOBODY = frozenset({"", "?"})


@dataclass(frozen=True, slots=True)
class Label:
    """``speaker`` (None: unknown) speaks from ``start`` to ``end`` seconds."""

    start: float
    end: float
    speaker: str | None


def read_labels(path: Path, *, name: str | None = None) -> list[Label]:
    """The labels of a side file, in order of time. Raises SpeakersInvalid naming the line, or FileUnreadable."""
    shown = name or path.name
    try:
        text, _encoding = decode(path.read_bytes(), shown, "TSV, CSV")
    except OSError as error:
        raise FileUnreadable(path=shown, reason=error.strerror or str(error)) from error
    except FileBinary as error:
        raise SpeakersInvalid(
            path=shown, line=1, reason="it is not a text", reason_fr="ce n'est pas un texte"
        ) from error
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]
    rows = _rows(lines, shown)
    rows.sort(key=lambda row: row[0])
    following = [*(row[0] for row in rows[1:]), float("inf")]
    return [
        Label(start, end if end is not None else until, speaker)
        for (start, end, speaker), until in zip(rows, following, strict=False)
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
    """The speaker with the most seconds of the segment, and their share of it; an instant has one speaker."""
    seconds: dict[str | None, float] = {}
    for label in labels[first:]:
        if label.start >= segment.end and label.start > segment.start:
            break
        overlap = min(segment.end, label.end) - max(segment.start, label.start)
        seconds[label.speaker] = seconds.get(label.speaker, 0.0) + max(overlap, 0.0)
    speaker = max(seconds, key=lambda speaker: seconds[speaker], default=None)
    duration = segment.end - segment.start
    return speaker, seconds[speaker] / duration if seconds and duration > 0 else 1.0


def _rows(lines: Sequence[tuple[int, str]], path: str) -> list[tuple[float, float | None, str | None]]:
    if not lines:
        raise SpeakersInvalid(path=path, line=1, reason="it is empty", reason_fr="il est vide")
    (header_line, header), *rest = lines
    delimiter = next((sign for sign in "\t;," if sign in header), "\t")
    columns = [column.strip().lower() for column in header.split(delimiter)]
    if not {"start", "speaker"} <= set(columns):
        shown = ", ".join(columns)
        raise SpeakersInvalid(
            path=path, line=header_line, reason=f"its columns are {shown}", reason_fr=f"ses colonnes sont {shown}"
        )
    return [
        _row(dict(zip(columns, _cells(line, delimiter, number, path), strict=False)), number, path)
        for number, line in rest
    ]


def _row(cells: dict[str, str], number: int, path: str) -> tuple[float, float | None, str | None]:
    start, end = parse_time(cells.get("start", "")), parse_time(cells.get("end", ""))
    if start is None:
        value = cells.get("start", "")
        raise SpeakersInvalid(
            path=path, line=number, reason=f"“{value}” is no time", reason_fr=f"« {value} » n'est pas un temps"
        )
    speaker = " ".join(cells.get("speaker", "").split())
    return start, end, None if speaker in _NOBODY else speaker


def _cells(line: str, delimiter: str, number: int, path: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error as error:
        raise SpeakersInvalid(path=path, line=number, reason=str(error), reason_fr=str(error)) from error
