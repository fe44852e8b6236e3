"""A question, and its answer, as they go over HTTP and as ``--json`` prints them: one shape for both."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.generated import GeneratedOut, StageOut
from api.schemas.shape import DEBATE, SOMETHING, Day, Id, Name, Out, Text, Whole
from index.types import Origin
from rag.engine import DEFAULT_TOP_K, MOST_TOP_K
from rag.types import Kind

_TITLE = (
    "Mardi 19 novembre 2024, SMART TECH reçoit Constantin Pavléas (Avocat) et Jean-Baptiste Kempf (fondateur de VLC)"
)
_QUOTE = "Par exemple, on se rend compte que le RGPD a renforcé la position de Google sur la publicité"


class AskRequest(BaseModel):
    """A question, and what it is restricted to."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Que pense Kempf du RGPD ?", "top_k": 3}]}
    )

    question: Text = Field(
        description="In French or English; the answer follows its language.", json_schema_extra=SOMETHING
    )
    top_k: Whole = Field(
        DEFAULT_TOP_K,
        ge=1,
        le=MOST_TOP_K,
        description="At most so many citations, or as many as the sections need.",
    )
    speaker: Name | None = Field(
        None, description="Only this person's words; a part of the name or a misspelling will do."
    )
    debate: Id | None = Field(None, description="Only this debate, by id.")
    date_from: Day | None = Field(None, description="Only debates of this day or later.")
    date_to: Day | None = Field(None, description="Only debates of this day or earlier.")
    generate: bool | None = Field(
        None,
        strict=True,
        description="Whether a language model words the answer from the quotes; null: as the server is set.",
    )


class ContextOut(Out):
    """What is said before a passage, to which it answers."""

    speaker: str | None
    attribution: Origin
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    text: str = Field(description="An exact substring of the transcript.")


class CitationOut(Out):
    """A passage. ``quote`` and ``text`` are exact substrings of the transcript, whose segments are joined with one
    space."""

    n: int = Field(description="The number by which the answer refers to it.")
    debate: str = Field(examples=[DEBATE])
    title: str = Field(examples=[_TITLE])
    speaker: str | None = Field(description="Who says it; null when it is not known.")
    attribution: Origin = Field(description="Where the name comes from.")
    attribution_confidence: float = Field(ge=0, le=1)
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    quote: str = Field(description="The sentences that answer.", examples=[_QUOTE])
    text: str = Field(description="The passage around them, within one turn.")
    score: float = Field(description="Higher is better; comparable within one question only.")
    permalink: str = Field(description="The path of the moment on this server.", examples=[f"/d/{DEBATE}?t=398,406"])
    video_url: str | None = Field(description="The recording at this moment, when the debate has a URL.")
    context: ContextOut | None = Field(description="The question before it that it answers, where one is asked.")


class SectionOut(Out):
    """A part of an answer: a speaker, a stretch of time, a chapter, an item."""

    title: str
    speaker: str | None = Field(description="Whose section it is; null when it is nobody's or not known.")
    debate: str | None = Field(description="The debate that ``start`` and ``end`` are of.")
    start: float | None = Field(description="Seconds.")
    end: float | None = Field(description="Seconds.")
    citations: list[int] = Field(description="The numbers of its citations.")
    count: int | None = Field(description="How many passages there are, shown or not; null when not counted.")
    said: bool = Field(description="False for somebody of whom nothing was found on it.")


class HeardOut(Out):
    """A word of the question, and how a cited passage writes it."""

    asked: str = Field(examples=["Scaleway"])
    heard: str = Field(description="To the letter, as in the transcript.", examples=["Skelway"])


class AnswerOut(Out):
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


class SearchOut(Out):
    """The ranking alone."""

    query: str
    speaker: str | None
    passages: list[CitationOut]
