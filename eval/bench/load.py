"""Measured in a fresh process: many clients at once on a real server, each with questions that nobody asked before."""

import queue
import threading
import time
from typing import Any

from eval.bench import parts
from eval.bench.figures import peak_mb, times
from eval.bench.growth.corpus import topic_of
from eval.bench.server import Client, serving

_WARM_UP = 8
_FORMS = ("Que sait-on de {} ?", "Qui parle de {} ?", "Que dit-on sur {} ?", "Pourquoi parle-t-on de {} ?")


def measure(home: str, clients: int, requests: int) -> dict[str, Any]:
    """Answers a second, errors (any other status than 200, or none), milliseconds, and the server's memory."""
    engine = parts.open_engine(home)
    debates = [engine.debate(summary.id) for summary in engine.debates()]
    engine.close()
    asked = distinct([part.text for debate in debates for part in debate.segments], requests + _WARM_UP)
    with serving(home) as server:
        with Client(server.url) as client:
            for question in asked[:_WARM_UP]:
                client.ask(question)
        return {
            "clients": clients,
            **at_once(server.url, asked[_WARM_UP:], clients),
            "server_mb": peak_mb(server.process),
        }


def distinct(texts: list[str], count: int) -> list[str]:
    """``count`` different questions of the words of ``texts``; fewer where they hold no more."""
    topics = list(dict.fromkeys(topic for text in texts if (topic := topic_of(text))))
    return [form.format(topic) for form in _FORMS for topic in topics][:count]


def at_once(url: str, questions: list[str], clients: int) -> dict[str, Any]:
    """Each client asks its next question when it has an answer to the last one."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for question in questions:
        waiting.put(question)
    taken: list[tuple[float, int]] = []
    threads = [threading.Thread(target=_client, args=(url, waiting, taken)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    right = [milliseconds for milliseconds, status in taken if status == 200]
    return {
        "requests": len(taken),
        "errors": len(taken) - len(right),
        "per_second": len(right) / seconds,
        "ms": times(right, 50, 95, 99) if right else {},
    }


def _client(url: str, waiting: "queue.SimpleQueue[str]", taken: list[tuple[float, int]]) -> None:
    with Client(url) as client:
        while True:
            try:
                question = waiting.get_nowait()
            except queue.Empty:
                return
            began = time.perf_counter()
            try:
                status = client.ask(question)
            except OSError:
                status = 0
            taken.append((1000 * (time.perf_counter() - began), status))
