"""A debate and the vectors of its windows -> the units between which a chapter may begin, and where exactly it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.pieces.windows import WIDTHS
from index.types import Vectors
from index.words.lexical import terms
from rag.chapters.cutting import MOST_UNITS, cuts, features, part_count
from rag.layout import Layout

_REACH = 45
"""Words on either side of a cut in which the chapter may begin."""
_PER_WORD = 0.03


@dataclass(frozen=True, slots=True)
class Unit:
    """Pieces ``first`` to ``last`` with the mean vector of the windows that begin there."""

    first: int
    last: int
    vector: Vectors


def units_of(layout: Layout, vectors: Mapping[tuple[int, int, int], Vectors]) -> list[Unit]:
    """In order, without gaps; at most ``MOST_UNITS``. ``vectors`` are by width, first and last piece."""
    narrow, wide = min(WIDTHS), max(WIDTHS)
    starts = sorted((first, last) for width, first, last in vectors if width == narrow)
    stride = -(-len(starts) // MOST_UNITS)
    groups = [starts[at : at + stride] for at in range(0, len(starts), stride)]
    around = sorted((first, last) for width, first, last in vectors if width == wide)
    found = []
    for number, group in enumerate(groups):
        first = group[0][0]
        last = (groups[number + 1][0][0] if number + 1 < len(groups) else len(layout.pieces)) - 1
        near = np.mean([vectors[narrow, *place] for place in group], axis=0)
        context = [vectors[wide, *place] for place in around if place[0] <= first and last <= place[1]]
        found.append(Unit(first, last, near + np.mean(context, axis=0) if context else 2 * near))
    return found


def chapter_starts(layout: Layout, units: Sequence[Unit]) -> list[int]:
    """The pieces with which chapters begin, the first one included."""
    if not units:
        return [0]
    language = layout.language
    spoken = [sum(layout.words[unit.first : unit.last + 1]) for unit in units]
    said = [terms(layout.text(unit.first, unit.last), language) for unit in units]
    rows = features(np.array([unit.vector for unit in units]), said)
    found = cuts(rows, spoken, part_count(sum(spoken)))
    return sorted({0, *(_snapped(layout, units[cut].first) for cut in found)})


def _snapped(layout: Layout, place: int) -> int:
    """The likeliest beginning near ``place``: a turn that asks, then a turn, then a sentence."""
    best, most = place, _beginning(layout, place)
    for step in (-1, 1):
        words, at = 0, place
        while 0 < at + step < len(layout.pieces):
            words += layout.words[at if step > 0 else at - 1]
            at += step
            if words > _REACH:
                break
            value = _beginning(layout, at) - _PER_WORD * words
            if value > most:
                best, most = at, value
    return best


def _beginning(layout: Layout, place: int) -> float:
    turn = layout.turn_at(place)
    sentence = layout.pieces[place - 1].text.rstrip('"”»’) ').endswith((".", "!", "?", "…"))
    if turn.first != place or place == 0:
        return 1.0 * sentence
    asks = any(piece.text.endswith("?") for piece in layout.pieces[turn.first : turn.last + 1])
    return 1.5 + 0.5 * sentence + 1.0 * asks
