"""A whole index is looked at: its file, its tables, then a debate at a time, each in one state of the index."""

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.doctor.findings import Check, Finding, Outcome, found
from index.doctor.parts import UNREADABLE, wrong
from index.errors import StoreDamaged
from index.local.doctor.debates import MENDS, ROW_CHECKS, ROW_GROUNDS, RowParts
from index.local.doctor.structure import foreign, numbers, orphans, renames, tables, whole
from index.local.schema import connect
from index.local.sqlite import transaction, translated
from index.types import Progress

_NOTED = (Check.PLACES,)


def index_findings(path: Path, *, mend: bool, progress: Progress | None = None) -> list[Finding]:
    """What there is to say of the index at ``path``, brought up to this version. What follows from its truth is made
    again where that is to ``mend`` it, in one transaction a debate. Raises StoreNewer, StoreBusy, StoreUnwritable."""
    try:
        with closing(connect(path)) as connection, translated(path):
            return list(_findings(connection, path, mend, progress))
    except StoreDamaged as error:
        return [found(Check.FILE, [str(error.details["reason"])])]
    except UNREADABLE as error:  # what is not of one debate
        return [found(Check.FILE, [str(error)])]


def _findings(connection: sqlite3.Connection, path: Path, mend: bool, progress: Progress | None) -> Iterator[Finding]:
    file = whole(connection, mend)
    yield file
    structure = tables(connection, mend)
    yield structure
    if not (file.outcome.well and structure.outcome.well):
        return
    yield from (numbers(connection, mend), foreign(connection), orphans(connection, mend), renames(connection))
    yield from _Debates(connection, path, mend).findings(progress)


@dataclass
class _Debates:
    """``reasons`` of what is wrong, by check, and of what was ``mended``."""

    connection: sqlite3.Connection
    path: Path
    mend: bool
    reasons: dict[Check, list[str]] = field(default_factory=lambda: defaultdict(list))
    mended: dict[Check, list[str]] = field(default_factory=lambda: defaultdict(list))
    dimension: int | None = None

    def findings(self, progress: Progress | None) -> Iterator[Finding]:
        """One for each check."""
        rows = self.connection.execute("SELECT key, id FROM debates ORDER BY id").fetchall()
        for number, (key, debate) in enumerate(rows, start=1):
            self._look(key, debate)
            if progress:
                progress("check", number, len(rows))
        for check in ROW_CHECKS:
            yield self._finding(check)

    def _finding(self, check: Check) -> Finding:
        if self.reasons[check]:
            bad = Outcome.NOTED if check in _NOTED else Outcome.MENDABLE if check in MENDS else Outcome.DAMAGED
            return found(check, self.reasons[check], bad)
        return found(check, self.mended[check], Outcome.MENDED)

    def _look(self, key: int, debate: str) -> None:
        """At a debate as it is now: it may have changed since the list was made."""
        self.connection.execute("BEGIN")
        try:
            wrong_here = self._wrong(key, debate)
        finally:
            self.connection.execute("ROLLBACK")
        if self.mend and not MENDS.keys().isdisjoint(wrong_here):
            with transaction(self.connection):
                wrong_here = self._wrong(key, debate)
                done = self._mend(key, debate, wrong_here.keys() & MENDS.keys())
            for check in done:
                self.mended[check].append(f"{debate}: {wrong_here.pop(check)}")
        for check, reason in wrong_here.items():
            self.reasons[check].append(f"{debate}: {reason}")

    def _wrong(self, key: int, debate: str) -> dict[Check, str]:
        if not self.connection.execute("SELECT 1 FROM debates WHERE key = ? AND id = ?", (key, debate)).fetchone():
            return {}
        parts = RowParts(self.connection, self.path, key, debate, self.dimension)
        reasons = wrong(parts, ROW_CHECKS, ROW_GROUNDS)
        if self.dimension is None and not reasons.keys() & {Check.DEBATES, Check.WINDOWS, Check.VECTORS}:
            self.dimension = parts.vectors.shape[1]
        return reasons

    def _mend(self, key: int, debate: str, checks: Iterable[Check]) -> list[Check]:
        """Those that were mended: words need windows that are as they should be."""
        parts, done = RowParts(self.connection, self.path, key, debate, None), list(checks)
        for check in done:
            MENDS[check](self.connection, parts)
        if done:
            self.connection.execute("UPDATE meta SET value = ? WHERE key = 'stamp'", (secrets.token_hex(16),))
        return done
