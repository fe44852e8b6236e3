"""SubRip (.srt) and WebVTT (.vtt), read by one loop: both are blocks with a line "start --> end".

    WEBVTT - Le débat

    intro
    00:01.000 --> 00:02.500 align:start
    <v Ada Martin>Bonjour à <i>tous</i>

By hand, although pysubs2, srt and webvtt-py read them: none says on which line something was dropped, and two of
them drop it in silence. WebVTT: https://www.w3.org/TR/webvtt1/; SubRip has no standard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from index.times import parse_time
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.subtitles.markup import cleaned, timed_words, untagged, voices
from index.transcripts.subtitles.rolling import repeated, rolls
from index.transcripts.timestamps import clock_seconds

_TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,9})?"
_OTHERWISE = r"\d{1,3}(?:[ \t]*:[ \t]*\d{1,2}){1,2}(?:[ \t]*[.,:;][ \t]*\d{1,9})?"
"""A time as translators and editors of text leave it: with spaces, or milliseconds or frames after a colon."""
_ARROW = r"(?:[-–—=]{1,4}[ \t]*[-–—]{0,3}(?:>|&gt;)|→)"
_TIMING_OTHERWISE = re.compile(rf"[ \t]*({_OTHERWISE})[ \t]*{_ARROW}[ \t]*({_OTHERWISE})([ \t]+\w+:.*)?[ \t]*")
_LOOK = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}|^{_TIMING_OTHERWISE.pattern}$", re.MULTILINE)
_TIMING = re.compile(rf"\s*(-?{_TIME}|\S+)\s*-->\s*(-?{_TIME}|\S+)(?:\s.*)?")
_BLOCKS = ("NOTE", "STYLE", "REGION", "WEBVTT", "Region:")
"""What begins a block without speech; WEBVTT where files were joined, "Region:" in old files."""
_SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines under the timing line ``line``."""

    line: int
    start: float
    end: float | None
    text: list[str]


@dataclass(frozen=True, slots=True)
class _Stray:
    """A line of text that an empty one cut off from its cue."""

    line: int
    text: str


def looks_like_webvtt(source: Source) -> bool:
    """By its first line."""
    return re.match(r"[\s\ufeff]*WEBVTT(?:\s|$)", source.text, re.IGNORECASE) is not None


def looks_like_subrip(source: Source) -> bool:
    """By a line with two times and an arrow, where nothing says WebVTT."""
    return not looks_like_webvtt(source) and _LOOK.search(source.text) is not None


def read(source: Source) -> Reading:
    """Either format; a passage for each voice of a cue, lines that roll up the screen once."""
    reading = Reading()
    lines, frames = list(map(_as_usual, source.lines)), source.options.frames_per_second
    at = _header(lines, reading) if looks_like_webvtt(source) else 0
    sample = islice(_blocks(lines, at, Reading(), frames), _SAMPLE)
    rolling = rolls([block.text for block in sample if isinstance(block, _Block)])
    before: list[str] = []
    for block in _blocks(lines, at, reading, frames):
        if isinstance(block, _Stray):
            _stray(reading, block)
            continue
        old = repeated(before, block.text) if rolling else 0
        if old:
            _repeat(reading, block, old)
        if old < len(block.text) or not old:
            _add(reading, block, block.text[old:])
        before = [untagged(line) for line in block.text] if rolling else []
    return reading


def _as_usual(line: str) -> str:
    """A timing line that is written otherwise, as SubRip and WebVTT have it; any other line as it is.

    >>> _as_usual("00: 00: 01, 000 -> 00:00:02:500")
    '00:00:01,000 --> 00:00:02.500'
    """
    match = _TIMING_OTHERWISE.fullmatch(line)
    if match is None:
        return line
    start, end = (re.sub(r"[:;](?=\d{3,}$)", ".", re.sub(r"\s", "", time)) for time in match.groups()[:2])
    return f"{start} --> {end}{match[3] or ''}"


def _header(lines: list[str], reading: Reading) -> int:
    """The lines up to the first empty one: the signature, with a title behind it perhaps, and "Language: fr"."""
    at = next(number for number, line in enumerate(lines) if line.strip())
    reading.title = lines[at].strip(" \t\ufeff")[len("WEBVTT") :].strip(" \t-–:")
    at += 1
    while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
        if match := re.match(r"\s*language\s*[:=]\s*([a-z]+)", lines[at], re.IGNORECASE):
            reading.language = language_code(match[1])
        at += 1
    return at


def _blocks(lines: list[str], at: int, reading: Reading, frames: float | None) -> Iterator[_Block | _Stray]:
    """The cues and stray lines from line ``at`` (from 0); what is dropped on the way is noted in ``reading``."""
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), 0)
    while at < len(lines):
        line, end = lines[at].strip(), at + 1
        if line.partition(" ")[0] in _BLOCKS and _TIMING.fullmatch(line) is None:
            reading.note(NoteKind.DROPPED_BLOCK, at + 1, line)
            end = _end(lines, at)
        elif "-->" in line:
            end = _end(lines, at)
            yield from _cue(lines, at, end, reading, frames)
        elif line.isdigit() and at == last:
            reading.note(NoteKind.DROPPED_LINE, at + 1, line)  # the number of a caption that was cut off
        elif line and (end == len(lines) or "-->" not in lines[end]):  # else the number or name of a cue
            yield _Stray(at + 1, line)
        at = end


def _end(lines: list[str], at: int) -> int:
    """Where the block of line ``at`` ends: at an empty line, or where a cue begins. YouTube puts a line of one space
    under the times, which is none."""
    at += 2 if at + 2 < len(lines) and lines[at + 1].isspace() and "-->" in lines[at] else 1
    while at < len(lines) and lines[at].strip() and not _begins_cue(lines, at):
        at += 1
    return at


def _begins_cue(lines: list[str], at: int) -> bool:
    """A timing line, or a number before one: captions whose empty line was lost."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return "-->" in lines[at] or (lines[at].strip().isdigit() and _TIMING.fullmatch(following) is not None)


def _cue(lines: list[str], at: int, end: int, reading: Reading, frames: float | None) -> Iterator[_Block]:
    timing = _TIMING.fullmatch(lines[at])
    start, stop = (_seconds(timing[1], frames), _seconds(timing[2], frames)) if timing else (None, None)
    start = reading.readable(start, stop, at + 1, lines[at].strip())
    if start is not None:
        yield _Block(at + 1, start, stop, [line for line in lines[at + 1 : end] if line.strip()])


def _seconds(time: str, frames: float | None) -> float | None:
    found = parse_time(time)
    return clock_seconds(time, frames) if found is None else found


def _add(reading: Reading, block: _Block, text: list[str]) -> None:
    """A cue for each voice. Tags around words with times are what the times hang on: they are used, not removed."""
    for speaker, raw in voices("\n".join(text)):
        words = timed_words(raw, block.start, speaker, block.line)
        shown = untagged(raw) if words else cleaned(raw, reading, block.line)
        reading.cues.append(Cue(block.start, block.end, shown, speaker, block.line, words))


def _repeat(reading: Reading, block: _Block, old: int) -> None:
    """Note the ``old`` lines; when nothing follows them, the cue before lasts as long as they stay on the screen."""
    reading.note(NoteKind.REPEAT_MERGED, block.line, " ".join(map(untagged, block.text[:old])))
    last = reading.cues[-1]
    stays = block.end is not None and last.end is not None and block.start <= last.end < block.end
    if old == len(block.text) and stays:
        reading.cues[-1] = replace(last, end=block.end)


def _stray(reading: Reading, stray: _Stray) -> None:
    """It goes back to the cue before it."""
    if not reading.cues:
        reading.note(NoteKind.DROPPED_LINE, stray.line, stray.text)
        return
    reading.join(stray.line, cleaned(stray.text, reading, stray.line))
