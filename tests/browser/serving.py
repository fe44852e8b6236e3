"""The real server: uvicorn on a free port, over an index of its own."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from api.access.policy import Access
from api.serving.app import create_app
from api.serving.server import listening, names_of
from index.encoding.encoder import Encoder
from index.local import LocalStore
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings

_HOST = "127.0.0.1"


@contextmanager
def served(engine: Engine, access: Access | None = None) -> Iterator[str]:
    """The address of a server over ``engine``, until the block ends."""
    with running(lambda bound: create_app(engine, names_of(bound, _HOST), access=access)) as address:
        yield address


@contextmanager
def running(app_for: Callable[[socket.socket], ASGIApp]) -> Iterator[str]:
    """The address of any app, which is told its socket. Whoever asks early waits: the socket is bound."""
    with listening(_HOST, 0) as (bound, address):
        app = app_for(bound)
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def opened(home: Path, encoder: Encoder, copied: Path | None = None) -> Iterator[Engine]:
    """An engine over ``home``, with the index at ``copied`` put there first. It keeps answers, as the command does."""
    if copied is not None:
        shutil.copytree(copied, home)
    settings = Settings(home=home)
    engine = Engine(LocalStore(home), encoder, settings, Records.of(home, settings))
    try:
        yield engine
    finally:
        engine.close()
