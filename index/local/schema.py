"""The tables of an index, and SQLite's errors said in ours.

SQLite holds the truth. A change is one transaction and gives the index a new ``stamp``, which names its state for ever:
what was computed from another stamp is out of date.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreNewer, StoreUnwritable
from index.files import make_private

VERSION = 6
APPLICATION = 0x71647131  # "qdq1"
_BUSY_SECONDS = 10.0
_NO_TEXT = "Could not decode"
"""How the module, which has no code for it, begins to say that bytes are no UTF-8."""
_UNREADABLE = (
    *(sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ),
    *(sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR_DATA),
)
"""A disk that fails, not one that is full."""
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)

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


def reader(path: Path, seconds: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """One more connection to the file at ``path``, which waits ``seconds`` for a writer. Where nothing can be written
    beside it, one that reads the file as it lies there. Raises sqlite3.Error."""
    connection = _opened(path, str(path), seconds)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")  # only now its files are opened
    except sqlite3.Error as error:
        connection.close()
        if primary_code(error) not in _UNWRITABLE or not _lies_still(path):
            raise
        return _opened(path, f"{path.absolute().as_uri()}?mode=ro&immutable=1", seconds)
    return connection


def _opened(path: Path, name: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=seconds, isolation_level=None, check_same_thread=False, uri=name != str(path))


def _lies_still(path: Path) -> bool:
    """Whether all of it is in the one file, and nobody like us can change it: a file in WAL mode is read through two
    others, which cannot be made in a read-only folder. What a killed program left in the WAL would be missed."""
    log = path.with_name(f"{path.name}-wal")
    return path.is_file() and not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = version_of(connection, path, APPLICATION, VERSION)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "PRAGMA synchronous = FULL"
    )  # some builds of SQLite would lose what is acknowledged with the power
    if version is None:
        create(connection)
    with suppress(sqlite3.OperationalError):  # another program is at work, or it is read-only and stays as it is
        connection.execute("PRAGMA journal_mode = WAL")
    if version is not None and version < VERSION:
        with transaction(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()  # another program may have been first
            if version < 2:
                _second(connection)
            if version < 3:
                _third(connection)
            if version < 4:
                _run(connection, _VERSION_4)
            if version < 5:
                connection.execute("ALTER TABLE debates ADD COLUMN media TEXT")  # where the recording plays
            if version < 6:
                from index.local.migration import sixth  # needs NumPy, which a list of answers does not

                _run(connection, _VERSION_6)
                sixth(connection, path)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def version_of(connection: sqlite3.Connection, path: Path, application: int, known: int) -> int | None:
    """The version of the file, None while it is empty. Raises StoreDamaged for a file of another ``application``,
    StoreNewer for a version after the ``known``.

    One statement reads it all: a file that another program is just making is seen before or after, never between."""
    mark, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if tables and mark != application:
        raise StoreDamaged(path=path, reason="not a file of qui-dit-quoi")
    if version > known:
        raise StoreNewer(path=path, found=version, known=known)
    return int(version) if tables else None


def check_known(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreNewer once a later version of this program has brought up the index under one that runs."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise StoreNewer(path=path, found=found, known=VERSION)


def _second(connection: sqlite3.Connection) -> None:
    _run(connection, _VERSION_2)
    connection.execute("ALTER TABLE participants ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]'")


def _third(connection: sqlite3.Connection) -> None:
    """A debate of an earlier version was stored as its file gave it: the store packs it when it is first corrected."""
    _run(connection, _VERSION_3)
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


def opened_with(
    path: Path, seconds: float, tables: Iterable[str], application: int, version: int, *, pragma: str
) -> sqlite3.Connection:
    """A connection to the file of an ``application`` of its own, whose ``tables`` are made where it is empty;
    ``pragma`` is set first. Raises sqlite3.Error, StoreDamaged for a file that is something else, StoreNewer."""
    connection = reader(path, seconds)
    try:
        connection.execute(f"PRAGMA {pragma}")
        if version_of(connection, path, application, version) is None:
            with transaction(connection):
                if version_of(connection, path, application, version) is None:  # another program may have been first
                    create_tables(connection, tables, application, version)
        with suppress(sqlite3.OperationalError):  # somebody is writing, or it is read-only: right without it, slower
            connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def create_tables(connection: sqlite3.Connection, statements: Iterable[str], application: int, version: int) -> None:
    """In the caller's transaction, in a file that is empty: its tables, and whose it is."""
    _run(connection, statements)
    connection.execute(f"PRAGMA application_id = {application}")
    connection.execute(f"PRAGMA user_version = {version}")


def _run(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, also when the process is killed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, by their code. One that only a mistake of ours can cause stays as it is."""
    try:
        yield
    except sqlite3.Error as error:
        translation = _translation(error, path)
        if translation is None:
            raise
        raise translation from error


def _translation(error: sqlite3.Error, path: Path) -> StoreError | None:
    primary = primary_code(error)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return StoreBusy(path=path)
    if getattr(error, "sqlite_errorcode", 0) in _UNREADABLE:
        return StoreDamaged(path=path, reason=str(error))
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StoreFull(path=path)
    if primary in _UNWRITABLE:
        return StoreUnwritable(path=path, reason=str(error))
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith(_NO_TEXT):
        return StoreDamaged(path=path, reason=str(error))
    return None


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's code, without what it adds to tell cases apart; 0 for an error of the module itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
