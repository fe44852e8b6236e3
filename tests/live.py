"""A server as ``qdq serve`` runs it, in this process."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from opentelemetry.trace import Tracer

from api.access.policy import Access
from api.serving.app import create_app
from api.serving.server import config_of, listening
from rag.engine import Engine

SECONDS = 60
"""After which a test that waits for something fails."""


@contextmanager
def live(engine: Engine, tracer: Tracer | None = None, access: Access | None = None) -> Iterator[str]:
    """Its address. Does not close ``engine``."""
    with ExitStack() as stack:
        bound, address = stack.enter_context(listening("127.0.0.1", 0))
        server = uvicorn.Server(config_of(create_app(engine, tracer=tracer, access=access), engine.settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, server, "should_exit", True)
        yield address
