"""SubRip (.srt) and WebVTT (.vtt), read by one loop: both are blocks with a line "start --> end".

By hand, although pysubs2, srt and webvtt-py read them: none says on which line something was dropped, and two of
them drop it in silence. WebVTT: https://www.w3.org/TR/webvtt1/; SubRip has no standard.
"""

import html
import re
from collections.abc import Iterator

from index.times import parse_time
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source

_TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,9})?"
_TIMING = re.compile(rf"\s*(-?{_TIME}|\S+)\s*-->\s*(-?{_TIME}|\S+)(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>|</v>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|lang|ruby|rt|rp|font|span|em|strong|br|p)(?:[\s.][^<>]*)?/?>|</>|<\d[\d:.]*>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_BLOCKS = ("NOTE", "STYLE", "REGION")


def looks_like_webvtt(source: Source) -> bool:
    return re.match(r"\s*WEBVTT(?:\s|$)", source.text) is not None


def looks_like_subrip(source: Source) -> bool:
    return (
        not looks_like_webvtt(source)
        and re.search(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}", source.text, re.MULTILINE) is not None
    )


def read(source: Source) -> Reading:
    reading = Reading()
    lines = source.lines
    at = 0
    if looks_like_webvtt(source):
        at = _header(lines, reading)
    while at < len(lines):
        at = _block(lines, at, reading)
    return reading


def _header(lines: list[str], reading: Reading) -> int:
    """The lines up to the first empty one: the signature, with a title behind it perhaps, and "Language: fr"."""
    at = next(number for number, line in enumerate(lines) if line.strip())
    reading.title = lines[at].replace("WEBVTT", "", 1).strip(" \t-–:\ufeff")
    at += 1
    while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
        if match := re.match(r"\s*language\s*[:=]\s*([a-z]{2})", lines[at], re.IGNORECASE):
            reading.language = match[1].lower()
        at += 1
    return at


def _block(lines: list[str], at: int, reading: Reading) -> int:
    """Read the block that begins at line ``at`` (from 0) and return where the next one begins."""
    line = lines[at].strip()
    if not line:
        return at + 1
    if line.split(" ")[0] in _BLOCKS and "-->" not in line:
        end = _blank_after(lines, at)
        reading.note(NoteKind.DROPPED_BLOCK, at + 1, line)
        return end
    if "-->" in line:
        return _cue(lines, at, reading)
    if at + 1 < len(lines) and "-->" in lines[at + 1]:
        return at + 1  # a cue's number or name
    if line.isdigit() and not any(map(str.strip, lines[at + 1 :])):
        reading.note(NoteKind.DROPPED_LINE, at + 1, line)
        return len(lines)  # the number of a caption that was cut off
    _stray(reading, at + 1, line)
    return at + 1


def _cue(lines: list[str], at: int, reading: Reading) -> int:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins_cue(lines, end):
        end += 1
    timing = _TIMING.fullmatch(lines[at])
    start, stop = (parse_time(timing[1]), parse_time(timing[2])) if timing else (None, None)
    if start is not None and stop is None:
        reading.note(NoteKind.END_UNREADABLE, at + 1, lines[at].strip())
    if start is None:
        reading.note(NoteKind.BAD_TIME, at + 1, lines[at].strip())
        return end
    for speaker, text in _voices("\n".join(lines[at + 1 : end])):
        reading.cues.append(Cue(start, stop, text, speaker, at + 1))
    return end


def _begins_cue(lines: list[str], at: int) -> bool:
    """A timing line, or a number before one: captions whose empty line was lost."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return "-->" in lines[at] or (lines[at].strip().isdigit() and _TIMING.fullmatch(following) is not None)


def _voices(payload: str) -> Iterator[tuple[str | None, str]]:
    """The text under each voice tag, plain, and what follows ``</v>`` under nobody's.

    A cue without tags gives one part, also when it is empty.
    """
    parts = _VOICE.split(payload)
    if parts[0].strip() or len(parts) == 1:
        yield None, _plain(parts[0])
    for speaker, text in zip(parts[1::2], parts[2::2], strict=True):
        if speaker is not None or text.strip():
            yield html.unescape(speaker or "").strip() or None, _plain(text)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _stray(reading: Reading, number: int, line: str) -> None:
    """Text between cues: an empty line inside a caption cut it off, so it goes back to the caption."""
    if not reading.cues:
        reading.note(NoteKind.DROPPED_LINE, number, line)
        return
    reading.join(number, _plain(line))


def _blank_after(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at
