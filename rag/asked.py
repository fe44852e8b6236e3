"""Whose words a question wants, and in which debates: what is known before anything is searched.

parse -> people meant -> the debates in which they speak, or may speak
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from index.errors import DebateUnknown, FieldInvalid, SpeakerUnknown, listed
from index.types import DebateSummary
from rag.confidence import Figures
from rag.people import People
from rag.question import parse
from rag.shapes import Shape
from rag.types import Filters, Heard, Kind, Passage, Question

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Search:
    """A question with all that was found for it. ``people`` are those whose words were wanted; ``restricted`` whether
    their words are labelled, so that the passages are theirs; ``elsewhere`` counts further debates of theirs without
    labels, ``generation`` names the state of the index; ``heard`` are other spellings that were searched. Where nothing
    answers, ``unsaid`` are words of the topic that nobody says, and ``others`` the passages in which others than
    ``people`` speak of it."""

    question: Question
    debates: dict[str, DebateSummary]
    people: tuple[str, ...]
    restricted: bool
    generation: str
    elsewhere: int = 0
    passages: list[Passage] = field(default_factory=list)
    figures: Figures | None = None
    unsaid: tuple[str, ...] = ()
    others: tuple[Passage, ...] = ()
    confidence: float = 0.0
    shape: Shape | None = None
    heard: tuple[Heard, ...] = ()

    @property
    def topic(self) -> str:
        """What is searched: the whole question when nothing remains of it."""
        return self.question.topic or self.question.text


@dataclass(frozen=True)
class Catalogue:
    """The debates of an index, and who is labelled in which, at one generation."""

    generation: str
    debates: tuple[DebateSummary, ...]
    speakers: dict[str, frozenset[str]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of everybody who speaks or is announced."""
        announced = (person.name for debate in self.debates for person in debate.participants)
        return tuple(dict.fromkeys((*self.speakers, *announced)))

    @cached_property
    def people(self) -> People:
        """Of all the debates."""
        return People.of(self.speakers, self.debates)

    def people_of(self, debates: Sequence[DebateSummary]) -> People:
        """Of some of the debates."""
        return self.people if len(debates) == len(self.debates) else People.of(self.speakers, debates)


def read(text: str, filters: Filters, catalogue: Catalogue) -> Search:
    """Whose words are wanted, and in which debates. Raises FieldInvalid, DebateUnknown, SpeakerUnknown."""
    if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
        expected, expected_fr = "no later than date_to", "une date qui ne dépasse pas date_to"
        raise FieldInvalid(field="date_from", value=filters.date_from, expected=expected, expected_fr=expected_fr)
    ids = [debate.id for debate in catalogue.debates]
    if filters.debate is not None and filters.debate not in ids:
        raise DebateUnknown(debate=filters.debate, known=listed(ids))
    debates = [debate for debate in catalogue.debates if _within(debate, filters)]
    people = catalogue.people_of(debates)
    question, asked = _whose_words(text, people, filters)
    labelled = people.labelled_among(asked)
    taking_part = people.debates_of(asked)
    theirs = [debate for debate in debates if debate.id in taking_part]
    elsewhere = [debate for debate in theirs if not debate.speakers_identified]
    if asked and not labelled:
        debates = elsewhere or theirs
    elif question.absent and not asked and (nameless := [debate for debate in debates if _nameless(debate)]):
        debates, asked = nameless, (question.absent,)
    found = {debate.id: debate for debate in debates}
    away = len(elsewhere) if labelled else 0
    return Search(question, found, labelled or asked, bool(labelled), catalogue.generation, away)


def read_comparison(topic: str, filters: Filters, catalogue: Catalogue, people: Sequence[str]) -> Search:
    """``topic`` as the question what each of ``people`` thinks of it. Raises DebateUnknown, SpeakerUnknown."""
    wanted = read(topic, filters, catalogue)
    known = catalogue.people_of([debate for debate in catalogue.debates if _within(debate, filters)])
    named: dict[str, None] = {}
    for person in people:
        found = known.named(person)
        if not found:
            raise SpeakerUnknown(speaker=person, known=listed(known.names))
        named.update(dict.fromkeys(found))
    question = replace(wanted.question, kind=Kind.EACH)
    return replace(wanted, question=question, people=tuple(named), restricted=bool(named))


def _whose_words(text: str, people: People, filters: Filters) -> tuple[Question, tuple[str, ...]]:
    """The question as read, and the people whose words are wanted: the filter's before those of the question."""
    question = parse(text, people.askable)
    question = replace(question, speakers=people.meant(question.speakers))
    if filters.speaker:
        named = people.named(filters.speaker)
        if not named:
            raise SpeakerUnknown(speaker=filters.speaker, known=listed(people.names))
        return question, named
    return question, question.speakers


def _nameless(debate: DebateSummary) -> bool:
    """Nobody knows who takes part, so nobody can be said not to."""
    return not debate.participants and not debate.speakers_identified


def _within(debate: DebateSummary, filters: Filters) -> bool:
    if filters.debate is not None and debate.id != filters.debate:
        return False
    if filters.date_from is None and filters.date_to is None:
        return True
    day = debate.date
    return day is not None and (filters.date_from or day) <= day <= (filters.date_to or day)
