"""Recordings are heard one after the other: one takes all processors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.types import Progress

_LOOK = 0.5
"""Seconds after which whoever waits says so, and is told whether anybody still waits for it."""


class OneAtATime:
    """The place in which a recording is heard, of one server."""

    def __init__(self) -> None:
        self._place = threading.Lock()

    @contextmanager
    def turn(self, progress: Progress | None) -> Iterator[None]:
        """Waits until the place is free, and tells ``progress`` that it waits. Raises what that raises."""
        while not self._place.acquire(timeout=_LOOK):
            if progress:
                progress("wait", 0, 0)
        try:
            yield
        finally:
            self._place.release()
