"""Times inside lines, as people and programs write them.

00:20   [00:00:20]   (0:20)   1:02:03.5   00:00:20:12 (frames)   [00:00.000 --> 00:07.000]   00:20 - 00:25
"""

import re
from dataclasses import dataclass

FRAMES_PER_SECOND = 25.0
"""Where neither the file nor a person says: the rate of European television."""

_TAIL = r"(?:(?:[.,]\d{1,9}|[:;]\d\d)(?![\w:]))?"
CLOCK = rf"(?:\d{{1,2}}:[0-5]\d:[0-5]\d{_TAIL}|\d{{1,3}}:[0-5]\d{_TAIL})"
"""A time inside a text: seconds have two digits."""
RANGE = rf"(?P<start>{CLOCK})(?:\s*(?:-->|->|[-–—~]|\bto\b|\bà\b)\s*(?P<end>{CLOCK}))?"
"""A time, or a time and another."""

_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9})|[:;](\d\d))?")
_LEADING = re.compile(
    rf"[\s*_#•]*(?P<open>[\[(]\s*)?{RANGE}(?(open)\s*[\])])[*_]*\s*(?:[:|]\s+)?(?P<text>.*)", re.DOTALL
)
_SPELLED = re.compile(r"(\d{1,3}) (h|m|s)[a-zé]*,?(?: (?:et|and))? ?")
_UNITS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Stamped:
    """A line that begins with a time: what follows it, and whether the time stands in brackets."""

    start: float
    end: float | None
    text: str
    bracketed: bool


def clock_seconds(text: str, frames_per_second: float | None = None) -> float | None:
    """Seconds of a time that need not be padded and may count frames; None for anything else.

    >>> clock_seconds("0:0:3.120"), clock_seconds("00:00:20:12"), clock_seconds("1:75")
    (3.12, 20.48, None)
    """
    match = _PARTS.fullmatch(text.strip())
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        return None
    whole = (int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])
    if match[5]:
        return whole + int(match[5]) / (frames_per_second or FRAMES_PER_SECOND)
    return float(f"{whole}.{match[4] or 0}")


def stamped(line: str, frames_per_second: float | None = None) -> Stamped | None:
    """The time at the beginning of ``line``, and the rest.

    >>> stamped("[00:20] Ada: oui")
    Stamped(start=20.0, end=None, text='Ada: oui', bracketed=True)
    """
    match = _LEADING.fullmatch(line)
    start = clock_seconds(match["start"], frames_per_second) if match else None
    if match is None or start is None:
        return None
    end = clock_seconds(match["end"], frames_per_second) if match["end"] else None
    return Stamped(start, end, match["text"].strip(), bool(match["open"]))


def spelled_seconds(line: str) -> int | None:
    """Seconds of a length in words, as YouTube writes it beside a time for those who listen to the page.

    >>> spelled_seconds("1 minute, 5 seconds"), spelled_seconds("5 fois")
    (65, None)
    """
    total, at = 0, 0
    for match in _SPELLED.finditer(line[:60]):
        if match.start() != at:
            return None
        total, at = total + int(match[1]) * _UNITS[match[2]], match.end()
    return total if at and at == len(line) else None
