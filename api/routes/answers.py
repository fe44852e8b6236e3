"""The routes of the answers that are kept. Their ids cannot be guessed, and no route lists them."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter

from api.routes.deps import EngineDep
from api.schemas.kept import RecordOut, record_out
from api.schemas.problem import PROBLEMS

router = APIRouter(prefix="/v1/answers", tags=["ask"], responses=PROBLEMS)
EXAMPLE = "Vt3kQ0mXc1aZ"
AnswerId = Annotated[str, PathParameter(description="The `id` of an answer.", examples=[EXAMPLE])]


@router.get("/{answer}")
def get_answer(answer: AnswerId, engine: EngineDep) -> RecordOut:
    """An answer as it was given, what it depended on, and whether what it cites still stands."""
    record = engine.answer_record(answer)
    return record_out(record, engine.standing(record.answer))


@router.delete("/{answer}", status_code=204)
def delete_answer(answer: AnswerId, engine: EngineDep) -> None:
    """Keep it no longer."""
    engine.forget_answer(answer)
