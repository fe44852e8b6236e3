"""Which other sites' pages may use the API (https://fetch.spec.whatwg.org/#http-cors-protocol): those of the settings,
with a key that they were given, never with a cookie. The pages of this server are nobody else's."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.serving.guard import API

_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
_TOLD = ("X-Request-ID", "Retry-After", "RateLimit", "RateLimit-Policy", "Content-Disposition")


class ForeignPages:
    """Around the guard against other sites, which lets the same ones pass."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=("Authorization", "X-Request-ID", "traceparent", "tracestate"),
            expose_headers=_TOLD,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        api = scope["type"] == "http" and scope["path"].startswith(API)
        await (self._open if api else self._app)(scope, receive, send)
