"""Clients that ask, search, add and remove, all at once, on a real server: what each request took and how it ended."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eval.bench.figures import times
from eval.bench.server import Client
from index.export import ExportFormat, exported
from index.types import Debate, Segment

ASK, SEARCH, ADD, REMOVE = "ask", "search", "add", "remove"
_SEARCHES, _CHANGES = 0.05, 0.05
"""Shares of all requests; the rest are questions."""
_SENTENCES = 40
"""Of a debate that is added: some three minutes of talk."""
_SECONDS = 5.0
_FORMS = (
    "Que pense-t-on de {} et {} ?",
    "Qui parle de {} ou de {} ?",
    "Pourquoi {} et {} ?",
    "Que dit-on sur {}, {} ?",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One request: ``status`` 0 where there was no answer."""

    kind: str
    status: int
    milliseconds: float


@dataclass(slots=True)
class Mix:
    """What one client does with ``sentences``, drawn from ``seed``: what it adds it removes before it adds again, so
    that the index keeps its size."""

    seed: int
    sentences: Sequence[str]
    taken: list[Taken] = field(default_factory=list)
    _added: bool = False

    def run(self, url: str, stop: threading.Event) -> None:
        """Until ``stop``; then what it added goes."""
        drawn, words = random.Random(self.seed), long_words(self.sentences)
        with Client(url) as client:
            while not stop.is_set():
                self._request(client, self._kind(drawn.random()), words, drawn)
            if self._added:
                self._request(client, REMOVE, words, drawn)

    def _kind(self, share: float) -> str:
        if share < _CHANGES:
            return REMOVE if self._added else ADD
        return SEARCH if share < _CHANGES + _SEARCHES else ASK

    def _request(self, client: Client, kind: str, words: Sequence[str], drawn: random.Random) -> None:
        name = f"soak-{self.seed}"
        send: Callable[[], int] = {
            ASK: lambda: client.ask(question(words, drawn)),
            SEARCH: lambda: client.search(" ".join(drawn.sample(words, 2))),
            ADD: lambda: client.add(f"{name}.srt", made_srt(drawn.sample(self.sentences, _SENTENCES))),
            REMOVE: lambda: client.send("DELETE", f"/v1/debates/{name}"),
        }[kind]
        began = time.perf_counter()
        try:
            status = send()
        except (OSError, http.client.HTTPException):
            status = 0
        self.taken.append(Taken(kind, status, 1000 * (time.perf_counter() - began)))
        if 200 <= status < 300 and kind in (ADD, REMOVE):
            self._added = kind == ADD


def long_words(sentences: Sequence[str]) -> list[str]:
    """Each once, in order."""
    words = dict.fromkeys(word.strip('.,;:!?…«»"()').lower() for text in sentences for word in text.split())
    return [word for word in words if len(word) > 5 and word.isalpha()]


def question(words: Sequence[str], drawn: random.Random) -> str:
    """Hardly ever one that was asked before."""
    return drawn.choice(_FORMS).format(*drawn.sample(words, 2))


def made_srt(sentences: Sequence[str]) -> str:
    """A transcript of these, one every five seconds."""
    segments = tuple(Segment(at, _SECONDS * at, _SECONDS * (at + 1), text) for at, text in enumerate(sentences))
    return exported(Debate("soak", "Soak", segments), ExportFormat.SRT)


def summary(taken: Sequence[Taken]) -> dict[str, dict[str, object]]:
    """By kind: how many, how they ended, milliseconds of those that were done."""
    kinds = {kind: [one for one in taken if one.kind == kind] for kind in (ASK, SEARCH, ADD, REMOVE)}
    return {kind: _of_kind(found) for kind, found in kinds.items() if found}


def _of_kind(taken: Sequence[Taken]) -> dict[str, object]:
    done = [one.milliseconds for one in taken if 200 <= one.status < 300]
    ended = Counter(str(one.status) for one in taken)
    return {"requests": len(taken), "statuses": dict(ended), "ms": times(done, 50, 95, 99) if done else {}}


def failures(taken: Sequence[Taken]) -> int:
    """Requests that the server did not answer, or answered with a fault of its own."""
    return sum(one.status == 0 or one.status >= 500 for one in taken)
