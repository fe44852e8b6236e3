"""The vocabulary: what a debate is made of. Read this first.

Times are seconds from the start of the recording. The order of segments is total: (start, end, index).
The text of a debate is its segments joined with one space; every quote is a substring of that text.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""``(n, dim)`` or ``(dim,)``, float32, each of length 1, so that a dot product is the cosine similarity."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told ``(stage, done, total)`` while long work goes on."""


class Origin(StrEnum):
    """Where the name of a speaker comes from, the most trustworthy last but one."""

    UNKNOWN = "unknown"
    SUGGESTED = "suggested"
    MODEL = "model"
    VOICE = "voice"
    LABELLED = "labelled"
    CORRECTED = "corrected"

    @property
    def settled(self) -> bool:
        """Whether the transcript or a person says who speaks: any other name is told with its doubt."""
        return self in (Origin.LABELLED, Origin.CORRECTED)

    @property
    def guessed(self) -> bool:
        """Whether a name is a guess from the text, which is not given as a fact."""
        return self in (Origin.SUGGESTED, Origin.MODEL)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks, as far as it is known: ``speaker`` is None exactly when ``origin`` is unknown; confidence in [0,
    1]."""

    speaker: str | None = None
    origin: Origin = Origin.UNKNOWN
    confidence: float = 0.0


UNKNOWN = Attribution()


@dataclass(frozen=True, slots=True)
class WordTime:
    """A word of a segment as a recogniser heard it; ``end`` is None when it is not given."""

    start: float
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """What the transcript gives as one piece: a caption, a line, an ASR segment. ``text`` has single spaces only;
    ``words`` are there where the file gives their times and they were asked for. ``voice`` is what the file calls
    whoever speaks: a name, or "SPEAKER_00"."""

    index: int
    start: float
    end: float
    text: str
    attribution: Attribution = UNKNOWN
    words: tuple[WordTime, ...] = ()
    voice: str | None = None

    @property
    def speaker(self) -> str | None:
        return self.attribution.speaker


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part, as the title or the labels say; ``role`` is empty when not given, ``aliases`` are other
    names under which they may be asked for."""

    name: str
    role: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Debate:
    """A recording that was transcribed. ``language`` is an ISO 639-1 code, ``url`` where the recording can be seen,
    ``description`` what the file says of it beside its title, ``media`` where it plays: an address, or the absolute
    path of an audio or video file of this machine."""

    id: str
    title: str
    segments: tuple[Segment, ...]
    participants: tuple[Participant, ...] = ()
    date: datetime.date | None = None
    url: str | None = None
    language: str = "fr"
    description: str = ""
    media: str | None = None

    def between(self, begin: float | None, end: float | None) -> list[Segment]:
        """The segments that lie at least partly between two moments, in seconds; None is no bound."""
        return [
            segment
            for segment in self.segments
            if (begin is None or segment.end > begin) and (end is None or segment.start < end)
        ]


@dataclass(frozen=True, slots=True)
class DebateSummary:
    """What a list of debates shows; ``labelled_words`` of ``words`` have a known speaker, not counting what the bare
    text suggests, and of ``told_words`` a file or a person says who speaks, the rest being inferred."""

    id: str
    title: str
    participants: tuple[Participant, ...]
    date: datetime.date | None
    url: str | None
    language: str
    segments: int
    words: int
    labelled_words: int
    duration: float
    media: str | None = None
    told_words: int = 0

    @property
    def speakers_identified(self) -> bool:
        return self.labelled_words > 0

    @property
    def all_told(self) -> bool:
        return self.told_words >= self.words

    @property
    def all_identified(self) -> bool:
        """But for a few words: somebody without any did not speak."""
        return self.labelled_words >= 0.9 * self.words


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive pieces of one speaker, ``first`` to ``last`` (both included)."""

    first: int
    last: int
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``first`` to ``last`` (both included) that are embedded and indexed together, about ``width`` words."""

    first: int
    last: int
    width: int
    text: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: None means everywhere. Dates are inclusive; a debate without a date is outside any date
    bound."""

    debates: frozenset[str] | None = None
    speakers: frozenset[str] | None = None
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None


EVERYWHERE = Scope()


class Hit(NamedTuple):
    """A window that a search found. ``score``: higher is better (cosine for dense, BM25 for lexical). A tuple, since a
    question makes a thousand of them."""

    debate: str
    first: int
    last: int
    width: int
    score: float


def joined_text(parts: Sequence[Segment]) -> str:
    """The text of consecutive segments or pieces, as every quote and offset means it."""
    return " ".join(part.text for part in parts)
