"""« Qui parle de X ? » : by speaker, the one who speaks most of it first."""

from collections.abc import Sequence

from rag.answer import UNKNOWN_SPEAKER
from rag.kinds import words_suffice
from rag.shapes.mentions import mentions
from rag.shapes.shape import Part, Searched, Shape
from rag.types import Passage

PROVEN = 0.9
"""The confidence in passages in which all the words of a topic stand, where these words are what is asked for."""
_SHOWN = 2
_MOST = 30


def who(found: Searched) -> Shape | None:
    """Whoever says the words, and whoever answers without them; None when nobody does."""
    said = mentions(found.store, found.layouts, found.groups, found.within, found.people, found.longest)
    by_speaker: dict[str | None, list[Passage]] = {}
    for passage in merged(said.passages, found.near):
        by_speaker.setdefault(passage.attribution.speaker, []).append(passage)
    if not by_speaker:
        return None
    parts = [_part(found, speaker, passages) for speaker, passages in by_speaker.items()]
    parts.sort(key=lambda part: (part.speaker is None, -(part.count or 0)))
    by_words = words_suffice(found.question.text)
    complete = by_words and bool(said.passages) and said.exhaustive and len(parts) <= _MOST
    return Shape(
        opening=_opening(found, by_words),
        parts=tuple(parts[:_MOST]),
        confidence=max(found.confidence, PROVEN) if said.passages and by_words else found.confidence,
        complete=complete,
        closing=closing(found, complete=complete) if said.passages or not by_words else unsaid(found),
    )


def merged(first: Sequence[Passage], then: Sequence[Passage]) -> list[Passage]:
    """``first``, and those of ``then`` that do not overlap them, in the order of debates and times."""
    others = [
        passage
        for passage in then
        if not any(
            one.debate == passage.debate and one.start < passage.end and passage.start < one.end for one in first
        )
    ]
    return sorted([*first, *others], key=lambda passage: (passage.debate, passage.start, passage.end))


def closing(found: Searched, *, complete: bool) -> str:
    """What the reader may conclude from what is not there."""
    topic = found.question.topic
    if complete:
        return found.say(
            f"Liste complète pour les mots « {topic} » ; d'autres ont pu en parler en d'autres mots.",
            f"Complete for the words “{topic}”; others may have spoken of it in other words.",
        )
    return found.say("Liste non exhaustive.", "Not an exhaustive list.")


def unsaid(found: Searched) -> str:
    """Where the words of the topic stand nowhere, as in another language than the debate's."""
    topic = found.question.topic or found.question.text
    return found.say(
        f"Aucun passage ne dit les mots « {topic} » : ceux-ci en sont proches par le sens. Liste non exhaustive.",
        f"No passage says the words “{topic}”: these are near in meaning. Not an exhaustive list.",
    )


def _opening(found: Searched, by_words: bool) -> str:
    topic = found.question.topic or found.question.text
    if by_words:
        return found.say(f"Qui parle de « {topic} » :", f"Who speaks of “{topic}”:")
    return found.say(
        f"Qui s'exprime sur « {topic} », à vous de juger dans quel sens :",
        f"Who speaks on “{topic}”; which way is for you to judge:",
    )


def _part(found: Searched, speaker: str | None, passages: Sequence[Passage]) -> Part:
    """The best of the ranking before the longest others."""
    order = {id(passage): place for place, passage in enumerate(found.near)}
    best = sorted(passages, key=lambda one: (order.get(id(one), len(order)), -len(one.quote)))[:_SHOWN]
    title = speaker or found.say(*UNKNOWN_SPEAKER)
    return Part(title, tuple(best), speaker, count=len(passages))
