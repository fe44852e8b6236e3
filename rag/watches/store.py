"""The watches, the debates that they have looked at, and what they found.

    notice    which debates the index has, and which of them are new: a step each
    next_look the first step that some watch has not looked at
    record    what was found there, what is to be sent of it, and that it was looked at: one transaction

So a program that is killed between adding a debate and looking at it loses nothing: the next one that looks goes on
with the step that comes first. Two that look at the same one write it once.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime

from index.errors import WatchUnknown
from index.types import Origin
from rag.watches.file import Row, WatchFile
from rag.watches.same import same_words
from rag.watches.types import Finding, Passage, State, Watch

WATCH = ", ".join(field.name for field in fields(Watch))
PASSAGE = ", ".join('"end"' if field.name == "end" else field.name for field in fields(Passage))
FINDING = f"number, watch, debate, title, found, {PASSAGE}"


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a new state of a debate from the one before: what it was read from, and how many of its words have a
    known speaker."""

    source: str
    labelled: int


@dataclass(frozen=True, slots=True)
class Look:
    """A debate in the state of ``step``, and the ``watches`` that have not looked at it."""

    debate: str
    step: int
    watches: tuple[Watch, ...]


class Watches:
    """Safe to share between threads and processes. Every method raises a StoreError where the file cannot be used."""

    def __init__(self, file: WatchFile, *, now: Callable[[], float] = time.time) -> None:
        """``now`` in seconds since the epoch."""
        self._file = file
        self._now = now

    def add(self, watch: Watch, present: Callable[[], Mapping[str, Known]], *, backfill: bool) -> Watch:
        """Keep ``watch`` from now on; the debates that are ``present`` already are looked at only with ``backfill``."""
        with self._file.writing() as connection:
            _notice(connection, present())
            (last,) = connection.execute("SELECT last FROM steps").fetchone()
            kept = replace(watch, since=0 if backfill else last, looked=0 if backfill else last)
            connection.execute(f"INSERT INTO watches ({WATCH}) VALUES ({_marks(12)})", watch_row(kept))
        return kept

    def all(self) -> list[Watch]:
        """The oldest first."""
        return [watch_of(row) for row in self._file.rows(f"SELECT {WATCH} FROM watches ORDER BY created, id")]

    def count(self) -> int:
        return sum(row[0] for row in self._file.rows("SELECT count(*) FROM watches"))

    def get(self, watch: str) -> Watch:
        """Raises WatchUnknown."""
        rows = self._file.rows(f"SELECT {WATCH} FROM watches WHERE id = ?", watch)
        if not rows:
            raise WatchUnknown(watch=watch)
        return watch_of(rows[0])

    def remove(self, watch: str) -> None:
        """With all that it found and what was to be sent. Raises WatchUnknown."""
        self.get(watch)
        with self._file.writing() as connection:
            connection.execute("DELETE FROM watches WHERE id = ?", (watch,))

    def findings(self, watch: str, most: int) -> list[Finding]:
        """The newest first."""
        statement = f"SELECT {FINDING} FROM findings WHERE watch = ? ORDER BY number DESC LIMIT ?"
        return [finding_of(row) for row in self._file.rows(statement, watch, most)]

    def notice(self, present: Callable[[], Mapping[str, Known]]) -> None:
        """Give a step to each debate that is new or another one, and forget what was found in those that are gone.
        ``present`` is called once nobody else can write, so that an older state never comes after a newer one."""
        if not self.count():
            return
        with self._file.writing() as connection:
            _notice(connection, present())

    def next_look(self) -> Look | None:
        """The first debate that some watch has not looked at; None where there is none."""
        behind = self._file.rows("SELECT min(looked), (SELECT last FROM steps) FROM watches")
        if not behind or behind[0][0] is None or behind[0][0] >= behind[0][1]:
            return None
        rows = self._file.rows(
            "SELECT id, changed, added FROM debates WHERE changed > ? ORDER BY changed LIMIT 1", behind[0][0]
        )
        if not rows:  # they are gone meanwhile
            with self._file.writing() as connection:
                connection.execute("UPDATE watches SET looked = max(looked, ?)", (behind[0][1],))
            return None
        debate, step, added = rows[0]
        wanting = self._file.rows(
            f"SELECT {WATCH} FROM watches WHERE looked < ? AND since < ? AND (looked < ? OR speaker IS NOT NULL)",
            *(step, added, added),
        )
        return Look(debate, step, tuple(map(watch_of, wanting)))

    def record(self, look: Look, title: str, found: Mapping[str, Sequence[Passage]], new_id: Callable[[], str]) -> int:
        """That ``look`` was taken: the passages that were ``found``, by watch, but for those that were told before,
        with a delivery for each webhook, named ``new_id()``. Returns how many passages were new. Nothing is written of
        a debate that is another one by now: it has another step."""
        new = 0
        with self._file.writing() as connection:
            present = connection.execute("SELECT 1 FROM debates WHERE id = ? AND changed = ?", (look.debate, look.step))
            for watch in look.watches if present.fetchone() else ():
                passages = found.get(watch.id, ())
                row = connection.execute("SELECT active FROM watches WHERE id = ?", (watch.id,)).fetchone()
                if passages and row:  # else it is gone
                    delivery = new_id() if watch.webhook and row[0] else None
                    new += self._tell(connection, watch, look.debate, title, passages, delivery)
            connection.execute("UPDATE watches SET looked = ? WHERE looked < ?", (look.step, look.step))
        return new

    def _tell(
        self,
        connection: sqlite3.Connection,
        watch: Watch,
        debate: str,
        title: str,
        passages: Iterable[Passage],
        delivery: str | None,
    ) -> int:
        told = connection.execute(
            "SELECT speaker, quote FROM findings WHERE watch = ? AND debate = ?", (watch.id, debate)
        ).fetchall()
        new = [one for one in passages if not _was_told(one, told, watch)]
        now = self._now()
        if new and delivery:
            row = (delivery, watch.id, debate, now, State.WAITING, 0, now)
            connection.execute(
                "INSERT INTO deliveries (id, watch, debate, created, state, attempts, next)"
                f" VALUES ({_marks(len(row))})",
                row,
            )
        statement = f"INSERT INTO findings (watch, debate, title, found, delivery, {PASSAGE}) VALUES ({_marks(15)})"
        connection.executemany(
            statement, [(watch.id, debate, title, now, delivery, *astuple(passage)) for passage in new]
        )
        return len(new)


def _was_told(passage: Passage, told: Sequence[tuple[str | None, str]], watch: Watch) -> bool:
    """That somebody speaks is told once a debate; words once a speaker."""
    same = [quote for speaker, quote in told if speaker == passage.speaker]
    return bool(same) if watch.topic is None else any(same_words(passage.quote, quote) for quote in same)


def _notice(connection: sqlite3.Connection, present: Mapping[str, Known]) -> None:
    rows = connection.execute("SELECT id, source, labelled, added FROM debates").fetchall()
    known = {debate: (Known(source, labelled), added) for debate, source, labelled, added in rows}
    for debate in known.keys() - present.keys():
        connection.execute("DELETE FROM findings WHERE debate = ?", (debate,))
        connection.execute("DELETE FROM deliveries WHERE debate = ?", (debate,))
        connection.execute("DELETE FROM debates WHERE id = ?", (debate,))
    (step,) = connection.execute("SELECT last FROM steps").fetchone()
    for debate, state in sorted(present.items()):
        before, added = known.get(debate, (None, 0))
        if before != state:
            step += 1
            again = before is not None and before.source == state.source
            row = (debate, state.source, state.labelled, added if again else step, step)
            connection.execute(f"INSERT OR REPLACE INTO debates VALUES ({_marks(5)})", row)
    connection.execute("UPDATE steps SET last = ?", (step,))


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def watch_row(watch: Watch) -> Row:
    """As ``WATCH`` names the columns."""
    return (watch.id, watch.created.timestamp(), *astuple(watch)[2:])


def watch_of(row: Row) -> Watch:
    """Of a row of ``WATCH``."""
    watch = Watch(*row)
    return replace(watch, created=moment(row[1]), active=bool(watch.active))


def finding_of(row: Row) -> Finding:
    """Of a row of ``FINDING``."""
    number, watch, debate, title, found, *told = row
    passage = Passage(*told)
    return Finding(
        number, watch, debate, title, moment(found), replace(passage, attribution=Origin(passage.attribution))
    )


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
