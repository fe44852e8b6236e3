"""A whole index as one file, of one moment, and back in the place of an index that is in use.

    copied     index in use -> VACUUM INTO -> a file without what was deleted; readers and writers go on
    replaced   such a file -> ONE transaction on the index in use -> its next generation

Both are whole or not at all, also when the process is killed. Rows are copied, not the file: open stores see them with
their next question, as after any change, and nothing of the file's own schema gets in.
"""

import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import BackupOccupied
from index.local.rows import ID_BITS, ids_of
from index.local.schema import APPLICATION, VERSION, connect
from index.local.sqlite import transaction, translated
from index.local.whole_files import copied_file, opened, ours
from index.types import Progress

_SEARCHED = "searched"
_ARRAYS = 6
"""The version since which windows are arrays."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds; ``schema`` is its version, ``generation`` names its state."""

    schema: int
    generation: str
    fingerprint: str
    debates: int
    windows: int


def copied(database: Path, target: Path, progress: Progress | None = None) -> Contents:
    """Write the index at ``database``, of whatever version, to the new file ``target``. Raises a StoreError; then
    ``target`` may be there in part."""
    copied_file(database, target, APPLICATION, VERSION, progress)
    return contents(target)


def contents(database: Path) -> Contents:
    """Of the index at ``database``, which stays of its version. Raises a StoreError."""
    with opened(database) as connection:
        version = ours(connection, database, APPLICATION, VERSION)
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        windows = (
            "SELECT coalesce(sum(size), 0) FROM searched" if version >= _ARRAYS else "SELECT count(*) FROM windows"
        )
        return Contents(
            version,
            meta.get("stamp", ""),
            meta.get("fingerprint", ""),
            connection.execute("SELECT count(*) FROM debates").fetchone()[0],
            connection.execute(windows).fetchone()[0],
        )


def replaced(live: Path, source: Path, *, replace: bool, progress: Progress | None = None) -> None:
    """Put what the index at ``source``, of this version, holds in the place of what the one at ``live`` holds, in one
    transaction. Raises BackupOccupied for debates that are not to be ``replace``-d, a StoreError, sqlite3.Error where
    ``source`` lacks something; then ``live`` is as it was."""
    with closing(connect(live)) as connection, translated(live):
        connection.execute("PRAGMA foreign_keys = OFF")  # rows that belong together come together
        connection.execute("ATTACH ? AS source", (str(source),))
        with transaction(connection):
            (count,) = connection.execute("SELECT count(*) FROM main.debates").fetchone()
            if count and not replace:
                raise BackupOccupied(path=live, count=count)
            _replace(connection, progress)
        with suppress(sqlite3.Error):  # somebody reads: the next one does it
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _replace(connection: sqlite3.Connection, progress: Progress | None) -> None:
    moved, last = _moved(connection)
    acts = "SELECT value FROM {}.meta WHERE key = 'acts'"
    act = max(int(connection.execute(acts.format(schema)).fetchone()[0]) for schema in ("main", "source"))
    tables = _tables(connection)
    for number, table in enumerate(tables, start=1):
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"DELETE FROM main.{table}")
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM source.{table}")
        if progress:
            progress("restore", number, len(tables))
    for old, new in moved.items():
        _move(connection, old, new)
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (_SEARCHED,))
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (_SEARCHED, last))
    new_meta = {"stamp": secrets.token_hex(16), "acts": str(act)}
    connection.executemany("UPDATE main.meta SET value = ? WHERE key = ?", [(v, k) for k, v in new_meta.items()])


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    )
    return [name for (name,) in rows]


def _moved(connection: sqlite3.Connection) -> tuple[dict[int, int], int]:
    """The keys of contents that get another one, and the last that is given then. What a program has in memory is known
    by its key, so one that this index ever gave may come back only for the very same contents, which their token tells.
    """
    sequence = "SELECT coalesce(max(seq), 0) FROM {}.sqlite_sequence WHERE name = ?"
    given, theirs = (
        connection.execute(sequence.format(schema), (_SEARCHED,)).fetchone()[0] for schema in ("main", "source")
    )
    last = max(given, theirs)
    rows = connection.execute(
        "SELECT key FROM source.searched s WHERE key <= ? AND NOT EXISTS "
        "(SELECT 1 FROM main.searched m WHERE m.key = s.key AND m.token = s.token) ORDER BY key",
        (given,),
    ).fetchall()
    moved = {key: last + number for number, (key,) in enumerate(rows, start=1)}
    return moved, last + len(moved)


def _move(connection: sqlite3.Connection, old: int, new: int) -> None:
    connection.execute("UPDATE main.searched SET key = ? WHERE key = ?", (new, old))
    connection.execute(
        "UPDATE main.vectors SET id = id + ? WHERE id BETWEEN ? AND ?", ((new - old) << ID_BITS, *ids_of(old))
    )
