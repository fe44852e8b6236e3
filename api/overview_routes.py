"""The routes about whole debates: what each participant says of a topic."""

from fastapi import APIRouter

from api.deps import EngineDep
from api.overview_schemas import CompareRequest
from api.routes import PROBLEMS
from api.schemas import AnswerOut

router = APIRouter(prefix="/v1", responses=PROBLEMS)


@router.post("/compare", tags=["ask"])
def compare(request: CompareRequest, engine: EngineDep) -> AnswerOut:
    """The best passages of every participant on a topic, a section each, and who says nothing on it."""
    return AnswerOut.model_validate(engine.compare(request.topic, debate=request.debate, people=request.people))
