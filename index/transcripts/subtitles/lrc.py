"""LRC (.lrc), made for lyrics and used for any lines with a time in front.

    [ti:Le débat]
    [offset:+500]
    [00:01.50]Bonjour à tous
    [00:12.00][00:40.00]<00:12.00>Et <00:12.40>merci
    [00:15.00]

Several times in front of a line mean that it comes several times; a time alone ends the line before it; a positive
offset in milliseconds makes everything come sooner. By hand: no library of the field reads it with line numbers.
It has no standard; see https://en.wikipedia.org/wiki/LRC_(file_format).
"""

import re
from dataclasses import dataclass

from index.times import parse_time
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading, Word
from index.transcripts.source import Source
from index.transcripts.text.passages import first_lines

_STAMP = r"\[\s{0,3}(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?\s{0,3}\]"
_LINE = re.compile(rf"[ \t\ufeff]*((?:{_STAMP}[ \t]*){{1,100}})(.*)")
"""More times than that in front of a line are text: each is a copy of the line."""
_EXACT = re.compile(r"^[ \t\ufeff]*\[\d{1,3}:\d\d[.,]\d{1,3}\]", re.MULTILINE)
_TAG = re.compile(r"[ \t\ufeff]*\[([a-z#]{1,10}):([^\]]*)\][ \t]*", re.IGNORECASE)
_TAGS = frozenset("ti ar al au by offset length la re ve tool #".split())
_WORD = re.compile(r"<(\d{1,3}:\d\d(?:[.,]\d{1,3})?)>")
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    starts: list[float]
    text: list[str]


def looks_like(source: Source) -> bool:
    """Half of the lines, a header aside, begin with a time in brackets; some with a fraction, or below the tags of a
    song, or the file is named .lrc: text with "[00:20]" in front of its lines is another format."""
    lines = first_lines(source)
    tags = sum(_tag(line) is not None for line in lines)
    timed = sum(_LINE.match(line) is not None for line in lines)
    certain = tags > 0 or _EXACT.search(source.text[:100_000]) is not None or source.suffix == ".lrc"
    return certain and timed > 0 and timed >= _LEAST_SHARE * (len(lines) - tags)


def read(source: Source) -> Reading:
    """Texts without a time are joined to the line before, which ends where the next begins."""
    reading = Reading()
    lines, tags = list[_Line](), dict[str, str]()
    for number, line in enumerate(source.lines, start=1):
        if match := _LINE.fullmatch(line):
            lines.append(_line(reading, number, match))
        elif tag := _tag(line):
            tags[tag[1].lower()] = tag[2].strip()
        elif line.strip():
            _untimed(reading, lines, number, line.strip())
    reading.title, reading.description = tags.get("ti", ""), tags.get("ar", "")
    reading.language = language_code(tags.get("la"))
    _add(reading, lines, _offset(reading, tags.get("offset", "0")), parse_time(tags.get("length", "")))
    return reading


def _tag(line: str) -> re.Match[str] | None:
    tag = _TAG.fullmatch(line)
    return tag if tag and tag[1].lower() in _TAGS else None


def _line(reading: Reading, number: int, match: re.Match[str]) -> _Line:
    stamps = match[1].replace("[", " ").replace("]", " ").split()
    starts = [seconds for seconds in map(parse_time, stamps) if seconds is not None]
    if len(starts) < len(stamps):
        reading.note(NoteKind.BAD_TIME, number, match[0].strip())
    return _Line(number, starts, [match[2].strip()])


def _untimed(reading: Reading, lines: list[_Line], number: int, text: str) -> None:
    if lines:
        lines[-1].text.append(text)
    reading.note(NoteKind.JOINED_LINE if lines else NoteKind.DROPPED_LINE, number, text)


def _offset(reading: Reading, milliseconds: str) -> float:
    try:
        return int(milliseconds) / 1000
    except ValueError:
        reading.note(NoteKind.BAD_LINE, None, f"[offset:{milliseconds}]")
        return 0.0


def _add(reading: Reading, lines: list[_Line], offset: float, length: float | None) -> None:
    """A cue for each time; it ends where the next line begins, which may be an empty one."""
    told = [(max(start - offset, 0.0), line) for line in lines for start in line.starts]
    if any(len(line.starts) > 1 for line in lines):
        told.sort(key=lambda pair: pair[0])
    for (start, line), following in zip(told, [*told[1:], None], strict=False):
        end = following[0] if following else length
        _cue(reading, start, end if end is not None and end > start else None, line, offset)


def _cue(reading: Reading, start: float, end: float | None, line: _Line, offset: float) -> None:
    pieces = _WORD.split(" ".join(line.text))
    text = "".join(pieces[::2])
    timed = zip(map(parse_time, pieces[1::2]), pieces[2::2], strict=True)
    words = [Word(at - offset, None, word.strip(), line=line.number) for at, word in timed if at is not None]
    if text.strip():
        reading.cues.append(Cue(start, end, text, None, line.number, tuple(word for word in words if word.text)))
