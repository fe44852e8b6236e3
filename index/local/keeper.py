"""Keeps what is searched in step with SQLite: a state for each generation of the index, and the file beside it.

    base (a file, mapped; compressed vectors) + a few smaller parts in memory (exact vectors), newest last

What changed is the difference between the contents that SQLite has and those in memory: new debates become a part,
parts of like size are merged, debates that are gone are passed over. When much is not in the base, another is made
beside and taken at the next question. A small index has no base: all its vectors are exact.
"""

import logging
import math
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreDamaged, StoreError
from index.local import base
from index.local.alone import alone
from index.local.part import Mark, Part
from index.local.sqlite import reader
from index.local.state import State
from index.local.truth import Content, Truth, rows_of

_LOG = logging.getLogger("qdq")
_STATES_KEPT = 2
"""Readers that began before a change go on in the state before."""
_PATIENCE_SECONDS = 600.0
_ABOVE = 3
"""Times what may be outside the base, from which on a program that opens the index waits for another."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """``exact`` windows may be outside the base, or ``share`` of it when that is more: 50,000 windows take 5 ms to
    compare one by one, and half a second to read when a program starts. Another base is begun ``quiet`` seconds after
    that is passed, so that a program that asks one question does not begin what it will not end."""

    exact: int = 50_000
    share: float = 0.05
    quiet: float = 5.0

    def outside(self, base_windows: int) -> int:
        return max(self.exact, int(self.share * base_windows))


class Keeper:
    """Safe to share between threads."""

    def __init__(self, database: Path, file: Path, sizes: Sizes) -> None:
        self._database, self._file, self._sizes = database, file, sizes
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._builder: threading.Thread | None = None
        self._opened = False
        self._base: Part | None = None
        self._fresh: Part | None = None
        self._renewed = False
        self._tail: tuple[Part, ...] = ()
        self._states: OrderedDict[str, State] = OrderedDict()

    def state(self, generation: str, truth: Truth) -> State:
        """That of ``generation``, which is what ``truth`` reads. Raises StoreDamaged."""
        with self._lock:
            if self._renewed:
                self._base, self._fresh, self._renewed, self._tail = self._fresh, None, False, ()
                self._states.clear()
            if generation not in self._states:
                self._states[generation] = self._derived(truth)
                while len(self._states) > _STATES_KEPT:
                    self._states.popitem(last=False)
            return self._states[generation]

    def grown(self, windows: int) -> None:
        """The index has so many ``windows`` now: look after the base soon if that is many."""
        if windows > self._sizes.exact:
            self._begin()

    def settle(self) -> None:
        """Wait until no base is being made."""
        with self._starting:  # one that another thread has made and not begun cannot be waited for
            builder = self._builder
        if builder is not None:
            builder.join()

    def close(self) -> None:
        """A base that is being made is given up."""
        self._closing.set()
        with self._starting:
            builder = self._builder
        if builder is not None:
            builder.join(timeout=10.0)

    def _derived(self, truth: Truth) -> State:
        contents = truth.contents()
        wanted = {content.mark for content in contents}
        if not self._opened:
            self._base, self._opened = self._at_opening(contents, truth), True
        kept = [part for part in self._tail if not wanted.isdisjoint(part.marks)]
        parts = [*([self._base] if self._base else []), *kept]
        known = {mark for part in parts for mark in part.marks}
        missing = [mark for mark in wanted if mark not in known]
        if missing:
            kept = _compacted([*kept, truth.exact(sorted(missing))], wanted)
        self._tail = tuple(kept)
        if self._outside(contents, self._base) > self._limit(self._base):
            self._begin()
        return self._with_sample(State([*([self._base] if self._base else []), *kept], contents))

    def _with_sample(self, state: State) -> State:
        """A change of who speaks leaves the vectors, another change most of them: so with their sample."""
        for other in self._states.values():
            state.earlier = other.sample or other.earlier
            if other.contents.keys() == state.contents.keys():
                state.sample = other.sample
        return state

    def _at_opening(self, contents: Sequence[Content], truth: Truth) -> Part | None:
        """The base of the file; made now when too much is not in it to be read for each question anew."""
        fingerprint = truth.identity()
        found = base.load(self._file, fingerprint)
        outside = self._outside(contents, found)
        if outside <= (_ABOVE if found else 1) * self._limit(found):
            self._tidy(found, fingerprint)
            return found
        _LOG.info("%s is made: %d windows are not in it", self._file, outside)
        with alone(self._file, _PATIENCE_SECONDS, self._going_on, logging.WARNING) as taken:
            return self._made(truth, contents, fingerprint, keep=taken) if self._going_on() else found

    def _tidy(self, found: Part | None, fingerprint: str) -> None:
        """Remove what a program that was killed left half written, and a file that is of no use, as one of an earlier
        version is; unless somebody is at work on it."""
        draft = base.draft_of(self._file)
        if not draft.exists() and (found or not self._file.is_file()):
            return
        with alone(self._file, 0.0, self._going_on) as taken, suppress(OSError):
            if taken:
                draft.unlink(missing_ok=True)
            if taken and not found and base.load(self._file, fingerprint) is None:
                self._file.unlink(missing_ok=True)

    def _going_on(self) -> bool:
        return not self._closing.is_set()

    def _made(self, truth: Truth, contents: Sequence[Content], fingerprint: str, *, keep: bool) -> Part | None:
        """A base that holds nearly all of ``contents``: somebody else's, if there is one by now, else one that is to
        be kept in the file, which nobody else does meanwhile, or not. None for few windows, or when the store is
        closed."""
        if sum(content.windows for content in contents) <= self._sizes.exact:
            with suppress(OSError):
                if keep:
                    self._file.unlink(missing_ok=True)
            return None
        found = base.load(self._file, fingerprint)
        if found is not None and self._outside(contents, found) <= self._limit(found) // 2:
            return found
        made = base.made(truth, [content.mark for content in contents], self._going_on)
        if made is None or not keep:
            return made
        try:
            base.save(self._file, made, fingerprint)
        except OSError as error:
            _LOG.warning("the vectors of the index are not kept: %s", error)
            return made
        return base.load(self._file, fingerprint) or made

    def _limit(self, found: Part | None) -> int:
        return self._sizes.outside(len(found) if found else 0)

    def _outside(self, contents: Sequence[Content], found: Part | None) -> int:
        """Windows that the base lacks, or has for nothing."""
        if found is None:
            return sum(content.windows for content in contents)
        inside = set(found.marks)
        held = sum(content.windows for content in contents if content.mark in inside)
        return sum(content.windows for content in contents) - held + len(found) - held

    def _begin(self) -> None:
        with self._starting:
            if not self._renewed and (self._builder is None or not self._builder.is_alive()):
                self._builder = threading.Thread(target=self._build, name="qdq-base", daemon=True)
                self._builder.start()

    def _build(self) -> None:
        """Waits for another program that makes one, whose file is taken then."""
        if self._closing.wait(self._sizes.quiet):
            return
        try:
            with alone(self._file, math.inf, self._going_on) as taken, closing(reader(self._database)) as connection:
                if taken:
                    self._renew(connection)
        except (StoreError, sqlite3.Error, OSError) as error:
            _LOG.warning("no new base of the index was made: %s", error)

    def _renew(self, connection: sqlite3.Connection) -> None:
        """Takes no lock: who opens the index holds it while waiting for what is made here. Nor does it hold a state of
        the index, from which on SQLite would keep all that is written meanwhile; so it begins anew when a debate goes
        before its vectors were read."""
        truth = Truth(rows_of(connection), self._database)
        made = False
        while not made and self._going_on():
            contents, fingerprint = _now(connection, truth)
            found = self._base if self._opened else base.load(self._file, fingerprint)
            if self._outside(contents, found) <= self._limit(found):
                return
            try:
                self._fresh, made = self._made(truth, contents, fingerprint, keep=True), True
            except StoreDamaged:
                if not set(contents) - set(truth.contents()):
                    raise
        self._renewed = made and self._opened


def _now(connection: sqlite3.Connection, truth: Truth) -> tuple[list[Content], str]:
    """What is in the index and its fingerprint, of one moment."""
    connection.execute("BEGIN")
    try:
        return truth.contents(), truth.identity()
    finally:
        connection.execute("ROLLBACK")


def _compacted(parts: Iterable[Part], wanted: set[Mark]) -> list[Part]:
    """Merge the last two as long as they are of like size: so many debates are a few parts, and each is copied a few
    times."""
    found = list(parts)
    while len(found) > 1 and len(found[-2]) < 2 * len(found[-1]):
        last, before = found.pop(), found.pop()
        found.append(Part.merged([(part, part.marked(wanted)) for part in (before, last)]))
    return found
