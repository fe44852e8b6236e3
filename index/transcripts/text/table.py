"""Tables: CSV, TSV and the like, with a start, a text, and perhaps an end or a duration and a speaker in each row.

    Début;Fin;Locuteur;Texte          start	end	text            1,"13.02","14.13","There is a day."
    00:00;00:05,5;Ada;"Oui, bien."    0	4000	Bonjour (Whisper, in milliseconds)

The separator is the one of tab, semicolon, comma and bar that gives columns with a start and a text; which is which is
told by table_columns.py. Times are clocks, seconds or milliseconds. Lines before the header are a title or page
furniture.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.source import Source
from index.transcripts.text import table_columns
from index.transcripts.text.passages import before_the_first
from index.transcripts.text.table_columns import Columns
from index.transcripts.text.table_rows import Row, rows_of
from index.transcripts.timestamps import clock_seconds, stamped

SEPARATORS = ("\t", ";", ",", "|")
_SAMPLE = 50
_LONGEST_SAMPLE = 100_000
_LATEST_HEADER = 10
_MOSTLY = 0.8
_SLOWEST = 0.05
"""Words in a second below which whole numbers are read as milliseconds: speech has two or three."""
_SECONDS = re.compile(r"(\d{1,12}(?:[.,]\d{1,9})?)\s*(ms|s|sec)?\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Layout:
    """``before`` rows are no part of the table; ``first`` is its header or its first row; ``even`` the share of rows
    as wide as it."""

    separator: str
    before: int
    first: list[str]
    even: float
    found: Columns


@dataclass(slots=True)
class _Table:
    layout: _Layout
    columns: Columns
    unit: float
    frames: float | None
    reading: Reading = field(default_factory=Reading)

    def add(self, number: int, cells: Sequence[str]) -> None:
        cells = self._fitted(number, cells)
        (start, inner), (end, _), (lasts, _) = (
            self._times(self._cell(cells, role)) for role in ("start", "end", "duration")
        )
        if start is None:
            self.reading.note(NoteKind.BAD_TIME, number, self.layout.separator.join(cells))
            return
        end = end if end is not None else inner if lasts is None else start + lasts
        written = self._cell(cells, "end") or self._cell(cells, "duration")
        if end is None and written:
            self.reading.note(NoteKind.END_UNREADABLE, number, written)
        speaker = self._cell(cells, "speaker").rstrip(" :") or None
        self.reading.cues.append(Cue(start, end, self._cell(cells, "text"), speaker, number))

    def _fitted(self, number: int, cells: Sequence[str]) -> Sequence[str]:
        """As many cells as columns: more of them come from a text that has separators and no quotation marks."""
        width, place = len(self.layout.first), self.columns.places["text"]
        filled = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        surplus = filled - width
        if surplus <= 0:
            return cells[:width]
        text = f"{self.layout.separator} ".join(cells[place : place + surplus + 1])
        self.reading.note(NoteKind.CELLS_JOINED, number, text)
        return [*cells[:place], text, *cells[place + surplus + 1 :]]

    def _cell(self, cells: Sequence[str], role: str) -> str:
        place = self.columns.places.get(role, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def _times(self, cell: str) -> tuple[float | None, float | None]:
        """The time in a cell, and the second one where it holds two: "0:00 - 0:03"."""
        if match := _SECONDS.fullmatch(cell):
            number = float(match[1].replace(",", "."))
            return number * {"ms": 0.001, "": self.unit}.get((match[2] or "").lower(), 1.0), None
        stamp = stamped(cell, self.frames)
        return (stamp.start, stamp.end) if stamp and not stamp.text else (clock_seconds(cell, self.frames), None)


def looks_like(source: Source) -> bool:
    """A header, or times in the first columns, say which are the start and the text; a file that is called a table or
    whose columns are given need only have rows of one width."""
    if source.looks_like_json or source.looks_like_xml or source.looks_like_html:
        return False
    layouts = list(_layouts(source))
    if not source.options.columns and any(layout.found.enough for layout in layouts):
        return True
    said = bool(source.options.columns) or source.suffix in {".csv", ".tsv"}
    return said and any(layout.even >= _MOSTLY for layout in layouts)


def read(source: Source) -> Reading:
    """Raises Unreadable where no column is the start or the text, and for a quotation mark that is never closed."""
    layout = max(_layouts(source), key=lambda layout: (layout.found.enough, layout.even), default=None)
    if layout is None:
        raise Unreadable("no row has several cells", 1, "aucune ligne n'a plusieurs cellules")
    given = source.options.columns
    columns = table_columns.chosen(given, layout.first) if given else layout.found
    if not columns.enough:
        names = ", ".join(layout.first)
        raise Unreadable(
            f"no column is known to be the start or the text, say so with --columns; columns: {names}",
            reason_fr=f"aucune colonne reconnue comme début ou texte, dites-le avec --columns ; colonnes : {names}",
        )
    return _reading(list(rows_of(source.text, layout.separator)), layout, columns, source.options.frames_per_second)


def _reading(rows: Sequence[Row], layout: _Layout, columns: Columns, frames: float | None) -> Reading:
    header = int(columns.header)
    body = rows[layout.before + header :]
    guessed = not columns.milliseconds and _in_milliseconds([cells for _number, cells in body], columns)
    table = _Table(layout, columns, 0.001 if columns.milliseconds or guessed else 1.0, frames)
    for number, cells in rows[: layout.before]:
        before_the_first(table.reading, number, layout.separator.join(cells))
    for name in table_columns.left_out(layout.first, columns) if header else ():
        table.reading.note(NoteKind.LEFT_OUT, rows[layout.before][0], name)
    if guessed:
        table.reading.note(NoteKind.MILLISECONDS_GUESSED, body[0][0])
    for number, cells in body:
        table.add(number, cells)
    return table.reading


def _in_milliseconds(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """All times are whole numbers, and as seconds they would leave minutes between the words."""
    start, text = columns.places["start"], columns.places["text"]
    end = columns.places.get("end", start)
    whole = [cells for cells in rows if max(start, end, text) < len(cells)]
    times = [cell.strip() for cells in whole for cell in (cells[start], cells[end])]
    if not times or not all(time.isdecimal() and len(time) <= 12 for time in times):
        return False
    words = sum(len(cells[text].split()) for cells in whole)
    return words < _SLOWEST * (max(map(int, times)) - min(map(int, times)))


def _layouts(source: Source) -> Iterator[_Layout]:
    """For each separator that gives more than one column, what the first rows say."""
    text = source.text[:_LONGEST_SAMPLE]
    whole = text if len(text) == len(source.text) else text[: text.rfind("\n") + 1]
    for separator in SEPARATORS:
        rows: list[list[str]] = []
        with suppress(Unreadable):  # until a mark that is never closed, or that the sample cuts
            rows.extend(cells for _number, cells in islice(rows_of(whole, separator), _SAMPLE))
        before = _before(rows)
        if before is not None:
            timed = any(stamped(row[0]) for row in rows[:before])
            rows = rows[before:]
            even = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
            yield _Layout(separator, before, rows[0], even, _columns(rows, 0.0 if timed else even))


def _before(rows: Sequence[Sequence[str]]) -> int | None:
    """How many of the first rows stand before the table, which begins with a header or a row of several cells."""
    head = rows[:_LATEST_HEADER]
    headers = (at for at, row in enumerate(head) if len(row) > 1 and table_columns.named(row).enough)
    return next(headers, next((at for at, row in enumerate(head) if len(row) > 1), None))


def _columns(rows: Sequence[Sequence[str]], even: float) -> Columns:
    """By the header, else, where the rows are even, by what is in them."""
    by_name = table_columns.named(rows[0])
    return by_name if by_name.enough or even < _MOSTLY else table_columns.guessed(rows)
