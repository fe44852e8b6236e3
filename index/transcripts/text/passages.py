"""Lines -> passages: a line that opens one, and the lines under it. What the layouts of timed text have in common."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.timestamps import spelled_seconds

_SAMPLE = 2_000

_HAS_LETTER = re.compile(r"[^\W\d_]")
_HAS_WORD = re.compile(r"[^\W_]")
_FURNITURE = re.compile(
    r"transcribed by (?:https?://)?(?:www\.)?otter\.ai.*|this editable transcript was computer generated.*|"
    r"cette transcription modifiable a été générée.*|meeting ended after .*|"
    r".{1,60} (?:started|stopped) transcription|.{1,60} a (?:démarré|arrêté|commencé) la transcription",
    re.IGNORECASE,
)
"""Lines that Otter, Meet and Teams add, and that nobody said."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line that begins a passage says; ``text`` is empty where the text is on the lines under it."""

    start: float
    end: float | None = None
    speaker: str | None = None
    text: str = ""


Opener: TypeAlias = Callable[[str, Cue | None], Opening | None]
"""Given a line and the passage before it: what it opens, or None."""


def first_lines(source: Source) -> list[str]:
    """The lines with text among the first 2,000: what a layout is told by."""
    return [line for line in source.lines[:_SAMPLE] if line.strip()]


def read_passages(lines: Sequence[str], opening: Opener) -> Reading:
    """A title before the first passage; under an opening without text all lines are its text, else they are joined
    to it and noted."""
    reading = Reading()
    below = False
    for number, line in enumerate(lines, start=1):
        last = reading.cues[-1] if reading.cues else None
        opened = opening(line, last)
        if opened is not None:
            reading.cues.append(Cue(opened.start, opened.end, opened.text, opened.speaker, number))
            below = not opened.text
        elif line.strip():
            _other(reading, number, line.strip(), below)
    return reading


def before_the_first(reading: Reading, number: int, line: str) -> None:
    """A line before any time: the title when it is the first with a letter, else page furniture."""
    if not reading.title and _HAS_LETTER.search(line):
        reading.title = line
    else:
        reading.note(NoteKind.DROPPED_LINE, number, line)


def is_furniture(line: str) -> bool:
    """Whether a program wrote this line about the recording: nobody said it."""
    return len(line) < 300 and _FURNITURE.fullmatch(line) is not None


def _other(reading: Reading, number: int, line: str, below: bool) -> None:
    if not reading.cues:
        before_the_first(reading, number, line)
    elif is_furniture(line) or not _HAS_WORD.search(line) or _repeats_time(reading, line):
        reading.note(NoteKind.DROPPED_LINE, number, line)
    elif below:
        reading.more.setdefault(len(reading.cues) - 1, []).append(line)
    else:
        reading.join(number, line)


def _repeats_time(reading: Reading, line: str) -> bool:
    """ "5 seconds" under "0:05", which YouTube writes for those who listen to the page."""
    return len(reading.cues) - 1 not in reading.more and spelled_seconds(line) == int(reading.cues[-1].start)
