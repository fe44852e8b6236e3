"""More questions than a server can answer: they come at their times, whether or not those before were answered."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.bench.figures import times
from eval.bench.mix import ASK, Taken, long_words, question
from eval.bench.server import Client

_SENDERS = 256
"""Connections, over which the questions are dealt in turn."""
_CLIENTS = 8
"""For what it can do."""
_CALIBRATED = 5.0
"""Seconds."""
_TOOK_AS_BEFORE = 2.0
"""Times the median of before: then it has recovered."""
_MOST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class _Calm:
    """What the server does when it is asked as fast as it answers."""

    per_second: float
    median: float


def overloaded(url: str, sentences: Sequence[str], factor: float, seconds: float) -> dict[str, Any]:
    """What becomes of ``factor`` times the questions that it can answer, for ``seconds``, and how long after the last
    of them a question takes to be answered as before."""
    words = long_words(sentences)
    calm = _calm(url, words)
    taken = _flooded(url, words, factor * calm.per_second, seconds)
    recovered = _recovered(url, words, calm)
    by_status = {status: [one.milliseconds for one in taken if one.status == status] for status in (200, 503)}
    return {
        "capacity": round(calm.per_second, 1),
        "offered": round(len(taken) / seconds, 1),
        "statuses": dict(Counter(str(one.status) for one in taken)),
        "failures": sum(one.status not in (200, 503) for one in taken),
        "refused_ms": times(by_status[503], 50, 99) if by_status[503] else {},
        "answered_ms": times(by_status[200], 50, 99) if by_status[200] else {},
        "recovered_seconds": round(recovered, 2),
    }


def _calm(url: str, words: Sequence[str]) -> _Calm:
    stop, taken = threading.Event(), list[Taken]()

    def ask(seed: int) -> None:
        drawn = random.Random(seed)
        with Client(url) as client:
            while not stop.is_set():
                taken.append(_asked(client, words, drawn))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    stop.wait(_CALIBRATED)
    stop.set()
    for thread in threads:
        thread.join()
    return _Calm(len(taken) / _CALIBRATED, times([one.milliseconds for one in taken], 50)["p50"])


def _flooded(url: str, words: Sequence[str], per_second: float, seconds: float) -> list[Taken]:
    taken, begin = list[Taken](), time.monotonic() + 0.5
    due = [begin + number / per_second for number in range(int(per_second * seconds))]

    def send(seed: int) -> None:
        drawn, pause = random.Random(seed), threading.Event()
        with Client(url) as client:
            for moment in due[seed::_SENDERS]:
                pause.wait(max(0.0, moment - time.monotonic()))
                taken.append(_asked(client, words, drawn))

    threads = [threading.Thread(target=send, args=(seed,)) for seed in range(_SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _recovered(url: str, words: Sequence[str], calm: _Calm) -> float:
    """Seconds, ``_MOST_WAIT`` at most."""
    began, drawn = time.monotonic(), random.Random(0)
    with Client(url) as client:
        while time.monotonic() < began + _MOST_WAIT:
            asked = _asked(client, words, drawn)
            if asked.status == 200 and asked.milliseconds <= _TOOK_AS_BEFORE * calm.median:
                break
    return time.monotonic() - began


def _asked(client: Client, words: Sequence[str], drawn: random.Random) -> Taken:
    began = time.perf_counter()
    try:
        status = client.ask(question(words, drawn))
    except (OSError, http.client.HTTPException):
        status = 0
    return Taken(ASK, status, 1000 * (time.perf_counter() - began))
