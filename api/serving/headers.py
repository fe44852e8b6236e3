"""What every answer tells a browser: take it for what it says it is, show it in no other site's frame, tell nobody
where its reader comes from, and keep what a key was needed for to yourself."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.seen.current import caller_id

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_DOCS = ("/docs", "/redoc")
_DOCS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Of the pages that FastAPI makes, whose scripts stand in them."""
_HSTS = "max-age=31536000"
_FOR_PROGRAMS = ("/v1/", "/mcp", "/metrics", "/openapi.json")
"""Whose answers nobody keeps where a key was needed; a browser may keep a page, and asks again each time."""


class SafeHeaders:
    """Around the whole app; where an answer has one of the headers, that stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, with_headers)


def _complete(headers: MutableHeaders, scope: Scope) -> None:
    path = scope["path"]
    if path.startswith(_DOCS):
        headers.setdefault("Content-Security-Policy", _DOCS_POLICY)
    for name, value in SAFE.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", _HSTS)
    if caller_id(scope) and path.startswith(_FOR_PROGRAMS):
        headers["Cache-Control"] = "no-store"
