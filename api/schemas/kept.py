"""Answers that are kept, as they leave over HTTP and as ``--json``."""

import datetime
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from api.schemas.answers import AnswerOut
from api.schemas.shape import Out
from rag.records import Record, RecordSummary
from rag.standing import Standing, Stood


class StoodOut(Out):
    """A citation of the answer as it stands today."""

    n: int
    standing: Standing = Field(
        description="moved: the same words at another moment; changed: the debate no longer has these words; "
        "gone: the debate was removed."
    )
    speaker: str | None = Field(description="Who is said to speak these words today.")
    permalink: str | None = Field(description="Where they are today; null when they are nowhere.")


class CircumstancesOut(Out):
    """What the answer depended on."""

    generation: str = Field(description="Names the state of the index.")
    fingerprint: str = Field(description="Names the model and the windows; empty when nothing was searched.")
    settings: dict[str, Any]
    asked: dict[str, Any] = Field(description="What the question was restricted to.")


class RecordOut(Out):
    """An answer as it was given, and whether what it cites still stands."""

    id: str
    created: datetime.datetime
    version: str = Field(description="Of this program, then.")
    circumstances: CircumstancesOut
    answer: AnswerOut
    citations_now: list[StoodOut]


class RecordSummaryOut(Out):
    """An answer in a list."""

    id: str
    created: datetime.datetime
    question: str
    abstained: bool


class RecordsOut(Out):
    """The answers that are kept, the newest first."""

    answers: list[RecordSummaryOut]


def record_out(record: Record, stood: Sequence[Stood]) -> RecordOut:
    return RecordOut(
        id=record.id,
        created=record.created,
        version=record.version,
        circumstances=CircumstancesOut.model_validate(record.circumstances),
        answer=AnswerOut.model_validate(record.answer),
        citations_now=[StoodOut.model_validate(one) for one in stood],
    )


def records_out(records: Sequence[RecordSummary]) -> RecordsOut:
    return RecordsOut(answers=[RecordSummaryOut.model_validate(record) for record in records])
