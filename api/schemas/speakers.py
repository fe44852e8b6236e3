"""What goes over HTTP, and what ``--json`` prints, about who speaks."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import Name, Out, Text, Whole
from index.errors import Language
from index.speakers.attribution import Attributed
from index.speakers.corrections import Correction
from index.types import Origin
from index.writing.labelling import SpokenTurn, turns_of
from index.writing.renaming import Person
from rag.enrolled.file import Enrolled
from rag.label_with_llm import ModelLabels


class TurnOut(BaseModel):
    """Segments that one person speaks, as far as it is known."""

    first: int = Field(description="The first segment.")
    last: int = Field(description="The last segment.")
    start: float
    end: float
    speaker: str | None
    attribution: Origin = Field(description="Where the name comes from.")
    attribution_confidence: float = Field(ge=0, le=1)
    voice: str | None = Field(description="What the file calls whoever speaks.")
    guess: str | None = Field(description="Who it may be, where that is not known: for a person to confirm.")
    guess_origin: Origin
    guess_confidence: float = Field(ge=0, le=1)
    text: str


class TurnsOut(BaseModel):
    """The turns of a debate."""

    debate: str
    turns: list[TurnOut]


class TurnCorrection(BaseModel):
    """Who speaks some segments."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"first": 12, "last": 15, "speaker": "Kempf"}]}
    )

    first: Whole = Field(ge=0, description="The first segment.")
    last: Whole = Field(ge=0, description="The last segment, included.")
    speaker: Text | None = Field(
        min_length=1, max_length=200, description="A participant's surname will do; null for nobody known."
    )
    seen: Text | None = Field(None, description="The text of these segments as it was seen: 409 when it has changed.")


class TurnSplit(BaseModel):
    """Where a segment is cut in two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"segment": 12, "word": 3}]})

    segment: Whole = Field(ge=0)
    word: Whole = Field(ge=0, description="The first word of the second part, counted from 0; 0 ends a turn before it.")


class CorrectionOut(BaseModel):
    """What somebody said of who speaks."""

    act: int | None = Field(description="What was said at once, and is undone at once.")
    kind: str
    start: float
    end: float
    text: str
    speaker: str | None
    word: int | None
    origin: Origin
    confidence: float
    by: str
    lost: bool = Field(description="Whether the transcript no longer has its place.")


class CorrectionsOut(BaseModel):
    """In the order in which they were made."""

    debate: str
    corrections: list[CorrectionOut]


class FailedPieceOut(BaseModel):
    """Segments of which the model gave no use, and why."""

    first: int
    last: int
    message: str


class ModelLabelsOut(BaseModel):
    """What a language model said: of the ``asked`` segments it ``named`` somebody for so many."""

    model: str
    asked: int
    named: int
    failed: list[FailedPieceOut]


class PersonOut(Out):
    """Somebody who speaks or takes part; ``names`` are others that were merged into this one."""

    name: str
    debates: list[str]
    names: list[str]


class PeopleOut(BaseModel):
    """``alike`` are pairs that may be one person."""

    people: list[PersonOut]
    alike: list[tuple[str, str]]


class EnrolledPersonOut(Out):
    """Somebody whose voice is kept, since when (seconds since the epoch), from which debate, by which model."""

    name: str
    debate: str
    created: float
    model: str


class EnrolledOut(BaseModel):
    """By name."""

    enrolled: list[EnrolledPersonOut]


class Renaming(BaseModel):
    """One name is a rename, several are a merge."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"names": ["Constantin Pavléas"], "person": "Maître Pavléas"}]}
    )

    names: list[Name] = Field(min_length=1, max_length=100)
    person: Text = Field(min_length=1, max_length=200)


def turns_out(known: Attributed) -> TurnsOut:
    return TurnsOut(debate=known.debate.id, turns=[turn_out(turn) for turn in turns_of(known)])


def turn_out(turn: SpokenTurn) -> TurnOut:
    known = turn.attribution
    return TurnOut(
        first=turn.first,
        last=turn.last,
        start=turn.start,
        end=turn.end,
        speaker=known.speaker,
        attribution=known.origin,
        attribution_confidence=known.confidence,
        voice=turn.voice,
        guess=turn.guess.attribution.speaker,
        guess_origin=turn.guess.attribution.origin,
        guess_confidence=turn.guess.attribution.confidence,
        text=turn.text,
    )


def corrections_out(debate: str, corrections: list[Correction], lost: tuple[Correction, ...]) -> CorrectionsOut:
    """``lost`` are some of ``corrections``."""
    fields = [name for name in CorrectionOut.model_fields if name != "lost"]
    listed = [CorrectionOut(**{name: getattr(one, name) for name in fields}, lost=one in lost) for one in corrections]
    return CorrectionsOut(debate=debate, corrections=listed)


def model_labels_out(labels: ModelLabels, language: Language) -> ModelLabelsOut:
    """With the failures as sentences in ``language``."""
    failed = [
        FailedPieceOut(first=piece.first, last=piece.last, message=piece.error.message(language))
        for piece in labels.failed
    ]
    return ModelLabelsOut(model=labels.model, asked=labels.asked, named=len(labels.suggested), failed=failed)


def enrolled_out(people: list[Enrolled]) -> EnrolledOut:
    return EnrolledOut(enrolled=[EnrolledPersonOut.model_validate(person) for person in people])


def people_out(people: list[Person], alike: list[tuple[str, str]]) -> PeopleOut:
    return PeopleOut(people=[PersonOut.model_validate(person) for person in people], alike=alike)
