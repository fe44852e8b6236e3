"""Sending what is due: eight at a time, one to each webhook, until nothing is left."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from rag.watches.notice import notice
from rag.watches.outbox import Outbox
from rag.watches.signing import signed
from rag.watches.types import Attempt, Delivery, Sent

Send = Callable[[str, Mapping[str, str], bytes], Awaitable[Attempt]]
_AT_ONCE = 8


class Courier:
    """Takes deliveries from an outbox to their webhooks."""

    def __init__(self, outbox: Outbox, send: Send, base: str | None, *, now: Callable[[], float] = time.time) -> None:
        """``base``: the address of this server for the links; ``now`` in seconds since the epoch."""
        self._outbox = outbox
        self._send = send
        self._base = base
        self._now = now

    async def deliver(self, *, first_only: bool = False) -> list[Sent]:
        """All that is due, or of it what was never tried. Raises a StoreError."""
        sent: list[Sent] = []

        async def go() -> None:
            while (delivery := self._outbox.claim(first_only=first_only)) is not None:
                sent.append(await self._deliver(delivery))

        await asyncio.gather(*(go() for _ in range(_AT_ONCE)))
        return sent

    async def attempt(self, delivery: Delivery) -> Attempt:
        """Send it now, whatever the outbox says."""
        moment = self._now()
        body = notice(delivery, self._base, datetime.fromtimestamp(moment, UTC))
        headers = signed(delivery.watch.secret, delivery.id, int(moment), body)
        assert delivery.watch.webhook is not None
        return await self._send(delivery.watch.webhook, headers, body)

    async def _deliver(self, delivery: Delivery) -> Sent:
        try:
            attempt = await self.attempt(delivery)
        except BaseException:  # the program ends
            self._outbox.release(delivery)
            raise
        return self._outbox.settle(delivery, attempt)
