"""A debate laid out for search: its pieces, turns and windows as columns, with an object for each piece that is looked
at. Kept while the debate does not change."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.piece_table import Pieces, PieceTable
from index.sentences import sentence_spans
from index.store import Store
from index.tokens import TokenVectors
from index.types import Debate, Turn

_LEAST_TOKENS = 200
"""With fewer, what all tokens share is what the debate is about."""
_PIECES_KEPT = 200_000
"""About 200 MB with their tokens: a hundred hours of talk."""


@dataclass(frozen=True, eq=False)
class Layout:
    """``turn_of[i]`` is the turn of piece ``i``, ``words[i]`` how many words it has; ``tokens`` may be unknown."""

    table: PieceTable
    tokens: TokenVectors | None = None
    _ends: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, debate: Debate, tokens: TokenVectors | None = None) -> "Layout":
        return cls.over(PieceTable.of(debate), tokens)

    @classmethod
    def over(cls, table: PieceTable, tokens: TokenVectors | None = None) -> "Layout":
        return cls(table, tokens if tokens is not None and len(tokens.codes) >= _LEAST_TOKENS else None)

    @property
    def debate(self) -> str:
        """Its id."""
        return self.table.debate

    @property
    def language(self) -> str:
        return self.table.language

    @cached_property
    def pieces(self) -> Pieces:
        """Each is made when it is looked at."""
        return Pieces(self.table)

    @cached_property
    def turns(self) -> list[Turn]:
        return [self.table.turn(number) for number in range(len(self.table.turn_first))]

    @cached_property
    def turn_of(self) -> list[int]:
        found: list[int] = self.table.turn_of.tolist()
        return found

    @cached_property
    def words(self) -> list[int]:
        found: list[int] = self.table.words.tolist()
        return found

    @cached_property
    def _until(self) -> list[int]:
        found: list[int] = np.cumsum(self.table.words, dtype=np.int64).tolist()
        return [0, *found]

    def spoken(self, first: int, last: int) -> int:
        """The words of pieces ``first`` to ``last`` (both included), 0 where the first comes after the last."""
        return max(0, self._until[last + 1] - self._until[first])

    @cached_property
    def turn_words(self) -> npt.NDArray[np.int64]:
        """The words of the turn of each piece."""
        spoken: npt.NDArray[np.int64] = np.add.reduceat(self.table.words.astype(np.int64), self.table.turn_first)
        return spoken[self.table.turn_of]

    def text(self, first: int, last: int) -> str:
        """Of pieces ``first`` to ``last`` (both included), as ``joined_text`` gives it."""
        return self.table.text_of(first, last)

    def ends_sentence(self, at: int) -> bool:
        """Whether piece ``at`` does: not after « M. », nor before « » » that belongs to it; the last piece does."""
        known = self._ends.get(at)
        if known is None:
            end = len(self.text(at, at))
            around = self.text(at, min(at + 1, len(self.table) - 1))
            known = self._ends[at] = any(stop == end for _begin, stop in sentence_spans(around))
        return known


class Layouts:
    """The layouts of a store's debates, as many of the most recently used as fit in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = ""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Layout] = OrderedDict()
        self._pieces = 0

    def of(self, debate: str) -> Layout:
        """Call it inside ``store.reading()``. Raises DebateUnknown."""
        return self.of_each([debate])[0]

    def of_each(self, debates: Sequence[str]) -> list[Layout]:
        """The same of several, in their order."""
        generation = self._store.generation()
        return [self._known(debate, generation) or self._read(debate, generation) for debate in debates]

    def _known(self, debate: str, generation: str) -> Layout | None:
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation, self._pieces = generation, 0
            if debate in self._kept:
                self._kept.move_to_end(debate)
            return self._kept.get(debate)

    def _read(self, debate: str, generation: str) -> Layout:
        """Without the lock, since others need not wait for it."""
        found = Layout.over(self._store.pieces(debate), self._store.tokens(debate))
        with self._lock:
            if generation == self._generation and debate not in self._kept:
                self._kept[debate] = found
                self._pieces += len(found.table)
                while len(self._kept) > 1 and self._pieces > _PIECES_KEPT:
                    _debate, forgotten = self._kept.popitem(last=False)
                    self._pieces -= len(forgotten.table)
        return found
