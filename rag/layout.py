"""A debate laid out for search: its pieces, turns and windows as columns, with an object for each piece that is looked
at. Kept while the debate does not change."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from index.pieces.table import Pieces, PieceTable
from index.pieces.tokens import TokenVectors
from index.store import Store
from index.types import Debate, Turn
from index.words.sentences import sentence_spans

_LEAST_TOKENS = 200
"""With fewer, what all tokens share is what the debate is about."""
_PIECES_KEPT = 1_000_000
_TOKENS_KEPT = 12_000_000
"""Of debates that were looked at, which are all of a small index: some 35 bytes a token and 150 a piece. Of an index
of a million windows that is half of the tokens and all pieces, 500 MB once some hundred questions were asked."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Layout:
    """``turn_of[i]`` is the turn of piece ``i``, ``words[i]`` how many words it has."""

    table: PieceTable
    _ends: dict[int, bool] = field(default_factory=dict)
    _turns: dict[int, Turn] = field(default_factory=dict)

    @classmethod
    def of(cls, debate: Debate) -> "Layout":
        return cls(PieceTable.of(debate))

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

    def turn_at(self, piece: int) -> Turn:
        """The turn of a piece."""
        number = self.turn_of[piece]
        known = self._turns.get(number)
        if known is None:
            known = self._turns[number] = self.table.turn(number)
        return known

    @cached_property
    def turn_of(self) -> list[int]:
        found: list[int] = self.table.turn_of.tolist()
        return found

    @cached_property
    def words(self) -> list[int]:
        found: list[int] = self.table.words.tolist()
        return found

    @cached_property
    def words_until(self) -> list[int]:
        """How many words there are before each piece, and in all."""
        found: list[int] = np.cumsum(self.table.words, dtype=np.int64).tolist()
        return [0, *found]

    def spoken(self, first: int, last: int) -> int:
        """The words of pieces ``first`` to ``last`` (both included), 0 where the first comes after the last."""
        return max(0, self.words_until[last + 1] - self.words_until[first])

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
    """The layouts and the token vectors of a store's debates, as many of the most recently used as fit in memory. Safe
    to share between threads; used inside ``store.reading()``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._layouts: _Recent[Layout] = _Recent(_PIECES_KEPT, lambda layout: len(layout.table))
        self._tokens: _Recent[TokenVectors | None] = _Recent(_TOKENS_KEPT, _size)

    def of(self, debate: str, generation: str | None = None) -> Layout:
        """``generation`` is that of the store, where the caller knows it. Raises DebateUnknown."""
        return self._layouts.of(debate, generation or self._store.generation(), self._read)

    def tokens_of(self, debate: str, generation: str | None = None) -> TokenVectors | None:
        """None where they are unknown, or too few. Raises DebateUnknown."""
        return self._tokens.of(debate, generation or self._store.generation(), self._read_tokens)

    def _read(self, debate: str) -> Layout:
        return Layout(self._store.pieces(debate))

    def _read_tokens(self, debate: str) -> TokenVectors | None:
        found = self._store.tokens(debate)
        return found if found is not None and len(found.codes) >= _LEAST_TOKENS else None


class _Recent(Generic[T]):
    """What was made of the debates of one state of the index, until it weighs too much: the last one is always
    there."""

    def __init__(self, most: int, weight: Callable[[T], int]) -> None:
        self._most = most
        self._weight = weight
        self._weighs = 0
        self._generation = ""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, T] = OrderedDict()

    def of(self, debate: str, generation: str, made: Callable[[str], T]) -> T:
        """What is there, or what is ``made``: without the lock, since others need not wait for it."""
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation, self._weighs = generation, 0
            if debate in self._kept:
                self._kept.move_to_end(debate)
                return self._kept[debate]
        found = made(debate)
        with self._lock:
            if generation == self._generation and debate not in self._kept:
                self._keep(debate, found)
        return found

    def _keep(self, debate: str, found: T) -> None:
        self._kept[debate] = found
        self._weighs += self._weight(found)
        while len(self._kept) > 1 and self._weighs > self._most:
            _debate, forgotten = self._kept.popitem(last=False)
            self._weighs -= self._weight(forgotten)


def _size(tokens: TokenVectors | None) -> int:
    return 1 if tokens is None else len(tokens.codes)
