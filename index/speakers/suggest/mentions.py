"""Where the text utters a participant's name, and how: in full, after « Monsieur », or otherwise.

Transcripts misspell names and leave out capitals, so words are compared folded, and long ones by sound. What is
nobody's surname here ("François" before another surname) is no mention.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.speakers.names import HONORIFICS, PARTICLES, close, name_parts
from index.types import Participant, Segment
from index.words.lexical import fold

FULL, HONORIFIC, PLAIN = 0, 1, 2
KINDS = 3
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_HEARD = 5
"""Letters of a surname that may be misspelt: shorter ones are words of the language too often."""


@dataclass(frozen=True, slots=True)
class Mention:
    """``guest`` is a participant's place; ``word`` the place among the segment's words, of which there are
    ``words``."""

    guest: int
    kind: int
    word: int
    words: int

    @property
    def from_end(self) -> int:
        return self.words - 1 - self.word


def mentions(segments: Sequence[Segment], guests: Sequence[Participant]) -> list[list[Mention]]:
    """What each segment utters of ``guests``, in order."""
    given, surnames = _given(guests), _surnames(guests)
    heard: dict[str, int | None] = {}
    return [_mentions(segment.text, given, surnames, heard) for segment in segments]


def by_guest(found: Sequence[Sequence[Mention]], guests: int) -> npt.NDArray[np.float64]:
    """``(segments, guests, KINDS)``: 1 where a segment utters that name in that way."""
    uttered = np.zeros((len(found), guests, KINDS))
    for at, some in enumerate(found):
        for mention in some:
            uttered[at, mention.guest, mention.kind] = 1
    return uttered


def _surnames(guests: Sequence[Participant]) -> dict[str, int]:
    """Folded surname words, aliases' too, that are one guest's alone."""
    owners: dict[str, set[int]] = {}
    for place, guest in enumerate(guests):
        for name in (guest.name, *guest.aliases):
            parts = [part for part in name_parts(name) if part not in PARTICLES]
            for part in parts[_given_count(name) :] or parts[-1:]:
                owners.setdefault(part, set()).add(place)
    return {part: next(iter(places)) for part, places in owners.items() if len(places) == 1 and len(part) > 1}


def _given(guests: Sequence[Participant]) -> dict[str, set[int]]:
    """Folded first names, and whose they are."""
    owners: dict[str, set[int]] = {}
    for place, guest in enumerate(guests):
        for part in name_parts(guest.name)[: _given_count(guest.name)]:
            owners.setdefault(part, set()).add(place)
    return owners


def _given_count(name: str) -> int:
    """Words of a first name: "Jean-Luc Mélenchon" -> 2, "Éric Ciotti" -> 1, "Madonna" -> 0."""
    first, *rest = name.split() or [""]
    return len(_WORD.findall(fold(first))) if rest else 0


def _mentions(
    text: str, given: dict[str, set[int]], surnames: dict[str, int], heard: dict[str, int | None]
) -> list[Mention]:
    tokens = _WORD.findall(text)
    words = [fold(token) for token in tokens]
    found: list[Mention] = []
    for at, word in enumerate(words):
        owner = _owner(word, surnames, heard)
        if owner is None:
            owner = _called_by_first_name(at, tokens, words, given, surnames, heard)
        if owner is None or (found and found[-1].guest == owner and at - found[-1].word <= 2):
            continue
        found.append(Mention(owner, _kind(at, words, given, owner), at, len(words)))
    return found


def _owner(word: str, surnames: dict[str, int], heard: dict[str, int | None]) -> int | None:
    if word not in heard:
        heard[word] = surnames.get(word)
        if heard[word] is None and len(word) >= _SHORTEST_HEARD:
            near = {owner for name, owner in surnames.items() if len(name) >= _SHORTEST_HEARD and _misspelt(word, name)}
            heard[word] = next(iter(near)) if len(near) == 1 else None
    return heard[word]


def _misspelt(word: str, name: str) -> bool:
    """« royale » is no Royal: a grammatical ending is no slip."""
    return close(word, name) and word not in (name + "e", name + "s", name + "es", name + "x")


def _called_by_first_name(
    at: int,
    tokens: Sequence[str],
    words: Sequence[str],
    given: dict[str, set[int]],
    surnames: dict[str, int],
    heard: dict[str, int | None],
) -> int | None:
    """The one guest of that first name, unless a surname follows, which is then somebody else's or a full name."""
    owners = given.get(words[at], set())
    following = at + 1 < len(tokens) and tokens[at + 1][:1].isupper()
    if len(owners) != 1 or not tokens[at][:1].isupper() or len(words[at]) < 3 or following:
        return None
    near = words[at + 1 : at + 3]
    return None if any(_owner(word, surnames, heard) is not None for word in near) else next(iter(owners))


def _kind(at: int, words: Sequence[str], given: dict[str, set[int]], owner: int) -> int:
    before = words[max(0, at - 2) : at]
    if any(owner in given.get(word, set()) for word in before):
        return FULL
    return HONORIFIC if any(word in HONORIFICS for word in before) else PLAIN
