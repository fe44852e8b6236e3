"""A server on this machine that speaks as OpenAI's does and says what a test has it say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, TypeAlias

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What goes back. ``held``: not before the server is closed. ``then``: what follows the body, its end, a lost
    connection, or bytes that say nothing for ever."""

    body: str
    status: int = 200
    content_type: str = "application/json"
    held: bool = False
    then: Literal["end", "cut", "trickle"] = "end"


Model: TypeAlias = Callable[[Body], Reply]
"""From the request's JSON to the reply."""


def says(content: str | None, finish: str = "stop") -> Reply:
    """A completion with this text."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    completion = {"id": "c", "object": "chat.completion", "created": 0, "model": "other", "choices": [choice]}
    return Reply(json.dumps(completion))


def streams(text: str, *, then: Literal["end", "cut", "trickle"] = "end", finish: str = "stop", size: int = 5) -> Reply:
    """A completion that comes in parts of ``size`` characters, and ends only where it is to ``end``."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[at : at + size]} for at in range(0, len(text), size)]
    chunks = [_chunk({"index": 0, "delta": delta, "finish_reason": None}) for delta in deltas]
    if then == "end":
        ended = {"index": 0, "delta": {}, "finish_reason": finish}
        chunks += [_chunk(ended), 'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n', "data: [DONE]\n\n"]
    return Reply("".join(chunks), content_type="text/event-stream", then=then)


def _chunk(choice: dict[str, Any]) -> str:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "other", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n"


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
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the client goes while bytes still come."""


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
            if reply.then != "trickle":
                self.send_header("Content-Length", str(len(content) + (reply.then == "cut")))
            self.send_header("Retry-After-Ms", "1")  # so that tests do not wait
            self.end_headers()
            self.wfile.write(content)
            if reply.then == "trickle":
                self._trickle()

        def _trickle(self) -> None:
            try:
                self.wfile.write(b": ")
                while not closing.wait(0.01):
                    self.wfile.write(b".")
            except OSError:
                played.left.set()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Not into the output of the tests."""

    return Handler
