"""One debate in SQLite's tables: what is read of it, what only these tables hold, and how that is made again."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.doctor.findings import Check
from index.doctor.parts import CHECKS, GROUNDS, Place
from index.local.arrays import unpacked
from index.local.rows import COLUMNS, ID_BITS, counts_of, put_counts, put_pieces, replace_terms, speaking_in
from index.local.tables import Tables
from index.local.truth import Truth, rows_of
from index.originals import unpacked as unpacked_original
from index.pieces.table import PieceTable
from index.pieces.tokens import TokenVectors
from index.pieces.windows import pieces
from index.speakers.corrections import Correction
from index.types import Debate, Vectors, WordTime
from index.words.lexical import terms
from index.writing.embedding import windows_of


class RowParts:
    """Of the debate in row ``key``, in the state that ``connection`` reads; ``dimension`` is that of other vectors of
    the index, None where there are none yet."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, key: int, debate: str, dimension: int | None
    ) -> None:
        self._rows = rows_of(connection)
        self._tables = Tables(self._rows, path)
        self._truth = Truth(self._rows, path)
        self.key = key
        self.id = debate
        self.dimension = dimension

    @cached_property
    def debate(self) -> Debate:
        return self._tables.debate(self.id, words=False)

    @cached_property
    def words(self) -> Mapping[int, Sequence[WordTime]]:
        rows = self._rows("SELECT position, times FROM words WHERE debate = ? ORDER BY position", self.key)
        return {row["position"]: [WordTime(*time) for time in json.loads(row["times"])] for row in rows}

    @cached_property
    def original(self) -> Debate:
        rows = self._rows("SELECT content FROM originals WHERE debate = ?", self.key)
        return unpacked_original(rows[0]["content"], self.debate) if rows else self.debate

    @cached_property
    def corrections(self) -> Sequence[Correction]:
        return self._tables.corrections(self.id)

    @cached_property
    def searched(self) -> Any:
        """The row of what is searched. Raises ValueError."""
        rows = self._rows("SELECT key, size, windows, terms FROM searched WHERE debate = ?", self.key)
        if not rows:
            raise ValueError("no windows")
        return rows[0]

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        """Of its windows, by their names."""
        found = unpacked(self.searched["windows"])
        return {name: found[name].tolist() for name in COLUMNS}

    @cached_property
    def windows(self) -> Sequence[Place]:
        width, first, last = (self.columns[name] for name in COLUMNS[:3])
        return list(zip(width, first, last, strict=True))

    @cached_property
    def vectors(self) -> Vectors:
        """Raises ValueError unless they lie under the numbers of the windows, and are as long as others."""
        first = self.searched["key"] << ID_BITS
        ids = self._rows(
            "SELECT id FROM vectors WHERE id BETWEEN ? AND ? ORDER BY id", first, first + (1 << ID_BITS) - 1
        )
        if [row["id"] - first for row in ids] != list(range(self.searched["size"])):
            raise ValueError(f"{self.searched['size']} windows, {len(ids)} vectors")
        found = self._truth.sixteen_bits(self.searched["key"])
        if self.dimension is not None and len(found) and found.shape[1] != self.dimension:
            raise ValueError(f"{found.shape[1]} values, {self.dimension} in other debates")
        return found

    @cached_property
    def terms(self) -> Sequence[Sequence[str]]:
        return self._truth.terms_of(self.searched["key"])

    @cached_property
    def tokens(self) -> TokenVectors | None:
        return self._tables.tokens(self.id)

    def counted(self) -> tuple[tuple[Any, ...], set[str]]:
        """As a list of debates shows it, and who is said to speak."""
        row = self._rows(
            "SELECT segments, words, labelled_words, told_words, duration FROM debates WHERE key = ?", self.key
        )
        names = self._rows("SELECT name FROM speaking WHERE debate = ?", self.key)
        return tuple(row[0]), {name["name"] for name in names}

    def kept_pieces(self) -> bytes | None:
        rows = self._rows("SELECT content FROM pieces WHERE debate = ?", self.key)
        return rows[0]["content"] if rows else None

    def report(self) -> None:
        """Read, where there is one."""
        self._tables.report(self.id)


def _counts(parts: RowParts) -> str | None:
    segments = parts.debate.segments
    (kept, names), wanted = parts.counted(), counts_of(segments)
    if kept != wanted:
        return f"{kept} instead of {wanted}"
    return None if names == speaking_in(segments) else "other people speak"


def _pieces(parts: RowParts) -> str | None:
    return None if parts.kept_pieces() == PieceTable.of(parts.debate).to_bytes() else "others than the text gives"


def _windows(parts: RowParts) -> str | None:
    reason = CHECKS[Check.WINDOWS](parts)
    if reason:
        return reason
    if len(parts.windows) != parts.searched["size"]:
        return f"{len(parts.windows)} windows, said to be {parts.searched['size']}"
    segments = np.array([part.index for part in pieces(parts.debate.segments)])
    for of_segment, of_piece in (("first_segment", "first"), ("last_segment", "last")):
        if segments[parts.columns[of_piece]].tolist() != parts.columns[of_segment]:
            return "other segments than the text gives"
    return None


def _report(parts: RowParts) -> str | None:
    parts.report()
    return None


Told = Callable[[Any], str | None]
ROW_CHECKS: dict[Check, Told] = {
    **CHECKS,
    Check.WINDOWS: _windows,
    Check.REPORTS: _report,
    Check.COUNTS: _counts,
    Check.PIECES: _pieces,
}
ROW_GROUNDS = {**GROUNDS, **dict.fromkeys((Check.REPORTS, Check.COUNTS, Check.PIECES), (Check.DEBATES,))}


def _put_terms(connection: sqlite3.Connection, parts: RowParts) -> None:
    texts = {(window.width, window.first, window.last): window.text for window in windows_of(parts.debate)}
    language = parts.debate.language
    replace_terms(connection, parts.key, [terms(texts[place], language) for place in parts.windows])


MENDS: dict[Check, Callable[[sqlite3.Connection, RowParts], None]] = {
    Check.COUNTS: lambda connection, parts: put_counts(connection, parts.key, parts.debate.segments),
    Check.PIECES: lambda connection, parts: put_pieces(connection, parts.key, parts.debate),
    Check.TERMS: _put_terms,
}
"""What follows from a debate's text alone, in the caller's transaction."""
