"""The routes about whole debates: what each participant says of a topic, chapters."""

from fastapi import APIRouter

from api.routes.deps import DebateId, EngineDep
from api.schemas.answers import AnswerOut
from api.schemas.overview import ChaptersOut, CompareRequest, chapters_out
from api.schemas.problem import PROBLEMS
from api.serving.limits.waiting import BUSY
from api.serving.seen.current import answered

router = APIRouter(prefix="/v1", responses=PROBLEMS)


@router.post("/compare", tags=["ask"], responses=BUSY)
def compare(request: CompareRequest, engine: EngineDep) -> AnswerOut:
    """The best passages of every participant on a topic, a section each, and who says nothing on it."""
    answer = engine.compare(request.topic, debate=request.debate, people=request.people)
    answered(answer)
    return AnswerOut.model_validate(answer)


@router.get("/debates/{debate}/chapters", tags=["debates"])
def get_chapters(debate: DebateId, engine: EngineDep) -> ChaptersOut:
    """Where the subject changes, in the debate's own words, and who speaks."""
    return chapters_out(debate, engine.chapters(debate))
