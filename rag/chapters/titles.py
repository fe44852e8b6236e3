"""What a chapter is called: phrases that stand in it word for word, and hardly elsewhere in the debate.

A phrase runs between stop words and punctuation, and may bridge one small word: « tribunal de commerce », « rapport
Draghi ». Nothing is generated. Limit: without part-of-speech tags a verb can come along.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.types import Segment
from index.words.lexical import fold, is_stop_word, term_of

_TOKEN = re.compile(r"(?:[^\W_]['’])?[^\W_]+(?:[-‐‑][^\W_]+)*|[^\w\s]", re.UNICODE)
_ELIDED = re.compile(r"^[^\W_]['’]")
_BRIDGES = frozenset("de du des la le l d a au aux en of the".split())
_ARTICLES = frozenset(
    "le la les l un une des du au aux ce cet cette ces nos vos leurs leur notre votre son sa ses".split()
    + "the a an this our their".split()
)
_SENTENCE = frozenset(["", ".", "!", "?", "…", "«", '"', ":"])
_POLITE = frozenset(
    """
    bonjour bonsoir merci monsieur madame messieurs mesdames question questions chose choses facon exemple effet cadre
    fois accord sujet sujets point points debat emission gens moment probleme hello thank thanks welcome sir madam
    thing things people lot kind way sort
    """.split()
)
_folded = lru_cache(maxsize=50_000)(fold)
_LONGEST = 4
_PHRASES = 3
_MORE_TERMS = 0.25
"""What a phrase loses for each further word, of the sum of their weights."""
_AGAIN = 0.4


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    begin: int
    end: int
    term: str | None
    elided: bool


def titles(chapters: Sequence[Sequence[Segment]], language: str, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Up to two phrases for each chapter, each a substring of one of its pieces; ``names`` of those who take part tell
    nothing. Empty only for a chapter without a word that carries a topic."""
    avoided = _POLITE | {_folded(part) for name in names for part in re.findall(r"[^\W_]+", name)}
    spoken = [[list(_words(piece.text, language, avoided)) for piece in chapter] for chapter in chapters]
    counts = [Counter(word.term for piece in chapter for word in piece if word.term) for chapter in spoken]
    everywhere: Counter[str] = sum(counts, Counter())
    found = []
    for chapter, pieces, count in zip(chapters, spoken, counts, strict=True):
        weights = {term: _weight(times, everywhere[term], len(chapters), counts, term) for term, times in count.items()}
        found.append(_best(chapter, pieces, weights))
    return found


def title_terms(phrases: Sequence[str], language: str) -> tuple[str, ...]:
    """The terms that carry a title."""
    words = (word for phrase in phrases for word in _words(phrase, language, frozenset()))
    return tuple(dict.fromkeys(word.term for word in words if word.term))


def _weight(times: int, everywhere: int, chapters: int, counts: Sequence[Counter[str]], term: str) -> float:
    """Often here, seldom elsewhere."""
    within = sum(term in count for count in counts)
    return math.log1p(times) * (times / everywhere) * (1 + math.log(chapters / within)) * (1.0 if times > 1 else 0.5)


def _words(text: str, language: str, avoided: frozenset[str] | set[str]) -> Iterator[_Word]:
    """Each word or sign; a word that carries no topic has no term."""
    for match in _TOKEN.finditer(text):
        prefix = _ELIDED.match(match[0])
        begin = match.start() + (prefix.end() if prefix else 0)
        bare = text[begin : match.end()]
        plain = _folded(bare)
        telling = (len(plain) > 2 or bare.isupper()) and any(letter.isalpha() for letter in plain)
        parts = re.split(r"[-‐‑]", plain)
        stop = (all(map(is_stop_word, parts)) and not (len(bare) > 1 and bare.isupper())) or plain in avoided
        yield _Word(
            bare,
            begin,
            match.end(),
            term_of(bare, language) if telling and not stop else None,
            prefix is not None and prefix[0][0] in "lLdD",
        )


def _best(chapter: Sequence[Segment], pieces: Sequence[list[_Word]], weights: dict[str, float]) -> tuple[str, ...]:
    """The heaviest phrases that share no term, the one said first in front."""
    scores: dict[str, tuple[float, tuple[str, ...]]] = {}
    plain: dict[str, str] = {}
    times: Counter[str] = Counter()
    as_noun: Counter[str] = Counter()
    for piece, words in zip(chapter, pieces, strict=True):
        for begin, end in _phrases(words):
            text = piece.text[words[begin].begin : words[end].end]
            plain[text] = plain.get(text) or _folded(text)
            times[plain[text]] += 1
            as_noun[plain[text]] += _named(words, begin)
            if text in scores:
                continue
            terms = tuple(word.term for word in words[begin : end + 1] if word.term)
            value = sum(weights[term] for term in dict.fromkeys(terms)) / (
                1 + _MORE_TERMS * (len(dict.fromkeys(terms)) - 1)
            )
            scores[text] = (value, terms)
    chosen: list[str] = []
    taken: set[str] = set()
    value_of = {
        text: value * (1 + _AGAIN * math.log(times[plain[text]])) * (1 + as_noun[plain[text]] / times[plain[text]])
        for text, (value, _terms) in scores.items()
    }
    for text in sorted(scores, key=lambda text: (-value_of[text], text)):
        terms = scores[text][1]
        if not taken & set(terms):
            chosen.append(text)
            taken |= set(terms)
        if len(chosen) == _PHRASES:
            break
    order = list(scores)
    return tuple(sorted(chosen, key=order.index))


def _named(words: Sequence[_Word], begin: int) -> bool:
    """A name, or what an article stands before, rather than a verb."""
    before = _folded(words[begin - 1].text) if begin else ""
    return before in _ARTICLES or words[begin].elided or (words[begin].text[0].isupper() and before not in _SENTENCE)


def _phrases(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """First and last word of each phrase of up to four words that begins and ends with one that carries a topic."""
    for begin, word in enumerate(words):
        if word.term is None:
            continue
        yield begin, begin
        for end in range(begin + 1, min(begin + _LONGEST, len(words))):
            inner, before = words[end], words[end - 1]
            if inner.term is None and (_folded(inner.text) not in _BRIDGES or before.term is None):
                break
            if inner.term is not None:
                yield begin, end
