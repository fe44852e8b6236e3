"""Answers that were given, kept for a while, so that they can be had back by an id as they were.

A SQLite file of its own beside the index: keeping an answer changes nothing of the index. One that cannot be written to
(a read-only folder, a full disk) does not keep an answer from being given: it has no id then, and the log says why.
"""

import importlib.metadata
import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter

from index.errors import AnswerUnknown, StoreError
from index.local.sqlite import opened_with, translated
from rag.settings import Settings
from rag.types import Answer

DATABASE = "answers.db"
VERSION = 1
APPLICATION = 0x71647132  # "qdq2"
_DAY = 86_400.0
_BUSY_SECONDS = 2.0
_LOG = logging.getLogger("qdq")
_TABLE = (
    """CREATE TABLE IF NOT EXISTS answers (
        id TEXT PRIMARY KEY, created REAL NOT NULL, question TEXT NOT NULL, abstained INTEGER NOT NULL,
        content TEXT NOT NULL, about TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS answers_by_time ON answers (created)",
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an answer depends on: the index ``generation`` and the encoder's ``fingerprint`` ("" when nothing was
    searched), the ``settings`` and what was ``asked`` beside the question."""

    generation: str
    fingerprint: str
    settings: Mapping[str, Any]
    asked: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """An answer as it was given. ``version`` is this program's then."""

    id: str
    created: datetime
    version: str
    circumstances: Circumstances
    answer: Answer


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What a list of answers shows."""

    id: str
    created: datetime
    question: str
    abstained: bool


class Records:
    """Safe to share between threads and processes."""

    def __init__(
        self,
        folder: Path,
        days: int,
        *,
        now: Callable[[], float] = time.time,
        token: Callable[[], str] = lambda: secrets.token_hex(9),
    ) -> None:
        """Of the answers kept in ``folder`` for ``days`` (0: none). Nothing is opened yet. ``now`` in seconds since the
        epoch; ``token`` makes ids, which nobody may guess, and which no command takes for an
        option."""
        self._path = folder / DATABASE
        self._days = days
        self._now = now
        self._token = token
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._tidied = 0.0
        self._told = False

    @classmethod
    def of(cls, folder: Path, settings: Settings) -> Self:
        """In ``folder``, for as long as the settings say."""
        return cls(folder, settings.keep_answers_days)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def kept(self, answer: Answer, circumstances: Circumstances) -> Answer:
        """``answer`` with the id under which it is kept from now on; as it was where it could not be."""
        try:
            if not self._days:
                self._forget()
                return answer
            named = replace(answer, id=self._token())
            about = {"version": program_version(), **_circumstances().dump_python(circumstances, mode="json")}
            texts = _answers().dump_json(named).decode(), json.dumps(about, ensure_ascii=False)
            with self._lock, translated(self._path):
                row = (named.id, self._now(), answer.question, answer.abstained, *texts)
                self._opened().execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
        except (StoreError, sqlite3.Error) as error:
            _LOG.log(logging.DEBUG if self._told else logging.WARNING, "no answer is kept in %s: %s", self._path, error)
            self._told = True
            return answer
        return named

    def get(self, answer: str) -> Record:
        """Raises AnswerUnknown, also once its time is over; a StoreError when the file cannot be read."""
        rows = self._rows("SELECT created, content, about FROM answers WHERE created > ? AND id = ?", answer)
        if not rows:
            raise AnswerUnknown(answer=answer)
        created, content, about = rows[0]
        told = json.loads(about)
        version = str(told.pop("version"))
        circumstances, given = _circumstances().validate_python(told), _answers().validate_json(content)
        return Record(answer, _moment(created), version, circumstances, given)

    def all(self) -> list[RecordSummary]:
        """The newest first. Raises a StoreError."""
        rows = self._rows(
            "SELECT id, created, question, abstained FROM answers WHERE created > ? ORDER BY created DESC, id"
        )
        return [RecordSummary(id_, _moment(created), text, bool(no)) for id_, created, text, no in rows]

    def delete(self, answer: str) -> None:
        """Raises AnswerUnknown, a StoreError."""
        if not self._rows("DELETE FROM answers WHERE created > ? AND id = ? RETURNING id", answer):
            raise AnswerUnknown(answer=answer)

    def clear(self) -> int:
        """Delete them all; returns how many. Raises a StoreError."""
        return len(self._rows("DELETE FROM answers WHERE created > ? RETURNING id"))

    def _forget(self) -> None:
        """What was kept before nothing was to be kept."""
        if self._connection is None and self._path.exists():
            self._rows("DELETE FROM answers WHERE created > ? RETURNING id")

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Of ``statement``, whose first value is the moment before which answers are too old. Nothing is made where
        nothing was ever kept."""
        with self._lock, translated(self._path):
            if self._connection is None and not self._path.exists():
                return []
            return self._opened().execute(statement, (self._oldest(), *values)).fetchall()

    def _oldest(self) -> float:
        return self._now() - self._days * _DAY

    def _opened(self) -> sqlite3.Connection:
        """The one connection; what is too old goes when it is opened and once a day."""
        if self._connection is None:
            self._connection = _connect(self._path)
        if abs(self._now() - self._tidied) >= _DAY:  # also where the clock was put back
            self._tidied = self._now()
            with suppress(sqlite3.OperationalError):  # what is read-only can still be read
                self._connection.execute("DELETE FROM answers WHERE created <= ?", (self._oldest(),))
        return self._connection


def _connect(path: Path) -> sqlite3.Connection:
    """A crash of the machine may cost the last answers, no more."""
    return opened_with(path, _BUSY_SECONDS, _TABLE, APPLICATION, VERSION, pragma="synchronous = OFF")


def _moment(created: float) -> datetime:
    return datetime.fromtimestamp(created, UTC)


@cache
def program_version() -> str:
    """ "" where the program runs without being installed."""
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version("qui-dit-quoi")
    return ""


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


@cache
def _circumstances() -> TypeAdapter[Circumstances]:
    return TypeAdapter(Circumstances)
