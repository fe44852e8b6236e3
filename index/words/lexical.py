"""Text -> terms for word search, in French and English.

    "Qu'est-ce que l'Europe régule ? 100 000 GPU" -> ["europ", "regul", "100000", "gpu"]

Lower case, elisions off, stop words off, Snowball stems, then accents off, so that « reglementation » meets «
réglementation ». A compound gives its parts and itself joined ("start-up" -> "start", "up", "startup"). Other
languages are only lowered and stripped of accents. BM25 itself is in ``local/state.py``.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import Stemmer

from index.words.acronyms import ACRONYM_TWINS
from index.words.stopwords import STOP_WORDS

_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_ACRONYM_DOTS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_HYPHEN = re.compile(r"[-‐‑]")
_STEMMERS = {"fr": "french", "en": "english"}


def fold(text: str) -> str:
    """Lower case without accents: "Pavléas" -> "pavleas"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The words of ``text`` as they stand, elided articles apart and acronyms without dots."""
    text = _ACRONYM_DOTS.sub(lambda match: match[0].replace(".", ""), text)
    text = _THOUSANDS.sub(lambda match: "".join(match[0].split()), text)
    return _WORD.findall(_POSSESSIVE.sub("", _ELISION.sub("", text)))


def terms(text: str, language: str) -> list[str]:
    """The terms of ``text``, in order and with repeats, without stop words; "AI" is no form of avoir, unless all is in
    capitals."""
    shouted = text.isupper()
    return [term for word in words(text) for term in _terms_of(word, language, shouted)]


def query_groups(text: str, languages: Iterable[str]) -> list[tuple[str, ...]]:
    """The words of a question, each as the terms under which it may stand in transcripts of ``languages``.

    Stop words of either language are left out, whatever the transcripts' language, since a question mixes both; not
    those written as acronyms: "AI" is no form of avoir. An acronym brings its French or English twin along.

    >>> query_groups("What about GDPR?", ["fr"])
    [('gdpr', 'rgpd')]
    """
    languages = tuple(languages)
    kept = [form for word in words(text) for form in _forms(word) if _is_acronym(form) or not is_stop_word(form)]
    groups = (
        tuple(dict.fromkeys(term_of(twin, language) for language in languages for twin in _twins(form)))
        for form in kept
    )
    return list(dict.fromkeys(group for group in groups if group))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _twins(word: str) -> tuple[str, ...]:
    return (word, *ACRONYM_TWINS.get(fold(word), ()))


@lru_cache(maxsize=50_000)
def is_stop_word(word: str) -> bool:
    return any(fold(word) in stop for stop in STOP_WORDS.values())


@lru_cache(maxsize=200_000)
def term_of(word: str, language: str) -> str:
    """One word's term, stop word or not."""
    return fold(_stem(word.lower(), language))


def _forms(word: str) -> Sequence[str]:
    """The parts of a compound and the compound itself, unless a part is a French stop word ("a-t-il")."""
    parts = _HYPHEN.split(word)
    if len(parts) == 1 or any(fold(part) in STOP_WORDS["fr"] for part in parts):
        return parts
    return (*parts, "".join(parts))


@lru_cache(maxsize=200_000)
def _terms_of(word: str, language: str, shouted: bool) -> tuple[str, ...]:
    forms = ((form, _is_acronym(form) and not shouted) for form in _forms(word))
    return tuple(term for form, acronym in forms if (term := _kept(form, language, acronym)))


def _kept(word: str, language: str, acronym: bool) -> str:
    return "" if fold(word) in STOP_WORDS.get(language, frozenset()) and not acronym else term_of(word, language)


def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return word if stemmer is None else str(stemmer.stemWord(word))


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    return Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None
