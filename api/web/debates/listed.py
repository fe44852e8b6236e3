"""The debates of a list: found by words of their title, their people and their id, in an order, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode

from index.types import DebateSummary
from index.words.lexical import fold
from rag.asked import Catalogue

PAGE = 50
"""Debates of a page: some 60 kB."""
_folded = lru_cache(maxsize=20_000)(fold)


class Order(StrEnum):
    """The newest first, those without a date last; or by title."""

    DATE = "date"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the ``found`` debates, of which the index has ``every``; ``page`` counts from 1."""

    debates: tuple[DebateSummary, ...]
    people: dict[str, tuple[str, ...]]
    search: str
    order: Order
    page: int
    pages: int
    found: int
    every: int

    def address(self, *, page: int = 1, order: Order | None = None) -> str:
        """Of another page of the same list."""
        fields = {"search": self.search, "sort": order or self.order, "page": page}
        usual = {"search": "", "sort": Order.DATE, "page": 1}
        query = urlencode({name: value for name, value in fields.items() if value != usual[name]})
        return f"/debates?{query}" if query else "/debates"


def listed(catalogue: Catalogue, search: str, order: Order, page: int) -> Listed:
    """A ``page`` that is none becomes the last one."""
    people = people_by_debate(catalogue)
    found = _ordered(found_by(search, catalogue, people), order)
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Listed(tuple(shown), people, search, order, page, pages, len(found), len(catalogue.debates))


def found_by(search: str, catalogue: Catalogue, people: Mapping[str, Sequence[str]]) -> list[DebateSummary]:
    """Those with every word of ``search`` in their title, their id or the names of their people, by id."""
    wanted = fold(search).split()
    return [one for one in catalogue.debates if _has(one, people[one.id], wanted)]


def people_by_debate(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """By debate: those announced, then whoever else speaks."""
    names = {debate.id: dict.fromkeys(person.name for person in debate.participants) for debate in catalogue.debates}
    for name in sorted(catalogue.speakers):
        for debate in catalogue.speakers[name]:
            names.get(debate, {}).setdefault(name)
    return {debate: tuple(known) for debate, known in names.items()}


def _has(debate: DebateSummary, people: Sequence[str], words: Sequence[str]) -> bool:
    if not words:
        return True
    text = " ".join(map(_folded, (debate.title, debate.id, *people)))
    return all(word in text for word in words)


def _ordered(debates: Sequence[DebateSummary], order: Order) -> list[DebateSummary]:
    by_title = sorted(debates, key=lambda debate: (_folded(debate.title), debate.id))
    if order is Order.TITLE:
        return by_title
    return sorted(by_title, key=lambda debate: debate.date.toordinal() if debate.date else 0, reverse=True)
