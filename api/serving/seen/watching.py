"""Around the whole app: gives each request its id, and tells the log, the figures and the spans how it went."""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext

from opentelemetry.trace import Span, Tracer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.seen.current import CURRENT, Seen, caller_id, method_of, request_id, route_of
from api.serving.seen.logs import FIELDS
from api.serving.seen.metrics import Metrics
from api.serving.seen.spans import end, span_of
from rag.trace import WATCHER

HEADER = "X-Request-ID"
_LOG = logging.getLogger("qdq.requests")
_ERRORS = logging.getLogger("qdq")
_QUIET = {"/healthz", "/readyz", "/metrics"}
"""Asked for all the time, so that they would fill a log: at level DEBUG only."""


class Watched:
    """An error that nobody expected is answered by ``answer`` here, for what is outside of the app would write its
    message."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        answer: Callable[[Request, Exception], Awaitable[Response]],
        tracer: Tracer | None = None,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._answer = answer
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        one = _Watched(Seen(request_id(headers.get(HEADER)), self._tracer), scope, send)
        token, watching = CURRENT.set(one.seen), WATCHER.set(one.seen.stage)
        self._metrics.begun()
        spanned: AbstractContextManager[Span | None] = nullcontext()
        if self._tracer:
            spanned = span_of(self._tracer, method_of(scope), headers, one.seen)
        try:
            with spanned as span:
                try:
                    await self._run(one, receive)
                finally:
                    self._tell(one, span)
        finally:
            WATCHER.reset(watching)
            CURRENT.reset(token)

    async def _run(self, one: "_Watched", receive: Receive) -> None:
        try:
            await self._app(one.scope, receive, one.send)
        except Exception as error:
            if one.status is not None:
                _ERRORS.error("unexpected error in an answer that had begun", exc_info=error)
                return  # it is not complete: the server closes the connection
            response = await self._answer(Request(one.scope), error)
            await response(one.scope, receive, one.send)

    def _tell(self, one: "_Watched", span: Span | None) -> None:
        seconds, method, seen = time.perf_counter() - one.began, method_of(one.scope), one.seen
        route = route_of(one.scope)
        self._metrics.ended(route, method, one.status, seconds, seen)
        if span is not None:
            end(span, method, route, one.status, seen)
        level = logging.DEBUG if route in _QUIET else logging.INFO
        if _LOG.isEnabledFor(level):
            _LOG.log(level, "request", extra={FIELDS: one.told(method, route, seconds)})


class _Watched:
    """One request."""

    def __init__(self, seen: Seen, scope: Scope, send: Send) -> None:
        self.seen, self.scope = seen, scope
        self.began = time.perf_counter()
        self.status: int | None = None
        self._bytes = 0
        self._send = send

    async def send(self, message: Message) -> None:
        """With the id of the request."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.seen.id
        else:
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    def told(self, method: str, route: str, seconds: float) -> dict[str, object]:
        """The members of its line in the log; those that are unknown are left out."""
        seen = self.seen
        found = {
            "method": method,
            "route": route,
            "status": self.status,
            "ms": round(1000 * seconds, 2),
            "bytes": self._bytes,
            "caller": caller_id(self.scope),
            "passages": seen.passages,
            "abstained": seen.abstained,
            "stages": {name: round(1000 * took, 2) for name, took in seen.stages.items()} or None,
        }
        return {name: value for name, value in found.items() if value is not None}
