"""``POST /mcp``: the SDK's streamable HTTP, each request by itself and answered with one JSON document, so that any of
several servers may answer and nothing stays open. There is no stream to ``GET``, which is 405."""

from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.assistants.extra import needed
from rag.engine import Engine

if TYPE_CHECKING:
    from mcp.server import Server


def route(engine: Engine) -> Route:
    """Not in the description of the API: the protocol describes itself."""
    return Route("/mcp", OverHttp(engine), methods=["POST"], include_in_schema=False)


class OverHttp:
    """The app behind ``/mcp``. The SDK takes half a second to import: whoever asks first waits for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._server: Server[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises AssistantExtraMissing."""
        if self._server is None:
            self._server = await run_sync(self._made)
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        # a manager is good for one run, and keeps nothing between requests here: with one for each, the app needs no
        # other lifespan. Which names and origins may call is settled by the guard around the whole app
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True, security_settings=None)
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    def _made(self) -> "Server[Any]":
        with needed():
            from api.assistants.server import server_of
        return server_of(self._engine)
