"""Where the names of people are said in a debate.

    "Alors, Marine Le Pen, que répondez-vous à M. Macron ?" -> Marine Le Pen (whole), Emmanuel Macron (surname)

A surname alone counts when one person only bears it; a first name alone likewise, and not before another capital
("François Hollande" is not François Bayrou). A misheard name counts behind a first name, or behind "monsieur".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from index.speakers.names import HONORIFICS, close
from index.types import Segment
from index.words.lexical import fold

_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"le", "la", "les"})
_LEAST_SURNAME = 4
_LEAST_GIVEN = 3
_SELF = (("m", "appelle"), ("je", "suis"), ("moi", "c", "est"), ("my", "name", "is"), ("i", "am"), ("i", "m"))


class Said(StrEnum):
    """How much of a name is said."""

    WHOLE = "whole"
    SURNAME = "surname"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Word:
    """``text`` is folded; ``capital`` whether it was written with one; ``voice`` who says it."""

    text: str
    capital: bool
    segment: int
    voice: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``first`` to ``last`` (both included) say the name number ``name``; ``own`` behind "je m'appelle"."""

    name: int
    first: int
    last: int
    said: Said
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Keys:
    """What stands for one person: the parts of the first name and of the surname, the words that do for the latter."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    singles: frozenset[str]


def words_of(segments: Sequence[Segment]) -> list[Word]:
    """The words of a debate in order, each with who says it by the label of its segment."""
    return [
        Word(fold(word), word[0].isupper(), at, segment.speaker)
        for at, segment in enumerate(segments)
        for word in _WORD.findall(segment.text)
    ]


def find_mentions(words: Sequence[Word], names: Sequence[Sequence[str]], announced: int) -> list[Mention]:
    """Every time that one of ``names`` is said, in order; each is a list of the forms of one person's name. What one of
    the first ``announced`` shares with one of the others is the former's."""
    keys = [(number, _keys(form)) for number, forms in enumerate(names) for form in forms]
    starts = _by_first_word(keys, announced)
    has_case = sum(word.capital for word in words) > 0.02 * len(words)
    found = [mention for at in range(len(words)) for mention in _at(words, at, keys, starts, announced, has_case)]
    return _longest(found)


def _keys(name: str) -> _Keys:
    written = [tuple(_WORD.findall(fold(word))) for word in name.split()]
    written = [parts for parts in written if parts and parts[0] not in HONORIFICS] or [()]
    given, rest = (written[0], written[1:]) if len(written) > 1 else ((), written)
    surname = tuple(part for parts in rest for part in parts)  # a name of one word is a surname
    return _Keys(given, surname, frozenset(_singles(rest, surname)))


def _singles(written: Sequence[tuple[str, ...]], surname: tuple[str, ...]) -> Iterator[str]:
    """The words of a surname that tell it alone: "giscard", "estaing", "kempf", not "pen" of Le Pen."""
    if not surname:
        return
    behind_article = len(surname) > 1 and surname[-2] in _ARTICLES
    if len(surname[-1]) >= _LEAST_SURNAME and not behind_article:
        yield surname[-1]
    if len(written) > 1 and len(written[0]) == 1 and len(surname[0]) > 5:
        yield surname[0]


def _by_first_word(
    keys: Sequence[tuple[int, _Keys]], announced: int
) -> dict[str, list[tuple[int, tuple[str, ...], Said]]]:
    """What may begin at a word, by that word: whose it is, all its words, how much of the name it is. What two
    people share is left out; of those who are not announced only the whole name counts, since many are no people."""
    owners: dict[tuple[str, ...], set[tuple[int, Said]]] = {}
    for number, key in keys:
        whole = key.given + key.surname
        forms = [(whole, Said.WHOLE)] if key.given and key.surname else []
        if number >= announced:
            owners.update({form: owners.get(form, set()) | {(number, said)} for form, said in forms})
            continue
        forms += [((single,), Said.SURNAME) for single in key.singles]
        if len(key.surname) > 1:
            forms.append((key.surname, Said.SURNAME))
        if key.given and len("".join(key.given)) >= _LEAST_GIVEN:
            forms.append((key.given, Said.GIVEN))
        for form, said in forms:
            owners.setdefault(form, set()).add((number, said))
    starts: dict[str, list[tuple[int, tuple[str, ...], Said]]] = {}
    for form, owner in owners.items():
        people = {one for one in owner if one[0] < announced} or owner
        if len({number for number, _said in people}) == 1:
            number, said = min(people, key=lambda one: (one[1] == Said.GIVEN, one))
            starts.setdefault(form[0], []).append((number, form, said))
    return starts


def _at(
    words: Sequence[Word],
    at: int,
    keys: Sequence[tuple[int, _Keys]],
    starts: Mapping[str, Sequence[tuple[int, tuple[str, ...], Said]]],
    announced: int,
    has_case: bool,
) -> Iterator[Mention]:
    for number, form, said in starts.get(words[at].text, ()):
        last = at + len(form) - 1
        if not _reads(words[at : last + 1], form) or _crosses(words, at, last):
            continue
        if said is Said.GIVEN and (_other_surname(words, last) or (has_case and not words[at].capital)):
            continue
        yield Mention(number, at, last, said, _introduces(words, at))
    yield from _misheard(words, at, keys, announced)


def _crosses(words: Sequence[Word], first: int, last: int) -> bool:
    return words[first].segment != words[last].segment and words[first].voice != words[last].voice


def _other_surname(words: Sequence[Word], last: int) -> bool:
    """Whether the word behind a first name looks like somebody's surname."""
    if last + 1 >= len(words) or words[last + 1].segment != words[last].segment:
        return False
    return words[last + 1].capital


def _misheard(words: Sequence[Word], at: int, keys: Sequence[tuple[int, _Keys]], announced: int) -> Iterator[Mention]:
    """A surname nearly right: « Monsieur Verhodstatt », « Jean-Baptiste Kemf »; or right, of somebody who is not
    announced."""
    here = words[at].text
    if len(here) < _LEAST_SURNAME or at == 0:
        return
    before = words[at - 1].text
    polite = before in HONORIFICS or before in ("mrs", "mister")
    for number, key in keys:
        if not key.surname or (here == key.surname[-1] and number < announced):
            continue
        given = len(key.given)
        named = given and given <= at and _reads(words[at - given : at], key.given)
        if (polite or named) and any(close(here, single) for single in key.singles):
            first = at - given if named else at
            yield Mention(number, first, at, Said.WHOLE if named else Said.SURNAME, _introduces(words, first))


def _introduces(words: Sequence[Word], first: int) -> bool:
    return any(_reads(words[max(first - len(cue), 0) : first], cue) for cue in _SELF)


def _reads(words: Sequence[Word], parts: Sequence[str]) -> bool:
    return [word.text for word in words] == list(parts)


def _longest(found: Sequence[Mention]) -> list[Mention]:
    """Of mentions that overlap the longest; one that two people could claim is nobody's."""
    kept: list[Mention] = []
    taken: set[int] = set()
    ordered = sorted(found, key=lambda one: (one.first - one.last, one.first))
    for _length, group in groupby(ordered, key=lambda one: one.last - one.first):
        same = list(group)
        free = [one for one in same if not taken.intersection(range(one.first, one.last + 1))]
        for one in free:
            rivals = {other.name for other in free if other.first <= one.last and one.first <= other.last}
            if len(rivals) == 1 and not taken.intersection(range(one.first, one.last + 1)):
                kept.append(one)
                taken.update(range(one.first, one.last + 1))
        for one in free:
            taken.update(range(one.first, one.last + 1))
    return sorted(kept, key=lambda one: one.first)
