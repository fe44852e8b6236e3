"""A part of what is searched: the windows of some debates as arrays, their words and their vectors. It never
changes.

Windows lie by width, then by the key of their debate, then by their number in it; ``place`` is where a window lies
among all, and vectors count from the first of their width.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.local.arrays import Array
from index.local.postings import Bools, Places, Postings
from index.local.rows import COLUMNS, ID_BITS
from index.local.vectors import CompressedVectors, ExactVectors
from index.types import Vectors

_NO_VECTORS: Vectors = np.zeros((0, 1), np.float32)


class Mark(NamedTuple):
    """Contents of a debate, for ever: keys are used once in a database, ``token`` tells databases apart."""

    key: int
    token: int


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each window: ``owner`` is the row of its debate's contents among the part's marks, ``number`` its own
    in the debate; pieces and segments ``first`` to ``last``, both included."""

    width: Array
    owner: Array
    number: Array
    first: Array
    last: Array
    first_segment: Array
    last_segment: Array

    def arrays(self) -> dict[str, Array]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> "Table":
        """Raises KeyError."""
        return cls(**{name: arrays[name] for name in cls.__slots__})

    def taken(self, rows: Places, owners: Array) -> "Table":
        """These ``rows`` with other ``owners``."""
        found = {name: array[rows] for name, array in self.arrays().items()}
        return Table.of_arrays({**found, "owner": owners[found["owner"]].astype(np.int32)})


@dataclass(frozen=True)
class Part:
    """``marks`` are ascending; ``vectors`` by width, None where they are not wanted yet."""

    marks: tuple[Mark, ...]
    table: Table
    postings: Postings
    vectors: Mapping[int, ExactVectors | CompressedVectors] | None

    @classmethod
    def of_debate(cls, mark: Mark, columns: Mapping[str, Array], postings: Postings) -> "Part":
        """From what the tables hold of one debate, in the order of its windows' numbers; without vectors."""
        count = len(columns["width"])
        order = np.argsort(columns["width"], kind="stable")
        numbers = np.arange(count, dtype=np.int32)
        table = Table(owner=np.zeros(count, np.int32), number=numbers, **{name: columns[name] for name in COLUMNS})
        if (order != numbers).any():
            places = np.empty(count, np.int64)
            places[order] = numbers
            postings = Postings.merged([(postings, places)], count)
        table = table.taken(order, np.zeros(1, np.int32))
        return cls((mark,), table, postings, None)

    @classmethod
    def merged(cls, parts: Sequence[tuple["Part", Bools | None]]) -> "Part":
        """Those debates of each part that are marked (None: all) in one part, with exact vectors."""
        kept = [(part, part.alive(marked)) for part, marked in parts]
        marks = sorted(
            mark for part, marked in parts for row, mark in enumerate(part.marks) if marked is None or marked[row]
        )
        row_of = {mark: row for row, mark in enumerate(marks)}
        tables = [
            part.table.taken(np.flatnonzero(alive), np.array([row_of.get(mark, -1) for mark in part.marks]))
            for part, alive in kept
        ]
        whole = {name: np.concatenate([getattr(table, name) for table in tables]) for name in Table.__slots__}
        order = np.lexsort((whole["number"], whole["owner"], whole["width"]))
        table = Table.of_arrays({name: array[order] for name, array in whole.items()})
        postings = Postings.merged(_renumbered([(part.postings, alive) for part, alive in kept], order), len(order))
        if any(part.vectors is None for part, _alive in kept):
            return cls(tuple(marks), table, postings, None)
        vectors = np.concatenate([found for part, alive in kept if len(found := part.exact()[alive])] or [_NO_VECTORS])
        return cls(tuple(marks), table, postings, _by_width(table, vectors[order]))

    def with_exact(self, of_debate: Callable[[Mark], Vectors]) -> "Part":
        """With the vectors of its debates, each in the order of its windows' numbers."""
        found = [of_debate(mark) for mark in self.marks]
        begins = np.cumsum([0, *map(len, found)])
        whole = np.concatenate([some for some in found if len(some)] or [_NO_VECTORS])
        rows = begins[self.table.owner] + self.table.number
        return replace(self, vectors=_by_width(self.table, whole[rows]))

    def __len__(self) -> int:
        return len(self.table.number)

    def span(self, width: int) -> slice:
        """The places of the windows of ``width``."""
        return self._spans.get(width, slice(0, 0))

    @cached_property
    def _spans(self) -> dict[int, slice]:
        widths, begins = np.unique(self.table.width, return_index=True)
        ends = [*begins[1:].tolist(), len(self)]
        return {
            width: slice(begin, end) for width, begin, end in zip(widths.tolist(), begins.tolist(), ends, strict=True)
        }

    def marked(self, wanted: Collection[Mark]) -> Bools:
        """Which of its debates are ``wanted``."""
        return np.array([mark in wanted for mark in self.marks], np.bool_)

    def alive(self, marked: Bools | None) -> Bools:
        """Which windows belong to debates that are ``marked``."""
        return np.ones(len(self), np.bool_) if marked is None else marked[self.table.owner]

    def ids(self, places: Places) -> Places:
        """The ids of the windows at ``places``."""
        found: Places = (self._keys[self.table.owner[places]] << ID_BITS) + self.table.number[places]
        return found

    @cached_property
    def _keys(self) -> Places:
        return np.array([mark.key for mark in self.marks], np.int64)

    def exact(self) -> Vectors:
        """Of all windows, in their places. Raises ValueError where they are compressed."""
        found = []
        for _width, vectors in sorted((self.vectors or {}).items()):
            if not isinstance(vectors, ExactVectors):
                raise ValueError("compressed vectors are not whole")
            found.append(vectors.vectors())
        return np.concatenate(found) if found else _NO_VECTORS


def _by_width(table: Table, vectors: Vectors) -> dict[int, ExactVectors | CompressedVectors]:
    widths, begins = np.unique(table.width, return_index=True)
    ends = [*begins[1:].tolist(), len(vectors)]
    return {
        int(width): ExactVectors(vectors[begin:end])
        for width, begin, end in zip(widths.tolist(), begins.tolist(), ends, strict=True)
    }


def _renumbered(parts: Sequence[tuple[Postings, Bools]], order: Places) -> list[tuple[Postings, Places]]:
    """With the new place of each window, -1 for one that goes; ``order`` are the rows that stay, one part after
    another, in their new places."""
    new = np.empty(len(order), np.int64)
    new[order] = np.arange(len(order))
    found, begin = [], 0
    for postings, alive in parts:
        places = np.full(len(alive), -1, np.int64)
        end = begin + int(alive.sum())
        places[alive] = new[begin:end]
        found.append((postings, places))
        begin = end
    return found
