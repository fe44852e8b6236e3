"""The HTTP service as a function of its engine: ``create_app(engine)``."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi_offline import FastAPIOffline
from opentelemetry.trace import Tracer

from api import errors
from api.access.gate import Gate
from api.access.keys import Keys
from api.access.policy import Access
from api.access.slowing import Slowing
from api.access.told import tell_of_keys
from api.assistants import over_http
from api.routes import answers, ask, debates, exports, health, overview, recordings, speakers, verify, watches
from api.serving import description
from api.serving.guard import SameSite
from api.serving.headers import SafeHeaders
from api.serving.hearing import OneAtATime
from api.serving.limits.bodies import SmallBody
from api.serving.limits.deadline import InTime
from api.serving.limits.foreign_pages import ForeignPages
from api.serving.limits.rate import FewAMinute
from api.serving.limits.waiting import FewWaiting, places_of
from api.serving.seen.metrics import Metrics
from api.serving.seen.watching import Watched
from api.serving.warming import Warming
from api.web import pages
from index.errors import QdqError
from rag.engine import Engine
from rag.settings import Settings

_ROUTES = (ask, debates, answers, exports, speakers, recordings, overview, verify, watches, health)
_OTHER_THREADS = 20
"""For all that neither asks nor changes."""
_NO_SPANS_OF_FASTAPI = {
    **dict.fromkeys(("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False),
}
"""They would hold whole addresses, with the question in them, and the messages of errors."""
_DESCRIPTION = """Who said what, when, in their own words: questions over recorded debates.

Ask with `POST /v1/ask`. Times are seconds. Errors are `application/problem+json` (RFC 9457), in French when the request
accepts French first. Each answer has an `X-Request-ID`: the request's own, or a new one."""


def create_app(
    engine: Engine,
    hosts: Collection[str] | None = None,
    warm: Callable[[], None] | None = None,
    access: Access | None = None,
    tracer: Tracer | None = None,
) -> FastAPI:
    """The model is loaded beside the first requests; ``/readyz`` tells when it is there. Answers under the names
    ``hosts``, in lower case and without a port, or under any; calls ``warm`` when the model is there. Lets in by
    ``access``, without which it is open to its own machine; ``tracer`` makes spans. Does not close ``engine``."""
    access = access or Access(Keys(engine.settings.home))
    app = FastAPIOffline(
        title="Qui dit quoi",
        version="1",
        description=_DESCRIPTION,
        lifespan=_life(engine, warm),
        form_limits={"max_files": engine.settings.max_files},
        telemetry=_NO_SPANS_OF_FASTAPI,
    )
    _equip(app, engine, access)
    errors.install(app)
    for part in _ROUTES:
        app.include_router(part.router)
    app.router.routes.append(over_http.route(engine))
    pages.install(app)
    description.mend(app)
    tell_of_keys(app, access)
    _surround(app, engine.settings, hosts, tracer)
    return app


def _life(engine: Engine, warm: Callable[[], None] | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs beside the requests, from the first to the last of them."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # what waits holds a thread each: the other requests must not wait for one
        threads, settings = current_default_thread_limiter(), engine.settings
        wanted = settings.max_waiting + settings.max_changes + _OTHER_THREADS
        threads.total_tokens = max(threads.total_tokens, wanted)
        app.state.warming = Warming(engine, warm)
        with suppress(QdqError):  # when the next recording comes
            engine.uploads.sweep()
        with engine.watching.in_background():
            yield

    return lifespan


def _equip(app: FastAPI, engine: Engine, access: Access) -> None:
    """All that requests share."""
    app.state.engine = engine
    app.state.warming = None
    app.state.access, app.state.slowing = access, Slowing()
    app.state.listening = OneAtATime()
    app.state.metrics = Metrics(lambda: len(engine.debates()), lambda: _is_ready(app), engine.watching.notices)


def _is_ready(app: FastAPI) -> bool:
    warming: Warming | None = app.state.warming
    return warming is not None and warming.done and warming.error is None


def _surround(app: FastAPI, settings: Settings, hosts: Collection[str] | None, tracer: Tracer | None) -> None:
    """From the inside to the outside: each is around those that were added before it."""
    metrics: Metrics = app.state.metrics
    refused = pages.refused
    app.add_middleware(InTime, answer=refused, settings=settings)
    app.add_middleware(FewWaiting, answer=refused, most=places_of(settings), here=metrics.here)
    app.add_middleware(SmallBody, answer=refused, settings=settings)
    app.add_middleware(FewAMinute, answer=refused, settings=settings)
    access, slowing, watching = app.state.access, app.state.slowing, app.state.engine.watching
    app.add_middleware(Gate, answer=refused, access=access, slowing=slowing, opens_feed=watching.opens_feed)
    app.add_middleware(SameSite, answer=refused, hosts=hosts, origins=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(ForeignPages, origins=settings.cors_origins)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    app.add_middleware(Watched, metrics=metrics, answer=pages.told, tracer=tracer)
    app.add_middleware(SafeHeaders)
