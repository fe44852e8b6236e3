"""``watches.db`` beside the index: what is watched for, what was found, what is still to be sent."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import StoreUnwritable
from index.files import make_private
from index.local.sqlite import opened_with, transaction, translated

DATABASE = "watches.db"
VERSION = 1
APPLICATION = 0x71647134  # "qdq4"
_BUSY_SECONDS = 5.0
_TABLES = (
    # ``since`` and ``looked`` are steps, as in debates: added after the one are looked at, up to the other they were
    """CREATE TABLE watches (
        id TEXT PRIMARY KEY, created REAL NOT NULL, speaker TEXT, topic TEXT, threshold REAL NOT NULL, webhook TEXT,
        secret TEXT NOT NULL, language TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, error TEXT,
        since INTEGER NOT NULL, looked INTEGER NOT NULL
    )""",
    "CREATE INDEX watches_by_step ON watches (looked)",
    # the steps at which a debate was last added, and at which its speakers were last named otherwise
    """CREATE TABLE debates (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, labelled INTEGER NOT NULL, added INTEGER NOT NULL,
        changed INTEGER NOT NULL UNIQUE
    )""",
    "CREATE TABLE steps (last INTEGER NOT NULL)",
    "INSERT INTO steps VALUES (0)",
    """CREATE TABLE deliveries (
        id TEXT PRIMARY KEY, watch TEXT NOT NULL REFERENCES watches ON DELETE CASCADE, debate TEXT NOT NULL,
        created REAL NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next REAL NOT NULL,
        claimed REAL NOT NULL DEFAULT 0, status INTEGER, error TEXT
    )""",
    "CREATE INDEX deliveries_by_state ON deliveries (state, next)",
    "CREATE INDEX deliveries_by_watch ON deliveries (watch)",
    """CREATE TABLE findings (
        number INTEGER PRIMARY KEY AUTOINCREMENT, watch TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
        debate TEXT NOT NULL, title TEXT NOT NULL, found REAL NOT NULL,
        delivery TEXT REFERENCES deliveries ON DELETE SET NULL, speaker TEXT, attribution TEXT NOT NULL,
        attribution_confidence REAL NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, quote TEXT NOT NULL,
        confidence REAL NOT NULL, permalink TEXT NOT NULL, recording TEXT, spoken REAL
    )""",
    "CREATE INDEX findings_by_watch ON findings (watch, debate)",
    "CREATE INDEX findings_by_delivery ON findings (delivery)",
)

Row = tuple[Any, ...]


class WatchFile:
    """Safe to share between threads and processes. Nothing is made before something is written."""

    def __init__(self, folder: Path | None) -> None:
        """In ``folder``; None: in memory alone."""
        self.path = Path(":memory:") if folder is None else folder / DATABASE
        self._folder = folder
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    @property
    def exists(self) -> bool:
        return self._connection is not None or (self._folder is not None and self.path.exists())

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Of a statement that changes nothing; none where nothing was ever written. Raises a StoreError."""
        if not self.exists:
            return []
        with self._lock, translated(self.path):
            return self._opened().execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside, or nothing; nobody else writes meanwhile. Raises a StoreError."""
        with self._lock, translated(self.path):
            connection = self._opened()
            with transaction(connection):
                yield connection

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = _connect(self.path, self._folder)
        return self._connection


def _connect(path: Path, folder: Path | None) -> sqlite3.Connection:
    """Raises sqlite3.Error, StoreUnwritable, StoreDamaged for a file that is something else, StoreNewer."""
    if folder is not None:
        _make(path)
    return opened_with(path, _BUSY_SECONDS, _TABLES, APPLICATION, VERSION, pragma="foreign_keys = ON")


def _make(path: Path) -> None:
    """It holds what webhooks are signed with, so nobody else on this machine reads it, nor what SQLite puts beside."""
    try:
        make_private(path.parent)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnwritable(path=path, reason=error.strerror or str(error)) from error
