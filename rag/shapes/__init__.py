"""Shapes of answer beyond quotes in the order of their scores: by speaker, by time, by person, by chapter, in pairs.

Each shape is a function of what was found; it gives None where there is nothing to show, and the ordinary answer, or
abstention, stands.
"""

from collections.abc import Callable

from rag.shapes.each import each
from rag.shapes.exchange import exchange
from rag.shapes.listing import listing
from rag.shapes.overview import overview
from rag.shapes.shape import Part, Searched, Shape
from rag.shapes.when import when
from rag.shapes.who import who
from rag.types import Kind

__all__ = ["Part", "Searched", "Shape", "shaped"]

_SHAPES: dict[Kind, Callable[[Searched], Shape | None]] = {
    Kind.WHO: who,
    Kind.WHEN: when,
    Kind.EACH: each,
    Kind.OVERVIEW: overview,
    Kind.EXCHANGE: exchange,
    Kind.LIST: listing,
}


def shaped(found: Searched) -> Shape | None:
    """The answer in the shape that the question's kind wants; None where quotes alone are it."""
    make = _SHAPES.get(found.question.kind)
    return make(found) if make else None
