"""Where the subject changes: units of a debate -> the best cuts into a given number of parts. Pure.

The parts are those whose units are nearest to their mean, over vectors and words together: least squares, found exactly
by dynamic programming (Fisher 1958, "On grouping for maximum homogeneity"; Fragkou, Petridis and Kehagias 2004, "A
dynamic programming algorithm for linear text segmentation").
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.types import Vectors

MOST_UNITS = 600
"""The work grows with the square of it: a debate of six hours takes units of about a hundred words."""
_LEXICAL = 0.7
"""What shared words count beside vectors."""
_TERMS = 1500
_LEAST_WORDS = 90
"""Of a part."""
_PACE = 150
_MOST_PARTS = 40

Features = npt.NDArray[np.float64]


def part_count(words: int) -> int:
    """How many parts a debate of so many words has: more slowly than it grows, as tables of contents do.

    >>> [part_count(words) for words in (30, 2300, 9000, 54000)]
    [1, 5, 9, 23]
    """
    wanted = round(1.2 * math.sqrt(words / _PACE))
    return max(1, min(wanted, words // _LEAST_WORDS, _MOST_PARTS))


def features(vectors: Vectors, terms: Sequence[Sequence[str]]) -> Features:
    """One row a unit: its vector less the debate's mean, and its words by tf-idf, each of length 1."""
    dense = np.asarray(vectors, np.float64)
    dense = _unit_rows(dense - dense.mean(axis=0))
    return np.hstack([dense, _LEXICAL * _weighted(terms)])


def cuts(rows: Features, words: Sequence[int], parts: int) -> list[int]:
    """Where the second to the last part begin: at most ``parts - 1`` rows, in order, none leaving a part of fewer than
    some ninety words. ``words`` are those of each row."""
    count = len(rows)
    likeness = rows @ rows.T
    sums = np.pad(likeness.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    energy = np.concatenate([[0.0], np.cumsum(likeness.diagonal())])
    spoken = np.concatenate([[0], np.cumsum(words)])
    least = np.full(count + 1, np.inf)
    least[0] = 0.0
    scatter = [_scatter(sums, energy, spoken, end) for end in range(1, count + 1)]
    begun: list[npt.NDArray[np.intp]] = []
    for _part in range(parts):
        following = np.full(count + 1, np.inf)
        best = np.zeros(count + 1, np.intp)
        for end in range(1, count + 1):
            total = least[:end] + scatter[end - 1]
            best[end] = int(np.argmin(total))
            following[end] = total[best[end]]
        if not np.isfinite(following[count]):
            break
        begun.append(best)
        least = following
    return _traced(begun, count)


def _scatter(sums: Features, energy: Features, spoken: npt.NDArray[np.int_], end: int) -> Features:
    """Of the rows from each beginning to ``end``: squared distances to their mean; infinite where too few words.
    ``sums[i, j]`` is that of the likeness of the first i rows with the first j, ``energy`` of each with itself."""
    lengths = end - np.arange(end)
    total = sums[end, end] - sums[:end, end] - sums[end, :end] + sums.diagonal()[:end]
    found: Features = energy[end] - energy[:end] - total / lengths
    found[spoken[end] - spoken[:end] < min(_LEAST_WORDS, spoken[-1])] = np.inf
    return found


def _traced(begun: Sequence[npt.NDArray[np.intp]], count: int) -> list[int]:
    found: list[int] = []
    end = count
    for best in reversed(begun):
        end = int(best[end])
        found.append(end)
    return sorted(place for place in found if 0 < place < count)


def _weighted(terms: Sequence[Sequence[str]]) -> Features:
    """Terms that stand in two units at least and not in half of them."""
    spread = Counter(term for unit in terms for term in set(unit))
    kept = [term for term, units in spread.most_common() if 1 < units <= max(2, len(terms) / 2)][:_TERMS]
    column = {term: number for number, term in enumerate(kept)}
    rows = np.zeros((len(terms), max(len(kept), 1)))
    for row, unit in enumerate(terms):
        for term, times in Counter(unit).items():
            if term in column:
                rows[row, column[term]] = (1 + math.log(times)) * math.log(len(terms) / spread[term])
    return _unit_rows(rows)


def _unit_rows(rows: Features) -> Features:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Features = rows / np.where(lengths > 0, lengths, 1.0)
    return found
