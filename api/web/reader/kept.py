"""Debates as they were laid out last, kept while the index does not change."""

import threading
from collections import OrderedDict

from api.web.reader.transcript import Transcript
from rag.asked import Catalogue
from rag.engine import Engine

_RUNS_KEPT = 100_000
"""About 100 MB: three debates of six hours, or hundreds of short ones."""


class Shelf:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._kept: OrderedDict[str, Transcript] = OrderedDict()

    def of(self, engine: Engine, catalogue: Catalogue, debate: str) -> Transcript:
        """Raises DebateUnknown."""
        with self._lock:
            if catalogue.generation != self._generation:
                self._kept.clear()
                self._generation = catalogue.generation
            if debate in self._kept:
                self._kept.move_to_end(debate)
                return self._kept[debate]
        made = Transcript.of(engine.debate(debate))
        with self._lock:
            if catalogue.generation == self._generation:
                self._kept[debate] = made
                self._forget()
        return made

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(len(one.runs) for one in self._kept.values()) > _RUNS_KEPT:
            self._kept.popitem(last=False)
