"""``qdq mcp``: one assistant, on standard input and output, which carry the protocol alone; logs go to standard
error."""

import threading
from contextlib import suppress

import anyio

from api.assistants.extra import needed
from api.serving.seen.logs import configure
from index.errors import Language, QdqError
from rag.engine import Engine


def serve(engine: Engine, language: Language) -> None:
    """Until its input ends. Raises AssistantExtraMissing."""
    with needed():
        from mcp.server.stdio import stdio_server

        from api.assistants.server import server_of
    server = server_of(engine, language)

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    configure(engine.settings)
    threading.Thread(target=_warm, args=(engine,), daemon=True).start()
    anyio.run(run)


def _warm(engine: Engine) -> None:
    """The model is loaded while the assistant says hello; what is wrong with it the first question tells."""
    with suppress(QdqError):
        engine.warm_up()
