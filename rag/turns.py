"""Turns: some may work at once, the others wait in the order in which they came.

A lock of the system's gives no order: under load somebody may wait for seconds while others pass. More threads at work
than cores only take the interpreter from one another.
"""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A context manager for ``most`` threads at once. Whoever leaves hands its turn to the first who waits, so nobody
    who comes then is before them. A thread takes one turn, not one inside another."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._free = most
        self._gates: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait now."""
        with self._lock:
            return len(self._gates)

    def __enter__(self) -> None:
        gate = threading.Lock()
        gate.acquire()
        try:
            with self._lock:
                if self._free:
                    self._free -= 1
                    return
                self._gates.append(gate)
            gate.acquire()  # released by whoever hands its turn on
        except BaseException:
            self._abandon(gate)
            raise

    def _abandon(self, gate: threading.Lock) -> None:
        """Whoever waited was interrupted, perhaps just when its turn had come."""
        with self._lock:
            if gate in self._gates:
                self._gates.remove(gate)
                return
        if not gate.locked():
            self._hand_on()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        with self._lock:
            if self._gates:
                self._gates.popleft().release()
            else:
                self._free += 1
