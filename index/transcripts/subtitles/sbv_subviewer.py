"""SBV of YouTube, and SubViewer 1 and 2: times on a line of their own, without an arrow.

    0:00:01.000,0:00:02.500      [INFORMATION]                        [00:00:01]
    Bonjour                      [TITLE]Le débat                      Bonjour|à tous
    à tous                       [END INFORMATION]                    [00:00:03]
                                 00:00:01.00,00:00:02.50
                                 Bonjour[br]à tous

By hand: pysubs2 and webvtt-py do not say on which line something was dropped. None has a standard; see
https://wiki.videolan.org/SubViewer/ and https://support.google.com/youtube/answer/2734698.
"""

import re

from index.times import parse_time
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.subtitles.markup import cleaned

_SBV = re.compile(r"^[ \t]*\d{1,3}:\d\d:\d\d\.\d{3}[ \t]*,[ \t]*\d{1,3}:\d\d:\d\d\.\d{3}[ \t]*$", re.MULTILINE)
_SECOND = re.compile(r"^[ \t]*\d{1,3}:\d\d:\d\d\.\d\d[ \t]*,[ \t]*\d{1,3}:\d\d:\d\d\.\d\d[ \t]*$", re.MULTILINE)
_FIRST = re.compile(r"^\[\d\d:\d\d:\d\d\]\n[^\n]+\n\[\d\d:\d\d:\d\d\](?:\n\n|\n?\Z)", re.MULTILINE)
_PAIR = re.compile(r"(\d+:\d+:[\w.:]+)\s*,\s*(\d+:\d+:[\w.:]+)")
_STAMP = re.compile(r"\[(\d\d:\d\d:\d\d)\]")
_FIELD = re.compile(r"\[([A-Z][A-Z ]{0,30})\](.*)")
_FURNITURE = re.compile(r"\[END\]|\*{4,}[^*]+\*{4,}")
"""What stands under the last time of the first version."""
_BREAK = re.compile(r"\[br\]|\|", re.IGNORECASE)


def looks_like_sbv(source: Source) -> bool:
    """By a line of two times with milliseconds and a comma."""
    return _SBV.search(source.text) is not None


def looks_like_subviewer(source: Source) -> bool:
    """By a line of two times with hundredths and a comma, or by a text between two times in brackets."""
    return _SECOND.search(source.text) is not None or _FIRST.search(source.text) is not None


def read_sbv(source: Source) -> Reading:
    """Both times on a line, the text on those below."""
    reading = Reading()
    _read_pairs(source.lines, reading)
    return reading


def read_subviewer(source: Source) -> Reading:
    """The second version gives both times on a line, the first each on its own."""
    reading = Reading()
    if _SECOND.search(source.text):
        _read_pairs(source.lines, reading)
    else:
        _read_stamps(source.lines, reading)
    return reading


def _read_pairs(lines: list[str], reading: Reading) -> None:
    at = 0
    while at < len(lines):
        line, end = lines[at].strip(), at + 1
        if pair := _PAIR.fullmatch(line):
            while end < len(lines) and lines[end].strip() and _PAIR.fullmatch(lines[end].strip()) is None:
                end += 1
            _cue(reading, at + 1, pair, "\n".join(lines[at + 1 : end]))
        elif line:
            _outside(reading, at + 1, line)
        at = end


def _cue(reading: Reading, line: int, pair: re.Match[str], raw: str) -> None:
    end = parse_time(pair[2])
    start = reading.readable(parse_time(pair[1]), end, line, pair[0])
    if start is not None:
        reading.cues.append(Cue(start, end, _text(reading, line, raw), line=line))


def _text(reading: Reading, line: int, raw: str) -> str:
    return cleaned(_BREAK.sub("\n", raw), reading, line)


def _outside(reading: Reading, line: int, text: str) -> None:
    """A field of the header, or text that an empty line cut off from its cue."""
    if reading.cues:
        reading.join(line, _text(reading, line, text))
        return
    field = _FIELD.fullmatch(text)
    if field and field[1] == "TITLE":
        reading.title = field[2].strip()
    elif field is None or field[2].strip():
        reading.note(NoteKind.DROPPED_LINE, line, text)


def _read_stamps(lines: list[str], reading: Reading) -> None:
    """A time, lines of text, the time at which they go, which is a start as well when text follows it."""
    start: float | None = None
    begun, held = 0, list[str]()
    for number, line in enumerate([*lines, ""], start=1):
        stamp = _STAMP.fullmatch(line.strip())
        if _FURNITURE.fullmatch(line.strip()):
            reading.note(NoteKind.DROPPED_LINE, number, line.strip())
        elif stamp is None and start is None and line.strip():
            _outside(reading, number, line.strip())
        elif stamp is None and line.strip():
            held.append(line)
        if start is not None and held and (stamp or number > len(lines)):
            end = parse_time(stamp[1]) if stamp else None
            reading.cues.append(Cue(start, end, _text(reading, begun, "\n".join(held)), line=begun))
            held = []
        if stamp:
            start, begun = parse_time(stamp[1]), number
