"""From version 5 of an index to version 6: windows, their terms and vectors as arrays, pieces as columns, and the
counts of lists."""

import sqlite3
from pathlib import Path
from typing import Any

from index.local.rows import COLUMNS, ID_BITS, insert_searched, put_pieces, window_columns
from index.local.tables import Tables
from index.local.truth import rows_of

_WORDS = "length(text) - length(replace(text, ' ', '')) + 1"
_COUNTS = f"""UPDATE debates SET (segments, words, labelled_words, told_words, duration) = (
    SELECT count(*), coalesce(sum({_WORDS}), 0),
           coalesce(sum((speaker IS NOT NULL AND origin != 'suggested') * ({_WORDS})), 0),
           coalesce(sum((origin IN ('labelled', 'corrected')) * ({_WORDS})), 0), coalesce(max(end), 0.0)
    FROM segments WHERE debate = debates.key)"""
_SPEAKING = """INSERT INTO speaking
    SELECT DISTINCT debate, speaker FROM segments WHERE speaker IS NOT NULL AND origin != 'suggested'"""


def sixth(connection: sqlite3.Connection, path: Path) -> None:
    """In the caller's transaction, in which the new tables were made. ``path`` is named in errors."""
    connection.execute(_COUNTS)
    connection.execute(_SPEAKING)
    tables = Tables(rows_of(connection), path)
    for key, debate in connection.execute("SELECT key, id FROM debates ORDER BY key").fetchall():
        _move(connection, key)
        put_pieces(connection, key, tables.debate(debate, words=False))
    for table in ("vocabulary", "terms", "windows"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM meta WHERE key = 'vectors'")


def _move(connection: sqlite3.Connection, debate: int) -> None:
    """The windows of one debate, in the order in which they were added."""
    rows: list[Any] = connection.execute(
        f"SELECT w.id, t.content, {', '.join(f'w.{name}' for name in COLUMNS)} "
        "FROM windows w JOIN terms t ON t.rowid = w.id WHERE w.debate = ? ORDER BY w.id",
        (debate,),
    ).fetchall()
    terms = [row[1].split() for row in rows]
    key = insert_searched(connection, debate, window_columns([row[2:] for row in rows]), terms)
    connection.executemany(
        "INSERT INTO vectors SELECT ?, vector FROM windows WHERE id = ?",
        [((key << ID_BITS) + number, row[0]) for number, row in enumerate(rows)],
    )
