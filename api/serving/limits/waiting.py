"""How many requests of each kind may be here at once, at work or waiting. The rest are told to come back: behind a long
queue everybody would wait, and those who gave up long ago would still be answered."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.schemas.problem import ProblemOut
from api.serving.guard import Answer
from api.serving.limits.kinds import Kind, kind_of
from index.errors import ServerBusy
from rag.settings import Settings

RETRY_SECONDS = 2
_RETRY_RECORDING = 60
"""One minute of work is twenty of a recording."""
_RECORDINGS = 4
"""At once: one is heard, the others arrive or wait for it."""
BUSY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "As many questions wait already as the settings allow, or the model cannot be had.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
        "content": {"application/problem+json": {"schema": ProblemOut.model_json_schema()}},
    }
}
"""Of a route that answers questions."""
_NAMES = {
    Kind.QUESTION: ("questions", "questions"),
    Kind.CHANGE: ("changes", "modifications"),
    Kind.RECORDING: ("recordings", "enregistrements"),
    Kind.MEDIA: ("recordings", "enregistrements"),
    Kind.OTHER: ("requests", "requêtes"),
}
_MEDIA_SHARE = 4


def places_of(settings: Settings) -> dict[Kind, int]:
    """How many of each kind: questions, changes, recordings that are brought, and a quarter of the others for players,
    which hold theirs for long."""
    return {
        Kind.QUESTION: settings.max_waiting,
        Kind.CHANGE: settings.max_changes,
        Kind.RECORDING: _RECORDINGS,
        Kind.MEDIA: max(1, settings.max_requests // _MEDIA_SHARE),
        Kind.OTHER: settings.max_requests,
    }


class FewWaiting:
    """Around the routes: refuses a request, before anything of its body is read, while as many of its kind are here as
    ``most`` says. One counts until its work has ended, also where nobody waits for it any more."""

    def __init__(
        self, app: ASGIApp, answer: Answer, most: dict[Kind, int], here: Callable[[Kind, int], None] | None = None
    ) -> None:
        """``here`` is told how many of a kind there are now."""
        self._app = app
        self._answer = answer
        self._most = most
        self._here = dict.fromkeys(most, 0)
        self._tell = here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = kind_of(scope) if scope["type"] == "http" else Kind.FREE
        if kind is Kind.FREE:
            await self._app(scope, receive, send)
        elif self._here[kind] >= self._most[kind]:
            what, what_fr = _NAMES[kind]
            seconds = _RETRY_RECORDING if kind is Kind.RECORDING else RETRY_SECONDS
            error = ServerBusy(count=self._most[kind], what=what, what_fr=what_fr, seconds=seconds)
            await self._answer(Request(scope), error)(scope, receive, send)
        else:
            self._count(kind, 1)
            try:
                await self._app(scope, receive, send)
            finally:
                self._count(kind, -1)

    def _count(self, kind: Kind, more: int) -> None:
        self._here[kind] += more
        if self._tell:
            self._tell(kind, self._here[kind])
