"""Running the app: one process, uvicorn, on a socket that is bound before anything is loaded."""

import gc
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from api.access.policy import Access, Mode
from api.serving.app import create_app
from api.serving.limits.connections import HEAD_BYTES, KEEP_SECONDS, Impatient
from api.serving.limits.waiting import places_of
from api.serving.seen.logs import configure
from api.serving.seen.spans import tracer_of
from index.errors import AddressUnavailable
from rag.engine import Engine
from rag.settings import Settings

_LAST_SECONDS = 30
"""For the requests that are here when the server is told to stop."""
_IDLE = 256
"""Connections beside those of requests that may be here: browsers keep some that they do not use. What comes then is
refused without a word of ours; by default all of them are fewer than the files that a process may have open."""


@contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """A socket bound to ``host`` and ``port`` (0: a free one), and its address. Raises AddressUnavailable."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()  # whoever connects from now on waits instead of being refused
    except OSError as error:
        raise AddressUnavailable(address=f"{host}:{port}", reason=error.strerror or str(error)) from error
    with bound:
        shown = f"[{host}]" if ":" in host else host
        yield bound, f"http://{shown}:{bound.getsockname()[1]}"


def is_loopback(bound: socket.socket) -> bool:
    """Whether a server there is reached from its own machine only."""
    return ipaddress.ip_address(bound.getsockname()[0]).is_loopback


def names_of(bound: socket.socket, host: str) -> frozenset[str] | None:
    """What a server may be called that was started with ``host`` and is reached from its own machine only; None for
    another one, which may have names that nobody here knows."""
    if not is_loopback(bound):
        return None
    return frozenset({"localhost", "127.0.0.1", "::1", host.lower()})


def run(engine: Engine, bound: socket.socket, host: str, access: Access) -> None:
    """Serve until interrupted. Questions are not logged. Behind keys it may have any name: a site that gives it one of
    theirs has no key. Raises SettingsInvalid."""
    settings = engine.settings
    names = None if access.mode is Mode.KEYS else names_of(bound, host)
    app = create_app(engine, names, warm=_spare_collections, access=access, tracer=tracer_of(settings))
    configure(settings)
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once everything is shut down
        uvicorn.Server(config_of(app, settings)).run(sockets=[bound])


def config_of(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How it is run."""
    return uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),  # uvicorn would believe whoever is on this machine
        forwarded_allow_ips=list(settings.trusted_proxies),
        limit_concurrency=_IDLE + sum(places_of(settings).values()),
        timeout_keep_alive=KEEP_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )


def _spare_collections() -> None:
    """Whatever was loaded stays for good: going through all of it, again and again, to find garbage would hold every
    question up for a tenth of a second and more."""
    gc.collect()
    gc.freeze()
