"""Refuses what the page of another site sends to change something here: a form needs nobody's leave to be sent
anywhere, and the server knows its user by nothing but the machine (https://web.dev/articles/fetch-metadata)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem_response
from index.errors import RequestForeign

_READING = {"GET", "HEAD", "OPTIONS"}


class SameSite:
    """Around the whole app. Programs send no such headers, and pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _READING and _is_foreign(Headers(scope=scope)):
            await problem_response(Request(scope), RequestForeign())(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
