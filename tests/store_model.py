"""What a store has to say, in plain Python: dictionaries, and every window compared with every question."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from index.pieces.windows import WIDTHS, pieces, windows
from index.speakers.corrections import Correction, renumbered
from index.store import Description, IndexedDebate, Relabelling
from index.types import Debate, Origin, Scope, Vectors
from index.words.lexical import terms
from tests.fakes import HashEncoder

Place = tuple[str, int, int]
K1, B = 1.2, 0.75


@dataclass
class Model:
    """One index. ``acts`` counts those of correction."""

    debates: dict[str, Debate] = field(default_factory=dict)
    bases: dict[str, Debate] = field(default_factory=dict)
    corrections: dict[str, list[Correction]] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    acts: int = 0

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        self._put(entry)
        self._rename(dict(entry.renames))
        self.fingerprint = self.fingerprint or fingerprint

    def _put(self, entry: IndexedDebate) -> None:
        self.debates[entry.debate.id] = entry.debate
        self.bases[entry.debate.id] = entry.base or entry.debate
        if entry.corrections is not None:
            made = renumbered(entry.corrections, self.acts)
            self.corrections[entry.debate.id] = made
            self.acts = max([self.acts, *(one.act or 0 for one in made)])

    def remove(self, debate: str) -> None:
        del self.debates[debate], self.bases[debate]
        self.corrections.pop(debate, None)
        if not self.debates:
            self.fingerprint = ""

    def relabel(self, change: Relabelling) -> None:
        for debate in change.debates:
            self.debates[debate.id] = debate
        for entry in change.recut:
            self._put(entry)
        for debate_id, made in self.corrections.items():
            self.corrections[debate_id] = [one for one in made if one.act not in change.removed]
        if any(change.added.values()):
            self.acts += 1
            for debate_id, new in change.added.items():
                told = [replace(one, act=self.acts) for one in new]
                self.corrections[debate_id] = [*self.corrections.get(debate_id, []), *told]
        self._rename(dict(change.renames))

    def _rename(self, renames: dict[str, str | None]) -> None:
        for name, person in renames.items():
            self.renames.pop(name, None)
            if person:
                self.renames[name] = person

    def describe(self, description: Description) -> None:
        self.debates[description.debate.id] = description.debate
        self.bases[description.debate.id] = description.base

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str) -> None:
        self.debates, self.bases, self.fingerprint = {}, {}, fingerprint if entries else ""
        for entry in entries:
            self._put(entry)

    def speakers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for debate in self.debates.values():
            for part in debate.segments:
                if part.speaker and part.attribution.origin is not Origin.SUGGESTED:
                    found.setdefault(part.speaker, set()).add(debate.id)
        return {name: frozenset(debates) for name, debates in found.items()}

    # searching

    def _windows(self) -> Iterator[tuple[Debate, Place, int, str]]:
        for debate in self.debates.values():
            for width in WIDTHS:
                for window in windows(pieces(debate.segments), width):
                    yield debate, (debate.id, window.first, window.last), width, window.text

    def _in_scope(self, width: int, scope: Scope) -> Iterator[tuple[Debate, Place, str]]:
        for debate, place, its, text in self._windows():
            if its == width and _fits(debate, place, scope):
                yield debate, place, text

    def dense(self, vector: Vectors, width: int, scope: Scope) -> dict[Place, float]:
        return {place: _cosine(text, vector) for _debate, place, text in self._in_scope(width, scope)}

    def background(self, vector: Vectors) -> tuple[float, float]:
        cosines = [_cosine(text, vector) for _debate, _place, _width, text in self._windows()]
        return (float(np.mean(cosines)), max(float(np.std(cosines)), 1e-6)) if len(cosines) > 1 else (0.0, 1.0)

    def lexical(self, wanted: Sequence[str], width: int, scope: Scope) -> dict[Place, float]:
        """BM25 over the windows of all widths."""
        every = [_words(text, debate.language) for debate, _place, _width, text in self._windows()]
        mean = max(sum(one.total() for one in every), 1) / max(len(every), 1)
        found = {}
        for debate, place, text in self._in_scope(width, scope):
            words = _words(text, debate.language)
            norm = K1 * (1 - B + B * words.total() / mean)
            score = sum(
                _idf(term, every) * words[term] * (K1 + 1) / (words[term] + norm) for term in wanted if words[term]
            )
            if score > 0:
                found[place] = score
        return found

    def vocabulary(self) -> dict[str, int]:
        found = Counter[str]()
        for debate, _place, _width, text in self._windows():
            found.update(set(_words(text, debate.language)))
        return dict(found)


def _fits(debate: Debate, place: Place, scope: Scope) -> bool:
    if scope.debates is not None and debate.id not in scope.debates:
        return False
    if scope.date_from is not None and (debate.date is None or debate.date < scope.date_from):
        return False
    if scope.date_to is not None and (debate.date is None or debate.date > scope.date_to):
        return False
    _id, first, last = place
    heard = {piece.speaker for piece in pieces(debate.segments)[first : last + 1]}
    return scope.speakers is None or bool(heard & scope.speakers)


def _cosine(text: str, vector: Vectors) -> float:
    return float(_vector(text) @ vector)


@cache
def _vector(text: str) -> Vectors:
    return HashEncoder().embed_query(text)


@cache
def _words(text: str, language: str) -> Counter[str]:
    return Counter(terms(text, language))


def _idf(term: str, every: Sequence[Counter[str]]) -> float:
    count = sum(term in one for one in every)
    return max(1e-6, math.log((len(every) - count + 0.5) / (count + 0.5)))
