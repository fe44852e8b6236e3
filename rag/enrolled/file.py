"""``voices.db`` beside the index: a vector for each person who was enrolled. Only its owner may read it.

Nothing is made before somebody is enrolled. It is in no backup. What is deleted is overwritten in the file, which has
no log beside it; what a file system or a copy of the disk keeps of it is not in our hands.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import StoreUnwritable
from index.files import make_private
from index.local.sqlite import create_tables, reader, transaction, translated, version_of
from index.types import Vectors

DATABASE = "voices.db"
VERSION = 1
APPLICATION = 0x71647135  # "qdq5"
_TABLES = (
    """CREATE TABLE enrolled (
        name TEXT PRIMARY KEY, debate TEXT NOT NULL, created REAL NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL
    )""",
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody whose voice is kept, from which debate, since when (seconds since the epoch), and by which encoder it
    was made."""

    name: str
    debate: str
    created: float
    model: str


class EnrolledFile:
    """The file in ``folder``. Each act opens it anew: what another process deleted is gone at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def all(self) -> list[Enrolled]:
        """By name. Raises a StoreError."""
        return [Enrolled(*row) for row in self._rows("SELECT name, debate, created, model FROM enrolled ORDER BY name")]

    def vectors(self, model: str) -> dict[str, Vectors]:
        """By name, those of one encoder: others cannot be compared. Raises a StoreError."""
        rows = self._rows("SELECT name, vector FROM enrolled WHERE model = ?", model)
        return {name: np.frombuffer(vector, np.float32) for name, vector in rows}

    def put(self, person: Enrolled, vector: Vectors) -> None:
        """In place of what is kept of somebody with this name. Raises a StoreError."""
        row = (person.name, person.debate, person.created, person.model, vector.astype(np.float32).tobytes())
        with self._changing() as connection:
            connection.execute("DELETE FROM enrolled WHERE name = ?", (person.name,))
            connection.execute("INSERT INTO enrolled VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, name: str) -> bool:
        """Whether there was somebody of this name. Raises a StoreError."""
        if not self.path.exists():
            return False
        with self._changing() as connection:
            return connection.execute("DELETE FROM enrolled WHERE name = ?", (name,)).rowcount > 0

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with translated(self.path), closing(reader(self.path)) as connection:
            if version_of(connection, self.path, APPLICATION, VERSION) is None:
                return []
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        self._make_private()
        with translated(self.path), closing(reader(self.path)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with transaction(connection):
                if version_of(connection, self.path, APPLICATION, VERSION) is None:
                    create_tables(connection, _TABLES, APPLICATION, VERSION)
                yield connection

    def _make_private(self) -> None:
        try:
            make_private(self.path.parent)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self.path.chmod(0o600)
        except OSError as error:
            raise StoreUnwritable(path=self.path, reason=error.strerror or str(error)) from error
