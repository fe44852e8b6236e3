"""``keys.db`` beside the index: keys, sessions of the pages, and whose debates are whose. Only its owner may read it.

Each act opens the file anew, some tenths of a millisecond, so that what another process revoked, restored or deleted
holds at once; no file means no key, and nobody is let in. One without a WAL lies whole in one file.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import StoreUnwritable
from index.files import make_private
from index.local.sqlite import create_tables, reader, transaction, translated, version_of

DATABASE = "keys.db"
VERSION = 1
_APPLICATION = 0x71647133  # "qdq3"
_BUSY_SECONDS = 5.0
_OTHERS = 0o077
_TABLES = (
    """CREATE TABLE keys (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, digest BLOB NOT NULL, created REAL NOT NULL,
        expires REAL, revoked REAL, used TEXT, max_debates INTEGER, max_mb INTEGER
    )""",
    "CREATE UNIQUE INDEX keys_by_name ON keys (name) WHERE revoked IS NULL",
    """CREATE TABLE sessions (
        digest BLOB PRIMARY KEY, key TEXT NOT NULL REFERENCES keys, created REAL NOT NULL, expires REAL NOT NULL
    )""",
    "CREATE TABLE debates (debate TEXT PRIMARY KEY, key TEXT NOT NULL REFERENCES keys, bytes INTEGER NOT NULL)",
    """CREATE TABLE reserved (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL REFERENCES keys, debate TEXT NOT NULL,
        bytes INTEGER NOT NULL, since REAL NOT NULL
    )""",
)
"""Times are seconds since the epoch, ``used`` is a day. ``reserved`` is what is being added, its debate empty until
that is known."""


class KeyDatabase:
    """The file in ``folder``, which is made by the first change. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """None where nothing was ever written. Raises a StoreError."""
        if not self.path.exists():
            return []
        with translated(self.path), closing(reader(self.path, _BUSY_SECONDS)) as connection:
            if version_of(connection, self.path, _APPLICATION, VERSION) is None:
                return []
            return connection.execute(query, values).fetchall()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends. Raises a StoreError."""
        self._make_private()
        with translated(self.path), closing(reader(self.path, _BUSY_SECONDS)) as connection, transaction(connection):
            if version_of(connection, self.path, _APPLICATION, VERSION) is None:
                create_tables(connection, _TABLES, _APPLICATION, VERSION)
            yield connection

    def _make_private(self) -> None:
        """SQLite gives the files beside it the same mode."""
        try:
            make_private(self.path.parent)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            if self.path.stat().st_mode & _OTHERS:
                self.path.chmod(0o600)
        except OSError as error:
            raise StoreUnwritable(path=self.path, reason=error.strerror) from error
