"""How many requests a minute, from one key, or without one from one address.

The library ``limits`` counts by windows of a minute; its own store in memory starts a thread for each request, so that
here is ours. A window begins with the first request: at worst two of them lie side by side within one minute.
"""

import ipaddress
import math
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.guard import Answer
from api.serving.limits.kinds import Kind, kind_of
from api.serving.seen.current import caller_id
from index.errors import RequestTooMany
from rag.settings import Settings

_A_MINUTE = 600
"""Where the settings do not say."""
_MOST = 100_000
"""Senders who are remembered: some 20 MB. Beyond, everybody begins anew."""


class Counts(Storage):
    """In memory, for one process and one thread. Moments are seconds of ``clock``, which nobody can set."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        super().__init__()
        self._clock = clock
        self._most = most
        self._known: dict[str, tuple[int, float]] = {}
        self._tidied = clock()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """It has none."""
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        self._tidy(expiry)
        count, until = self._known.get(key, (0, 0.0))
        now = self._clock()
        count, until = (0, now + expiry) if until <= now else (count, until)
        self._known[key] = count + amount, until
        return count + amount

    def get(self, key: str) -> int:
        count, until = self._known.get(key, (0, 0.0))
        return count if until > self._clock() else 0

    def get_expiry(self, key: str) -> float:
        return self._known.get(key, (0, self._clock()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        gone = len(self._known)
        self._known.clear()
        return gone

    def clear(self, key: str) -> None:
        self._known.pop(key, None)

    def _tidy(self, every: int) -> None:
        now = self._clock()
        if len(self._known) >= self._most:
            self.reset()
        elif now >= self._tidied + every:
            self._tidied = now
            self._known = {key: known for key, known in self._known.items() if known[1] > now}


class FewAMinute:
    """Around the routes, within what knows the key: refuses what is too much, and tells everybody what is left
    (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/)."""

    def __init__(
        self, app: ASGIApp, answer: Answer, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._answer = answer
        self._given = settings.requests_per_minute
        self._item = RateLimitItemPerMinute(_A_MINUTE if self._given is None else max(self._given, 1))
        self._clock = clock
        self._limiter = FixedWindowRateLimiter(Counts(clock))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = self._sender(scope) if scope["type"] == "http" else None
        if sender is None:
            await self._app(scope, receive, send)
            return
        allowed = self._limiter.hit(self._item, sender)
        reset, left = self._limiter.get_window_stats(self._item, sender)
        seconds = max(1, math.ceil(reset - self._clock()))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"requests";q={self._item.amount};w=60'
                headers["RateLimit"] = f'"requests";r={left};t={seconds}'
            await send(message)

        error = None if allowed else RequestTooMany(count=self._item.amount, seconds=seconds)
        app = self._answer(Request(scope), error) if error else self._app
        await app(scope, receive, told)

    def _sender(self, scope: Scope) -> str | None:
        """None for whoever is not counted."""
        if self._given == 0 or kind_of(scope) is Kind.FREE:
            return None
        if key := caller_id(scope):
            return f"key {key}"
        address = _address(scope)
        return None if address is None and self._given is None else address or "here"


def _address(scope: Scope) -> str | None:
    """Of the other side; of IPv6 the half that a provider gives to one customer. None for this machine."""
    try:
        address = ipaddress.ip_address((scope.get("client") or ("",))[0].partition("%")[0])
    except ValueError:
        return None  # a socket of this machine
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return None if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return None if address.is_loopback else str(address)
