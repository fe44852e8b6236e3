"""The real server: uvicorn on a free port, over an index of its own."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from api.access.policy import Access
from api.serving.app import create_app
from api.serving.server import listening, names_of
from index.encoding.encoder import Encoder
from index.local import LocalStore
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings


@contextmanager
def served(engine: Engine, access: Access | None = None) -> Iterator[str]:
    """The address of a server over ``engine``, until the block ends. Whoever asks early waits: the socket is bound."""
    host = "127.0.0.1"
    with listening(host, 0) as (bound, address):
        app = create_app(engine, names_of(bound, host), access=access)
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
