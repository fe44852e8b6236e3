"""What goes over HTTP, and what ``--json`` prints, about a quote that is verified."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import SOMETHING, Id, Text
from index.errors import Language
from index.types import Origin
from rag.quotes.telling import told
from rag.quotes.types import Difference, Kind, Place, Spoken, Verdict, Verification


class VerifyRequest(BaseModel):
    """A quote, and who is said to have said it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"quote": "le RGPD a renforcé la position de Google sur la publicité", "speaker": "Kempf"}]
        },
    )

    quote: Text = Field(
        description="With or without quotation marks; “[…]” stands for what it leaves out.", json_schema_extra=SOMETHING
    )
    speaker: Text | None = Field(None, min_length=1, max_length=200, description="A part of the name will do.")
    debate: Id | None = Field(None, description="Only in this debate, by id.")


class DifferenceOut(BaseModel):
    """One place where quote and transcript differ; offsets are characters, of the quote and of the debate's text."""

    kind: Kind
    alters: bool = Field(description="Whether it changes what is said.")
    quote_begin: int
    quote_end: int
    quoted: str = Field(description="Empty where the quote leaves something out.")
    char_begin: int
    char_end: int
    said: str = Field(description="Empty where the quote adds something.")


class SpokenOut(BaseModel):
    """A part of a place that one person says."""

    speaker: str | None
    attribution: Origin = Field(description="Where the name comes from; a suggested one does not count as known.")
    attribution_confidence: float = Field(ge=0, le=1)
    char_begin: int
    char_end: int
    text: str


class PlaceOut(BaseModel):
    """Where the words stand. ``text`` is characters ``char_begin`` to before ``char_end`` of the debate's text, which
    is its segments joined with one space."""

    debate: str
    title: str
    text: str
    char_begin: int
    char_end: int
    first_segment: int
    first_offset: int = Field(description="The character of the first segment at which it begins.")
    last_segment: int
    last_offset: int = Field(description="The character of the last segment before which it ends.")
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    word_times: bool = Field(description="Whether these are the times of the words, or of the pieces that hold them.")
    spoken: list[SpokenOut]
    permalink: str = Field(description="The path of the moment on this server.")
    video_url: str | None = Field(description="The recording at this moment, when the debate has a URL.")
    quote_begin: int = Field(description="What of the quote is found here, in characters of the quote.")
    quote_end: int
    differences: list[DifferenceOut]
    left_out: str | None = Field(
        description="Of a stitched quote: what stands between the piece before and this one, in one debate."
    )


class VerificationOut(BaseModel):
    """Whether, where and by whom it is said."""

    quote: str
    verdict: Verdict
    explanation: str = Field(description="The verdict in words.")
    speaker: str | None = Field(description="Who was asked about, as the debates call them.")
    speaker_checked: bool | None = Field(
        description="Whether the transcript says who speaks there; null where that does not matter."
    )
    altered: bool = Field(description="Not found, but the first of ``nearest`` is the passage, which says otherwise.")
    places: list[PlaceOut] = Field(description="Of the quote; of its pieces, in order, when it is stitched.")
    nearest: list[PlaceOut] = Field(description="The nearest passages, where it is not found.")
    found: int = Field(description="How many places there are, as far as they were counted.")
    complete: bool = Field(description="Whether all of them are given.")
    took_ms: float


def verification_out(found: Verification, language: Language) -> VerificationOut:
    """With the verdict in words in ``language``."""
    return VerificationOut(
        quote=found.quote,
        verdict=found.verdict,
        explanation=told(found, language),
        speaker=found.speaker,
        speaker_checked=found.speaker_checked,
        altered=found.altered,
        places=[_place_out(place) for place in found.places],
        nearest=[_place_out(place) for place in found.nearest],
        found=found.found,
        complete=found.complete,
        took_ms=found.took_ms,
    )


def _place_out(place: Place) -> PlaceOut:
    plain = PlaceOut.model_fields.keys() - {"spoken", "differences"}
    return PlaceOut(
        **{name: getattr(place, name) for name in plain},
        spoken=[_spoken_out(part) for part in place.spoken],
        differences=[_difference_out(difference) for difference in place.differences],
    )


def _spoken_out(part: Spoken) -> SpokenOut:
    return SpokenOut(
        speaker=part.attribution.speaker,
        attribution=part.attribution.origin,
        attribution_confidence=part.attribution.confidence,
        char_begin=part.char_begin,
        char_end=part.char_end,
        text=part.text,
    )


def _difference_out(difference: Difference) -> DifferenceOut:
    plain = DifferenceOut.model_fields.keys() - {"alters"}
    return DifferenceOut(**{name: getattr(difference, name) for name in plain}, alters=difference.kind.alters)
