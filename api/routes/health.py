"""The routes for whoever runs the server: does it live, can it answer."""

from fastapi import APIRouter, Request, Response

from api.routes.deps import EngineDep, LanguageDep
from api.schemas.problem import LOADING, StatusOut
from api.serving.seen.metrics import Metrics
from api.serving.warming import Warming

router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def healthz() -> StatusOut:
    """The process answers."""
    return StatusOut(status="ok")


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
)
def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    told: Metrics = request.app.state.metrics
    return Response(told.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/readyz", responses=LOADING)
def readyz(request: Request, engine: EngineDep, language: LanguageDep, response: Response) -> StatusOut:
    """The index is readable and the model loaded; 503 until then."""
    engine.debates()
    state = request.app.state
    warming: Warming | None = state.warming
    if warming is not None and warming.error is not None:
        state.warming = warming.again()
        raise warming.error
    if warming is None or not warming.done:
        response.status_code = 503
        return StatusOut(status="chargement du modèle" if language == "fr" else "loading the model")
    return StatusOut(status="ok")
