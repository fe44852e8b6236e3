"""The terms of an index as they can be looked for by ear, made once for each state of the index."""

from collections.abc import Iterator, Mapping
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
    """``counts`` are windows by term, of ``windows``; ``sounding`` the rare terms by their consonants, ``starting`` by
    their first letter."""

    counts: Mapping[str, int]
    windows: int
    sounding: Mapping[str, tuple[str, ...]]
    starting: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, counts: Mapping[str, int], windows: int) -> "Vocabulary":
        sounding: dict[str, list[str]] = {}
        starting: dict[str, list[str]] = {}
        for term in _rare(counts, windows):
            sounding.setdefault(consonants(term), []).append(term)
            starting.setdefault(term[0], []).append(term)
        return cls(counts, windows, _frozen(sounding), _frozen(starting))

    def rare(self, term: str) -> bool:
        """Whether it stands somewhere, and not all over the place."""
        return 0 < self.counts.get(term, 0) <= _most(self.windows)

    def like(self, term: str) -> Iterator[str]:
        """Rare terms that may be ``term`` misheard: the same consonants."""
        yield from self.sounding.get(consonants(term), ())

    def typed_like(self, term: str) -> Iterator[str]:
        """Rare terms with the same first letter that differ in one more."""
        among = self.starting.get(term[:1], ())
        for found, _distance, _at in process.extract(term, among, scorer=OSA.distance, score_cutoff=1, limit=None):
            yield found


def _rare(counts: Mapping[str, int], windows: int) -> Iterator[str]:
    most = _most(windows)
    return (
        term
        for term, count in counts.items()
        if count <= most and _SHORTEST <= len(term) <= _LONGEST and term.isalpha()
    )


def _most(windows: int) -> float:
    return max(_RARE, _RARE_SHARE * windows)


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(terms) for key, terms in found.items()}
