"""Addresses of debates and of moments in them: ``qdq://debates/ID?t=START,END``, the same for every way in.

A moment is whole seconds that hold it, as in the links of the pages, so it survives a new index. A long passage is read
in parts: ``cursor`` says where a part begins.
"""

import math
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

TEMPLATE = "qdq://debates/{debate}{?t,cursor}"
"""Of RFC 6570."""
_MOMENT = re.compile(r"(?P<start>\d{1,7}(?:\.\d{1,6})?)?(?:,(?P<end>\d{1,7}(?:\.\d{1,6})?)?)?", re.ASCII)
_LONGEST = 2_000
"""Characters of an address, which has an id of at most 120."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A debate, or what is said between two seconds of it; ``cursor`` as ``Reading.go_on`` gave it."""

    debate: str
    start: float | None = None
    end: float | None = None
    cursor: str | None = None

    @property
    def uri(self) -> str:
        """
        >>> Moment("smart-tech", 220.4, 239.2).uri
        'qdq://debates/smart-tech?t=220,240'
        """
        fields = {"t": _told(self.start, self.end), "cursor": self.cursor or ""}
        query = urlencode({name: value for name, value in fields.items() if value}, safe=",:")
        return f"qdq://debates/{quote(self.debate, safe='')}" + (f"?{query}" if query else "")


def moment_at(uri: str) -> Moment | None:
    """None for anything that is no address of ours.

    >>> moment_at("qdq://debates/smart-tech?t=220%2C240")
    Moment(debate='smart-tech', start=220.0, end=240.0, cursor=None)
    """
    try:
        parts = urlsplit(uri[:_LONGEST])
        given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=2)
    except ValueError:
        return None
    debate, path = unquote(parts.path.removeprefix("/")), f"{parts.scheme}://{parts.netloc}"
    times = _MOMENT.fullmatch(given.get("t", [""])[0])
    if path != "qdq://debates" or not debate or times is None or given.keys() - {"t", "cursor"}:
        return None
    start, end = (float(given_time) if given_time else None for given_time in times.group("start", "end"))
    return Moment(debate, start, end, given.get("cursor", [""])[0] or None)


def _told(start: float | None, end: float | None) -> str:
    if end is None:
        return "" if start is None else f"{math.floor(start)}"
    return f"{'' if start is None else math.floor(start)},{math.ceil(end)}"
