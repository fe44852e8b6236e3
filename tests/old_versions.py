"""An index as an earlier version of this program left it, made from one of today."""

import sqlite3
from collections import defaultdict
from pathlib import Path

from index.local import DATABASE
from index.local.arrays import unpacked
from index.local.postings import Postings
from index.local.rows import COLUMNS, ID_BITS

_FIVE = (
    """CREATE TABLE windows (
        id INTEGER PRIMARY KEY, debate INTEGER NOT NULL REFERENCES debates ON DELETE CASCADE, width INTEGER NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, first_segment INTEGER NOT NULL, last_segment INTEGER NOT NULL,
        vector BLOB NOT NULL
    )""",
    "CREATE INDEX windows_by_debate ON windows (debate, width)",
    "CREATE VIRTUAL TABLE terms USING fts5 (content, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (terms, 'row')",
    "INSERT INTO meta SELECT 'vectors', value FROM meta WHERE key = 'stamp'",
)
_COUNTED = ("segments", "words", "labelled_words", "told_words", "duration")


def taken_back(home: Path, version: int) -> None:
    """Make the index in ``home``, which is closed, one of ``version`` 1 to 5."""
    connection = sqlite3.connect(home / DATABASE)
    with connection:
        _to_five(connection)
        if version < 5:
            connection.execute("ALTER TABLE debates DROP COLUMN media")
        if version < 4:
            connection.execute("DROP TABLE tokens")
        if version < 3:
            _to_two(connection)
        if version < 2:
            connection.execute("DROP TABLE imports")
            connection.execute("DROP TABLE words")
            connection.execute("ALTER TABLE participants DROP COLUMN aliases")
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def _to_two(connection: sqlite3.Connection) -> None:
    for table in ("originals", "corrections", "renames"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("ALTER TABLE segments DROP COLUMN voice")
    connection.execute("ALTER TABLE debates DROP COLUMN description")
    connection.execute("DELETE FROM meta WHERE key IN ('vectors', 'acts')")


def _to_five(connection: sqlite3.Connection) -> None:
    for statement in _FIVE:
        connection.execute(statement)
    for key, debate, windows, terms in connection.execute(
        "SELECT key, debate, windows, terms FROM searched ORDER BY key"
    ).fetchall():
        texts = _texts(Postings.of_arrays(unpacked(terms)))
        columns = unpacked(windows)
        for number, row in enumerate(zip(*(columns[name].tolist() for name in COLUMNS), strict=True)):
            id_ = connection.execute(
                f"INSERT INTO windows (debate, {', '.join(COLUMNS)}, vector) "
                "SELECT ?, ?, ?, ?, ?, ?, vector FROM vectors WHERE id = ?",
                (debate, *row, (key << ID_BITS) + number),
            ).lastrowid
            connection.execute("INSERT INTO terms (rowid, content) VALUES (?, ?)", (id_, " ".join(texts[number])))
    for table in ("searched", "vectors", "speaking", "pieces"):
        connection.execute(f"DROP TABLE {table}")
    for name in _COUNTED:
        connection.execute(f"ALTER TABLE debates DROP COLUMN {name}")


def _texts(postings: Postings) -> dict[int, list[str]]:
    """The terms of each window, as often as they stand there; their order is not kept."""
    found: dict[int, list[str]] = defaultdict(list)
    for term in postings.terms():
        docs, counts = postings.of(term.decode())
        for doc, count in zip(docs.tolist(), counts.tolist(), strict=True):
            found[doc] += [term.decode()] * count
    return found
