"""Where the words of a quote stand: whole, nearly, or in pieces. Pure, on words and keys of ``reading``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from index.words.lexical import is_stop_word
from rag.quotes.reading import key, occurrences

_SLACK = 4
"""Words by which the best passage may be longer or shorter at either end than it first seems."""
_STRETCHES = 16
_MORE_EDITS = 2
"""Than the best stretch: one that differs in more words may still say the same (2024, deux mille vingt-quatre)."""
_HOPELESS = 0.6
"""Of the quote's words: with more edits nothing is gained by choosing."""
_LEAST_ALIKE = 45.0
"""Of 100: under it a passage is not the quote in other words."""
_LEAST_PIECE = 4
"""Words of a piece that says something; more when all are stop words."""
_LEAST_EMPTY_PIECE = 6
_TRIED = 20
"""Occurrences of the first piece of a quote with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words ``first`` to before ``last`` of the quote are words ``at`` and following of ``debate``."""

    debate: str
    at: int
    first: int
    last: int

    @property
    def end(self) -> int:
        return self.at + self.last - self.first


def most_alike(quote: Sequence[str], words: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of ``words`` around one place with the fewest edits to ``quote``, the best first; none when nothing
    is like it."""
    found = fuzz.partial_ratio_alignment(quote, words, score_cutoff=_LEAST_ALIKE)
    if found is None or not words:
        return []
    size = min(len(quote), len(words))
    middle = found.dest_start if found.dest_end - found.dest_start >= size else max(found.dest_end - size, 0)
    begins = range(max(middle - _SLACK, 0), min(middle + _SLACK, len(words) - 1) + 1)
    ends = range(max(middle + size - _SLACK, 1), min(middle + size + _SLACK, len(words)) + 1)
    stretches = [(begin, end) for begin in begins for end in ends if begin < end]
    edits = {one: Levenshtein.distance(quote, words[one[0] : one[1]]) for one in stretches}
    ranked = sorted(stretches, key=lambda one: (edits[one], abs(one[1] - one[0] - len(quote)), one))
    if edits[ranked[0]] > _HOPELESS * len(quote):
        return ranked[:1]
    return [one for one in ranked[:_STRETCHES] if edits[one] <= edits[ranked[0]] + _MORE_EDITS]


def pieces_of(words: tuple[str, ...], keys: Mapping[str, str]) -> list[Piece] | None:
    """The fewest pieces, each of several words from one place, that make up all of ``words``; None when none do."""
    reach = _reach(words, keys)
    best: list[list[Piece] | None] = [[], *([None] * len(words))]
    for first in range(len(words)):
        before = best[first]
        if before is None or reach[first] is None:
            continue
        debate, farthest = reach[first] or ("", 0)
        for last in range(first + _LEAST_PIECE, farthest + 1):
            known = best[last]
            if _says(words[first:last]) and (known is None or len(known) > len(before) + 1):
                at = next(occurrences(words[first:last], keys[debate]))
                best[last] = [*before, Piece(debate, at, first, last)]
    return best[-1]


def in_order(parts: Sequence[tuple[int, int]], words: tuple[str, ...], debate: str, where: str) -> list[Piece] | None:
    """``parts`` of the quote (first word, before which word) one after the other in one debate, whose key is
    ``where``, with the least left out; None when they are not there."""
    starts = list(occurrences(words[slice(*parts[0])], where))[:_TRIED]
    chains = [chain for start in starts if (chain := _chain(parts, words, debate, where, start))]
    return min(chains, key=lambda chain: chain[-1].end - chain[0].at, default=None)


def _chain(
    parts: Sequence[tuple[int, int]], words: tuple[str, ...], debate: str, where: str, start: int
) -> list[Piece] | None:
    chain = [Piece(debate, start, *parts[0])]
    for first, last in parts[1:]:
        at = next((at for at in occurrences(words[first:last], where) if at >= chain[-1].end), None)
        if at is None:
            return None
        chain.append(Piece(debate, at, first, last))
    return chain


def _says(words: Sequence[str]) -> bool:
    return len(words) >= _LEAST_EMPTY_PIECE or not all(map(is_stop_word, words))


def _reach(words: tuple[str, ...], keys: Mapping[str, str]) -> list[tuple[str, int] | None]:
    """For each word, how far the quote goes on from there in one place, and in which debate."""
    reach: list[tuple[str, int] | None] = [None] * len(words)
    for debate, where in keys.items():
        last = 0
        for first in range(len(words) - _LEAST_PIECE + 1):
            last = max(last, first + _LEAST_PIECE - 1)
            while last < len(words) and key(words[first : last + 1]) in where:
                last += 1
            known = reach[first]
            if last - first >= _LEAST_PIECE and (known is None or last > known[1]):
                reach[first] = debate, last
    return reach
