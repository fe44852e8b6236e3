"""How many questions may wait here at once. The rest are told to come back: behind a long queue everybody would wait,
and those who gave up long ago would still be answered."""

from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.schemas.problem import ProblemOut
from api.serving.guard import Answer
from index.errors import ServerBusy

RETRY_SECONDS = 2
BUSY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "As many questions wait already as the settings allow, or the model cannot be had.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
        "content": {"application/problem+json": {"schema": ProblemOut.model_json_schema()}},
    }
}
"""Of a route that answers questions."""
_QUESTIONS = {
    *(("POST", "/v1/ask"), ("GET", "/v1/ask/export"), ("GET", "/v1/search")),
    *(("POST", "/v1/compare"), ("POST", "/v1/verify")),
    ("POST", "/mcp"),
}
_PAGES = {"/": b"q=", "/verify": b"quote="}
"""Those that answer, and the field that is then in the address."""


class FewWaiting:
    """Around the routes: refuses a question, asked by a program or on a page, while ``most`` are being answered or
    wait for it. A stream counts until it ends."""

    def __init__(self, app: ASGIApp, answer: Answer, most: int) -> None:
        self._app = app
        self._answer = answer
        self._most = most
        self._here = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _asks(scope):
            await self._app(scope, receive, send)
        elif self._here >= self._most:
            error = ServerBusy(count=self._most, seconds=RETRY_SECONDS)
            await self._answer(Request(scope), error)(scope, receive, send)
        else:
            self._here += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._here -= 1


def _asks(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    path, method = scope["path"], scope["method"]
    return (method, path) in _QUESTIONS or (
        method == "GET" and path in _PAGES and _PAGES[path] in scope["query_string"]
    )
