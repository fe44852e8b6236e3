"""A transcript in parts that an assistant has room for, turn by turn, each text to the letter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.errors import FieldInvalid
from index.types import Attribution, Debate, Segment

_CURSOR = re.compile(r"(\d{1,8}):(\d{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive segments of one speaker, or a piece of one segment: ``text`` is a substring of the debate's text,
    ``start`` and ``end`` the seconds of the segments that hold it."""

    attribution: Attribution
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """``go_on`` is the cursor of what comes next; None at the end."""

    parts: tuple[Part, ...]
    go_on: str | None


def read(debate: Debate, start: float | None, end: float | None, cursor: str | None, limit: int) -> Reading:
    """What is said at least partly between two seconds, from ``cursor`` on, at most ``limit`` characters. Raises
    FieldInvalid for a cursor that no reading gave."""
    first, offset = _place_of(cursor)
    left, taken = limit, list[tuple[Segment, str]]()
    for segment in debate.between(start, end):
        if segment.index < first:
            continue
        text = segment.text[offset:] if segment.index == first else segment.text
        if len(text) > left:
            piece = _cut(text, left, alone=not taken)
            at = segment.index, len(segment.text) - len(text) + len(piece)
            return Reading(_parts([*taken, (segment, piece)] if piece else taken), f"{at[0]}:{at[1]}")
        taken += [(segment, text.strip())] if text.strip() else []
        left -= len(text) + 1
    return Reading(_parts(taken), None)


def _place_of(cursor: str | None) -> tuple[int, int]:
    """A segment, and a character of it."""
    if cursor is None:
        return 0, 0
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        expected = "le « go_on » d'une lecture précédente", "the “go_on” of a reading before"
        raise FieldInvalid(field="cursor", value=cursor[:50], expected_fr=expected[0], expected=expected[1])
    return int(match[1]), int(match[2])


def _cut(text: str, most: int, *, alone: bool) -> str:
    """Nothing where a whole segment will do for the next part; else as much as there is room for, to the end of a word
    if it has one."""
    if not alone:
        return ""
    end = text.rfind(" ", 1, most + 1)
    return text[: end if end > 0 else most]


def _parts(taken: Sequence[tuple[Segment, str]]) -> tuple[Part, ...]:
    """Who speaks on without a gap in the segments is one part."""
    starts = [
        at + 1
        for at, ((one, _), (other, _)) in enumerate(pairwise(taken))
        if other.attribution != one.attribution or other.index != one.index + 1
    ]
    bounds = pairwise([0, *starts, len(taken)])
    return tuple(_part(taken[begin:end]) for begin, end in bounds if begin < end)


def _part(pieces: Sequence[tuple[Segment, str]]) -> Part:
    segments = [segment for segment, _ in pieces]
    end = max(segment.end for segment in segments)
    return Part(segments[0].attribution, segments[0].start, end, " ".join(text for _, text in pieces))
