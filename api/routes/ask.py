"""The routes that put a question. They are plain functions, since they wait for the model: FastAPI runs each in a
thread."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.routes.deps import EngineDep, LanguageDep, TopK
from api.schemas.answers import AnswerOut, AskRequest, SearchOut
from api.schemas.problem import PROBLEMS
from api.schemas.shape import DEBATE, LONGEST_ID, LONGEST_NAME, SOMETHING
from api.serving import events
from api.serving.limits.waiting import BUSY
from api.serving.seen.current import answered
from rag.engine import DEFAULT_TOP_K
from rag.types import Filters

router = APIRouter(prefix="/v1", responses=PROBLEMS)


@router.post("/ask", tags=["ask"], response_model=AnswerOut, responses={200: events.DESCRIPTION, **BUSY})
def ask(
    request: AskRequest,
    engine: EngineDep,
    language: LanguageDep,
    stream: Annotated[bool, Query(description="As server-sent events, the quotes first.")] = False,
) -> AnswerOut | Response:
    """Answer a question with exact quotes, or say that the debates do not."""
    filters = Filters(request.speaker, request.debate, request.date_from, request.date_to)
    if stream:
        steps = engine.steps(request.question, top_k=request.top_k, filters=filters, generate=request.generate)
        return events.streamed(steps, language, events.answer_event)
    answer = engine.ask(request.question, top_k=request.top_k, filters=filters, generate=request.generate)
    answered(answer)
    return AnswerOut.model_validate(answer)


@router.get("/search", tags=["ask"], responses=BUSY)
def search(
    engine: EngineDep,
    q: Annotated[
        str,
        Query(description="A question or words.", examples=["que dit Kempf de Google ?"], json_schema_extra=SOMETHING),
    ],
    top_k: TopK = DEFAULT_TOP_K,
    speaker: Annotated[str | None, Query(max_length=LONGEST_NAME, examples=["Kempf"])] = None,
    debate: Annotated[str | None, Query(max_length=LONGEST_ID, examples=[DEBATE])] = None,
) -> SearchOut:
    """The best passages for a question or words, whether or not they answer."""
    return SearchOut.model_validate(engine.search(q, top_k=top_k, filters=Filters(speaker, debate)))
