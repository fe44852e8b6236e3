"""The route that verifies a quote."""

from fastapi import APIRouter

from api.routes.deps import EngineDep, LanguageDep
from api.schemas.problem import PROBLEMS
from api.schemas.verify import VerificationOut, VerifyRequest, verification_out
from api.serving.limits.waiting import BUSY

router = APIRouter(prefix="/v1", responses=PROBLEMS, tags=["ask"])


@router.post("/verify", responses=BUSY)
def verify(request: VerifyRequest, engine: EngineDep, language: LanguageDep) -> VerificationOut:
    """Whether somebody really says a quote, where, and how the quote differs from what is said."""
    found = engine.verify(request.quote, speaker=request.speaker, debate=request.debate)
    return verification_out(found, language)
