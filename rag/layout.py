"""A debate laid out for search: its pieces, turns and windows, computed once and kept while the debate does not
change."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.build import WIDTHS
from index.store import Store
from index.tokens import TokenVectors
from index.types import Debate, Segment, Turn
from index.windows import pieces, turns, windows

_LEAST_TOKENS = 200
"""With fewer, what all tokens share is what the debate is about."""
_PIECES_KEPT = 200_000
"""About 200 MB with their tokens: a hundred hours of talk."""


@dataclass(frozen=True)
class Layout:
    """``turn_of[i]`` is the turn of piece ``i``; ``covers[width][i]`` how many windows of that width hold it (at
    least 1); ``tokens`` may be unknown."""

    debate: Debate
    pieces: tuple[Segment, ...]
    turns: tuple[Turn, ...]
    turn_of: tuple[int, ...]
    words: tuple[int, ...]
    covers: dict[int, npt.NDArray[np.float64]]
    tokens: TokenVectors | None = None

    @classmethod
    def of(cls, debate: Debate, tokens: TokenVectors | None = None) -> "Layout":
        parts = pieces(debate.segments)
        runs = turns(parts)
        return cls(
            debate=debate,
            pieces=tuple(parts),
            turns=tuple(runs),
            turn_of=tuple(number for number, run in enumerate(runs) for _ in range(run.first, run.last + 1)),
            words=tuple(len(part.text.split()) for part in parts),
            covers={width: _covers(parts, width) for width in WIDTHS},
            tokens=tokens if tokens is not None and len(tokens.codes) >= _LEAST_TOKENS else None,
        )


class Layouts:
    """The layouts of a store's debates, as many of the most recently used as fit in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = ""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Layout] = OrderedDict()

    def of(self, debate: str) -> Layout:
        """Raises DebateUnknown."""
        with self._lock:
            generation = self._store.generation()
            if generation != self._generation:
                self._kept.clear()
                self._generation = generation
            if debate not in self._kept:
                self._kept[debate] = Layout.of(self._store.debate(debate), self._store.tokens(debate))
                self._forget()
            self._kept.move_to_end(debate)
            return self._kept[debate]

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(len(layout.pieces) for layout in self._kept.values()) > _PIECES_KEPT:
            self._kept.popitem(last=False)


def _covers(parts: list[Segment], width: int) -> npt.NDArray[np.float64]:
    counts = np.zeros(len(parts))
    for window in windows(parts, width):
        counts[window.first : window.last + 1] += 1
    return counts
