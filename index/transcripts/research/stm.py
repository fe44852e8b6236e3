"""NIST STM: a line a segment. https://github.com/usnistgov/SCTK/blob/master/doc/infmts.htm

    ;; file channel speaker start end <labels> text
    debat 1 Ada_Martin 107.67 110.69 <o,f0,female> what { a / an } idea (uh) <sil>

Of alternatives in braces the first is read; signs around a word, and those that are no words, go (see ``nist.py``).
Gaps between segments and what is not to be scored are no speech; of several recordings the first is read. By hand: no
library for this format is kept up.
"""

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.times import decimal_seconds
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.research.nist import first_recording, lines_of, mostly, said, spelled
from index.transcripts.source import Source
from index.transcripts.tally import Tally

_LABEL = re.compile(r"^<[^<>]*>")
_COLUMNS = 5
_NOT_SCORED = "ignore_time_segment_in_scoring"
_GAP = "inter_segment_gap"


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as it is written, ``text`` without the labels."""

    line: int
    recording: str
    channel: str
    speaker: str
    start: str
    end: str
    text: str


def looks_like(source: Source) -> bool:
    """Numbers in the fourth and fifth column, in most lines."""
    return mostly(
        source,
        lambda fields: len(fields) >= _COLUMNS and None not in (decimal_seconds(fields[3]), decimal_seconds(fields[4])),
    )


def read(source: Source) -> Reading:
    """The segments of the first recording, in the order of their starts; times are seconds."""
    reading = Reading()
    rows: list[_Row] = []
    for number, fields in lines_of(source.lines):
        if len(fields) < _COLUMNS:
            reading.note(NoteKind.BAD_LINE, number, " ".join(fields))
        else:
            recording, channel, speaker, start, end = fields[:_COLUMNS]
            text = _LABEL.sub("", " ".join(fields[_COLUMNS:]), count=1).strip()
            rows.append(_Row(number, recording, channel, speaker, start, end, text))
    first = first_recording(((row.recording, row.line) for row in rows), reading)
    channels: dict[str, list[Cue]] = {}
    left_out, removed = Tally(), Tally()
    for row in rows:
        if row.recording == first and (cue := _cue(row, reading, left_out, removed)):
            channels.setdefault(row.channel, []).append(cue)
    left_out.tell(reading, NoteKind.LEFT_OUT)
    removed.tell(reading, NoteKind.MARKUP_REMOVED)
    reading.cues.extend(heapq.merge(*channels.values(), key=lambda cue: cue.start))
    return reading


def _cue(row: _Row, reading: Reading, left_out: Tally, removed: Tally) -> Cue | None:
    start, end = decimal_seconds(row.start), decimal_seconds(row.end)
    if row.text.lower() == _NOT_SCORED or row.speaker.lower().endswith(_GAP):
        left_out.add(_GAP if row.speaker.lower().endswith(_GAP) else row.text, row.line)
        return None
    if start is None:
        reading.note(NoteKind.BAD_TIME, row.line, f"{row.start} {row.text}")
        return None
    if end is None:
        reading.note(NoteKind.END_UNREADABLE, row.line, row.end)
    return Cue(start, end, " ".join(_words(row, removed)), spelled(row.speaker), row.line)


def _words(row: _Row, removed: Tally) -> Iterator[str]:
    """Those that are said; a line may end with its own name, as in "(debat-107.67-110.69)"."""
    tokens = row.text.split()
    if tokens and tokens[-1].startswith(f"({row.recording}-"):
        tokens.pop()
    for token in _first_alternatives(tokens, row.line, removed):
        word = said(token)
        if word != token:
            removed.add("(…)" if word else token, row.line)
        if word:
            yield word


def _first_alternatives(tokens: Iterable[str], line: int, removed: Tally) -> Iterator[str]:
    """ "{ a / b }" -> "a", within one another too."""
    over: list[bool] = []  # for each brace that is open, whether its first alternative is over
    outside = 0
    for token in tokens:
        if token == "{":
            over.append(False)
            removed.add("{ / }", line)
        elif token == "}" and over:
            outside -= over.pop()
        elif token == "/" and over:
            outside += not over[-1]
            over[-1] = True
        elif not outside:
            yield token
