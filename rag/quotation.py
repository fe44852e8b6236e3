"""Quotes inside a sentence that somebody else wrote: found by their marks, and put right against what was said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKS = '«»“”„‟"‹›'
_PAIRS = (
    r"«\s*(?P<a>[^«»]*?(?:«[^«»]*»[^«»]*?)*)\s*»",  # speech may hold quotes itself
    r"“\s*(?P<b>[^“”]*?)\s*”",
    r"„\s*(?P<c>[^„“”]*?)\s*[“”]",
    r"‹\s*(?P<d>[^‹›]*?)\s*›",
    r"\"\s*(?P<e>[^\"]*?)\s*\"",
    r"(?<!\w)['‘](?=\w)(?P<f>[^'‘’]*(?:(?<=\w)['’](?=\w)[^'‘’]*)*)['’](?!\w)",
)
_QUOTATION = re.compile("|".join(_PAIRS))
_APOSTROPHES = "'’ʼ"
_TRIMMED = " .,;:!?…"
EMPTY = "\ue001"
"""Stands where a quote was: for private use, no text has it."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """``text``, without its marks, stands in the sentence from ``begin`` to ``end``; with them from ``first`` to
    ``last``."""

    text: str
    begin: int
    end: int
    first: int
    last: int


def quotations(text: str) -> list[Quotation]:
    """In their order; the outer one where one holds another.

    >>> [quote.text for quote in quotations("Il dit « oui, l'“Europe” » puis 'non'.")]
    ["oui, l'“Europe”", 'non']
    """
    found = []
    for match in _QUOTATION.finditer(text):
        kind = str(match.lastgroup)
        found.append(Quotation(match[kind], match.start(kind), match.end(kind), *match.span()))
    return found


def restored(text: str, said: Sequence[str]) -> str | None:
    """``text`` with each quote exactly as one of the texts ``said`` has it; None when one of them is in none, or when a
    mark stands alone. Apart from their ends only apostrophes, spaces and the size of the first letter may differ."""
    parts, at = [], 0
    for quote in quotations(text):
        exact = next(_found(quote.text, said), None)
        if exact is None:
            return None
        parts += [text[at : quote.begin], exact]
        at = quote.end
    alone = any(mark in outside(text) for mark in _MARKS)
    return None if alone else "".join([*parts, text[at:]])


def outside(text: str) -> str:
    """What stands in no quote, with one sign in place of each."""
    parts, at = [], 0
    for quote in quotations(text):
        parts.append(text[at : quote.first])
        at = quote.last
    return EMPTY.join([*parts, text[at:]])


def _found(quote: str, said: Sequence[str]) -> Iterator[str]:
    """As it stands first, then without the signs at its ends."""
    for wanted in (quote, quote.strip(_TRIMMED)):
        if any(character.isalnum() for character in wanted):
            pattern = re.compile(rf"(?<!\w){_pattern(wanted)}(?!\w)")
            yield from (match[0] for text in said if (match := pattern.search(text)))


def _pattern(quote: str) -> str:
    """Any apostrophe for each, any white space or none before a sign, and either size of the first letter."""
    first, *rest = re.split(r"\s+", quote)
    words = [rf"(?i:{_word(first[:1])}){_word(first[1:])}", *map(_word, rest)]
    return "".join(
        word if at == 0 else (r"\s*" if re.match(r"[^\w]", [first, *rest][at]) else r"\s+") + word
        for at, word in enumerate(words)
    )


def _word(word: str) -> str:
    return "".join(rf"[{_APOSTROPHES}]" if letter in _APOSTROPHES else re.escape(letter) for letter in word)
