"""One of our SQLite files as another file, of one moment, and back while others have it open."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.errors import StoreBusy, StoreDamaged
from index.local.sqlite import reader, translated, version_of
from index.types import Progress

_STEPS = 200_000
"""Of SQLite's machine between two looks at how far it is: some ten a second."""
_PATIENCE_SECONDS = 10.0


def copied_file(
    database: Path, target: Path, application: int, known: int, progress: Progress | None = None
) -> int:  # fmt: skip
    """Write ``database``, which stays of its version and in use, to the new file ``target``, without what was deleted
    in it; that version. Raises a StoreError, StoreNewer after version ``known``; then ``target`` may be there in part.
    """
    with opened(database) as connection:
        version = ours(connection, database, application, known)
        with _telling(connection, target, progress):
            connection.execute("VACUUM INTO ?", (str(target),))
        return version


def checked_file(database: Path, application: int, known: int) -> int:
    """The version of a file that SQLite finds whole. Raises StoreDamaged, also for one that is not ours or would run
    statements of its own; StoreNewer."""
    with opened(database) as connection:
        version = ours(connection, database, application, known)
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        own = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
        if found != "ok" or own:
            raise StoreDamaged(path=database, reason=found if found != "ok" else f"not ours: {own[0]}")
        return version


def put_file(source: Path, live: Path) -> None:
    """Put what ``source`` holds in the place of what ``live`` holds, in one transaction, which waits for whoever writes
    there. Raises a StoreError; then ``live`` is as it was."""
    end = time.monotonic() + _PATIENCE_SECONDS

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            raise StoreBusy(path=live)

    with opened(source) as connection, opened(live) as target:
        sizes = [one.execute("PRAGMA page_size").fetchone()[0] for one in (connection, target)]
        if sizes[0] != sizes[1]:  # which SQLite cannot change under those that have it open
            raise StoreDamaged(path=live, reason=f"pages of {sizes[1]} bytes")
        with translated(live):
            connection.backup(target, progress=waited, sleep=0.05)


def ours(connection: sqlite3.Connection, path: Path, application: int, known: int) -> int:
    """The version of the file. Raises StoreDamaged for an empty one or that of another program, StoreNewer."""
    version = version_of(connection, path, application, known)
    if version is None:
        raise StoreDamaged(path=path, reason="no tables")
    return version


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file that is there: none is made. Raises a StoreError."""
    if not database.is_file():
        raise StoreDamaged(path=database, reason="there is no such file")
    with translated(database), closing(reader(database)) as connection:
        yield connection


@contextmanager
def _telling(connection: sqlite3.Connection, target: Path, progress: Progress | None) -> Iterator[None]:
    """How much of ``target`` is written while SQLite works, which can be stopped meanwhile."""
    connection.set_progress_handler(_look(connection, target, progress), _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:  # by a signal, which SQLite makes an error of its own
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _look(connection: sqlite3.Connection, target: Path, progress: Progress | None) -> Callable[[], int]:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    total = (pages - free) * size

    def look() -> int:
        if progress and target.exists():
            progress("backup", min(target.stat().st_size, total), total)
        return 0

    return look
