"""How the transcripts write a term: terms are folded stems, and a name shows by its capital.

"blackwal" -> NVIDIA «BlackWall» plus
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

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


class Written:
    """The places of a term, each looked at when it is asked for: where the first one has a small letter, it is no
    name."""

    def __init__(self, places: Iterable[Seen]) -> None:
        self._looked_at: list[Seen] = []
        self._ahead = iter(places)

    def __iter__(self) -> Iterator[Seen]:
        yield from self._looked_at
        for one in self._ahead:
            self._looked_at.append(one)
            yield one

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.form for one in self))

    @property
    def as_name(self) -> bool:
        """With a capital where no sentence begins, and never in small letters."""
        inside = False
        for one in self:
            if one.form[0].islower():
                return False
            inside = inside or (not one.begins and one.form[0].isupper())
        return inside


def written(store: Store, layouts: Layouts, term: str, scope: Scope) -> Written:
    """How the debates of ``scope`` write ``term``; all in capitals, they tell nothing. Call it inside
    ``store.reading()``, and look at what it gives there."""
    return Written(_places(store, layouts, term, scope))


def _places(store: Store, layouts: Layouts, term: str, scope: Scope) -> Iterator[Seen]:
    generation = store.generation()
    for hit in store.lexical((term,), min(WIDTHS), _WINDOWS, scope):
        layout = layouts.of(hit.debate, generation)
        text = layout.text(hit.first, hit.last)
        if not text.isupper():
            yield from seen_in(text, term, layout.language)


def seen_in(text: str, term: str, language: str) -> Iterator[Seen]:
    """The places of ``term`` in ``text``."""
    for match in _WORD.finditer(text):
        for begin, end in _spans(match):
            form = text[begin:end]
            if _initial(form[0]) == term[0] and term_of("".join(_PART.findall(form)), language) == term:
                before, after = text[:begin], text[end:]
                yield Seen(form, _last(before), _first(after), bool(_BEGINS.search(before)))


@lru_cache(maxsize=1024)
def _initial(character: str) -> str:
    """Most words are none of those looked for, as their first letter tells."""
    return fold(character)[:1]


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
