"""Before every route: who is it, and may they? What a request needs is in ``scopes.py``; what nobody thought of is
closed."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.feeds import feed_in
from api.access.forms import token_in
from api.access.keys import Key, id_in
from api.access.policy import Access, Mode
from api.access.scopes import OPEN, READING_METHODS, Caller, needed
from api.access.sessions import Sessions, cookie_of, is_token
from api.access.slowing import Slowing
from index.errors import KeyMissing, KeysTried, KeyWrong, ProxyUnexpected, QdqError, ScopeMissing, TokenMissing

Answer = Callable[[Request, QdqError], Response]
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_THREADS = 8
_POLICY_VIOLATION = 1008
T = TypeVar("T")


class Gate:
    """Around the routes and all that does work for a request. ``scope["state"]`` has the ``caller`` afterwards, None
    for somebody whom nobody asked for a key, and ``session``, the cookie of whoever is signed in, else empty."""

    def __init__(
        self, app: ASGIApp, answer: Answer, access: Access, slowing: Slowing, opens_feed: Callable[[str, str], bool]
    ) -> None:
        """``opens_feed`` is given a watch and a token, and says whether that opens its feed without any key."""
        self._app = app
        self._opens_feed = opens_feed
        self._answer = answer
        self._access = access
        self._sessions = Sessions(access.keys)
        self._slowing = slowing
        self._threads = anyio.CapacityLimiter(_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self._access.mode is Mode.KEYS:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})  # no route of ours is one
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        state["caller"], state["session"] = None, ""
        try:
            receive = await self._let_in(scope, receive)
        except QdqError as error:
            await self._answer(Request(scope), error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive) -> Receive:
        """Returns what gives the body. Raises why not."""
        wanted, state = needed(scope["method"], scope["path"]), scope["state"]
        if self._access.mode is Mode.ALONE and any(name in Headers(scope=scope) for name in _PROXIED):
            raise ProxyUnexpected
        if wanted is OPEN:
            return receive
        given = _bearer(scope)
        if given is not None:
            state["caller"] = (await self._known(scope, given)).caller
        elif await self._is_opened(scope):
            return receive
        elif self._access.mode is Mode.KEYS:
            state["caller"], state["session"] = await self._signed_in(scope)
        caller: Caller | None = state["caller"]
        if caller is not None and not caller.may(wanted):
            raise ScopeMissing(name=caller.name, scope=wanted.value)
        if state["session"] and scope["method"] not in READING_METHODS:
            token, receive = await token_in(scope, receive)
            if not is_token(token, state["session"]):
                raise TokenMissing
        return receive

    async def _known(self, scope: Scope, given: str) -> Key:
        """Raises KeyWrong and KeysTried, after a while."""
        key = await self._beside(partial(self._access.keys.known, given))
        if key is None:
            raise await wrong_key(self._slowing, scope, given)
        return key

    async def _is_opened(self, scope: Scope) -> bool:
        """By a token in the address."""
        feed = feed_in(scope)
        return feed is not None and await self._beside(partial(self._opens_feed, *feed))

    async def _signed_in(self, scope: Scope) -> tuple[Caller, str]:
        cookie = cookie_of(scope)
        key = await self._beside(partial(self._sessions.key, cookie)) if cookie else None
        if key is None:
            raise KeyMissing
        return key.caller, cookie

    async def _beside(self, act: Callable[[], T]) -> T:
        """In a thread of the gate's own: those of the routes may all be taken by questions."""
        return await run_sync(act, limiter=self._threads)


async def wrong_key(slowing: Slowing, scope: Scope, given: str) -> QdqError:
    """What to say of the wrong key that was ``given``, after a while."""
    client = scope.get("client")
    seconds = await slowing.wrong(client[0] if client else "", id_in(given))
    return KeyWrong() if seconds is None else KeysTried(seconds=seconds)


def _bearer(scope: Scope) -> str | None:
    """What is given as a key; None for nothing, or for something that a proxy before us may ask for."""
    scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None
