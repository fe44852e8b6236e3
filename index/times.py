"""Times as people and files write them <-> seconds."""

import re

_CLOCK = re.compile(r"(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?P<fraction>[.,]\d{1,9})?")
_SECONDS = re.compile(r"\d{1,7}(?:[.,]\d{1,9})?")

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII)
LONGEST = 1e8
"""More seconds than any recording has: what is over it is no time."""


def parse_time(text: str) -> float | None:
    """Seconds of "MM:SS", "H:MM:SS", either with a fraction after "." or ",", or plain seconds; None for anything else.

    >>> parse_time("03:40"), parse_time("1:02:03,5"), parse_time("220.25"), parse_time("3h40")
    (220.0, 3723.5, 220.25, None)
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text.replace(",", "."))
    match = _CLOCK.fullmatch(text)
    if match is None or (match["hours"] and int(match["minutes"]) > 59):
        return None
    whole = (int(match["hours"] or 0) * 60 + int(match["minutes"])) * 60 + int(match["seconds"])
    return float(f"{whole}{(match['fraction'] or '.0').replace(',', '.')}")


def decimal_seconds(text: str) -> float | None:
    """Seconds of a plain number as programs write it, with any number of digits, to the microsecond; else None.

    >>> decimal_seconds("902.62400000000002"), decimal_seconds("-0.0"), decimal_seconds("-1"), decimal_seconds("1_0")
    (902.624, 0.0, None, None)
    """
    match = _NUMBER.fullmatch(text.strip())
    seconds = float(match[0]) if match else -1.0
    return abs(round(seconds, 6)) if 0 <= seconds < LONGEST else None


def format_time(seconds: float) -> str:
    """ "MM:SS", from one hour "H:MM:SS"; the second that is running, so 239.9 is 03:59.

    >>> format_time(220), format_time(3723.5)
    ('03:40', '1:02:03')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def format_range(start: float, end: float) -> str:
    """ "03:40–04:00"."""
    return f"{format_time(start)}–{format_time(end)}"
