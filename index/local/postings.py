"""In which windows each term stands, and how often: what BM25 is made from, as a few long arrays.

    term -> the numbers of its windows, ascending, and how often it stands in each

The terms lie in the order of their bytes, so that one is found by halving; nothing is unpacked to search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.local.arrays import Array

Places = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Postings:
    """``spelling`` are the terms in UTF-8, one after another, each up to its place in ``ends``; term ``t`` stands in
    ``docs[offsets[t]:offsets[t + 1]]``, ``counts`` times in each; ``lengths[doc]`` is how many terms it has."""

    spelling: Array
    ends: Array
    offsets: Array
    docs: Array
    counts: Array
    lengths: Array

    @classmethod
    def of_terms(cls, texts: Sequence[Sequence[str]]) -> "Postings":
        """Those of windows given by their terms."""
        lengths = np.array([len(terms) for terms in texts], np.int64)
        numbers: dict[str, int] = {}
        stands = np.array([numbers.setdefault(term, len(numbers)) for terms in texts for term in terms], np.int64)
        spelled = sorted((term.encode(), number) for term, number in numbers.items())
        rank = np.empty(len(spelled), np.int64)
        rank[[number for _term, number in spelled]] = np.arange(len(spelled))
        size = max(len(texts), 1)
        keys, counts = np.unique(rank[stands] * size + np.repeat(np.arange(len(texts)), lengths), return_counts=True)
        per_term = np.bincount(keys // size, minlength=len(spelled))
        return cls._of([term for term, _number in spelled], per_term, keys % size, counts, lengths)

    @classmethod
    def merged(cls, parts: Sequence[tuple["Postings", Places]], size: int) -> "Postings":
        """Of several in one of ``size`` windows. Each comes with the new number of each of its windows, -1 for one that
        is left out."""
        numbers: dict[bytes, int] = {}
        own = [[numbers.setdefault(term, len(numbers)) for term in part.terms()] for part, _places in parts]
        terms = sorted(numbers)
        rank = np.empty(len(terms), np.int64)
        rank[[numbers[term] for term in terms]] = np.arange(len(terms))
        lengths = np.zeros(size, np.int64)
        keys = []
        most = 1 + max((int(part.counts.max()) for part, _places in parts if len(part.counts)), default=0)
        for (part, places), named in zip(parts, own, strict=True):
            kept = places >= 0
            lengths[places[kept]] = part.lengths[kept]
            rows = np.repeat(rank[np.array(named, np.int64)], np.diff(part.offsets))
            to = places[part.docs]
            # one number for term, window and count: to sort these at once is ten times faster than to sort by columns
            keys.append(((rows * size + to) * most + part.counts)[to >= 0])
        key = np.sort(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
        places_of, counts = key // most, key % most
        per_term = np.bincount(places_of // max(size, 1), minlength=len(terms))
        used = [term for term, count in zip(terms, per_term, strict=True) if count]
        return cls._of(used, per_term[per_term > 0], places_of % max(size, 1), counts, lengths)

    @classmethod
    def _of(cls, terms: Sequence[bytes], per_term: Any, docs: Array, counts: Array, lengths: Array) -> "Postings":
        return cls(
            spelling=np.frombuffer(b"".join(terms), np.uint8),
            ends=np.cumsum([len(term) for term in terms], dtype=np.int64),
            offsets=np.concatenate([[0], np.cumsum(per_term, dtype=np.int64)]).astype(np.int64),
            docs=docs.astype(np.int32),
            counts=_narrow(counts),
            lengths=_narrow(lengths),
        )

    def arrays(self) -> dict[str, Array]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> "Postings":
        """Raises KeyError."""
        return cls(**{name: arrays[name] for name in cls.__slots__})

    def terms(self) -> list[bytes]:
        """In the order of their bytes."""
        whole, begin, found = self.spelling.tobytes(), 0, []
        for end in self.ends.tolist():
            found.append(whole[begin:end])
            begin = end
        return found

    def of(self, term: str) -> tuple[Array, Array]:
        """The windows of ``term``, ascending, and how often it stands in each."""
        wanted, low, high = term.encode(), 0, len(self.ends)
        while low < high:
            middle = (low + high) // 2
            if self._spelled(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        if low == len(self.ends) or self._spelled(low) != wanted:
            return self.docs[:0], self.counts[:0]
        here = slice(int(self.offsets[low]), int(self.offsets[low + 1]))
        return self.docs[here], self.counts[here]

    def frequencies(self, alive: Bools | None) -> dict[str, int]:
        """In how many windows each term stands, of those that are ``alive`` (None: all)."""
        if alive is None:
            found = np.diff(self.offsets)
        else:
            upto = np.concatenate([[0], np.cumsum(alive[self.docs])])
            found = upto[self.offsets[1:]] - upto[self.offsets[:-1]]
        return {term.decode(): count for term, count in zip(self.terms(), found.tolist(), strict=True) if count}

    def _spelled(self, number: int) -> bytes:
        begin = int(self.ends[number - 1]) if number else 0
        return bytes(self.spelling[begin : int(self.ends[number])])


def _narrow(values: Array) -> Array:
    """In as few bytes as hold the largest."""
    return values.astype(np.min_scalar_type(int(values.max()) if len(values) else 0))
