"""Connections on which nothing moves, and too many of one address: uvicorn waits as long as anybody likes for the head
of a request, and for somebody who does not read."""

import ipaddress
from asyncio import TimerHandle, Transport
from collections.abc import Iterable

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""For the head of a request, or for what is left of one that was answered before it had come."""
HEAD_BYTES = 64 * 1024
"""Of the head: an address holds a quote of ten thousand letters at most."""
KEEP_SECONDS = 5
"""That a connection may be idle between two requests."""
STALL_SECONDS = 300.0
"""Without anything being taken of an answer. A player that was stopped as long asks again for what follows."""
SHARE = 4
"""One address has a quarter of all connections at most, so that nobody can take them all alone."""


class Impatient(H11Protocol):
    """Closes a connection on which no request is begun in time, or no answer taken, and one too many of an address,
    unless that is this machine's or a trusted proxy's."""

    _late: TimerHandle | None = None
    _stalled: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._go_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._busy:
            self._stop()

    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()
        if self._busy:  # the next one was there already
            self._stop()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._go_on()
        super().resume_writing()

    def _is_one_too_many(self) -> bool:
        host = _host_of(self)
        theirs = sum(_host_of(one) == host for one in self.connections)
        most = (self.limit_concurrency or 0) // SHARE
        return most > 0 and theirs > most and not is_trusted(host, self.config.forwarded_allow_ips or ())

    @property
    def _busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._stop()
        self._late = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _go_on(self) -> None:
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None


def _host_of(connection: object) -> str:
    """Empty for a socket of this machine."""
    client = getattr(connection, "client", None)
    return str(client[0]) if client else ""


def is_trusted(host: str, proxies: Iterable[str]) -> bool:
    """Whether an address is this machine's, or in one of the networks ``proxies``.

    >>> is_trusted("127.0.0.1", []), is_trusted("10.1.2.3", ["10.0.0.0/8"]), is_trusted("192.0.2.1", ["10.0.0.0/8"])
    (True, True, False)
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True  # a socket of this machine
    return address.is_loopback or any(address in ipaddress.ip_network(network) for network in proxies)
