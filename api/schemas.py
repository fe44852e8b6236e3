"""What goes over HTTP, and what ``--json`` prints: one shape for both."""

import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.generated_schemas import GeneratedOut, StageOut
from index.build import Added
from index.errors import Language
from index.media import is_address
from index.transcripts.report import ImportReport
from index.types import Debate, Origin, Segment
from rag.engine import DEFAULT_TOP_K, MOST_TOP_K
from rag.links import media_path
from rag.types import Kind

_DEBATE = "smart-tech-2024-11-19"
_TITLE = (
    "Mardi 19 novembre 2024, SMART TECH reçoit Constantin Pavléas (Avocat) et Jean-Baptiste Kempf (fondateur de VLC)"
)
_QUOTE = "Par exemple, on se rend compte que le RGPD a renforcé la position de Google sur la publicité"


def _encodable(text: str) -> str:
    """JSON can escape half of a surrogate pair, which no text holds."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds half of a surrogate pair")
    return text


Text = Annotated[str, AfterValidator(_encodable)]


class AskRequest(BaseModel):
    """A question, and what it is restricted to."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Que pense Kempf du RGPD ?", "top_k": 3}]}
    )

    question: Text = Field(description="In French or English; the answer follows its language.")
    top_k: int = Field(
        DEFAULT_TOP_K,
        ge=1,
        le=MOST_TOP_K,
        strict=True,
        description="At most so many citations, or as many as the sections need.",
    )
    speaker: Text | None = Field(
        None, description="Only this person's words; a part of the name or a misspelling will do."
    )
    debate: Text | None = Field(None, description="Only this debate, by id.")
    date_from: datetime.date | None = Field(None, description="Only debates of this day or later.")
    date_to: datetime.date | None = Field(None, description="Only debates of this day or earlier.")
    generate: bool | None = Field(
        None, description="Whether a language model words the answer from the quotes; null: as the server is set."
    )


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ContextOut(_Out):
    """What is said before a passage, to which it answers."""

    speaker: str | None
    attribution: Origin
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    text: str = Field(description="An exact substring of the transcript.")


class CitationOut(_Out):
    """A passage. ``quote`` and ``text`` are exact substrings of the transcript, whose segments are joined with one
    space."""

    n: int = Field(description="The number by which the answer refers to it.")
    debate: str = Field(examples=[_DEBATE])
    title: str = Field(examples=[_TITLE])
    speaker: str | None = Field(description="Who says it; null when it is not known.")
    attribution: Origin = Field(description="Where the name comes from.")
    attribution_confidence: float = Field(ge=0, le=1)
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    quote: str = Field(description="The sentences that answer.", examples=[_QUOTE])
    text: str = Field(description="The passage around them, within one turn.")
    score: float = Field(description="Higher is better; comparable within one question only.")
    permalink: str = Field(description="The path of the moment on this server.", examples=[f"/d/{_DEBATE}?t=398,406"])
    video_url: str | None = Field(description="The recording at this moment, when the debate has a URL.")
    context: ContextOut | None = Field(description="The question before it that it answers, where one is asked.")


class SectionOut(_Out):
    """A part of an answer: a speaker, a stretch of time, a chapter, an item."""

    title: str
    speaker: str | None = Field(description="Whose section it is; null when it is nobody's or not known.")
    debate: str | None = Field(description="The debate that ``start`` and ``end`` are of.")
    start: float | None = Field(description="Seconds.")
    end: float | None = Field(description="Seconds.")
    citations: list[int] = Field(description="The numbers of its citations.")
    count: int | None = Field(description="How many passages there are, shown or not; null when not counted.")
    said: bool = Field(description="False for somebody of whom nothing was found on it.")


class HeardOut(_Out):
    """A word of the question, and how a cited passage writes it."""

    asked: str = Field(examples=["Scaleway"])
    heard: str = Field(description="To the letter, as in the transcript.", examples=["Skelway"])


class AnswerOut(_Out):
    """When it abstained, the citations are the nearest passages, and none of them is an answer."""

    question: str
    answer: str = Field(description="Quotes of one to three citations, each with its number.")
    abstained: bool
    confidence: float = Field(ge=0, le=1, description="That the citations answer.")
    speaker: str | None = Field(description="The person whose words were looked for.")
    citations: list[CitationOut]
    took_ms: float
    generated: GeneratedOut | None = Field(description="What a language model made of it; null when none was asked.")
    notice: str | None = Field(description="What the answer says of that model.")
    id: str | None = Field(description="Of `GET /v1/answers/{id}`; null when it is not kept.")
    trace: list[StageOut] = Field(description="What each stage took.")
    kind: Kind = Field(description="What shape of answer the question wants.")
    sections: list[SectionOut] = Field(
        description="Who says it, when, what each says, chapters…: by the kind; empty for an opinion or a fact."
    )
    complete: bool | None = Field(
        description="Whether this is all there is for the words of the question; null where nothing is counted."
    )
    heard: list[HeardOut] = Field(description="Names that the cited passages spell otherwise than the question.")


class SearchOut(_Out):
    """The ranking alone."""

    query: str
    speaker: str | None
    passages: list[CitationOut]


class ParticipantOut(_Out):
    """Somebody who takes part. ``aliases`` are other names under which they may be asked for."""

    name: str
    role: str
    aliases: list[str]


class DebateOut(_Out):
    """A debate in the index. ``labelled_words`` of its ``words`` have a known speaker."""

    id: str = Field(examples=[_DEBATE])
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


class DebatesOut(_Out):
    """Every debate, by id."""

    debates: list[DebateOut]


class WordOut(_Out):
    """A word as a recogniser heard it."""

    start: float
    end: float | None
    text: str


class SegmentOut(_Out):
    """A part of the transcript as it came."""

    index: int
    start: float
    end: float
    speaker: str | None
    attribution: Origin
    attribution_confidence: float
    text: str
    words: list[WordOut] = Field(description="Empty unless they were asked for and the file gave their times.")


class SegmentsOut(_Out):
    """Consecutive segments of a debate."""

    debate: str
    segments: list[SegmentOut]


class NoteOut(_Out):
    """Something that was mended or dropped while reading."""

    kind: str
    line: int | None
    message: str


class ReportOut(_Out):
    """What was read from a file."""

    format: str
    encoding: str
    segments: int
    words: int
    speakers: list[str]
    first: float
    last: float
    notes: list[NoteOut]


class AddedOut(_Out):
    """``replaced`` tells whether the id was there before."""

    debate: str
    title: str
    replaced: bool
    report: ReportOut
    voices: dict[str, str | None] = Field(description="The names given to anonymous voices; null for those unknown.")
    lost_corrections: int = Field(description="Corrections of the file before that found no place in this one.")


class StatusOut(_Out):
    """Whether the server lives, or can answer."""

    status: str


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


class ProblemOut(BaseModel):
    """RFC 9457: ``type`` names the error for programs, ``detail`` says it to people; ``errors`` lists wrong fields."""

    type: str = Field(examples=["urn:qui-dit-quoi:debate-unknown"])
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
