"""What the search reads from SQLite's tables: one state of the index, as the connection that asks sees it."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import StoreDamaged
from index.local.arrays import unpacked
from index.local.part import Mark, Part
from index.local.postings import Places, Postings
from index.local.rows import COLUMNS, ID_BITS
from index.types import Vectors

Rows = Callable[..., list[Any]]
"""Asks SQLite: a query and its values."""

POSITION_BITS = 32
_ASKED_AT_ONCE = 10_000
"""Values in one query; SQLite allows 32,766."""


@dataclass(frozen=True, slots=True)
class Content:
    """A debate and the contents under which its windows are found; ``row`` is its key in the other tables."""

    mark: Mark
    windows: int
    row: int
    debate: str
    day: str | None


class Truth:
    """Of one state of the index as long as the connection's transaction; without one, each method of the latest, and
    what has gone since is told as damage. All raise sqlite3.Error."""

    def __init__(self, rows: Rows, path: Path) -> None:
        self._rows = rows
        self._path = path

    def contents(self) -> list[Content]:
        """In the order of their keys."""
        found = self._rows(
            "SELECT s.key, s.token, s.size, d.key AS row, d.id, d.date FROM searched s JOIN debates d "
            "ON d.key = s.debate ORDER BY s.key"
        )
        return [Content(Mark(row[0], row[1]), row[2], row[3], row[4], row[5]) for row in found]

    def identity(self) -> str:
        """The fingerprint of the vectors."""
        return str(self._rows("SELECT value FROM meta WHERE key = 'fingerprint'")[0][0])

    def part(self, marks: Iterable[Mark]) -> Part:
        """The windows of these debates, at least one, without their vectors. Raises StoreDamaged."""
        return Part.merged([(self._debate(mark), None) for mark in marks])

    def exact(self, marks: Iterable[Mark]) -> Part:
        """The same with their vectors."""
        part = self.part(marks)
        try:
            return part.with_exact(lambda mark: self.vectors_of(mark.key))
        except (ValueError, IndexError) as error:
            raise StoreDamaged(path=self._path, reason=f"vectors: {error}") from error

    def _debate(self, mark: Mark) -> Part:
        row = self._searched(mark.key)
        try:
            columns, postings = unpacked(row["windows"]), Postings.of_arrays(unpacked(row["terms"]))
            count = len(columns[COLUMNS[0]])
            if count != len(postings.lengths):
                raise ValueError(f"{count} windows, {len(postings.lengths)} texts")
            return Part.of_debate(mark, columns, postings)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise StoreDamaged(path=self._path, reason=f"windows {mark.key}: {error}") from error

    def _searched(self, key: int) -> Any:
        """Raises StoreDamaged."""
        rows = self._rows("SELECT windows, terms FROM searched WHERE key = ?", key)
        if not rows:
            raise StoreDamaged(path=self._path, reason=f"no windows {key}")
        return rows[0]

    def vectors_of(self, key: int) -> Vectors:
        """Of the windows of one debate, in the order of their numbers."""
        return _unit(self._vector_rows(key))

    def all_vectors_of(self, key: int, count: int) -> Vectors:
        """The same. Raises StoreDamaged unless there are ``count``."""
        found = self._vector_rows(key)
        if len(found) != count:
            raise StoreDamaged(path=self._path, reason=f"{count} windows {key}, {len(found)} vectors")
        return _unit(found)

    def sixteen_bits(self, key: int) -> Vectors:
        """The same as they are stored, not quite of length 1."""
        return _sixteen_bits(self._vector_rows(key))

    def terms_of(self, key: int) -> list[list[str]]:
        """Of each window of one debate, in the order of their bytes, as often as they stand there."""
        postings = Postings.of_arrays(unpacked(self._searched(key)["terms"]))
        found: list[list[str]] = [[] for _length in postings.lengths]
        for term in map(bytes.decode, postings.terms()):
            docs, counts = postings.of(term)
            for doc, count in zip(docs.tolist(), counts.tolist(), strict=True):
                found[doc] += [term] * count
        return found

    def _vector_rows(self, key: int) -> list[Any]:
        first = key << ID_BITS
        last = first + (1 << ID_BITS) - 1
        return self._rows("SELECT vector FROM vectors WHERE id BETWEEN ? AND ? ORDER BY id", first, last)

    def by_window(self, key: int) -> dict[tuple[int, int, int], Vectors]:
        """The vectors of one debate by width, first and last piece."""
        columns = unpacked(self._searched(key)["windows"])
        places = zip(*(columns[name].tolist() for name in ("width", "first", "last")), strict=True)
        return dict(zip(places, self.vectors_of(key), strict=True))

    def vectors(self, ids: Places) -> Vectors:
        """Of the windows with these ``ids``, in their order. Raises StoreDamaged."""
        order = np.argsort(ids, kind="stable")
        wanted: list[int] = ids[order].tolist()
        found = _unit([row for some in _some(wanted) for row in self._asked(some)])
        if len(found) != len(wanted):
            raise StoreDamaged(path=self._path, reason=f"{len(wanted)} windows, {len(found)} vectors")
        vectors = np.empty_like(found)
        vectors[order] = found
        return vectors

    def _asked(self, ids: Sequence[int]) -> list[Any]:
        marks = ", ".join("?" * len(ids))
        return self._rows(f"SELECT vector FROM vectors WHERE id IN ({marks}) ORDER BY id", *ids)

    def said(self, speakers: Iterable[str]) -> Places:
        """Where they speak: the row of the debate, and the position of the segment in the lower bits."""
        names = sorted(speakers)
        marks = ", ".join("?" * len(names))
        found = self._rows(
            f"SELECT debate << {POSITION_BITS} | position FROM segments WHERE speaker IN ({marks})", *names
        )
        return np.fromiter((row[0] for row in found), np.int64, len(found))


def rows_of(connection: sqlite3.Connection) -> Rows:
    """How ``connection`` is asked."""

    def rows(query: str, *values: Any) -> list[Any]:
        cursor = connection.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute(query, values).fetchall()

    return rows


def _some(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[begin : begin + _ASKED_AT_ONCE] for begin in range(0, len(ids), _ASKED_AT_ONCE))


def _unit(rows: Sequence[Any]) -> Vectors:
    """Float16 as stored -> float32 of length 1 again, ``(n, dim)``."""
    found = _sixteen_bits(rows)
    lengths = np.sqrt(np.einsum("nd,nd->n", found, found))
    scaled: Vectors = found / np.maximum(lengths, 1e-12)[:, None]
    return scaled


def _sixteen_bits(rows: Sequence[Any]) -> Vectors:
    if not rows:
        return np.zeros((0, 1), np.float32)
    return np.frombuffer(b"".join(row[0] for row in rows), "<f2").reshape(len(rows), -1).astype(np.float32)
