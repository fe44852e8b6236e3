"""The route that verifies a quote."""

from fastapi import APIRouter

from api.deps import EngineDep, LanguageDep
from api.routes import PROBLEMS
from api.verify_schemas import VerificationOut, VerifyRequest, verification_out
from api.waiting import BUSY

router = APIRouter(prefix="/v1", responses=PROBLEMS, tags=["ask"])


@router.post("/verify", responses=BUSY)
def verify(request: VerifyRequest, engine: EngineDep, language: LanguageDep) -> VerificationOut:
    """Whether somebody really says a quote, where, and how the quote differs from what is said."""
    found = engine.verify(request.quote, speaker=request.speaker, debate=request.debate)
    return verification_out(found, language)
