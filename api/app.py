"""The HTTP service as a function of its engine: ``create_app(engine)``."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi_offline import FastAPIOffline

from api import (
    answer_export_routes,
    answer_routes,
    errors,
    overview_routes,
    routes,
    speaker_routes,
    verify_routes,
)
from api.deps import EngineDep, LanguageDep
from api.guard import SameSite
from api.headers import SafeHeaders
from api.schemas import StatusOut
from api.uploads import SmallForm
from api.warming import Warming
from api.web import pages
from rag.engine import Engine

_DESCRIPTION = """Who said what, when, in their own words: questions over recorded debates.

Ask with `POST /v1/ask`. Times are seconds. Errors are `application/problem+json` (RFC 9457), in French when the request
accepts French first."""


def create_app(engine: Engine, hosts: Collection[str] | None = None) -> FastAPI:
    """The model is loaded beside the first requests; ``/readyz`` tells when it is there. Answers under the names
    ``hosts``, in lower case and without a port, or under any. Does not close ``engine``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.warming = Warming(engine)
        yield

    app = FastAPIOffline(title="Qui dit quoi", version="1", description=_DESCRIPTION, lifespan=lifespan)
    app.state.engine = engine
    app.state.warming = None
    errors.install(app)
    app.include_router(routes.router)
    app.include_router(answer_routes.router)
    app.include_router(answer_export_routes.router)
    app.include_router(speaker_routes.router)
    app.include_router(overview_routes.router)
    app.include_router(verify_routes.router)
    pages.install(app)
    app.add_middleware(SmallForm, limit_mb=engine.settings.max_file_mb)
    app.add_middleware(SameSite, answer=pages.refused, hosts=hosts)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(SafeHeaders)

    @app.get("/healthz", tags=["operation"])
    def healthz() -> StatusOut:
        """The process answers."""
        return StatusOut(status="ok")

    @app.get("/readyz", tags=["operation"])
    def readyz(engine: EngineDep, language: LanguageDep, response: Response) -> StatusOut:
        """The index is readable and the model loaded; 503 until then."""
        engine.debates()
        warming: Warming | None = app.state.warming
        if warming is not None and warming.error is not None:
            app.state.warming = Warming(engine)  # a rebuild may have mended it meanwhile
            raise warming.error
        if warming is None or not warming.done:
            response.status_code = 503
            return StatusOut(status="chargement du modèle" if language == "fr" else "loading the model")
        return StatusOut(status="ok")

    return app
