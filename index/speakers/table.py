"""A side file as a table: TSV or CSV, a line where each speaker begins.

    index  start  speaker
    0      00:00  Présentatrice
    8      01:44  Jean-Baptiste Kempf

A name holds until the next line, or until ``end`` where that column is given; ``?`` or nothing is unknown. Lines that
begin with # are comments, other columns are left alone.
"""

import csv
import io
from collections.abc import Iterator

from index.speakers.side import Mark, Unusable, no_time, somebody
from index.times import parse_time


def read(text: str) -> Iterator[Mark]:
    """Raises Unusable."""
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        raise Unusable(1, "it is empty", "il est vide")
    (header_line, header), *rest = lines
    delimiter = next((sign for sign in "\t;," if sign in header), "\t")
    columns = [column.strip().lower() for column in header.split(delimiter)]
    if not {"start", "speaker"} <= set(columns):
        shown = ", ".join(columns)
        raise Unusable(header_line, f"its columns are {shown}", f"ses colonnes sont {shown}")
    for number, line in rest:
        yield _mark(dict(zip(columns, _cells(line, delimiter, number), strict=False)), number)


def _mark(cells: dict[str, str], number: int) -> Mark:
    start, end = parse_time(cells.get("start", "")), parse_time(cells.get("end", ""))
    if start is None:
        raise no_time(number, cells.get("start", ""))
    return Mark(start, end, somebody(cells.get("speaker", "")))


def _cells(line: str, delimiter: str, number: int) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error as error:
        raise Unusable(number, str(error), str(error)) from error
