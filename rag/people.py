"""Who is known in the debates: those whose words are labelled, and those only announced as participants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.speakers.names import same_person
from index.types import DebateSummary
from rag.question import find_people


@dataclass(frozen=True)
class People:
    """``labelled[name]`` are the debates in which segments are attributed to that name; ``announced[name]`` those of
    whose participants it is one; ``aliases[other name]`` is the name that it stands for."""

    labelled: dict[str, frozenset[str]]
    announced: dict[str, frozenset[str]]
    aliases: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, speakers: Mapping[str, frozenset[str]], debates: Sequence[DebateSummary]) -> "People":
        """The people of ``debates``, given who is labelled in which."""
        ids = {debate.id for debate in debates}
        labelled = {name: among for name, found in speakers.items() if (among := found & ids)}
        announced: dict[str, set[str]] = {}
        for debate in debates:
            for participant in debate.participants:
                announced.setdefault(participant.name, set()).add(debate.id)
        aliases = {
            alias: participant.name
            for debate in debates
            for participant in debate.participants
            for alias in participant.aliases
        }
        return cls(labelled, {name: frozenset(found) for name, found in announced.items()}, aliases)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.labelled.keys() | self.announced.keys()))

    @cached_property
    def askable(self) -> tuple[str, ...]:
        """Everything that people may be called in a question."""
        names = set(self.names)
        return (*self.names, *(alias for alias in sorted(self.aliases) if alias not in names))

    def meant(self, names: Sequence[str]) -> tuple[str, ...]:
        """``names`` with those that aliases stand for in their place."""
        return tuple(dict.fromkeys(self.aliases.get(name, name) if name not in self.names else name for name in names))

    def named(self, text: str) -> tuple[str, ...]:
        """Those whom ``text``, a name by itself, can mean: exactly, in part, or misspelt. Empty when nobody fits."""
        exact = tuple(name for name in self.askable if name.casefold() == text.strip().casefold())
        if exact:
            return self.meant(exact)
        mentions = find_people(text.strip().title() if text.islower() else text.strip(), self.askable)
        found = self.meant([person for mention in mentions for person in mention.people])
        return found or tuple(name for name in self.names if same_person(text, name))

    def labelled_among(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self.labelled)

    def debates_of(self, names: Sequence[str]) -> frozenset[str]:
        """Where any of ``names`` is announced or labelled."""
        none: frozenset[str] = frozenset()
        return none.union(*(self.announced.get(name, none) | self.labelled.get(name, none) for name in names))
