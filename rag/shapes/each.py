"""« Que pense chacun de X ? » : the best passages of every participant, and who says nothing on it."""

from collections.abc import Sequence

from index.speakers.host_names import is_host, is_host_label
from index.speakers.names import name_parts, same_person
from rag.answer import UNKNOWN_SPEAKER
from rag.quoting import share_said
from rag.shapes.shape import NEAR, Part, Searched, Shape
from rag.types import Passage

_MOST = 12
"""People who are asked one by one: those of the debates that speak of it most."""
_SHOWN = 2


def each(found: Searched) -> Shape | None:
    """A part for each of the people who are asked for, or who speak in the debates; those who say nothing come last,
    the host before them. None when nothing is found and nobody is known."""
    people = found.people or _speaking(found)
    if not people:
        return _anybody(found)
    asked = people[:_MOST]
    answers = [(person, *found.judge((person,))) for person in asked]
    parts = [_part(found, person, passages, confidence) for person, passages, confidence in answers]
    parts.sort(key=lambda part: (not part.said, _hosts(found, part.speaker or ""), -_best(part)))
    said = [confidence for _person, _passages, confidence in answers if confidence >= found.enough]
    return Shape(
        opening=_opening(found, bool(said)),
        parts=tuple(parts),
        confidence=max(said, default=0.0),
        complete=len(asked) == len(people) and all(debate.all_identified for debate in found.debates.values()),
        closing=_closing(found, len(people), len(asked)),
    )


def _speaking(found: Searched) -> tuple[str, ...]:
    """Whoever has words in the debates, and whoever is announced where all words have a name; the people of the
    debates that rank first come first."""
    order = list(dict.fromkeys([*(passage.debate for passage in found.passages), *sorted(found.debates)]))
    speaking: dict[str, list[str]] = {}
    for name, where in sorted(found.speakers.items()):
        for debate in where:
            speaking.setdefault(debate, []).append(name)
    people = _People()
    for debate in order:
        people.add(speaking.get(debate, ()))
        if found.debates[debate].all_identified:
            announced = (participant.name for participant in found.debates[debate].participants)
            people.add([name for name in announced if not people.holds(name)])
    return tuple(people.names)


class _People:
    """In the order in which they come, found by their surnames: there may be thousands."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self._bearing: dict[str, list[str]] = {}

    def add(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.names:
                self.names[name] = None
                for part in set(name_parts(name)):
                    self._bearing.setdefault(part, []).append(name)

    def holds(self, name: str) -> bool:
        """Somebody who may be the same: they share the last part of ``name`` at least, or have none."""
        parts = name_parts(name)
        return name in self.names or any(
            same_person(name, other) for other in self._bearing.get((parts or [""])[-1], ())
        )


def _part(found: Searched, person: str, passages: Sequence[Passage], confidence: float) -> Part:
    """Statements alone: the host's question on it is no position. After the first, those with a word of the topic."""
    near = [one for one in passages if one.score >= passages[0].score - NEAR and not one.quote.endswith("?")]
    near = near[:1] + [one for one in near[1:] if _holds_a_word(found, one)]
    title = found.say(f"{person} (anime le débat)", f"{person} (host)") if _hosts(found, person) else person
    if confidence < found.enough or not near:
        return Part(title, speaker=person, said=False)
    return Part(title, tuple(near[:_SHOWN]), person)


def _holds_a_word(found: Searched, passage: Passage) -> bool:
    return share_said(passage.text, found.groups, found.debates[passage.debate].language) > 0


def _hosts(found: Searched, person: str) -> bool:
    roles = (one for debate in found.debates.values() for one in debate.participants if one.name == person)
    return is_host_label(person) or any(map(is_host, roles))


def _best(part: Part) -> float:
    return max((passage.score for passage in part.passages), default=0.0)


def _anybody(found: Searched) -> Shape | None:
    """Nobody is identified: what is said, without a word on who says it."""
    near = found.near
    if not near:
        return None
    opening = found.say(
        "Les locuteurs ne sont pas identifiés : impossible de dire ce que pense chacun. Ce qui se dit là-dessus :",
        "Speakers are not identified, so what each thinks cannot be told. What is said on it:",
    )
    unknown = found.say(*UNKNOWN_SPEAKER)
    return Shape(opening, (Part(unknown, tuple(near)),), found.confidence, complete=False)


def _opening(found: Searched, said: bool) -> str:
    topic = found.question.topic or found.question.text
    if not said:
        return ""
    return found.say(f"Ce que chacun dit de « {topic} » :", f"What each says of “{topic}”:")


def _closing(found: Searched, people: int, asked: int) -> str:
    if asked < people:
        return found.say(
            f"{asked} personnes sur {people} ont été interrogées : précisez un débat pour les autres.",
            f"{asked} of {people} people were asked: name a debate for the others.",
        )
    if not all(debate.all_identified for debate in found.debates.values()):
        return found.say(
            "Une partie des débats n'a pas de locuteurs identifiés : d'autres propos peuvent leur revenir.",
            "Part of the debates has no speakers identified: other words may be theirs.",
        )
    return ""
