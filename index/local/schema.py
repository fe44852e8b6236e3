"""The tables of an index, made or brought up from those of an earlier version.

SQLite holds the truth. A change is one transaction and gives the index a new ``stamp``, which names its state for ever:
what was computed from another stamp is out of date.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

from index.errors import StoreNewer, StoreUnwritable
from index.files import make_private
from index.local.sqlite import create_tables, reader, run, transaction, translated, version_of

VERSION = 6
APPLICATION = 0x71647131  # "qdq1"
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE debates (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, date TEXT, url TEXT, language TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '', media TEXT
);
CREATE TABLE participants (
    debate INTEGER NOT NULL REFERENCES debates ON DELETE CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL, role
    TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (debate, position)
) WITHOUT ROWID;
CREATE TABLE segments (
    debate INTEGER NOT NULL REFERENCES debates ON DELETE CASCADE, position INTEGER NOT NULL, start REAL NOT NULL, end
    REAL NOT NULL,
    text TEXT NOT NULL, speaker TEXT, origin TEXT NOT NULL, confidence REAL NOT NULL, voice TEXT,
    PRIMARY KEY (debate, position)
) WITHOUT ROWID;
CREATE INDEX segments_by_speaker ON segments (speaker, debate, position);
INSERT INTO meta VALUES ('stamp', 'new'), ('fingerprint', ''), ('acts', '0');
"""
_VERSION_2 = (
    """CREATE TABLE imports (
        debate INTEGER PRIMARY KEY REFERENCES debates ON DELETE CASCADE, source TEXT NOT NULL, report TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE words (
        debate INTEGER NOT NULL REFERENCES debates ON DELETE CASCADE, position INTEGER NOT NULL, times TEXT NOT NULL,
        PRIMARY KEY (debate, position)
    ) WITHOUT ROWID""",
)
"""Since version 2: what each debate was read from (a hash) with what was done to it on the way in (JSON), and the times
of the words of a segment where they are known (JSON: [[start, end or null, word], ...]), apart from the segments since
a question does not need them."""

_VERSION_3 = (
    """CREATE TABLE originals (
        debate INTEGER PRIMARY KEY REFERENCES debates ON DELETE CASCADE, content BLOB NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE corrections (
        id INTEGER PRIMARY KEY, debate TEXT NOT NULL, act INTEGER NOT NULL, kind TEXT NOT NULL,
        start REAL NOT NULL, end REAL NOT NULL,
        text TEXT NOT NULL, speaker TEXT, word INTEGER, origin TEXT NOT NULL, confidence REAL NOT NULL, by TEXT NOT NULL
    )""",
    "CREATE INDEX corrections_by_debate ON corrections (debate)",
    "CREATE TABLE renames (name TEXT PRIMARY KEY, person TEXT NOT NULL) WITHOUT ROWID",
)
"""Since version 3: each debate as its file gave it (``index/originals.py``), what people say of who speaks, anchored to
the debate's id since it outlives a revised file, and the names that one person goes by. What is searched is made from
all of these."""

_VERSION_4 = (
    """CREATE TABLE tokens (
        debate INTEGER PRIMARY KEY REFERENCES debates ON DELETE CASCADE, content BLOB NOT NULL
    ) WITHOUT ROWID""",
)
"""Since version 4: the token vectors of a debate (``index/pieces/tokens.py``). A debate of an earlier version has none
until it is added or embedded again."""

_VERSION_6 = (
    *(
        f"ALTER TABLE debates ADD COLUMN {name} {kind} NOT NULL DEFAULT 0"
        for name, kind in (
            *(("segments", "INTEGER"), ("words", "INTEGER"), ("labelled_words", "INTEGER")),
            *(("told_words", "INTEGER"), ("duration", "REAL")),
        )
    ),
    """CREATE TABLE speaking (
        debate INTEGER NOT NULL REFERENCES debates ON DELETE CASCADE, name TEXT NOT NULL, PRIMARY KEY (debate, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE searched (
        key INTEGER PRIMARY KEY AUTOINCREMENT, debate INTEGER NOT NULL UNIQUE REFERENCES debates ON DELETE CASCADE,
        token INTEGER NOT NULL, size INTEGER NOT NULL, windows BLOB NOT NULL, terms BLOB NOT NULL
    )""",
    "CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    """CREATE TABLE pieces (
        debate INTEGER PRIMARY KEY REFERENCES debates ON DELETE CASCADE, content BLOB NOT NULL
    )""",
    # a table with row ids gives a long blob six times as fast
    "ALTER TABLE tokens RENAME TO earlier_tokens",
    """CREATE TABLE tokens (
        debate INTEGER PRIMARY KEY REFERENCES debates ON DELETE CASCADE, content BLOB NOT NULL
    )""",
    "INSERT INTO tokens SELECT * FROM earlier_tokens",
    "DROP TABLE earlier_tokens",
)
"""Since version 6: what a list of debates shows and who speaks in each is counted when it changes. The windows of a
debate and their terms are arrays (``index/local/arrays.py``) under a key that is never used again, nor its ``token`` in
another database: so what a program has in memory is known by it. The vector of window ``n`` (float16) is at
``(key << 24) + n``. The pieces of a debate are columns (``index/pieces/table.py``)."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the index at ``path``, made when there is none. Raises a StoreError; a damaged or newer file is left as
    it is."""
    with translated(path):
        try:
            make_private(path.parent)
        except OSError as error:
            raise StoreUnwritable(path=path.parent, reason=error.strerror) from error
        connection = reader(path)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = version_of(connection, path, APPLICATION, VERSION)
    connection.execute("PRAGMA foreign_keys = ON")
    # some builds of SQLite would lose what is acknowledged with the power
    connection.execute("PRAGMA synchronous = FULL")
    if version is None:
        create(connection)
    with suppress(sqlite3.OperationalError):  # another program is at work, or it is read-only and stays as it is
        connection.execute("PRAGMA journal_mode = WAL")
    if version is not None and version < VERSION:
        with transaction(connection):
            _bring_up(connection, path)


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    """The tables of an earlier version to those of this one, in the caller's transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()  # another program may have been first
    if version < 2:
        _second(connection)
    if version < 3:
        _third(connection)
    if version < 4:
        run(connection, _VERSION_4)
    if version < 5:
        connection.execute("ALTER TABLE debates ADD COLUMN media TEXT")  # where the recording plays
    if version < 6:
        from index.local.migration import sixth  # needs NumPy, which a list of answers does not

        run(connection, _VERSION_6)
        sixth(connection, path)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def check_known(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreNewer once a later version of this program has brought up the index under one that runs."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise StoreNewer(path=path, found=found, known=VERSION)


def _second(connection: sqlite3.Connection) -> None:
    run(connection, _VERSION_2)
    connection.execute("ALTER TABLE participants ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]'")


def _third(connection: sqlite3.Connection) -> None:
    """A debate of an earlier version was stored as its file gave it: the store packs it when it is first corrected."""
    run(connection, _VERSION_3)
    connection.execute("ALTER TABLE segments ADD COLUMN voice TEXT")
    connection.execute("ALTER TABLE debates ADD COLUMN description TEXT NOT NULL DEFAULT ''")
    connection.execute("UPDATE segments SET voice = speaker")
    connection.execute("INSERT INTO meta SELECT 'vectors', value FROM meta WHERE key = 'stamp'")
    connection.execute("INSERT INTO meta VALUES ('acts', '0')")


def create(connection: sqlite3.Connection) -> None:
    """The tables of an index, empty. Another program may be creating it too: whoever comes second finds the tables
    there."""
    with transaction(connection):
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            first = filter(None, map(str.strip, _TABLES.split(";")))
            create_tables(
                connection, (*first, *_VERSION_2, *_VERSION_3, *_VERSION_4, *_VERSION_6), APPLICATION, VERSION
            )
