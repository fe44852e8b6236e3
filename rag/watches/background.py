"""The thread of a server that looks and delivers, beside the requests."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial

from rag.watches.types import Sent

_LOG = logging.getLogger("qdq")
_POLL = 10.0
"""Seconds after which changes by other programs are looked for."""
_SHORTEST = 0.2
_GRACE = 5.0
"""Seconds that the end of the program waits for it."""


class Background:
    """Begins to work at once, and again when woken, when something is due, and every ten seconds."""

    def __init__(
        self,
        look: Callable[[Callable[[], bool]], int],
        deliver: Callable[[], Awaitable[list[Sent]]],
        next_due: Callable[[], float | None],
    ) -> None:
        self._look = look
        self._deliver = deliver
        self._next_due = next_due
        self._stopping = False
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._cancel: Callable[[], object] | None = None
        self._told = ""
        self._thread = threading.Thread(target=self._run, name="watches", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """What is just being sent is left for the next program."""
        with self._lock:
            self._stopping = True
            if self._cancel:
                self._cancel()
        self._woken.set()
        self._thread.join(_GRACE)

    def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._try(lambda: self._look(self._goes_on))
            self._try(lambda: asyncio.run(self._sending()))
            if self._goes_on():
                self._woken.wait(self._pause())

    def _goes_on(self) -> bool:
        return not self._stopping

    async def _sending(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._stopping:
                return
            self._cancel = partial(loop.call_soon_threadsafe, task.cancel)
        try:
            await self._deliver()
        finally:
            with self._lock:
                self._cancel = None

    def _pause(self) -> float:
        """Seconds."""
        due: list[float | None] = []
        self._try(lambda: due.append(self._next_due()))
        return min([_POLL, *(max(seconds, _SHORTEST) for seconds in due if seconds is not None)])

    def _try(self, step: Callable[[], object]) -> None:
        """One that fails does not stop the others; the same failure is told once. What it was about is not."""
        try:
            step()
        except asyncio.CancelledError:
            return
        except Exception as error:
            name = type(error).__name__
            _LOG.log(logging.DEBUG if name == self._told else logging.WARNING, "watches have to wait: %s", name)
            self._told = name
