"""The rows of a table (RFC 4180, with any separator) and the numbers of their lines.

By csv from the standard library, which gives no error where a quotation mark swallows the rest of a file.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from index.transcripts.report import Unreadable

Row: TypeAlias = tuple[int, list[str]]
"""The number of its first line, from 1, and its cells."""

_MOST_LINES = 200
"""In one row: beyond, a quotation mark is taken to be unclosed."""


def rows_of(text: str, separator: str) -> Iterator[Row]:
    """The rows that are not empty. Raises Unreadable for a quotation mark that is never closed.

    >>> list(rows_of('a;b\\n"c\\nd";e\\nf;g', ";"))
    [(1, ['a', 'b']), (2, ['c\\nd', 'e']), (4, ['f', 'g'])]
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # the size of files has a limit of its own
    lines = text.split("\n")
    if lines[0].lower().startswith("sep="):
        lines[0] = ""  # from which Excel reads the separator
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, skipinitialspace=True)
    number = 0
    while True:
        begun, number = number, reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            _check_end(lines[max(begun - 1, 0) :], separator, begun)
            return
        except csv.Error as error:
            raise Unreadable(str(error), number) from error
        if reader.line_num - number >= _MOST_LINES:
            raise Unreadable("a quotation mark is never closed", number, "un guillemet n'est jamais fermé")
        if any(map(str.strip, cells)):
            yield number, [cell.removesuffix("\n") for cell in cells]


def _check_end(last: Sequence[str], separator: str, number: int) -> None:
    """The last row once more, strictly: a reader that is not strict closes its quotation mark at the end."""
    try:
        for _row in csv.reader((line + "\n" for line in last), delimiter=separator, skipinitialspace=True, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Unreadable("a quotation mark is never closed", number, "un guillemet n'est jamais fermé") from error
