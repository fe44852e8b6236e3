"""How much a debate takes in an index: the bytes of what is stored of it, alike for every engine.

What an engine adds around them (pages, its own structures) is not counted, nor what people correct later.
"""

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import TypeAlias

from index.originals import packed
from index.pieces.table import PieceTable
from index.store import IndexedDebate
from index.types import Debate

Admit: TypeAlias = Callable[[str, int], None]
"""Told the id of a debate that is about to be stored and its bytes, raises where it may not be: first before it is
embedded, with the least that it takes, then with all of it."""


def least_weight(debate: Debate) -> int:
    """Bytes of its text, which are stored in any case."""
    return sum(len(segment.text.encode()) for segment in debate.segments)


def weight(entry: IndexedDebate) -> int:
    """Bytes of its text, the times of its words, its original, its pieces, the terms of its windows, its token vectors,
    and of the vectors at two a value."""
    debate, base = entry.debate, entry.base or entry.debate
    words = [astuple(word) for segment in debate.segments for word in segment.words]
    kept = (
        PieceTable.of(debate).to_bytes(),
        packed(base),
        json.dumps(words, ensure_ascii=False).encode() if words else b"",
        entry.origin.report.to_json().encode() if entry.origin else b"",
        entry.tokens.to_bytes() if entry.tokens is not None else b"",
    )
    terms = sum(len(term.encode()) for window in entry.terms for term in window)
    return least_weight(debate) + sum(map(len, kept)) + terms + 2 * entry.vectors.size
