"""The words and times of a file, drawn in the crudest way: what the readers are measured against, and written apart
from them. Good enough for well-formed files; nothing is mended."""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d\d)(?:[.,](\d+))?")
_TIME_LINE = re.compile(r".*-->.*|[\d:.]+,[\d:.]+")
FRAMES = 25
"""A second, where a file counts frames and does not say how many."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """``first`` and ``last`` in seconds; None where the file gives none, or none that is easily drawn."""

    texts: list[str]
    first: float | None = None
    last: float | None = None


def drawn(path: Path) -> Drawn | None:
    """None where nothing can be drawn: a file without times or text, or of no known kind."""
    data = path.read_bytes()
    kind = path.suffix.lower()
    found = _BINARY[kind](data) if kind in _BINARY and b"\0" in data else _TEXT[kind](_decoded(data))
    return found if any(map(str.strip, found.texts)) else None


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _of(rows: Sequence[tuple[float, float | None, str]]) -> Drawn:
    """Rows of start, end (None where it is not given) and text."""
    rows = [row for row in rows if re.search(r"[^\W_]", row[2])]
    ends = [end for _, end, _ in rows if end is not None]
    starts = [start for start, _, _ in rows]
    return Drawn([text for _, _, text in rows], min(starts, default=None), max(ends, default=None))


def _clocks(line: str) -> list[float]:
    return [
        int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{seconds}.{rest or 0}")
        for hours, minutes, seconds, rest in _CLOCK.findall(line)
    ]


def _shown(text: str) -> str:
    """Without tags."""
    return html.unescape(re.sub(r"<[^<>]*>", "", re.sub(r"<br\b[^>]*>", "\n", text, flags=re.I)))


def _captions(text: str) -> Drawn:
    """Lines that are neither numbers, times nor blocks; a line that says the same as the one before counts once, for
    automatic captions show each line two or three times."""
    text = re.sub(r"\A\s*WEBVTT[^\n]*\n(?:(?![^\n]*-->)[^\n]+(?:\n|\Z))*", "", text, flags=re.I)
    text = re.sub(
        r"^(?:NOTE|STYLE|REGION|Region:).*\n(?:.+\n)*|^ *[a-z-]+:.*;$|^.*\{$|^\}$|^\[[A-Z ]+\].*$", "", text, flags=re.M
    )
    lines = text.split("\n")
    kept, times = [""], []
    for at, line in enumerate(lines):
        follows = lines[at + 1] if at + 1 < len(lines) else ""
        is_name = at == 0 or not lines[at - 1].strip() or line.strip().isdigit()
        if _TIME_LINE.fullmatch(line.strip()):
            times += _clocks(line)[:2]
        elif not (is_name and _TIME_LINE.fullmatch(follows.strip())) and _shown(line).strip() != kept[-1]:
            kept.append(_shown(line.replace("[br]", " ")).strip())
            kept = kept if kept[-1] else kept[:-1]
    return Drawn(kept, min(times, default=None), max(times, default=None))


_LAYOUTS = (
    ("segments.*", "body", "startTime", "endTime"),
    ("*", "alternatives.0.content", "start_time", "end_time"),
    ("results.items.*", "alternatives.0.content", "start_time", "end_time"),
    ("retval.words.*", "punct", "start", "end"),
    ("results.channels.*.alternatives.0.words.*", "punctuated_word", "start", "end"),
    ("results.channels.*.alternatives.0.words.*", "word", "start", "end"),
    ("results.*.alternatives.0.words.*", "word", "startTime", "endTime"),
    ("words.*", "name", "time", ""),
    ("words.*", "text", "start", "end"),
    ("segments.*", "text", "start", "end"),
    ("*", "text", "start", "end"),
)
"""Of JSON: where the rows stand, and in a row the text, start and end (else ``duration``)."""


def _json(text: str) -> Drawn:
    document = json.loads(text)
    for rows, said, start, end in _LAYOUTS:
        if found := [_json_row(row, said, start, end) for row in _at(document, rows) if [*_at(row, said)]]:
            return _of(found)
    return Drawn([])


def _json_row(row: Any, said: str, start: str, end: str) -> tuple[float, float | None, str]:
    """Punctuation has no time in some: it counts as that at no time."""
    begins = _seconds(row.get(start, "inf"))
    ends = _seconds(row[end]) if end in row else begins + float(row["duration"]) if "duration" in row else None
    return begins, ends, " ".join(map(str, _at(row, said)))


def _at(value: Any, path: str) -> Iterator[Any]:
    name, _, rest = path.partition(".")
    if not path:
        yield value
    elif isinstance(value, list) and name in ("*", "0"):
        for one in value if name == "*" else value[:1]:
            yield from _at(one, rest)
    elif isinstance(value, dict) and name in value:
        yield from _at(value[name], rest)


def _seconds(value: Any) -> float:
    if isinstance(value, dict):
        return float(value.get("seconds", 0)) + float(value.get("nanos", 0)) / 1e9
    return float(value)


def _xml(text: str) -> Drawn:
    """TTML and YouTube: elements ``p``, or ``text``, whose tags stand escaped. Their times, and those of a ``div``."""
    body = re.sub(r"(?s)<!--.*?-->|<head\b.*?</head>", "", text)
    said = re.findall(r"(?s)<(?:\w+:)?(p|text)\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?\1>", body)
    outer = [("", given, "div") for given in re.findall(r"<(?:\w+:)?div\b([^>]*)>", body)]
    times = [_xml_times(dict(re.findall(r"([\w:]+)=[\"']([^\"']*)", given))) for _, given, _ in _saying(said) + outer]
    starts = [start for start, _ in times if start is not None]
    ends = [end for _, end in times if end is not None]
    texts = [_shown(inner if tag == "p" else html.unescape(inner)) for tag, _, inner in said]
    return Drawn(texts, min(starts, default=None), max(ends, default=None))


def _saying(elements: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [element for element in elements if re.search(r"[^\W_]", _shown(element[2]))]


def _xml_times(given: dict[str, str]) -> tuple[float | None, float | None]:
    if "t" in given:
        return int(given["t"]) / 1000, (int(given["t"]) + int(given["d"])) / 1000
    if "start" in given:
        return float(given["start"]), float(given["start"]) + float(given.get("dur", 0))
    return _ttml_time(given.get("begin", "")), _ttml_time(given.get("end", ""))


def _ttml_time(text: str) -> float | None:
    offset = re.fullmatch(r"([\d.]+)(s|ms)", text)
    return float(offset[1]) / (1 if offset[2] == "s" else 1000) if offset else next(iter(_clocks(text)), None)


def _sami(text: str) -> Drawn:
    body = re.sub(r"(?is)\A.*<body[^>]*>|<!--.*?-->", "", text)
    times = [int(start) / 1000 for start in re.findall(r"(?i)<sync\s+start\s*=\s*[\"']?(\d+)", body)]
    cleared = re.search(r"[^\W_]", _shown(re.split(r"(?i)<sync\b", body)[-1].partition(">")[2])) is None
    return Drawn([_shown(body)], min(times), max(times) if cleared else None)


def _ass(text: str) -> Drawn:
    columns = re.findall(r"(?im)^Format:(.*)$", text)[-1].lower().replace(" ", "").split(",")
    rows = []
    for line in re.findall(r"^Dialogue:(.*)$", text, re.M):
        cells = dict(zip(columns, line.split(",", len(columns) - 1), strict=True))
        said = re.sub(r"\\[Nnh]", " ", re.sub(r"\{[^}]*\}", "", cells["text"]))
        rows.append((_clocks(cells["start"])[0], _clocks(cells["end"])[0], said))
    return _of(rows)


def _microdvd(text: str) -> Drawn:
    return Drawn([re.sub(r"\{[^}]*\}|\|", " ", text)])


def _spruce(text: str) -> Drawn:
    rows = []
    for line in text.splitlines():
        if match := re.fullmatch(r"([\d:]+):(\d\d) , ([\d:]+):(\d\d) , (.*)", line):
            start = _clocks(match[1])[0] + int(match[2]) / FRAMES
            rows.append((start, _clocks(match[3])[0] + int(match[4]) / FRAMES, match[5]))
    return _of(rows)


def _lrc(text: str) -> Drawn:
    return Drawn([re.sub(r"\[[^]]*\]", " ", text)], min(_clocks(text), default=None))


def _csv(text: str) -> Drawn:
    header, *rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    start, end, said = (header.index(name) for name in ("In", "Out", "Text"))
    return _of([(float(row[start]), float(row[end]), row[said]) for row in rows])


def _rows(text: str, cells: int) -> list[list[str]]:
    """Of the NIST formats, whose comments begin with semicolons."""
    return [line.split(None, cells - 1) for line in text.splitlines() if line.strip() and not line.startswith(";;")]


def _ctm(text: str) -> Drawn:
    rows = [row for row in _rows(text, 6) if row[2] != "*"]
    return _first_recording([(row[0], float(row[2]), float(row[2]) + float(row[3]), row[4]) for row in rows])


def _stm(text: str) -> Drawn:
    rows = [row for row in _rows(text, 6) if len(row) == 6]
    return _first_recording([(row[0], float(row[3]), float(row[4]), re.sub("<[^>]*>", "", row[5])) for row in rows])


def _rttm(text: str) -> Drawn:
    rows = [row for row in _rows(text, 9) if row[0] == "LEXEME"]
    return _first_recording([(row[1], float(row[3]), float(row[3]) + float(row[4]), row[5]) for row in rows])


def _first_recording(rows: list[tuple[str, float, float, str]]) -> Drawn:
    """A file may hold several; only the first one is read."""
    return _of([(start, end, said) for recording, start, end, said in rows if recording == rows[0][0]])


def _page(text: str) -> Drawn:
    """The lines of a page of HTML; those that are a time and nothing else give the first one."""
    text = re.sub(r"(?is)<(head|script|style)\b.*?</\1>", "", text)
    lines = [line.strip() for line in _shown(re.sub(r"<(?=/?[a-z])", "\n<", text)).splitlines()]
    times = [_clocks(line)[0] for line in lines if _CLOCK.fullmatch(line)]
    return Drawn([line for line in lines if not _CLOCK.fullmatch(line)], min(times, default=None))


def _rtf(text: str) -> Drawn:
    text = re.sub(r"\{\\(?:\*|fonttbl\{)[^{}]*\}+|[\n\0]", " ", text)
    return _captions(re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", re.sub(r"\\par(?![a-z]) ?", "\n", text)))


def _docx(data: bytes) -> Drawn:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("word/document.xml").decode()
    return _captions(_shown(re.sub(r"</w:p>|<w:br[^>]*>", "\n", text)))


def _ebu(data: bytes) -> Drawn:
    """EBU Tech 3264: blocks of 128 bytes after 1024; four bytes each for start and end, the text from the 17th."""
    frames = int(data[6:8])
    blocks = [data[at : at + 128] for at in range(1024, len(data), 128)]
    return _of(
        [(_ebu_time(block[5:9], frames), _ebu_time(block[9:13], frames), _ebu_text(block[16:])) for block in blocks]
    )


def _ebu_time(stamp: bytes, frames: int) -> float:
    return stamp[0] * 3600 + stamp[1] * 60 + stamp[2] + stamp[3] / frames


def _ebu_text(field: bytes) -> str:
    """Without the words in letters beyond ASCII, whose tables are another matter."""
    text = re.sub(r"[\x00-\x1f\x80-\x9f]", " ", field.decode("latin-1"))
    return " ".join(word for word in text.split() if word.isascii())


_TEXT: dict[str, Callable[[str], Drawn]] = {
    **dict.fromkeys((".srt", ".vtt", ".sbv"), _captions),
    **dict.fromkeys((".ytt", ".ttml", ".dfxp", ".xml", ".static"), _xml),
    **dict.fromkeys((".sami", ".smi"), _sami),
    **dict.fromkeys((".ass", ".ssa"), _ass),
    ".txt": lambda text: _captions(text) if text.startswith("WEBVTT") else Drawn([]),
    ".sub": lambda text: _microdvd(text) if text.startswith("{") else _captions(text),
    ".stl": _spruce,
    ".lrc": _lrc,
    ".json": _json,
    ".csv": _csv,
    ".ctm": _ctm,
    ".stm": _stm,
    ".rttm": _rttm,
    ".html": _page,
    ".rtf": _rtf,
}
_BINARY: dict[str, Callable[[bytes], Drawn]] = {".docx": _docx, ".stl": _ebu}
