"""No more of a body is read than its route takes."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.guard import Answer
from api.serving.limits.kinds import BodyLimit, body_limit
from index.errors import RequestTooLarge
from rag.settings import Settings


class SmallBody:
    """Around the routes: what says itself that it is too large is refused unread; what says nothing of its length is
    counted while it comes, and cut off."""

    def __init__(self, app: ASGIApp, answer: Answer, settings: Settings) -> None:
        self._app = app
        self._answer = answer
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = body_limit(scope, self._settings)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > limit.most:
            over = True
        else:
            over = await _Counted(self._app, limit.most).run(scope, receive, send)
        if over:
            await self._answer(Request(scope), _too_large(limit))(scope, receive, send)


def _too_large(limit: BodyLimit) -> RequestTooLarge:
    return RequestTooLarge(limit=limit.shown, setting=limit.setting)


class _Counted:
    """One request."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._left = most
        self._answered = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether it has more than ``most`` bytes and still is to be told so."""

        async def counted() -> Message:
            message = await receive()
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(413)  # which no route takes for a broken body
            return message

        async def unless_over(message: Message) -> None:
            if self._left >= 0 or self._answered:
                self._answered = True
                await send(message)

        try:
            await self._app(scope, counted, unless_over)
        except HTTPException:
            if self._left >= 0:
                raise
        return self._left < 0 and not self._answered
