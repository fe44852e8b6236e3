"""Compounds that are written apart or together: « OpenAI » and « Open AI », « ChatGPT » and « chaque GPT »."""

import re
from collections.abc import Callable, Iterator, Sequence

from index.words.lexical import fold, term_of
from rag.heard.sounds import sound
from rag.heard.vocabulary import Vocabulary
from rag.heard.written import Written

Group = tuple[str, ...]
_LEAST = 6
"""Letters of a compound."""
_LEAST_PART = 3
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_SAME_BEGINNING = 2
"""Sounds that what is heard before the tail has in common with the head: « chaque GPT »."""


def joined(
    one: str, other: str, languages: Sequence[str], vocabulary: Vocabulary, writing: Callable[[str], Written]
) -> Iterator[tuple[str, Sequence[str]]]:
    """The two words as one, where the transcripts write it so, as a name."""
    if len(one) + len(other) < _LEAST or not (one + other).isalpha():
        return
    for term in dict.fromkeys(term_of(one + other, language) for language in languages):
        if vocabulary.rare(term) and (found := writing(term)).as_name:
            yield term, found.forms


def parted(
    word: str, languages: Sequence[str], vocabulary: Vocabulary, writing: Callable[[str], Written]
) -> Iterator[tuple[str, Sequence[str]]]:
    """The rarer part of ``word``, where its parts stand side by side, or its last one behind what sounds like the
    first; the forms are both words, as they stand."""
    if len(word) < _LEAST or not word.isalpha() or word.isupper():
        return
    for head, tail in _cuts(word):
        for language in languages:
            first, last = term_of(head, language), term_of(tail, language)
            if vocabulary.rare(last) and (forms := _before(writing(last), head)):
                yield last, forms
                return
            if vocabulary.rare(first) and (forms := _after(writing(first), tail)):
                yield first, forms
                return


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    """Where a capital stands inside it; else anywhere."""
    inside = [match.start() for match in _CAMEL.finditer(word)]
    for at in inside or range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        yield word[:at], word[at:]


def _before(tail: Written, head: str) -> list[str]:
    """« Open AI » to the letter; by ear before an acronym alone."""
    return list(
        dict.fromkeys(
            f"{one.before} {one.form}"
            for one in tail
            if one.before and (_same(one.before, head, one.form) or (_acronym(one.form) and _sounds(one.before, head)))
        )
    )


def _after(head: Written, tail: str) -> list[str]:
    seen = (one for one in head if one.after and _same(one.after, tail, one.form))
    return list(dict.fromkeys(f"{one.form} {one.after}" for one in seen))


def _same(one: str, other: str, beside: str) -> bool:
    return fold(one) == fold(other) and (one[0].isupper() or beside[0].isupper())


def _acronym(form: str) -> bool:
    return len(form) >= _LEAST_PART and form.isupper()


def _sounds(one: str, other: str) -> bool:
    first, second = sound(one), sound(other)
    return len(second) >= _SAME_BEGINNING and first[:_SAME_BEGINNING] == second[:_SAME_BEGINNING]
