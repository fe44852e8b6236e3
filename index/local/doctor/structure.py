"""The file of an index and its tables as such, without what they say."""

import secrets
import sqlite3
from contextlib import closing

from index.doctor.findings import Check, Finding, Outcome, found
from index.local.rows import ID_BITS
from index.local.schema import create
from index.local.sqlite import transaction
from index.speakers.people import person_of

_MOST = 20
_OF_AN_INDEX = ("row ", "wrong # of entries in index ", "non-unique entry in index ")
"""How SQLite begins what it says of an index, which follows from its table."""


def whole(connection: sqlite3.Connection, mend: bool) -> Finding:
    """The file, by SQLite's own check; an index of a table is made again from it."""
    reasons = _integrity(connection)
    of_indexes = bool(reasons) and all(reason.startswith(_OF_AN_INDEX) for reason in reasons)
    if not of_indexes:
        return found(Check.FILE, reasons)
    if not mend:
        return found(Check.FILE, reasons, Outcome.MENDABLE)
    with transaction(connection):
        connection.execute("REINDEX")
    left = _integrity(connection)
    return found(Check.FILE, left) if left else found(Check.FILE, reasons, Outcome.MENDED)


def _integrity(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    return [row[0] for row in rows if row[0] != "ok"]


def tables(connection: sqlite3.Connection, mend: bool) -> Finding:
    """Each table that an index has, with its columns and its own indexes, and nothing that runs by itself."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        create(fresh)
        wanted, kept, made = _columns(fresh), _columns(connection), _indexes(fresh)
    missing = [f"no {name}" for name in sorted(wanted - kept)]
    own = connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
    if missing or own:
        return found(Check.TABLES, missing + [f"not ours: {kind} {name}" for kind, name in own])
    gone = sorted(made.keys() - _indexes(connection).keys())
    if gone and mend:
        with transaction(connection):
            for name in gone:
                connection.execute(made[name])
    bad = Outcome.MENDED if mend else Outcome.MENDABLE
    return found(Check.TABLES, [f"no index {name}" for name in gone], bad)


def _columns(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {f"{table}.{row[1]}" for (table,) in rows for row in connection.execute(f'PRAGMA table_info("{table}")')}


def _indexes(connection: sqlite3.Connection) -> dict[str, str]:
    """How each is made, by name."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    return dict(rows)


def numbers(connection: sqlite3.Connection, mend: bool) -> Finding:
    """What names the state of an index, and the numbers that are given once."""
    meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    missing = [f"no {key}" for key in ("stamp", "fingerprint", "acts") if key not in meta]
    (windows,) = connection.execute("SELECT count(*) FROM searched").fetchone()
    if windows and not meta.get("fingerprint"):
        missing.append("vectors of no model")
    if missing:
        return found(Check.STATE, missing)
    reasons, mends = _behind(connection, meta["acts"])
    if reasons and mend:
        with transaction(connection):
            reasons, mends = _behind(connection, meta["acts"])
            for statement, value in mends:
                connection.execute(statement, (value,))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'stamp'", (secrets.token_hex(16),))
        return found(Check.STATE, reasons, Outcome.MENDED)
    return found(Check.STATE, reasons, Outcome.MENDABLE)


def _behind(connection: sqlite3.Connection, acts: str) -> tuple[list[str], list[tuple[str, object]]]:
    """Numbers that would be given again, and what puts that right."""
    reasons: list[str] = []
    mends: list[tuple[str, object]] = []
    (act,) = connection.execute("SELECT coalesce(max(act), 0) FROM corrections").fetchone()
    if not acts.isdecimal() or int(acts) < act:
        reasons.append(f"{acts} acts, and one with the number {act}")
        mends.append(("UPDATE meta SET value = ? WHERE key = 'acts'", str(act)))
    (key,) = connection.execute("SELECT coalesce(max(key), 0) FROM searched").fetchone()
    (given,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()
    if given < key:
        reasons.append(f"{given} contents, and one with the number {key}")
        mends.append(("UPDATE sqlite_sequence SET seq = ? WHERE name = 'searched'", key))
    return reasons, mends


def foreign(connection: sqlite3.Connection) -> Finding:
    """Rows of debates that are not there."""
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return found(Check.REFERENCES, [f"{name}: of no debate" for name in sorted({row[0] for row in rows})])


def orphans(connection: sqlite3.Connection, mend: bool) -> Finding:
    """Vectors of windows that are not there, which nothing finds."""
    nobodys = f"FROM vectors WHERE id >> {ID_BITS} NOT IN (SELECT key FROM searched)"
    (count,) = connection.execute(f"SELECT count(*) {nobodys}").fetchone()
    reasons = [f"{count} of no window"] if count else []
    if count and mend:
        with transaction(connection):
            connection.execute(f"DELETE {nobodys}")
        return found(Check.LEFTOVERS, reasons, Outcome.MENDED)
    return found(Check.LEFTOVERS, reasons, Outcome.MENDABLE)


def renames(connection: sqlite3.Connection) -> Finding:
    """Names that go by another, and never in a circle."""
    named: dict[str, str] = dict(connection.execute("SELECT name, person FROM renames").fetchall())
    circles = [name for name in sorted(named) if person_of(name, named) in named]
    return found(Check.RENAMES, [f"{name}: in a circle" for name in circles])
