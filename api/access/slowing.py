"""Wrong keys are slowed down, by the address they come from and by the key that they pretend to be.

A key has 256 random bits, so this keeps nobody from guessing one: it keeps whoever tries from keeping the server busy,
and makes it show. A right key is never asked to wait: were it refused after somebody's wrong ones, whoever shares its
address, or knows its id, could lock its owner out. Beyond some wrong ones a minute the answer is 429 instead of 401,
which tells a program with a mistyped key to stop.
"""

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from math import ceil

import anyio
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MOST = RateLimitItemPerMinute(10)
_FIRST_SECONDS, _LONGEST_SECONDS = 0.1, 1.0
_AT_ONCE = 256
"""As many wait; one more is answered without, so that waiting holds no more memory than this."""
_BINS = 4096
"""Addresses and ids are counted in so many bins, whatever somebody invents; two in one bin are slowed down together."""


class Slowing:
    """For one event loop. Counts are forgotten with the process."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = anyio.sleep) -> None:
        self._sleep = sleep
        self._salt = secrets.token_bytes(16)
        self._waiting = 0

    @cached_property
    def _counts(self) -> MovingWindowRateLimiter:
        """Made when it is wanted: it starts a thread."""
        return MovingWindowRateLimiter(MemoryStorage())

    async def wrong(self, address: str, key: str) -> int | None:
        """Counts a wrong key from ``address`` with the id ``key`` and waits, longer from time to time. Returns after
        how many seconds another one may be tried, None where that is now."""
        bins = [self._bin("address", _network(address))] + ([self._bin("key", key)] if key else [])
        seconds = max(self._after(MOST, one) for one in bins)
        too_many = [one for one in bins if not self._counts.hit(MOST, one)]
        if self._waiting < _AT_ONCE:
            self._waiting += 1
            try:
                await self._sleep(seconds)
            finally:
                self._waiting -= 1
        until = max((self._counts.get_window_stats(MOST, one).reset_time for one in too_many), default=None)
        # no longer than they count, also where the clock was put back
        return None if until is None else min(max(1, ceil(until - time.time())), MOST.get_expiry())

    def _after(self, limit: RateLimitItem, one: str) -> float:
        before = limit.amount - self._counts.get_window_stats(limit, one).remaining
        return float(min(_LONGEST_SECONDS, _FIRST_SECONDS * 2**before))

    def _bin(self, kind: str, value: str) -> str:
        number = hashlib.blake2b(f"{kind} {value}".encode("utf-8", "replace"), key=self._salt, digest_size=4).digest()
        return str(int.from_bytes(number) % _BINS)


def _network(address: str) -> str:
    """Of an IPv6 address the network that one customer is given: they can take any other address in it.

    >>> _network("2001:db8::1:2"), _network("192.0.2.7"), _network("testclient")
    ('2001:db8::/64', '192.0.2.7', 'testclient')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.IPv6Network((int(found), 64), strict=False))
    return str(found)
