"""What a browser may be made to do here by the page of another site, which is refused: a form needs nobody's leave to
be sent anywhere, a name may be given this machine's address after its page was loaded, and the server knows its user by
nothing but the machine (https://web.dev/articles/fetch-metadata, https://en.wikipedia.org/wiki/DNS_rebinding)."""

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import QdqError, RequestForeign, RequestMisdirected

Answer = Callable[[Request, QdqError], Response]
API = "/v1/"
"""What pages of other sites may use, where the settings let them."""
_READING = {"GET", "HEAD", "OPTIONS"}
_SHOWN = 100
"""Characters of a name, which may be anything."""


class SameSite:
    """Around the whole app: answers a page of another site that would change something, and whoever calls the server by
    another name than one of ``hosts`` (None: by any). Programs send no such headers, and pass; so do pages of
    ``origins``, as far as ``/v1``."""

    def __init__(
        self,
        app: ASGIApp,
        answer: Answer,
        hosts: Collection[str] | None = None,
        origins: Collection[str] = (),
    ) -> None:
        self._app = app
        self._answer = answer
        self._hosts = hosts
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self._fault(scope) if scope["type"] == "http" else None
        app = self._answer(Request(scope), error) if error else self._app
        await app(scope, receive, send)

    def _fault(self, scope: Scope) -> QdqError | None:
        headers = Headers(scope=scope)
        if self._hosts is not None and _name_in(headers) not in self._hosts:
            return RequestMisdirected(host=headers.get("host", "")[:_SHOWN])
        if scope["method"] in _READING or not _is_foreign(headers):
            return None
        welcome = scope["path"].startswith(API) and headers.get("origin") in self._origins
        return None if welcome else RequestForeign()


def _name_in(headers: Headers) -> str | None:
    """The host without its port; None where there is none."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return None


def _is_foreign(headers: Headers) -> bool:
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and _place(origin) != headers.get("host")


def _place(origin: str) -> str | None:
    """Host and port; None of what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
