"""A receiver of webhooks on this machine, which answers what a test has it answer and keeps what it was sent."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, Mapping[str, str]]


@dataclass(frozen=True)
class Got:
    """A request; the names of its headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """A running server: its port, and what it got. ``name`` is what TLS asked for."""

    port: int
    got: list[Got] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    def wait_for(self, count: int) -> bool:
        """Whether so many requests came within half a minute."""
        with self.came:
            return self.came.wait_for(lambda: len(self.got) >= count, 30)


@contextmanager
def receiving(
    reply: Callable[[int], Reply | None] = lambda _number: (200, {}),
    *,
    tls: ssl.SSLContext | None = None,
    trickles: bool = False,
) -> Iterator[Receiver]:
    """On 127.0.0.1, on a free port. ``reply`` to the request of that number, from 0; None: no answer for ten seconds.
    ``trickles``: a head that takes some eight seconds, a line at a time."""
    closing = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    receiver = Receiver(server.server_port)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with receiver.came:
                number = len(receiver.got)
                receiver.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                receiver.came.notify_all()
            answer = reply(number)
            if answer is None:
                closing.wait(10)
                return
            try:
                self._answer(*answer)
            except OSError:
                self.close_connection = True

        def do_CONNECT(self) -> None:
            self.do_POST()

        def _answer(self, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if trickles:
                self.flush_headers()
                for _ in range(400):
                    if closing.wait(0.02):
                        return
                    self.wfile.write(b"X: y\r\n")
            self.end_headers()
            for _ in range(1000):  # more than anybody should read
                self.wfile.write(b"x" * 100_000)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Not into the output of the tests."""

    server.RequestHandlerClass = Handler
    if tls:
        tls.sni_callback = lambda _socket, name, _context: receiver.names.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that does not believe it
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
