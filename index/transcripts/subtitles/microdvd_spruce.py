"""Formats that count frames: MicroDVD (.sub) and the text STL of Spruce and DVD Studio Pro.

    {1}{1}25.000                                     //Le débat
    {25}{62}{y:i}Bonjour|à tous                      $FontName = Arial
                                                     00:00:01:00 , 00:00:02:12 , ^IBonjour | à tous

Frames per second are those that a person gives (``--fps``), else those of MicroDVD's first caption, else 25 with a
note. By hand: pysubs2 does not say on which line something was dropped, and nothing reads the text STL. Neither has a
standard; see https://wiki.multimedia.cx/index.php/MicroDVD and the manual of DVD Studio Pro 4, "STL Subtitles".
"""

import re

from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.subtitles.markup import without
from index.transcripts.timestamps import FRAMES_PER_SECOND

_MICRODVD = re.compile(r"\s*\{(\d{1,9})\}\s*\{(\d{0,9})\}(.*)")
_STYLE = re.compile(r"\{[a-zA-Z]:[^{}]*\}|^/", re.MULTILINE)
_RATE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*")
_SPRUCE = re.compile(r"\s*(\d{1,3}:\d\d:\d\d[:;.]\d\d)[ \t]*,[ \t]*(\d{1,3}:\d\d:\d\d[:;.]\d\d)[ \t]*,(.*)")
_SPRUCE_STYLE = re.compile(r"\^[BIU]")


def looks_like_microdvd(source: Source) -> bool:
    """The first line with text is a caption."""
    return re.match(r"[\s\ufeff]*\{\d{1,9}\}[ \t]*\{\d{0,9}\}", source.text) is not None


def looks_like_spruce(source: Source) -> bool:
    """The first line that is neither a setting nor a remark is a caption."""
    lines = (line for line in source.lines if line.strip() and not line.lstrip().startswith(("$", "//")))
    return _SPRUCE.fullmatch(next(lines, "")) is not None


def read_microdvd(source: Source) -> Reading:
    """A bar breaks a line; times are frames over the rate."""
    reading = Reading()
    rate = _rate(source, reading, _declared(source))
    for number, line in enumerate(source.lines, start=1):
        match = _MICRODVD.fullmatch(line)
        if match and not (_RATE.fullmatch(match[3]) and int(match[1]) <= 1 and not reading.cues):
            text = without(_STYLE, match[3].replace("|", "\n"), reading, number)
            end = int(match[2]) / rate if match[2] else None
            reading.cues.append(Cue(int(match[1]) / rate, end, text, line=number))
        elif match is None and line.strip():
            reading.note(NoteKind.BAD_LINE, number, line.strip())
    return reading


def read_spruce(source: Source) -> Reading:
    """A bar breaks a line; the last number of a time is frames."""
    reading = Reading()
    rate = _rate(source, reading, None)
    for number, line in enumerate(source.lines, start=1):
        match = _SPRUCE.fullmatch(line)
        if match:
            text = without(_SPRUCE_STYLE, match[3].replace("|", "\n"), reading, number)
            reading.cues.append(Cue(_seconds(match[1], rate), _seconds(match[2], rate), text, line=number))
        elif line.strip() and not line.lstrip().startswith(("$", "//")):
            reading.note(NoteKind.BAD_LINE, number, line.strip())
    return reading


def _declared(source: Source) -> float | None:
    """The text of a first caption at frame 0 or 1, when it is a number: frames per second."""
    first = next((line for line in source.lines if line.strip("\ufeff \t")), "")
    match = _MICRODVD.fullmatch(first.lstrip("\ufeff"))
    rate = _RATE.fullmatch(match[3]) if match and int(match[1]) <= 1 else None
    return float(rate[1].replace(",", ".")) if rate else None


def _rate(source: Source, reading: Reading, declared: float | None) -> float:
    rate = source.options.frames_per_second or declared
    if rate:
        return rate
    reading.note(NoteKind.FRAME_RATE_ASSUMED, None, f"{FRAMES_PER_SECOND:g}")
    return FRAMES_PER_SECOND


def _seconds(timecode: str, rate: float) -> float:
    hours, minutes, seconds, frames = map(int, re.split("[:;.]", timecode))
    return (hours * 60 + minutes) * 60 + seconds + frames / rate
