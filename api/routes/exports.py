"""An answer as a file: one that is kept, as it was given, or what is answered now."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.export.answer import AnswerFormat, Exported, exported
from api.routes.answers import AnswerId
from api.routes.deps import EngineDep
from api.schemas.problem import PROBLEMS
from api.schemas.shape import LONGEST_ID, LONGEST_NAME, SOMETHING, Day, file_as
from api.serving.limits.waiting import BUSY
from api.serving.seen.current import answered
from index.writing.build import slug
from rag.engine import Engine
from rag.types import Answer, Filters

router = APIRouter(prefix="/v1", tags=["ask"], responses=PROBLEMS)
Format = Annotated[AnswerFormat, Query(alias="format", examples=["md"])]
_FILE = file_as(one.media_type for one in AnswerFormat)
_NAME = 60
"""Characters of the name of the file."""


@router.get("/answers/{answer}/export", response_class=Response, responses=_FILE)
def export_answer(request: Request, answer: AnswerId, engine: EngineDep, answer_format: Format) -> Response:
    """An answer that is kept, as Markdown, JSON, a clip list (CSV, EDL) or SRT. Links are to this server."""
    return _file(request, engine, engine.answer_record(answer).answer, answer_format)


@router.get("/ask/export", response_class=Response, responses=_FILE | BUSY)
def export_question(
    request: Request,
    engine: EngineDep,
    answer_format: Format,
    q: Annotated[
        str, Query(description="A question.", examples=["Que pense Kempf du RGPD ?"], json_schema_extra=SOMETHING)
    ],
    speaker: Annotated[str | None, Query(max_length=LONGEST_NAME, description="Only this person's words.")] = None,
    debate: Annotated[str | None, Query(max_length=LONGEST_ID, description="Only this debate, by id.")] = None,
    date_from: Annotated[Day | None, Query(alias="from", description="Only debates of this day or later.")] = None,
    date_to: Annotated[Day | None, Query(alias="to", description="Only debates of this day or earlier.")] = None,
) -> Response:
    """The answer to a question by quotes alone, as a file of the same formats."""
    answer = engine.ask(q, filters=Filters(speaker, debate, date_from, date_to), generate=False)
    answered(answer)
    return _file(request, engine, answer, answer_format)


def _file(request: Request, engine: Engine, answer: Answer, answer_format: AnswerFormat) -> Response:
    base = str(request.base_url).rstrip("/")
    dates = {one.id: one.date for one in engine.catalogue().debates}
    content = exported(Exported(answer, dates, lambda citation: f"{base}{citation.permalink}"), answer_format)
    name = f"{slug(answer.question)[:_NAME].strip('-')}.{answer_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=answer_format.media_type, headers=headers)
