"""What each stage of a question took, so that none costs more than it earns.

with trace.stage("dense") as stage: stage.count = len(hits)
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

WATCHER: ContextVar[Callable[[str], AbstractContextManager[object]] | None] = ContextVar("qdq_watcher", default=None)
"""Of whoever wants to know of each stage while it runs: what it makes of the stage's name is entered with the stage."""


@dataclass(frozen=True, slots=True)
class Stage:
    """``ms`` by the wall clock, summed where a stage is entered again; ``count``: how many things it gave, where that
    says something."""

    name: str
    ms: float
    count: int | None = None


@dataclass(slots=True)
class Timed:
    """A stage while it runs, for whoever is in it to say how many things it gives."""

    seconds: float = 0.0
    count: int | None = None


class Trace:
    """The stages of one question, in the order in which they were first entered. For one thread."""

    def __init__(self) -> None:
        self._stages: dict[str, Timed] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Timed]:
        """The time inside is the stage's, also when it ends with an error. A stage inside another counts for both."""
        timed, watcher = self._stages.setdefault(name, Timed()), WATCHER.get()
        began = time.perf_counter()
        try:
            with watcher(name) if watcher else nullcontext():
                yield timed
        finally:
            timed.seconds += time.perf_counter() - began

    @property
    def stages(self) -> tuple[Stage, ...]:
        """So far."""
        return tuple(Stage(name, round(1000 * one.seconds, 2), one.count) for name, one in self._stages.items())
