"""The terms of an index as they can be looked for by ear, brought up for each state of the index."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.heard.sounds import consonants

_SHORTEST, _LONGEST = 4, 24
"""Letters of a term that may be a misheard name: stems are shorter than their words."""
_RARE_SHARE = 0.03
_RARE = 40
"""Windows: what stands in more, and in more than that share of them, is no misheard name."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``counts`` are windows by term, of ``windows``. ``sounding`` are terms by their consonants, ``starting`` by their
    first letter: all that may ever be a misheard name, common ones and some that are gone among them."""

    counts: Mapping[str, int]
    windows: int
    sounding: Mapping[str, tuple[str, ...]]
    starting: Mapping[str, tuple[str, ...]]
    known: frozenset[str]

    @classmethod
    def of(cls, counts: Mapping[str, int], windows: int, before: "Vocabulary | None" = None) -> "Vocabulary":
        """``before`` is that of an earlier state of the index: then only what is new is looked at, until more is gone
        than there is."""
        if before and len(before.known) > 2 * len(counts):
            before = None
        sounding = dict(before.sounding) if before else {}
        starting = dict(before.starting) if before else {}
        known = before.known if before else frozenset()
        _add(sounding, starting, counts.keys() - known)
        return cls(counts, windows, sounding, starting, known | counts.keys())

    def rare(self, term: str) -> bool:
        """Whether it stands somewhere, and not all over the place."""
        return 0 < self.counts.get(term, 0) <= max(_RARE, _RARE_SHARE * self.windows)

    def like(self, term: str) -> Iterator[str]:
        """Rare terms that may be ``term`` misheard: the same consonants."""
        yield from sorted(filter(self.rare, self.sounding.get(consonants(term), ())))

    def typed_like(self, term: str) -> Iterator[str]:
        """Rare terms with the same first letter that differ in one more."""
        among = self.starting.get(term[:1], ())
        found = process.extract(term, among, scorer=OSA.distance, score_cutoff=1, limit=None)
        yield from sorted(
            (near for near, _distance, _at in found if self.rare(near)), key=lambda near: (near != term, near)
        )


def _add(sounding: dict[str, tuple[str, ...]], starting: dict[str, tuple[str, ...]], terms: Iterable[str]) -> None:
    """Those of ``terms`` that may be a misheard name."""
    heard: dict[str, list[str]] = {}
    begun: dict[str, list[str]] = {}
    for term in terms:
        if _SHORTEST <= len(term) <= _LONGEST and term.isalpha():
            heard.setdefault(consonants(term), []).append(term)
            begun.setdefault(term[0], []).append(term)
    sounding.update({key: (*sounding.get(key, ()), *found) for key, found in heard.items()})
    starting.update({key: (*starting.get(key, ()), *found) for key, found in begun.items()})
