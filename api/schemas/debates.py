"""Debates, their segments, and what adding one tells, as they go over HTTP and as ``--json`` prints them."""

import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from api.schemas.shape import DEBATE, Out
from index.errors import Language
from index.media import is_address
from index.transcripts.report import ImportReport
from index.types import Debate, Origin, Segment
from index.writing.build import Added
from rag.links import media_path


class ParticipantOut(Out):
    """Somebody who takes part. ``aliases`` are other names under which they may be asked for."""

    name: str
    role: str
    aliases: list[str]


class DebateOut(Out):
    """A debate in the index. ``labelled_words`` of its ``words`` have a known speaker."""

    id: str = Field(examples=[DEBATE])
    title: str
    participants: list[ParticipantOut]
    date: datetime.date | None
    url: str | None
    media: str | None = Field(description="Where it plays: an address, or a path on this server.")
    language: str
    segments: int
    words: int
    labelled_words: int
    speakers_identified: bool
    duration: float = Field(description="Seconds.")

    @model_validator(mode="after")
    def _without_paths(self) -> Self:
        """Where a file lies is told to nobody."""
        if self.media is not None and not is_address(self.media):
            self.media = media_path(self.id)
        return self


class DebatesOut(Out):
    """Every debate, by id."""

    debates: list[DebateOut]


class WordOut(Out):
    """A word as a recogniser heard it."""

    start: float
    end: float | None
    text: str


class SegmentOut(Out):
    """A part of the transcript as it came."""

    index: int
    start: float
    end: float
    speaker: str | None
    attribution: Origin
    attribution_confidence: float
    text: str
    words: list[WordOut] = Field(description="Empty unless they were asked for and the file gave their times.")


class SegmentsOut(Out):
    """Consecutive segments of a debate."""

    debate: str
    segments: list[SegmentOut]


class NoteOut(Out):
    """Something that was mended or dropped while reading."""

    kind: str
    line: int | None
    message: str


class ReportOut(Out):
    """What was read from a file."""

    format: str
    encoding: str
    segments: int
    words: int
    speakers: list[str]
    first: float
    last: float
    notes: list[NoteOut]


class AddedOut(Out):
    """``replaced`` tells whether the id was there before."""

    debate: str
    title: str
    replaced: bool
    report: ReportOut
    voices: dict[str, str | None] = Field(description="The names given to anonymous voices; null for those unknown.")
    lost_corrections: int = Field(description="Corrections of the file before that found no place in this one.")


class ProgressOut(Out):
    """How far the adding of a debate is."""

    stage: str
    label: str = Field(description="The stage in words.")
    done: int
    total: int = Field(description="0 where nobody knows how much it is.")
    left: int | None = Field(description="Seconds; null while that is not known.")


def segments_out(debate: Debate, begin: float | None, end: float | None) -> SegmentsOut:
    """Those that lie at least partly between ``begin`` and ``end`` seconds."""
    return SegmentsOut(debate=debate.id, segments=[_segment_out(segment) for segment in debate.between(begin, end)])


def added_out(added: Added, language: Language) -> AddedOut:
    return AddedOut(
        debate=added.debate.id,
        title=added.debate.title,
        replaced=added.replaced,
        report=report_out(added.report, language),
        voices={one.voice: one.speaker for one in added.voices},
        lost_corrections=len(added.lost),
    )


def report_out(report: ImportReport, language: Language) -> ReportOut:
    """With its notes as sentences in ``language``."""
    notes = [NoteOut(kind=note.kind, line=note.line, message=note.message(language)) for note in report.notes]
    fields: dict[str, Any] = {name: getattr(report, name) for name in ReportOut.model_fields if name != "notes"}
    return ReportOut(**fields, notes=notes)


def _segment_out(segment: Segment) -> SegmentOut:
    return SegmentOut(
        index=segment.index,
        start=segment.start,
        end=segment.end,
        speaker=segment.speaker,
        attribution=segment.attribution.origin,
        attribution_confidence=segment.attribution.confidence,
        text=segment.text,
        words=[WordOut.model_validate(word) for word in segment.words],
    )
