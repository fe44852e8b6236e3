"""A server on this machine that speaks as OpenAI's does and says what a test has it say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What goes back. ``held``: not before the server is closed."""

    body: str
    status: int = 200
    content_type: str = "application/json"
    held: bool = False


Model: TypeAlias = Callable[[Body], Reply]
"""From the request's JSON to the reply."""


def says(content: str | None, finish: str = "stop") -> Reply:
    """A completion with this text."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    completion = {"id": "c", "object": "chat.completion", "created": 0, "model": "other", "choices": [choice]}
    return Reply(json.dumps(completion))


def refuses(status: int, message: str = "no") -> Reply:
    return Reply(json.dumps({"error": {"message": message}}), status)


def in_turn(*replies: Reply) -> Model:
    """One reply after the other, the last one for ever."""
    left = list(replies)
    return lambda _body: left.pop(0) if len(left) > 1 else left[0]


@dataclass
class Played:
    """A running server: its address, and what it was sent."""

    url: str
    bodies: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def playing(model: Model) -> Iterator[Played]:
    """On 127.0.0.1, on a port that is free."""
    closing = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    played = Played(f"http://127.0.0.1:{server.server_port}/v1")
    server.RequestHandlerClass = _handler(model, played, closing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield played
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(model: Model, played: Played, closing: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            played.bodies.append(body)
            played.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = model(body) if self.path == "/v1/chat/completions" else refuses(404, self.path)
            if reply.held:
                closing.wait()
                return
            content = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After-Ms", "1")  # so that tests do not wait
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Not into the output of the tests."""

    return Handler
