"""Advanced SubStation Alpha (.ass) and SubStation Alpha (.ssa): captions are lines of a table.

    [Script Info]
    Title: Le débat

    [Events]
    Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
    Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ada Martin,0,0,0,,{\\i1}Bonjour{\\i0}\\Nà tous

The column Name, which some call Actor, is the speaker; Comment lines and drawings are left out. By hand: pysubs2 does
not say on which line something was dropped. http://www.tcax.org/docs/ass-specs.htm
"""

import re

from index.times import parse_time
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.source import Source

_SECTION = re.compile(r"\[([^\]]+)\]")
_KINDS = ("Comment", "Picture", "Sound", "Movie", "Command")
_COLUMNS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
"""Where the line Format is missing."""
_PLACEHOLDER = "Default Aegisub file"


def looks_like(source: Source) -> bool:
    """By the heading of one of its two main sections."""
    head = source.text[:100_000]
    return re.search(r"^[ \t\ufeff]*\[(?:script info|events)\][ \t]*$", head, re.IGNORECASE | re.MULTILINE) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable where the columns lack a start, an end or a text."""
    reading = Reading()
    section, columns = "", _columns(_COLUMNS, 1)
    for number, line in enumerate(map(str.strip, source.lines), start=1):
        heading = _SECTION.fullmatch(line)
        if heading:
            section = heading[1].lower()
            if section not in ("script info", "events"):
                reading.note(NoteKind.DROPPED_BLOCK, number, line)
        elif section == "events" and line.startswith("Format:"):
            columns = _columns(line.removeprefix("Format:"), number)
        elif section == "events" and line and not line.startswith(";"):
            _event(reading, number, line, columns)
        elif section == "script info" and line.startswith("Title:"):
            title = line.removeprefix("Title:").strip()
            reading.title = title if title != _PLACEHOLDER else ""
    return reading


def _columns(text: str, line: int) -> list[str]:
    columns = [name.strip().lower() for name in text.split(",")]
    if not {"start", "end", "text"} <= set(columns):
        raise Unreadable(
            "the line Format of [Events] lacks Start, End or Text",
            line,
            "il manque Start, End ou Text à la ligne Format de [Events]",
        )
    return ["name" if name == "actor" else name for name in columns]


def _event(reading: Reading, number: int, line: str, columns: list[str]) -> None:
    kind, _, rest = line.partition(":")
    values = rest.strip().split(",", len(columns) - 1)
    if kind in _KINDS:
        reading.note(NoteKind.DROPPED_BLOCK, number, line)
    elif kind != "Dialogue" or len(values) < len(columns):
        reading.note(NoteKind.BAD_LINE, number, line)
    else:
        _dialogue(reading, number, line, dict(zip(columns, values, strict=True)))


def _dialogue(reading: Reading, number: int, line: str, event: dict[str, str]) -> None:
    end = parse_time(event["end"])
    start = reading.readable(parse_time(event["start"]), end, number, line)
    if start is not None:
        text = _text(event["text"], reading, number)
        reading.cues.append(Cue(start, end, text, event.get("name", "").strip() or None, number))


def _text(raw: str, reading: Reading, number: int) -> str:
    """Without override tags, nor the commands of a drawing between ``{\\p1}`` and ``{\\p0}``."""
    kept, removed, drawing = list[str](), list[str](), False
    for part in re.split(r"(\{[^{}]*\})", raw):
        is_tag = part.startswith("{") and part.endswith("}")
        scales = re.findall(r"\\p(\d)", part) if is_tag else []
        drawing = scales[-1] != "0" if scales else drawing
        (removed if is_tag or drawing else kept).append(part)
    if any(removed):
        reading.note(NoteKind.MARKUP_REMOVED, number, " ".join(filter(None, removed)))
    return re.sub(r"\\[Nnh]", " ", "".join(kept)).strip()
