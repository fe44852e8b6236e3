"""One program at a time makes the base of an index."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from index.local.sqlite import primary_code

_LOG = logging.getLogger("qdq")
_TURN_SECONDS = 0.5
"""SQLite waits so long at once, and hears of no interrupt meanwhile."""


@contextmanager
def alone(file: Path, seconds: float, go_on: Callable[[], bool], level: int = logging.DEBUG) -> Iterator[bool]:
    """Whether no other program makes the base ``file`` meanwhile, waiting up to ``seconds`` for that as long as it is
    to ``go_on``; False at once where nothing can be written. That it waits is logged once, at ``level``.

    An SQLite file is the lock, since that is free again on every system when its holder is killed."""
    with ExitStack() as stack:
        try:
            lock = sqlite3.connect(
                file.with_name(f".{file.name}.lock"), timeout=min(seconds, _TURN_SECONDS), isolation_level=None
            )
            stack.enter_context(closing(lock))
            _wait(lock, time.monotonic() + seconds, go_on, lambda: _LOG.log(level, "%s is being made: waiting", file))
            taken = lock.in_transaction
        except sqlite3.Error:
            taken = False
        yield taken


def _wait(lock: sqlite3.Connection, end: float, go_on: Callable[[], bool], tell: Callable[[], None]) -> None:
    """Until it is taken, or no longer worth it. Raises sqlite3.Error where it never can be."""
    told = False
    while True:
        try:
            lock.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY:
                raise
        if time.monotonic() >= end or not go_on():
            return
        if not told:
            tell()
        told = True
