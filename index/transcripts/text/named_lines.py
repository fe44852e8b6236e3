"""Lines that say who speaks and when, with the words on the lines under them.

    Ada Martin [00:20]        **Ada Martin** [00:20]     Ada Martin  0:03 (Otter, Teams)
    Ada Martin (00:20): Oui.  [Ada Martin] 10:12:34 (Zoom)
    00:00:03 Speaker 1 (Word)  [00:00:20.120] - Ada Martin

In a file of the first kinds, a time in brackets inside a passage goes on with its speaker, and a time alone on its line
begins a passage of nobody's, as Otter writes it. Times of day are taken as they stand.
None of these has a standard: they are what the programs named above export, and what people write.
"""

import re
from collections import Counter
from collections.abc import Sequence

from index.transcripts.report import Cue, Reading
from index.transcripts.source import Source
from index.transcripts.speaker_name import looks_like_name
from index.transcripts.text.passages import Opener, Opening, first_lines, read_passages
from index.transcripts.timestamps import CLOCK, RANGE, clock_seconds, stamped

_LONGEST_HEADER = 150
_FEWEST_WORDS_A_HEADER = 1 / 500
_MOSTLY = 0.8

_MARKUP = re.compile(r"\*\*|__|^[#\s>•]+")
_NAME_IN_BRACKETS = re.compile(rf"\[(?P<name>[^\[\]]{{1,60}})\]\s+(?P<start>{CLOCK})")
_TIME_IN_BRACKETS = re.compile(
    rf"(?P<name>[^\[\]()<>]{{1,60}}?(?: \([^()]{{1,60}}\))?)\s*(?::\s*)?"
    rf"[\[(]\s*{RANGE}\s*[\])]\s*(?:[:–—-]\s*)?(?P<text>.*)"
)
_TIME_AT_THE_END = re.compile(rf"(?P<name>.{{1,60}}?)[\s,;:|@–—-]+{RANGE}\s*:?")
_NAME_AFTER_TIME = re.compile(r"(?:[-–—]\s*)?(?P<name>.{1,60}?)\s*:?")


def looks_like(source: Source) -> bool:
    """At least one name with a time in 500 words, and as many of them as of lines that begin with their time, or
    one of them first."""
    lines = first_lines(source)
    return _names_follow_times(lines) or _names_lead(lines)


def read(source: Source) -> Reading:
    """A passage at each name with a time, in the layout that ``looks_like`` has found."""
    lines = first_lines(source)
    frames = source.options.frames_per_second
    return read_passages(
        source.lines, _time_then_name(frames) if _names_follow_times(lines) else _name_then_time(frames)
    )


def _name_then_time(frames: float | None) -> Opener:
    def opening(line: str, last: Cue | None) -> Opening | None:
        if header := _header(line, frames):
            return header
        stamp = stamped(line, frames)
        if stamp is None or (stamp.text and not stamp.bracketed):
            return None
        return Opening(stamp.start, stamp.end, last.speaker if last and stamp.text else None, stamp.text)

    return opening


def _time_then_name(frames: float | None) -> Opener:
    def opening(line: str, _last: Cue | None) -> Opening | None:
        stamp = stamped(line, frames)
        if stamp is None:
            return None
        name = _name_alone(stamp.text)
        return Opening(stamp.start, stamp.end, name, "" if name else stamp.text)

    return opening


def _header(line: str, frames: float | None = None) -> Opening | None:
    """ "Ada Martin [00:20] Oui." -> 20.0, "Ada Martin", "Oui."; None for a line that is no header."""
    line = line.strip()
    bare, rest = _MARKUP.sub("", line[:_LONGEST_HEADER]), line[_LONGEST_HEADER:]
    match = _TIME_IN_BRACKETS.fullmatch(bare)
    if match is None and not rest:
        match = _NAME_IN_BRACKETS.fullmatch(bare) or _TIME_AT_THE_END.fullmatch(bare)
    if match is None or not looks_like_name(match["name"].rstrip(" :"), letters=True):
        return None
    found = match.groupdict(default="")
    start, end = clock_seconds(match["start"], frames), clock_seconds(found.get("end", ""), frames)
    text = (found.get("text", "") + rest).strip()
    return None if start is None else Opening(start, end, match["name"].rstrip(" :"), text)


def _name_alone(text: str) -> str | None:
    match = _NAME_AFTER_TIME.fullmatch(_MARKUP.sub("", text).strip()) if len(text) <= _LONGEST_HEADER else None
    return match["name"] if match and looks_like_name(match["name"]) else None


def _names_lead(lines: Sequence[str]) -> bool:
    headers = [_header(line) is not None for line in lines]
    times = [(stamp := stamped(line)) is not None and stamp.text != "" for line in lines]
    found = sum(headers)
    first = next((is_header for is_header, is_time in zip(headers, times, strict=True) if is_header or is_time), False)
    words = sum(len(line.split()) for line in lines)
    return found > 0 and (first or found >= sum(times)) and found >= _FEWEST_WORDS_A_HEADER * words


def _names_follow_times(lines: Sequence[str]) -> bool:
    """Nearly all lines that begin with a time hold a name and nothing else, a line without a time follows, and names
    come back."""
    stamps = [stamped(line) for line in lines]
    times = [at for at, stamp in enumerate(stamps) if stamp]
    names = Counter(
        name
        for at in times
        if (stamp := stamps[at]) and (name := _name_alone(stamp.text)) and at + 1 < len(lines) and not stamps[at + 1]
    )
    return len(names) < names.total() and names.total() >= _MOSTLY * len(times)
