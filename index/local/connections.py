"""The connections to one database: one that writes, and one for each thread that reads at the moment."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.local.schema import check_known, connect
from index.local.sqlite import reader, transaction, translated
from index.local.truth import rows_of


class Connections:
    """Safe to share between threads; what a thread reads inside ``reading`` or ``writing`` is one state of the index.
    Raises a StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.writer = connect(path)
        self._writing = threading.RLock()
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._mine = threading.local()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for connection in self._free:
                connection.close()
            self._free.clear()
        with self._writing:
            self.writer.close()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """In the thread's state of the index, else in the latest."""
        with self.reading() as connection, translated(self._path):
            return rows_of(connection)(query, *values)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection in one state of the index; nested, the same again."""
        mine: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
            return
        with translated(self._path):
            connection = self._taken()
        try:
            with translated(self._path):
                connection.execute("BEGIN")
                check_known(connection, self._path)
            self._mine.connection = connection
            yield connection
        finally:
            self._mine.connection = None
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._given_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; the thread reads inside what it has written."""
        before = getattr(self._mine, "connection", None)
        with self._writing, translated(self._path), transaction(self.writer):
            check_known(self.writer, self._path)
            self._mine.connection = self.writer
            try:
                yield self.writer
            finally:
                self._mine.connection = before

    def _taken(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError("the store is closed")
            if self._free:
                return self._free.pop()
        return reader(self._path)

    def _given_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(connection)
                return
        connection.close()
