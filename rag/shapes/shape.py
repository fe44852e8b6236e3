"""What a shape of answer is made from, and what it is before its quotes have numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.store import Store
from index.types import DebateSummary, Scope
from rag.layout import Layouts
from rag.quoting import Groups
from rag.types import Passage, Question

NEAR = 3.0
"""How much less than the best passage another one may score and still count as an answer, as in ``answer.py``."""

Judge = Callable[[tuple[str, ...]], tuple[Sequence[Passage], float]]
"""The best passages of some people on the topic, best first, and the confidence that they answer."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A question with what was found for it, in one state of the index: used inside ``store.reading()``.

    ``within`` are the ``debates``, ``speakers`` the debates in which each name speaks. ``people`` are those whose words
    are wanted (none: anybody), ``passages`` the ranking, ``confidence`` that it answers, ``enough`` what is asked of
    that; ``longest`` is about the words of a passage; ``words_of`` gives those of a topic.
    """

    question: Question
    debates: Mapping[str, DebateSummary]
    within: Scope
    speakers: Mapping[str, frozenset[str]]
    people: tuple[str, ...]
    passages: Sequence[Passage]
    confidence: float
    enough: float
    longest: int
    store: Store
    layouts: Layouts
    judge: Judge
    words_of: Callable[[str], Groups]

    @property
    def groups(self) -> Groups:
        """The topic's words."""
        return self.words_of(self.question.topic)

    @property
    def near(self) -> list[Passage]:
        """The passages of the ranking that answer: none below the confidence that is asked for."""
        if self.confidence < self.enough or not self.passages:
            return []
        least = self.passages[0].score - NEAR
        return [one for one in self.passages if one.score >= least and not one.quote.endswith("?")]

    def say(self, french: str, english: str) -> str:
        """The one in the language of the question."""
        return french if self.question.language == "fr" else english


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its passages; the rest is as in ``rag.types.Section``."""

    title: str
    passages: tuple[Passage, ...] = ()
    speaker: str | None = None
    debate: str | None = None
    start: float | None = None
    end: float | None = None
    count: int | None = None
    said: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A shaped answer: the sentence before its parts and the one after them, and as in ``rag.types.Answer``."""

    opening: str
    parts: tuple[Part, ...]
    confidence: float
    complete: bool | None = None
    closing: str = ""
