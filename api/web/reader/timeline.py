"""Who speaks when, as a drawing of a fixed number of columns: each is theirs who speak longest in it, so that a day of
talk weighs no more than a minute of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.web.reader.speaking import told
from index.types import Segment

COLUMNS = 600
_MOST_LANES = 5
"""People who have a lane each; more of them share one."""
_LANE, _GAP, _TOP = 12, 2, 10
"""In pixels. Above the lanes is room for what is marked."""

Stretch = tuple[int, int]
"""Columns, from the first to before the last."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody's stretches as the data of an SVG path (https://www.w3.org/TR/SVG2/paths.html)."""

    name: str | None
    colour: int
    path: str


@dataclass(frozen=True, slots=True)
class Tick:
    """From ``x``, ``width`` wide, in columns; ``n`` is the number of a passage or chapter, ``title`` tells of it."""

    x: float
    width: float
    n: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """``height`` is in pixels, ``duration`` in seconds, ``times`` are the moments at its quarters."""

    duration: float
    height: int
    voices: tuple[Voice, ...]

    @property
    def times(self) -> tuple[float, ...]:
        return tuple(self.duration * quarter / 4 for quarter in range(5))

    def tick(self, start: float, stop: float, n: int = 0, title: str = "") -> Tick:
        """At least two columns wide, to be seen."""
        column = COLUMNS / self.duration
        x = min(start * column, COLUMNS - 2.0)
        return Tick(round(x, 1), round(min(max((stop - start) * column, 2.0), COLUMNS - x), 1), n, title)


def timeline(segments: Sequence[Segment], colours: Mapping[str, int]) -> Timeline:
    """Of a whole debate; ``colours`` by name, in the order of the lanes. Of segments that all last no time no voice is
    drawn."""
    duration = max(1.0, *(segment.end for segment in segments))
    longest = stretches(segments, duration)
    people = [name for name in colours if name in longest]
    people += sorted(name for name in longest if name and name not in colours)
    rows = [*people, None] if None in longest else people
    lanes = {name: at if len(people) <= _MOST_LANES else 0 for at, name in enumerate(rows)}
    voices = tuple(
        Voice(name, colours.get(name or "", 0), _path(longest[name], _TOP + lane * (_LANE + _GAP)))
        for name, lane in lanes.items()
    )
    return Timeline(duration, _TOP + (max(lanes.values(), default=-1) + 1) * (_LANE + _GAP), voices)


def stretches(segments: Iterable[Segment], duration: float) -> dict[str | None, list[Stretch]]:
    """By speaker: the columns, of those into which ``duration`` is cut, in which nobody speaks longer. Of two who speak
    as long it is theirs who began first."""
    width = duration / COLUMNS
    spoken: list[dict[str | None, float]] = [{} for _ in range(COLUMNS)]
    for segment in segments:
        name, start, end = told(segment.attribution), segment.start, segment.end
        for column in range(int(start / width), min(int(end / width) + 1, COLUMNS)):
            within = min(end, (column + 1) * width) - max(start, column * width)
            if within > 0:
                spoken[column][name] = spoken[column].get(name, 0.0) + within
    found: dict[str | None, list[Stretch]] = {}
    for column, said in enumerate(spoken):
        if said:
            theirs = found.setdefault(max(said, key=said.__getitem__), [])
            begin = theirs.pop()[0] if theirs and theirs[-1][1] == column else column
            theirs.append((begin, column + 1))
    return found


def _path(columns: Iterable[Stretch], top: int) -> str:
    return "".join(f"M{begin} {top}h{end - begin}v{_LANE}H{begin}z" for begin, end in columns)
