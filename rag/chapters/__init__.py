"""The chapters of a debate: where the subject changes, what each is called, who speaks. Without the model: from the
vectors in the index, and words."""

from collections import Counter
from dataclasses import dataclass

from index.store import Store
from index.types import Segment
from rag.chapters.titles import titles
from rag.chapters.units import chapter_starts, units_of
from rag.layout import Layout, Layouts


@dataclass(frozen=True, slots=True)
class Share:
    """``speaker`` (None: nobody known) says this share of a chapter's words, in [0, 1]."""

    speaker: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """Number ``n`` from 1, ``start`` to ``end`` in seconds, pieces ``first`` to ``last``. The ``title`` is made of
    ``phrases`` that stand in the transcript; ``speakers`` are those who speak, the one who speaks most first."""

    n: int
    title: str
    phrases: tuple[str, ...]
    start: float
    end: float
    speakers: tuple[Share, ...]
    first: int
    last: int


def chapters_of(store: Store, layouts: Layouts, debate: str) -> tuple[Chapter, ...]:
    """In order, without gaps; at least one. Raises DebateUnknown."""
    with store.reading():  # and no longer: those of a long debate take seconds, and others wait for the index
        layout, vectors = layouts.of(debate), store.vectors(debate)
    starts = chapter_starts(layout, units_of(layout, vectors))
    ends = [*(start - 1 for start in starts[1:]), len(layout.pieces) - 1]
    parts = [layout.pieces[first : last + 1] for first, last in zip(starts, ends, strict=True)]
    names = list(layout.table.people)
    names += sorted({piece.speaker for piece in layout.pieces if piece.speaker})
    named = titles(parts, layout.language, names)
    return tuple(
        _chapter(layout, number, first, last, phrases)
        for number, (first, last, phrases) in enumerate(zip(starts, ends, named, strict=True), start=1)
    )


def _chapter(layout: Layout, number: int, first: int, last: int, phrases: tuple[str, ...]) -> Chapter:
    parts = layout.pieces[first : last + 1]
    title = ", ".join(phrases) or " ".join(parts[0].text.split()[:6])
    end = max(part.end for part in parts)
    return Chapter(number, title, phrases, parts[0].start, end, _shares(parts), first, last)


def _shares(parts: tuple[Segment, ...]) -> tuple[Share, ...]:
    words: Counter[str | None] = Counter()
    for part in parts:
        words[part.speaker] += len(part.text.split())
    total = sum(words.values())
    return tuple(Share(speaker, round(count / total, 3)) for speaker, count in words.most_common())
