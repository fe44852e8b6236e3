"""A text as its words, with where each stands: how a quote and a transcript are laid beside each other.

    "L’Europe, c'est 2,5 % !"  ->  l europe c est 2,5 %        key: " l europe c est 2,5 % "

The words are folded (no case, no accents, no ligatures), so that what differs only in these is found at once;
whether it differs is told afterwards by ``plain``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.words.lexical import fold

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff\ufe0e\ufe0f"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*(?![^\W_])|(?:[^\W_][{_MARKS}{_UNSEEN}]*)+|[%‰€$£°]")
_UNSEEN_ANY = re.compile(f"[{_UNSEEN}]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
_SIGNS = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'") | dict.fromkeys("«»“”„‟″‹›", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_ROUND_SIGN = re.compile(r"\s*([^\w\s])\s*")
_QUOTE_MARKS = " \t\r\n\"'*_"


@dataclass(frozen=True, slots=True)
class Reading:
    """``words[i]`` is the folded ``text[spans[i][0]:spans[i][1]]``."""

    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]

    def raw(self, at: int) -> str:
        begin, end = self.spans[at]
        return self.text[begin:end]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of words ``first`` to before ``last``; nothing, before word ``first``, when there are none."""
        if first < last:
            return self.spans[first][0], self.spans[last - 1][1]
        at = self.spans[first][0] if first < len(self.spans) else len(self.text)
        return at, at

    def between(self, at: int) -> str:
        """What stands between word ``at`` and the next one."""
        return self.text[self.spans[at][1] : self.spans[at + 1][0]]

    def tail(self, last: int) -> str:
        """The signs that follow word ``last``, up to the next word."""
        end = self.spans[last + 1][0] if last + 1 < len(self.spans) else len(self.text)
        return self.text[self.spans[last][1] : end]


def read(text: str) -> Reading:
    """The words of ``text``, numbers whole and signs of units as words."""
    spans = tuple(match.span() for match in _WORD.finditer(text))
    return Reading(text, spans, tuple(folded(text[begin:end]) for begin, end in spans))


def key(words: tuple[str, ...]) -> str:
    """Words in one string, in which other words are looked for: each between spaces."""
    return f" {' '.join(words)} "


def key_of(text: str) -> str:
    """As ``key(read(text).words)``."""
    return f" {' '.join(map(folded, _WORD.findall(text)))} "


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    return "".join(fold(_UNSEEN_ANY.sub("", word)).translate(_LIGATURES).split()) or word


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """``text`` without what only typography decides: the form of apostrophes, quotation marks, dashes and spaces,
    ligatures, composed or decomposed accents.

    >>> plain("L’Europe … c'est « vous » !") == plain("L'Europe... c'est “vous”!")
    True
    """
    signs = unicodedata.normalize("NFKC", _UNSEEN_ANY.sub("", text)).translate(_SIGNS)
    return " ".join(_ROUND_SIGN.sub(r"\1", signs).split())


def ending(tail: str) -> str:
    """What the signs after the last word say: a question, an exclamation, or nothing.

    >>> ending(" ? »"), ending('."'), ending("")
    ('?', '', '')
    """
    signs = bare(tail)
    return "?" if "?" in signs[:3] else "!" if "!" in signs[:3] else ""


def bare(tail: str) -> str:
    """Signs without quotation marks and spaces around them."""
    return plain(tail).strip(_QUOTE_MARKS)


def occurrences(words: tuple[str, ...], where: str) -> Iterator[int]:
    """The positions, in words, at which ``words`` stand in the key ``where``."""
    wanted = key(words)
    at, counted, position = where.find(wanted), 0, 0
    while at >= 0:
        position += where.count(" ", counted, at)
        counted = at
        yield position
        at = where.find(wanted, at + 1)
