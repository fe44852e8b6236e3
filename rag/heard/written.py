"""How the transcripts write a term: terms are folded stems, and a name shows by its capital.

"blackwal" -> NVIDIA «BlackWall» plus
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.pieces.windows import WIDTHS
from index.store import Store
from index.types import Scope
from index.words.lexical import fold, term_of
from rag.layout import Layouts

_WINDOWS = 8
"""Looked at for one term: a rare one stands in few more."""
_WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_BEGINS = re.compile(r"(?:^|[.!?…:«“\"–—-])\s*$")


@dataclass(frozen=True, slots=True)
class Seen:
    """One place: the word as it stands, and its neighbours, empty where something but a space is between."""

    form: str
    before: str
    after: str
    begins: bool
    """Whether it begins a sentence, or the text that was looked at, where any word has a capital."""


@dataclass(frozen=True, slots=True)
class Written:
    """Every place that was looked at."""

    seen: tuple[Seen, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.form for one in self.seen))

    @property
    def as_name(self) -> bool:
        """With a capital where no sentence begins, and never in small letters."""
        inside = any(not one.begins and one.form[0].isupper() for one in self.seen)
        return inside and not any(one.form[0].islower() for one in self.seen)


def written(store: Store, layouts: Layouts, term: str, scope: Scope) -> Written:
    """How the debates of ``scope`` write ``term``; all in capitals, they tell nothing. Call it inside
    ``store.reading()``."""
    found: list[Seen] = []
    generation = store.generation()
    for hit in store.lexical((term,), min(WIDTHS), _WINDOWS, scope):
        layout = layouts.of(hit.debate, generation)
        text = layout.text(hit.first, hit.last)
        if not text.isupper():
            found += seen_in(text, term, layout.language)
    return Written(tuple(found))


def seen_in(text: str, term: str, language: str) -> Iterator[Seen]:
    """The places of ``term`` in ``text``."""
    for match in _WORD.finditer(text):
        for begin, end in _spans(match):
            form = text[begin:end]
            if fold(form[0])[:1] == term[0] and term_of("".join(_PART.findall(form)), language) == term:
                before, after = text[:begin], text[end:]
                yield Seen(form, _last(before), _first(after), bool(_BEGINS.search(before)))


def _spans(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Of the word and, for a compound, of its parts."""
    yield match.span()
    if not match[0].isalnum():
        yield from ((match.start() + part.start(), match.start() + part.end()) for part in _PART.finditer(match[0]))


def _last(before: str) -> str:
    found = re.search(r"([^\W_]+) $", before)
    return found[1] if found else ""


def _first(after: str) -> str:
    found = re.match(r" ([^\W_]+)", after)
    return found[1] if found else ""
