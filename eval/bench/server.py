"""The real server in a process of its own, on a free port of loopback, and a small client for it."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode, urlsplit

_JSON = {"Content-Type": "application/json"}
_BOUNDARY = "a-boundary-that-no-transcript-holds"
_PATIENCE = 120
"""Seconds for one answer."""
_MOST_WAIT = 300
"""Seconds until the model is loaded."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    process: int


class Client:
    """One connection that is kept open, as a browser's or a program's is; not to be shared between threads."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, question: str) -> int:
        """The status; the answer is read to its end."""
        return self.send("POST", "/v1/ask", json.dumps({"question": question}))

    def search(self, query: str) -> int:
        return self.send("GET", f"/v1/search?{urlencode({'q': query})}")

    def add(self, name: str, transcript: str) -> int:
        """Sends a file as a form does (https://www.rfc-editor.org/rfc/rfc7578)."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = f"{head}{transcript}\r\n--{_BOUNDARY}--\r\n".encode()
        return self.send("POST", "/v1/debates", body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})

    def get(self, path: str) -> int:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: str | bytes | None = None, headers: Mapping[str, str] = _JSON) -> int:
        """The status of any request. Raises OSError, http.client.HTTPException."""
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens it again
            raise
        return response.status


@contextmanager
def serving(home: str) -> Iterator[Server]:
    """On the index in ``home``, from when its model is loaded until the block ends. Its log has no line for a request:
    each takes 0.05 ms."""
    command = [
        "env",
        f"QDQ_HOME={home}",
        "QDQ_LOG_LEVEL=WARNING",
        sys.executable,
        "-m",
        "api.commands.main",
        "serve",
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = json.loads("".join(process.stdout.readline() for _ in range(3)))["url"]
            _wait(url)
            yield Server(url, process.pid)
        finally:
            process.terminate()


def _wait(url: str) -> None:
    """Raises TimeoutError."""
    until = time.monotonic() + _MOST_WAIT
    with Client(url) as client:
        while client.get("/readyz") != 200:
            if time.monotonic() > until:
                raise TimeoutError(f"{url} is not ready after {_MOST_WAIT} s")
            time.sleep(0.1)
