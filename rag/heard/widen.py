"""The words of a topic -> the same with the terms under which a recogniser may have written them.

    « Skaleway » -> ("skaleway", "skelway"), and the pair Skaleway ≈ Skelway

A word that stands nowhere may be a name that was misheard or mistyped; one that does stand may be misheard elsewhere,
if it is a name. In both cases what it is taken for must be rare and written as a name. The transcript is never changed:
the variant is one more term to look for, and the answer tells of it. Precision comes first: see ``eval/heard.py``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.words.lexical import fold, is_stop_word, query_groups, term_of, words
from rag.heard.compounds import Group, joined, parted
from rag.heard.sounds import distinct, may_be_misheard, mistyped, nearness, stem_near
from rag.heard.vocabulary import Vocabulary
from rag.heard.written import Written
from rag.types import Heard

Writing = Callable[[str], Written]
"""A term -> how the transcripts write it."""


@dataclass(frozen=True, slots=True)
class Widened:
    """``groups`` as ``query_groups`` gives them, each with its variants at its end; ``heard`` tells which."""

    groups: tuple[Group, ...]
    heard: tuple[Heard, ...] = ()


def widened(
    topic: str,
    languages: Iterable[str],
    vocabulary: Vocabulary,
    writing: Writing,
    *,
    names: Collection[str] = (),
    capitals: bool = True,
) -> Widened:
    """The groups of ``topic``, widened.

    ``names`` are folded words of people's names, which are nobody else's name misheard. ``capitals``: whether
    whoever asks writes names with them.
    """
    languages = tuple(languages)
    groups = [tuple(group) for group in query_groups(topic, languages)]
    added: dict[Group, dict[str, None]] = {group: {} for group in groups}
    pairs: dict[Heard, None] = {}
    for group, asked, term, forms in _variants(topic, languages, vocabulary, writing, names, capitals):
        if group in added and term not in group:
            added[group][term] = None
            pairs.update(dict.fromkeys(Heard(asked, form) for form in forms))
    return Widened(tuple((*group, *added[group]) for group in groups), tuple(pairs))


_Variant = tuple[Group, str, str, Sequence[str]]


def _variants(
    topic: str,
    languages: tuple[str, ...],
    vocabulary: Vocabulary,
    writing: Writing,
    names: Collection[str],
    capitals: bool,
) -> Iterator[_Variant]:
    """Group, the word that is asked for, the term added to it and how that is written."""
    asked = words(topic)
    for word in asked:
        for group in query_groups(word, languages)[:1]:
            known = any(vocabulary.counts.get(term) for term in group)
            found = list(_misheard(word, group, vocabulary, writing, names, capitals=capitals, known=known))
            if not known and not found:
                found = list(parted(word, languages, vocabulary, writing))
            yield from ((group, word, term, forms) for term, forms in found)
    for one, other in pairwise(asked):
        if not (is_stop_word(one) or is_stop_word(other)) or other.isupper():
            for term, forms in joined(one, other, languages, vocabulary, writing):
                for word in (one, other):
                    yield from ((group, f"{one} {other}", term, forms) for group in query_groups(word, languages)[:1])


def _misheard(
    word: str,
    group: Group,
    vocabulary: Vocabulary,
    writing: Writing,
    names: Collection[str],
    *,
    capitals: bool,
    known: bool,
) -> Iterator[tuple[str, Sequence[str]]]:
    if not may_be_misheard(word) or is_stop_word(word):
        return
    candidates = [term for term in _candidates(word, group, vocabulary, known=known) if not (known and term in names)]
    if not candidates:
        return
    # transcripts are read only now: most words sound like no other
    if known and not all(vocabulary.counts.get(term, 0) == 0 or writing(term).as_name for term in group):
        return
    for term in candidates:
        found = writing(term)
        if not found.as_name:  # which the first places may tell; all forms are read below
            continue
        small = word[0].islower()
        if all(_near(word, form, known=known, small=small, capitals=capitals) for form in found.forms):
            yield term, found.forms


def _candidates(word: str, group: Group, vocabulary: Vocabulary, *, known: bool) -> list[str]:
    """By ear, and for a word that stands nowhere by its letters."""
    found = dict.fromkeys(
        term for asked in (fold(word), *group) for term in vocabulary.like(asked) if stem_near(term, word)
    )
    if not known:
        found.update(dict.fromkeys(term for asked in group for term in vocabulary.typed_like(asked)))
    return [term for term in found if term not in group]


def _near(word: str, form: str, *, known: bool, small: bool, capitals: bool) -> bool:
    """The same sound alone for a word in ``small`` letters in a question that knows capitals; in one that knows none,
    and for a word that stands, so many consonants that it is hardly another one."""
    distance = nearness(word, form)
    if distance == 0 or (small and capitals):
        return distance == 0
    if small or known:
        return distance is not None and distinct(word)
    return distance is not None or mistyped(word, form)


@lru_cache(maxsize=8)
def terms_of_names(people: tuple[str, ...], languages: tuple[str, ...]) -> frozenset[str]:
    """The terms of people's names."""
    return frozenset(term_of(word, language) for name in people for word in words(name) for language in languages)
