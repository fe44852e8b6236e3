"""Measured in a fresh process: what the commands and the pages cost. The shipped debate is added to an empty index by
the command; a server is then asked the debate's questions one after the other, after some others. It remembers the
vectors of questions, so what it is asked again is told apart."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from eval.bench.figures import peak_mb, times
from eval.bench.server import Client, serving
from eval.shipped import QUESTIONS, SPEAKERS, TRANSCRIPT
from eval.suites.questions import read_questions

_WARM_UP = 10


def measure() -> dict[str, Any]:
    """Seconds of the commands, each in a cold process; milliseconds of a warm server, and the memory it took."""
    with tempfile.TemporaryDirectory(prefix="qdq-bench-") as home:
        qdq = ["env", f"QDQ_HOME={home}", sys.executable, "-m", "api.commands.main"]
        return {
            "add_s": _seconds([*qdq, "add", str(TRANSCRIPT), "--speakers", str(SPEAKERS), "--json"]),
            "ask_s": _seconds([*qdq, "ask", "Que pense Kempf du RGPD ?", "--json"]),
            "help_s": _seconds([*qdq, "--help"]),
            "ready_s": _ready(home),
            **_server(home),
        }


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _ready(home: str) -> float:
    """From the command to a server that answers with its model loaded."""
    began = time.perf_counter()
    with serving(home):
        return time.perf_counter() - began


def _server(home: str) -> dict[str, Any]:
    questions = [question.question for path in QUESTIONS for _line, question in read_questions(path)]
    with serving(home) as server, Client(server.url) as client:
        for question in questions[:_WARM_UP]:
            client.ask(f"Et encore : {question}")
        asked, again = ([_milliseconds(lambda: client.ask(question)) for question in questions] for _ in range(2))  # noqa: B023
        pages = [_milliseconds(lambda: client.get(f"/?{urlencode({'q': question})}")) for question in questions]  # noqa: B023
        read = [_milliseconds(lambda: client.get(f"/d/{TRANSCRIPT.stem}")) for _ in range(_WARM_UP)]
        memory = peak_mb(server.process)
    return {"ask": times(asked), "again": times(again), "page": times(pages), "read": times(read), "server_mb": memory}


def _milliseconds(act: Callable[[], int]) -> float:
    """Raises RuntimeError for any other status than 200."""
    began = time.perf_counter()
    status = act()
    if status != 200:
        raise RuntimeError(f"status {status}")
    return 1000 * (time.perf_counter() - began)
