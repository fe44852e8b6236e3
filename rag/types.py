"""Question, Passage, Citation, Answer: what goes in and what comes out. Read after ``index/types.py``."""

from dataclasses import dataclass
from datetime import date

from index.errors import Language
from index.types import Attribution, Origin


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


@dataclass(frozen=True, slots=True)
class Filters:
    """What a caller restricts beside the question. Dates are inclusive."""

    speaker: str | None = None
    debate: str | None = None
    date_from: date | None = None
    date_to: date | None = None


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


@dataclass(frozen=True, slots=True)
class Answer:
    """``abstained``: nothing in the debates answers; ``citations`` are then the nearest passages.

    ``confidence`` in [0, 1] that the citations answer. ``speaker`` is the person whose words were looked for.
    """

    question: str
    answer: str
    abstained: bool
    confidence: float
    speaker: str | None
    citations: tuple[Citation, ...]
    took_ms: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The ranking alone, also where ``ask`` would abstain."""

    query: str
    speaker: str | None
    passages: tuple[Citation, ...]
