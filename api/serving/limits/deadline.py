"""The time of a request.

What waits (for a body, for somebody who reads slowly, for a turn) is broken off. What runs in a thread cannot be: it
comes to its end, and its place stays taken as long, so that work stays bounded; only its answer is thrown away. A
debate that is added with events is taken back where it next tells its progress. To hear a recording takes as long as it
takes: its events, which come as long as somebody listens, each give it its time anew.
"""

import asyncio
import logging
from asyncio import Task, TimerHandle

from anyio import CancelScope
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import language_of, problem
from api.serving.events import MEDIA_TYPE, event
from api.serving.guard import Answer
from api.serving.limits.kinds import Kind, body_limit, kind_of, seconds_for
from index.errors import QdqError, RequestLate, RequestSlow
from rag.settings import Settings

_SLOWEST = 50_000
"""Bytes a second of a recording that arrives, beside the time of every change: 2 GB may take eleven hours."""
_LOG = logging.getLogger("qdq")


class InTime:
    """Around the routes, within what counts the places. An answer that has begun ends with an ``error`` event where it
    is a stream of events, and else is cut off."""

    def __init__(self, app: ASGIApp, answer: Answer, settings: Settings) -> None:
        self._app = app
        self._answer = answer
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = kind_of(scope) if scope["type"] == "http" else Kind.FREE
        if kind is Kind.FREE:
            await self._app(scope, receive, send)
        else:
            await _Timed(self._answer, self._settings, kind, scope, receive, send).run(self._app)


class _Timed:
    """One request."""

    def __init__(
        self, answer: Answer, settings: Settings, kind: Kind, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._answer, self._scope, self._receive, self._send = answer, scope, receive, send
        self._patience, self._files = settings.request_seconds, body_limit(scope, settings).files
        self._seconds, self._setting = seconds_for(kind, settings)
        self._long = kind is Kind.RECORDING
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + self._seconds
        self._cancel = CancelScope()
        self._timer: TimerHandle | None = None
        self._telling: Task[None] | None = None
        self._reading = _has_body(Headers(scope=scope))
        self._begun: Headers | None = None

    async def run(self, app: ASGIApp) -> None:
        """Comes back when the work has ended."""
        self._wait()
        try:
            with self._cancel:
                await app(self._scope, self._receive_in_time, self._send_in_time)
        except Exception as error:
            if self._telling is None:
                raise
            _LOG.error("unexpected error after the time of a request", exc_info=error)
        finally:
            if self._timer:
                self._timer.cancel()
        if self._telling is not None:
            await self._telling

    def _wait(self) -> None:
        """Until the end, or for the next of the body."""
        if self._timer:
            self._timer.cancel()
        soon = self._loop.time() + self._patience
        self._timer = self._loop.call_at(min(soon, self._end) if self._reading else self._end, self._over)

    async def _receive_in_time(self) -> Message:
        message = await self._receive()
        if self._reading and message["type"] == "http.request":
            self._reading = message.get("more_body", False)
            if self._long:
                self._give_time(len(message.get("body", b"")))
            if self._files or not self._reading:
                self._wait()
        return message

    async def _send_in_time(self, message: Message) -> None:
        if self._telling is None:
            if message["type"] == "http.response.start":
                self._begun = Headers(raw=message["headers"])
                self._reading = False
                self._wait()
            elif self._long and self._tells_events():
                self._give_time(0)
                self._wait()
            await self._send(message)

    def _give_time(self, size: int) -> None:
        """To a recording that comes no slower than a slow line, and anew when it is there."""
        self._end = self._end + size / _SLOWEST if self._reading else self._loop.time() + self._seconds

    def _over(self) -> None:
        self._telling = self._loop.create_task(self._tell())
        self._cancel.cancel()

    async def _tell(self) -> None:
        request, error = Request(self._scope), self._error()
        if self._begun is None:
            await self._answer(request, error)(self._scope, self._receive, self._send)
        elif self._tells_events():
            last = event("error", problem(error, language_of(request))).encode()
            await self._send({"type": "http.response.body", "body": last, "more_body": False})

    def _tells_events(self) -> bool:
        return self._begun is not None and self._begun.get("content-type", "").startswith(MEDIA_TYPE)

    def _error(self) -> QdqError:
        if self._reading:
            return RequestSlow(limit=f"{self._patience:g}", setting="QDQ_REQUEST_SECONDS")
        return RequestLate(limit=f"{self._seconds:g}", setting=self._setting)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
