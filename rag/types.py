"""Question, Passage, Citation, Answer: what goes in and what comes out. Read after ``index/types.py``."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from index.errors import Language
from index.types import Attribution, Origin
from rag.trace import Stage


class Kind(StrEnum):
    """What shape of answer a question wants; ``rag/kinds.py`` recognises it.

    opinion and fact: quotes. list: every mention, or the names or figures that are given. who: by speaker. when: times.
    each: the position of every participant. overview: chapters. exchange: a question and what was answered.
    """

    OPINION = "opinion"
    FACT = "fact"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    EACH = "each"
    OVERVIEW = "overview"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Question:
    """``topic`` is what remains without the phrase that asks for somebody's words.

    ``speakers`` are those whose words are wanted (several when a first name is shared); ``absent`` is somebody whose
    words are wanted and who is none of the people of the debates.
    """

    text: str
    language: Language
    topic: str
    speakers: tuple[str, ...] = ()
    absent: str | None = None
    kind: Kind = Kind.FACT


@dataclass(frozen=True, slots=True)
class Filters:
    """What a caller restricts beside the question. Dates are inclusive."""

    speaker: str | None = None
    debate: str | None = None
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is said before a passage, to which it answers: exact text, ``start`` and ``end`` in seconds."""

    speaker: str | None
    attribution: Origin
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive pieces of one turn. ``text`` and ``quote`` are substrings of the debate's text, ``quote`` of
    ``text``.

    ``start`` and ``end`` are seconds; ``score``: higher is better, comparable within one question only.
    """

    debate: str
    attribution: Attribution
    start: float
    end: float
    text: str
    quote: str
    score: float
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage as it is shown, number ``n`` from 1. ``permalink`` is a path on this server; ``video_url`` plays the
    moment."""

    n: int
    debate: str
    title: str
    speaker: str | None
    attribution: Origin
    attribution_confidence: float
    start: float
    end: float
    quote: str
    text: str
    score: float
    permalink: str
    video_url: str | None
    context: Context | None = None

    @property
    def attributed(self) -> Attribution:
        """Who is said to speak, with how it is known."""
        return Attribution(self.speaker, self.attribution, self.attribution_confidence)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a shaped answer: a speaker, a stretch of time, a chapter, an item. Its quotes are the ``citations``
    with these numbers.

    ``speaker`` is whose section it is, None where it is nobody's or nobody knows. ``start`` and ``end`` are seconds of
    ``debate``, where the section is a stretch of one. ``count`` is how many passages there are, shown or not, where
    they were counted. ``said`` is False for somebody of whom nothing was found: then there are no citations.
    """

    title: str
    speaker: str | None = None
    debate: str | None = None
    start: float | None = None
    end: float | None = None
    citations: tuple[int, ...] = ()
    count: int | None = None
    said: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a language model that passed every check; ``citations`` are the numbers in it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """How many sentences of a language model were taken out for one ``fault`` (see ``rag/checked.py``)."""

    fault: str
    count: int


@dataclass(frozen=True, slots=True)
class Generated:
    """What became of a language model's answer: the sentences that are kept, and how many were taken out, and why.

    ``failure`` names the error that ended it early, and ``complete`` is False then.
    """

    model: str
    sentences: tuple[Sentence, ...] = ()
    removed: tuple[Removed, ...] = ()
    complete: bool = True
    failure: str | None = None

    @property
    def sentences_kept(self) -> int:
        return len(self.sentences)

    @property
    def sentences_removed(self) -> int:
        return sum(one.count for one in self.removed)


@dataclass(frozen=True, slots=True)
class Heard:
    """A word of the question, and how a cited passage writes it: ``heard`` is an exact substring of the transcript."""

    asked: str
    heard: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``abstained``: nothing in the debates answers; ``citations`` are then the nearest passages.

    ``confidence`` in [0, 1] that the citations answer. ``speaker`` is the person whose words were looked for.
    ``sections`` order the citations where the ``kind`` of the question wants it; ``complete`` says whether they are
    all that there is, for the words of the topic; None where nothing is counted.
    ``generated`` tells of the language model where one was asked, ``notice`` is the sentence of ``answer`` about it.
    ``id`` gives the answer back later, and is None when it was not kept. ``trace``: what each stage took.
    ``heard`` are names that the cited passages spell otherwise than the question.
    """

    question: str
    answer: str
    abstained: bool
    confidence: float
    speaker: str | None
    citations: tuple[Citation, ...]
    took_ms: float
    generated: Generated | None = None
    notice: str | None = None
    id: str | None = None
    trace: tuple[Stage, ...] = ()
    kind: Kind = Kind.FACT
    sections: tuple[Section, ...] = ()
    complete: bool | None = None
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The first step of an answer: the quotes alone, before any language model is asked."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A language model is at work, and nothing of it can be shown yet."""


@dataclass(frozen=True, slots=True)
class Done:
    """The last step: the whole answer, as it is kept."""

    answer: Answer


Step: TypeAlias = Found | Sentence | Waiting | Done
"""Of an answer that is told while it is made: one Found, then sentences with waits between them, then one Done."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The ranking alone, also where ``ask`` would abstain."""

    query: str
    speaker: str | None
    passages: tuple[Citation, ...]
