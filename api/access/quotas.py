"""What a key may have in the index: so many debates, so many bytes of them. Adding and removing over HTTP goes by here.

Whose debate is whose is kept in ``keys.db``, with its bytes as they were when it was added. What is being added is
reserved first, so that several that come at once cannot pass the bound together, and given back when it fails. A key
with a bound replaces and removes no debates but its own; one without may, as the command line may. A recording that is
uploaded for a debate counts as well, for whoever sends it: its row is called as the debate with ``/media`` behind it,
which no debate can be.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.access.keys import Keys
from api.access.scopes import Caller
from index.errors import DebateOwned, QuotaExceeded, StoreError
from index.types import Progress
from index.weight import Admit
from index.writing.build import Added, Details
from index.writing.editing import Changes
from rag.engine import Engine

_MB = 1_000_000
_STALE_SECONDS = 3600.0
"""After which what was reserved is left over from a process that was killed: storing takes seconds."""
_LISTENING_SECONDS = 10_800.0
"""More, for a recording: the longest is heard within the hour, after those that came before it."""
_RECORDING = "/media"
_FORM = 10_000
"""Bytes around a file in a form, and its other fields."""


@dataclass(frozen=True, slots=True)
class Share:
    """The index, as ``caller`` may add to it and take from it; None: somebody whom nobody asked for a key."""

    keys: Keys
    engine: Engine
    caller: Caller | None

    def add(
        self, path: Path, details: Details | None = None, *, progress: Progress | None = None, overwrite: bool = True
    ) -> Added:
        """As the engine does. Raises QuotaExceeded and DebateOwned as well, before anything is embedded where that is
        sure already."""
        if self.caller is None:
            return self.engine.add(path, details, progress=progress, overwrite=overwrite)
        with self._reserving(self.caller) as admit:
            return self.engine.add(path, details, progress=progress, overwrite=overwrite, admit=admit)

    def remove(self, debate: str) -> None:
        """As the engine does; what it took is free again. Raises DebateOwned as well."""
        self._check_own(debate)
        self.engine.remove(debate)
        self._count_off(debate, debate + _RECORDING)

    def expect(self, debate: str, size: int) -> None:
        """Whether a recording of so many bytes, or a little fewer, may come for a debate. Raises DebateUnknown,
        DebateOwned, QuotaExceeded."""
        if not self._has(debate):
            self.engine.report(debate)  # raises DebateUnknown
        self._check_own(debate)
        if self.caller is not None:
            with self.keys.database.changing() as connection:
                _check_room(connection, self.caller, 0, debate + _RECORDING, max(size - _FORM, 0))

    @contextmanager
    def bringing(self, debate: str, size: int) -> Iterator[None]:
        """Room for a recording of so many bytes that was uploaded for a debate, in place of the one before; free again
        when the block fails. Raises QuotaExceeded, DebateOwned."""
        if self.caller is None:
            yield
            return
        with self._reserving(self.caller) as admit:
            admit(debate + _RECORDING, size)
            yield

    def take_away(self, debate: str) -> None:
        """A debate plays nothing any more; a recording that was uploaded for it is gone. Raises DebateUnknown,
        DebateOwned."""
        self._check_own(debate)
        self.engine.edit(debate, Changes(media=None))
        self._count_off(debate + _RECORDING)

    def _check_own(self, debate: str) -> None:
        """Whether a caller with a bound may change it. Raises DebateOwned."""
        if self.caller is not None and self.caller.bounded and self._has(debate):
            with self.keys.database.changing() as connection:
                _check_owner(connection, self.caller, debate)

    def _count_off(self, *rows: str) -> None:
        if self.keys.database.path.exists():
            with suppress(StoreError), self.keys.database.changing() as connection:  # else it is counted off later
                connection.executemany("DELETE FROM debates WHERE debate = ?", [(row,) for row in rows])

    def _has(self, debate: str) -> bool:
        return any(one.id == debate for one in self.engine.catalogue().debates)

    @contextmanager
    def _reserving(self, caller: Caller) -> Iterator[Admit]:
        """What reserves room for one debate: it is the caller's when the block ends, and free again when it fails."""
        with self.keys.database.changing() as connection:
            self._settle(connection)
            found = connection.execute(
                "INSERT INTO reserved (key, debate, bytes, since) VALUES (?, '', 0, ?)", (caller.id, self.keys.now())
            )
            number = found.lastrowid
            assert number is not None
        try:
            yield partial(self._admit, caller, number)
        except BaseException:
            with suppress(StoreError), self.keys.database.changing() as connection:
                connection.execute("DELETE FROM reserved WHERE id = ?", (number,))
            raise
        with suppress(StoreError), self.keys.database.changing() as connection:  # else it is settled later
            _make_own(connection, number)

    def _admit(self, caller: Caller, number: int, debate: str, size: int) -> None:
        owned = debate.removesuffix(_RECORDING)
        present = self._has(owned)
        with self.keys.database.changing() as connection:
            if caller.bounded:
                _check_others(connection, caller, number, debate)
                if present:
                    _check_owner(connection, caller, owned)
            _check_room(connection, caller, number, debate, size)
            row = (number, caller.id, debate, size, self.keys.now())
            connection.execute("INSERT OR REPLACE INTO reserved VALUES (?, ?, ?, ?, ?)", row)

    def _settle(self, connection: sqlite3.Connection) -> None:
        """What somebody removed without us counts no more, and what a killed process added counts."""
        debates, uploads = self.engine.catalogue().debates, self.engine.uploads
        present = {one.id for one in debates} | {one.id + _RECORDING for one in debates if uploads.holds(one.media)}
        old = "since < ? - ? * (instr(debate, '/') > 0)", (self.keys.now() - _STALE_SECONDS, _LISTENING_SECONDS)
        stale = connection.execute(f"SELECT id, debate FROM reserved WHERE {old[0]}", old[1]).fetchall()
        for number, debate in stale:
            if debate in present:
                _make_own(connection, number)
        connection.execute(f"DELETE FROM reserved WHERE {old[0]}", old[1])
        owned = [debate for (debate,) in connection.execute("SELECT debate FROM debates")]
        gone = [(debate,) for debate in owned if debate not in present]
        connection.executemany("DELETE FROM debates WHERE debate = ?", gone)


def used_by_key(keys: Keys) -> dict[str, tuple[int, int]]:
    """By the id of a key how many debates it has in the index, and their bytes, as they were counted last."""
    rows = keys.database.rows("SELECT key, sum(instr(debate, '/') = 0), sum(bytes) FROM debates GROUP BY key")
    return {key: (count, size) for key, count, size in rows}


def _make_own(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("INSERT OR REPLACE INTO debates SELECT debate, key, bytes FROM reserved WHERE id = ?", (number,))
    connection.execute("DELETE FROM reserved WHERE id = ?", (number,))


def _check_owner(connection: sqlite3.Connection, caller: Caller, debate: str) -> None:
    if not connection.execute("SELECT 1 FROM debates WHERE debate = ? AND key = ?", (debate, caller.id)).fetchone():
        raise DebateOwned(debate=debate, name=caller.name)


def _check_others(connection: sqlite3.Connection, caller: Caller, number: int, debate: str) -> None:
    """Whether somebody else is just adding one of the same id."""
    query = "SELECT 1 FROM reserved WHERE debate = ? AND key != ? AND id != ?"
    if connection.execute(query, (debate, caller.id, number)).fetchone():
        raise DebateOwned(debate=debate.removesuffix(_RECORDING), name=caller.name)


def _check_room(connection: sqlite3.Connection, caller: Caller, number: int, debate: str, size: int) -> None:
    """In place of a debate of its own of the same id, whose room it takes."""
    count, used = connection.execute(
        "SELECT coalesce(sum(instr(debate, '/') = 0), 0), coalesce(sum(bytes), 0) FROM ("
        " SELECT debate, bytes FROM debates WHERE key = :key AND debate != :debate UNION ALL"
        " SELECT debate, bytes FROM reserved WHERE key = :key AND id != :number AND debate NOT IN ('', :debate))",
        {"key": caller.id, "debate": debate, "number": number},
    ).fetchone()
    if caller.max_debates is not None and not debate.endswith(_RECORDING) and count + 1 > caller.max_debates:
        raise QuotaExceeded(
            name=caller.name, limit=caller.max_debates, used=count, more=1, what_fr="débats", what="debates"
        )
    if caller.max_mb is not None and used + size > caller.max_mb * _MB:
        taken, more = (f"{number / _MB:.2f}" for number in (used, size))
        raise QuotaExceeded(name=caller.name, limit=caller.max_mb, used=taken, more=more, what_fr="Mo", what="MB")
