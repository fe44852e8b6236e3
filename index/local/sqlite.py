"""SQLite files of this program: opened, known as its own, changed in transactions, their errors said in ours.

Those of the index and all others (answers, watches, keys, enrolled voices), whose tables stand where they are used.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreNewer, StoreUnwritable

_BUSY_SECONDS = 10.0
_NO_TEXT = "Could not decode"
"""How the module, which has no code for it, begins to say that bytes are no UTF-8."""
_UNREADABLE = (
    *(sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ),
    *(sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR_DATA),
)
"""A disk that fails, not one that is full."""
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


def reader(path: Path, seconds: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """One more connection to the file at ``path``, which waits ``seconds`` for a writer. Where nothing can be written
    beside it, one that reads the file as it lies there. Raises sqlite3.Error."""
    connection = _opened(path, str(path), seconds)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")  # only now its files are opened
    except sqlite3.Error as error:
        connection.close()
        if primary_code(error) not in _UNWRITABLE or not _lies_still(path):
            raise
        return _opened(path, f"{path.absolute().as_uri()}?mode=ro&immutable=1", seconds)
    return connection


def _opened(path: Path, name: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=seconds, isolation_level=None, check_same_thread=False, uri=name != str(path))


def _lies_still(path: Path) -> bool:
    """Whether all of it is in the one file, and nobody like us can change it: a file in WAL mode is read through two
    others, which cannot be made in a read-only folder. What a killed program left in the WAL would be missed."""
    log = path.with_name(f"{path.name}-wal")
    return path.is_file() and not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def version_of(connection: sqlite3.Connection, path: Path, application: int, known: int) -> int | None:
    """The version of the file, None while it is empty. Raises StoreDamaged for a file of another ``application``,
    StoreNewer for a version after the ``known``.

    One statement reads it all: a file that another program is just making is seen before or after, never between."""
    mark, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if tables and mark != application:
        raise StoreDamaged(path=path, reason="not a file of qui-dit-quoi")
    if version > known:
        raise StoreNewer(path=path, found=version, known=known)
    return int(version) if tables else None


def opened_with(
    path: Path, seconds: float, tables: Iterable[str], application: int, version: int, *, pragma: str
) -> sqlite3.Connection:
    """A connection to the file of an ``application`` of its own, whose ``tables`` are made where it is empty;
    ``pragma`` is set first. Raises sqlite3.Error, StoreDamaged for a file that is something else, StoreNewer."""
    connection = reader(path, seconds)
    try:
        connection.execute(f"PRAGMA {pragma}")
        if version_of(connection, path, application, version) is None:
            with transaction(connection):
                if version_of(connection, path, application, version) is None:  # another program may have been first
                    create_tables(connection, tables, application, version)
        with suppress(sqlite3.OperationalError):  # somebody is writing, or it is read-only: right without it, slower
            connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def create_tables(connection: sqlite3.Connection, statements: Iterable[str], application: int, version: int) -> None:
    """In the caller's transaction, in a file that is empty: its tables, and whose it is."""
    run(connection, statements)
    connection.execute(f"PRAGMA application_id = {application}")
    connection.execute(f"PRAGMA user_version = {version}")


def run(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    """One after the other, in the caller's transaction."""
    for statement in statements:
        connection.execute(statement)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, also when the process is killed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, by their code. One that only a mistake of ours can cause stays as it is."""
    try:
        yield
    except sqlite3.Error as error:
        translation = _translation(error, path)
        if translation is None:
            raise
        raise translation from error


def _translation(error: sqlite3.Error, path: Path) -> StoreError | None:
    primary = primary_code(error)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return StoreBusy(path=path)
    if getattr(error, "sqlite_errorcode", 0) in _UNREADABLE:
        return StoreDamaged(path=path, reason=str(error))
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StoreFull(path=path)
    if primary in _UNWRITABLE:
        return StoreUnwritable(path=path, reason=str(error))
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith(_NO_TEXT):
        return StoreDamaged(path=path, reason=str(error))
    return None


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's code, without what it adds to tell cases apart; 0 for an error of the module itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
