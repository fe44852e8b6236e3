"""Values out of a JSON document in which anything may be missing or of another type."""

import re
from typing import Any, NamedTuple

from index.times import parse_time
from index.transcripts.report import Unreadable
from index.transcripts.source import Source

Fields = dict[str, Any]

_LOOKED_AT = 50
_LONGEST = 1e7
"""Seconds: what is over it is no time in a recording."""
_DECIMAL = re.compile(r"(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
_NAMELESS = frozenset(("?", "uu", "unk", "ukn", "u_ukn", "unknown", "uknown spk", "null", "none"))


class Times(NamedTuple):
    """Seconds, None where a time is absent or unreadable; ``..._given`` tells the two apart."""

    start: float | None
    end: float | None
    start_given: bool = True
    end_given: bool = True


def fields(value: object) -> Fields:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Fields]:
    """The objects of a list. Whatever else stands in it is an empty object, so that each keeps its number."""
    return [fields(entry) for entry in value] if isinstance(value, list) else []


def sample(value: object) -> list[Fields]:
    """The objects among the first fifty of a list: what a format is told by."""
    return [entry for entry in value[:_LOOKED_AT] if isinstance(entry, dict)] if isinstance(value, list) else []


def first(value: object) -> Fields:
    """The first object of a list: the best of several alternatives."""
    return fields(value[0]) if isinstance(value, list) and value else {}


def has(value: object, *keys: str) -> bool:
    """Whether one of the first fifty of a list is an object with all these keys.

    >>> has([{"start": 0, "text": "a"}], "text"), has({"text": "a"}, "text")
    (True, False)
    """
    return any(all(key in entry for key in keys) for entry in sample(value))


def expect(looks: bool, fields: str) -> None:
    """Raises Unreadable when a document has not these ``fields``, of which one would do."""
    if not looks:
        raise Unreadable(f"JSON without {fields}", reason_fr=f"JSON sans {fields}")


def document(source: Source) -> Fields:
    """The document of ``source`` if it is an object."""
    return fields(source.json)


def string(value: object) -> str:
    """Single spaces; "" for what is no string."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def key(value: object) -> str:
    """A string or a number as a key; "" for the rest, which may be nested deeply."""
    return str(value) if isinstance(value, str | int | float) else ""


def either(entry: Fields, *keys: str) -> Any:
    """What the first of ``keys`` that is there holds: a field has several names in its dialects."""
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def seconds(value: object, per: float = 1) -> float | None:
    """Seconds of a time in units of which ``per`` make one second; None for what is no time, or a negative one.

    >>> seconds(1500, 1000), seconds("8.65"), seconds("01:02.5"), seconds(-1), seconds(True)
    (1.5, 8.65, 62.5, None, None)
    """
    if isinstance(value, str):
        value = float(value) if _DECIMAL.fullmatch(value.strip()) else parse_time(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value) / per
    except OverflowError:
        return None
    return number if 0 <= number < _LONGEST else None


def times(entry: Fields, start: str = "start", end: str = "end", per: float = 1) -> Times:
    """The times of an object that gives its start and its end."""
    return Times(
        seconds(entry.get(start), per),
        seconds(entry.get(end), per),
        entry.get(start) is not None,
        entry.get(end) is not None,
    )


def lasting(begin: float | None, length: float | None, *, begin_given: bool, length_given: bool) -> Times:
    """The times of what gives its start and how long it lasts, both in seconds."""
    end = None if begin is None or length is None else round(begin + length, 6)
    return Times(begin, end, begin_given, length_given)


def times_lasting(entry: Fields, start: str = "start", duration: str = "duration", per: float = 1) -> Times:
    """The times of an object that gives its start and its duration."""
    return lasting(
        seconds(entry.get(start), per),
        seconds(entry.get(duration), per),
        begin_given=entry.get(start) is not None,
        length_given=entry.get(duration) is not None,
    )


def speaker_name(value: object) -> str | None:
    """A label as the file gives it; a bare number or letter is made readable. None for those that mean nobody.

    >>> speaker_name(0), speaker_name("A"), speaker_name("S1"), speaker_name("UU"), speaker_name(None)
    ('Speaker 0', 'Speaker A', 'S1', None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return f"Speaker {value}"
    if isinstance(value, float) and value.is_integer():
        return f"Speaker {value:.0f}"
    label = string(value)
    if not label or label.lower() in _NAMELESS:
        return None
    return f"Speaker {label}" if len(label) == 1 or label.isdigit() else label
