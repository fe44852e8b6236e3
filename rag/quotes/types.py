"""Verification: what the debates say to « did X really say …? ». Read this first."""

from dataclasses import dataclass, replace
from enum import StrEnum

from index.types import Attribution, Origin

KNOWN = frozenset({Origin.LABELLED, Origin.CORRECTED, Origin.VOICE})
"""The origins that say who speaks; the bare text only suggests."""


class Verdict(StrEnum):
    """``exact``: word for word, signs included. ``near``: the same words, but for what ``Kind`` calls harmless.
    ``other_speaker``: one of these two, and somebody else says it, or a part of it. ``stitched``: pieces of several
    places, or of one place with something left out. ``not_found``: nobody says this; also where a passage says it
    otherwise, which is then the first of ``nearest``."""

    EXACT = "exact"
    NEAR = "near"
    OTHER_SPEAKER = "other_speaker"
    STITCHED = "stitched"
    NOT_FOUND = "not_found"


class Kind(StrEnum):
    """How a quote and the transcript differ at one place. The last three change what is said."""

    CASE = "case"
    ACCENTS = "accents"
    PUNCTUATION = "punctuation"
    SPELLING = "spelling"
    NUMBER = "number"
    FILLER = "filler"
    CHANGED = "changed"
    ADDED = "added"
    LEFT_OUT = "left_out"

    @property
    def alters(self) -> bool:
        return self in (Kind.CHANGED, Kind.ADDED, Kind.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Difference:
    """``quoted`` is ``quote[quote_begin:quote_end]``, ``said`` is ``text[char_begin:char_end]`` of the debate's
    text; one of them is empty where something was added or left out."""

    kind: Kind
    quote_begin: int
    quote_end: int
    quoted: str
    char_begin: int
    char_end: int
    said: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A part of a place that one person says: ``text`` is ``[char_begin:char_end]`` of the debate's text."""

    attribution: Attribution
    char_begin: int
    char_end: int
    text: str

    @property
    def known(self) -> str | None:
        """Who says it, where that is more than a suggestion."""
        return self.attribution.speaker if self.attribution.origin in KNOWN else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand. ``text`` is ``[char_begin:char_end]`` of the debate's text, which is its segments
    joined with one space; it begins at character ``first_offset`` of segment ``first_segment`` and ends before
    character ``last_offset`` of segment ``last_segment``. ``start`` and ``end`` are seconds, of the words where the
    file gives their times (``word_times``), else of the pieces that hold them. ``quote[quote_begin:quote_end]`` is what
    is found here. ``left_out`` is what stands between the piece before and this one."""

    debate: str
    title: str
    text: str
    char_begin: int
    char_end: int
    first_segment: int
    first_offset: int
    last_segment: int
    last_offset: int
    start: float
    end: float
    word_times: bool
    spoken: tuple[Spoken, ...]
    permalink: str
    video_url: str | None
    quote_begin: int
    quote_end: int
    differences: tuple[Difference, ...] = ()
    left_out: str | None = None

    @property
    def speakers(self) -> tuple[str | None, ...]:
        """Each once, in order; None for whom nobody knows."""
        return tuple(dict.fromkeys(part.known for part in self.spoken))

    @property
    def altered(self) -> bool:
        return any(difference.kind.alters for difference in self.differences)

    def after(self, left_out: str | None) -> "Place":
        return replace(self, left_out=left_out)


@dataclass(frozen=True, slots=True)
class Verification:
    """``places`` hold the quote (its pieces, in order, when it is stitched), ``nearest`` what comes near where it is
    not found. ``speaker`` is who was asked about, as the debates call them; ``speaker_checked`` whether the transcript
    says who speaks there, None where nobody was asked about or nothing was found. ``altered``: not found, but the first
    of ``nearest`` is the passage, in other words. ``found`` counts the places;
    ``complete``: all that there are, in everything that was searched, are given."""

    quote: str
    verdict: Verdict
    speaker: str | None
    speaker_checked: bool | None
    altered: bool
    places: tuple[Place, ...]
    nearest: tuple[Place, ...]
    found: int
    complete: bool
    took_ms: float
