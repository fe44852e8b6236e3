"""The HTTP service as a function of its engine: ``create_app(engine)``."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi_offline import FastAPIOffline

from api import errors
from api.routes import answers, ask, debates, exports, health, overview, speakers, verify, watches
from api.serving.guard import SameSite
from api.serving.headers import SafeHeaders
from api.serving.uploads import SmallForm
from api.serving.waiting import FewWaiting
from api.serving.warming import Warming
from api.web import pages
from rag.engine import Engine

_ROUTES = (ask, debates, answers, exports, speakers, overview, verify, watches, health)
_OTHER_THREADS = 16
"""For all that is no question."""
_DESCRIPTION = """Who said what, when, in their own words: questions over recorded debates.

Ask with `POST /v1/ask`. Times are seconds. Errors are `application/problem+json` (RFC 9457), in French when the request
accepts French first."""


def create_app(engine: Engine, hosts: Collection[str] | None = None, warm: Callable[[], None] | None = None) -> FastAPI:
    """The model is loaded beside the first requests; ``/readyz`` tells when it is there. Answers under the names
    ``hosts``, in lower case and without a port, or under any; calls ``warm`` when the model is there. Does not close
    ``engine``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # questions that wait hold a thread each: the other requests must not wait for one
        threads = current_default_thread_limiter()
        threads.total_tokens = max(threads.total_tokens, engine.settings.max_waiting + _OTHER_THREADS)
        app.state.warming = Warming(engine, warm)
        with engine.watching.in_background():
            yield

    app = FastAPIOffline(title="Qui dit quoi", version="1", description=_DESCRIPTION, lifespan=lifespan)
    app.state.engine = engine
    app.state.warming = None
    errors.install(app)
    for part in _ROUTES:
        app.include_router(part.router)
    pages.install(app)
    app.add_middleware(SmallForm, limit_mb=engine.settings.max_file_mb)
    app.add_middleware(FewWaiting, answer=pages.refused, most=engine.settings.max_waiting)
    app.add_middleware(SameSite, answer=pages.refused, hosts=hosts)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(SafeHeaders)
    return app
