"""The layout of the debate: a title line, page furniture, then one line a segment with its time in front.

    Mardi 19 novembre 2024, SMART TECH reçoit Ada Martin (avocate)
    Category
    🗞
    NewsTranscription
    00:00Pour ce grand rendez-vous
    1:02:03Merci.

A line without a time after the first segment belongs to the segment before it.
"""

import re

from index.times import parse_time
from index.transcripts.report import Cue, NoteKind, Reading, shortened
from index.transcripts.source import Source

_LINE = re.compile(r"\s*(\d{1,2}:[0-5]\d:[0-5]\d|\d{1,3}:[0-5]\d)\s*(.*)")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_LEAST_SHARE = 0.2


def looks_like(source: Source) -> bool:
    """A fifth of the lines, and at least one, begin with a time; a caption file has its times on lines of their own."""
    lines = [line for line in source.lines[:2000] if line.strip()]
    timed = sum(_timed(line) is not None for line in lines)
    return timed > 0 and timed >= _LEAST_SHARE * max(len(lines) - 6, 1) and "-->" not in source.text[:100_000]


def read(source: Source) -> Reading:
    reading = Reading()
    for number, line in enumerate(source.lines, start=1):
        timed = _timed(line)
        if timed is not None:
            reading.cues.append(Cue(timed[0], None, timed[1], line=number))
        elif line.strip():
            _untimed(reading, number, line.strip())
    return reading


def _timed(line: str) -> tuple[float, str] | None:
    match = _LINE.fullmatch(line)
    seconds = parse_time(match[1]) if match else None
    return (seconds, match[2].strip()) if match and seconds is not None else None


def _untimed(reading: Reading, number: int, line: str) -> None:
    if reading.cues and _HAS_LETTER.search(line):
        reading.join(number, line)
    elif not reading.title and _HAS_LETTER.search(line):
        reading.title = line
    else:
        reading.note(NoteKind.DROPPED_LINE, number, shortened(line))
