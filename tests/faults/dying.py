"""A program that is killed in the middle of its work, and what it had acknowledged by then.

It kills itself (SIGKILL) at a point that is counted: a statement of SQLite, so many of the steps of SQLite's machine, a
call that changes or writes a file; or it is killed from outside at some moment, which may lie anywhere, also within
SQLite's own writing.
"""

import io
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import FrameType
from typing import Any

from index.local import vectors
from tests.faults.forked import DEADLINE, forking, hurry
from tests.faults.work import Step, Work

_STEPS_OF_SQLITE = 200


@dataclass
class Life:
    """What a program has told of its work, part by part: the kind of step and the name of the state after it, the
    points and seconds that it took. ``under_way`` is the kind of the step that it was in when it told the last."""

    kinds: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    under_way: str | None = None
    exit_code: int | None = None


class Points:
    """Counts those of each part of the work, and kills at the given one of the given part."""

    def __init__(self, part: int | None, at: int) -> None:
        self.part, self.count, self.told = 0, 0, True
        self._last = part, at

    def reach(self) -> int:
        if not self.told:
            self.count += 1
            if (self.part, self.count) == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def watch(self) -> None:
        """From now on, in every thread that begins."""
        self._connect = sqlite3.connect
        sqlite3.connect = self._connected  # type: ignore[assignment]
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def _connected(self, *given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = self._connect(*given, **named)
        connection.set_progress_handler(self.reach, _STEPS_OF_SQLITE)
        return connection

    def _called(self, _frame: FrameType, event: str, called: Any) -> None:
        if event in ("c_call", "c_return") and _writes(called):
            self.reach()


def _writes(called: Any) -> bool:
    owner = getattr(called, "__self__", None)
    if isinstance(owner, (sqlite3.Connection, sqlite3.Cursor, io.BufferedWriter, io.FileIO)):
        return True
    return getattr(called, "__module__", None) == "posix"


class Programs:
    """Started by the fork server of a test process."""

    def __init__(self) -> None:
        self._context: ForkServerContext = forking()

    @contextmanager
    def started(self, home: Path, steps: Sequence[Step], **how: Any) -> "Iterator[Program]":
        """One at work; see ``_live``. It is dead afterwards."""
        mine, its = self._context.Pipe()
        process = self._context.Process(target=_live, args=(its, home, steps), kwargs=how, daemon=True)
        process.start()
        its.close()
        try:
            yield Program(process, mine)
        finally:
            process.kill()
            process.join()
            mine.close()


class Program:
    """One that was started."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self.life = Life()
        self._process = process
        self._connection = connection

    def awaken(self) -> None:
        """Wait until it has opened its index and begins."""
        assert self._connection.poll(DEADLINE), "the program hangs"

    def hear(self) -> bool:
        """The next part that it has done; False when it is dead or has done all."""
        try:
            assert self._connection.poll(DEADLINE), "the program hangs"
            told = self._connection.recv()
        except (EOFError, ConnectionResetError):
            return False
        if isinstance(told, str):
            self.life.under_way = told or None
            return self.hear()
        self.life.kinds.append(self.life.under_way or "")
        state, points, seconds = told
        self.life.states.append(state)
        self.life.points.append(points)
        self.life.seconds.append(seconds)
        return True

    def go_on(self) -> None:
        self._connection.send(None)

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> Life:
        """Whatever it told until it died or was done."""
        while self.hear():
            pass
        self._process.join(DEADLINE)
        self.life.exit_code = self._process.exitcode
        return self.life


def _live(
    told: Connection,
    home: Path,
    steps: Sequence[Step],
    *,
    part: int | None = None,
    at: int = 0,
    counting: bool = False,
    pausing: bool = False,
) -> None:
    """What the program does: all ``steps``. With ``counting`` it dies at the point ``at`` of its ``part``; with
    ``pausing`` it waits after each."""
    points, began = Points(part, at), 0.0
    if counting:
        hurry()
        points.watch()
    vectors._THREADS = 1  # see conftest.py
    work = Work(home)

    def acknowledge() -> None:
        nonlocal began
        took, points.told = time.monotonic() - began, True
        if pausing:
            work.store.settle()
        told.send((work.store.generation(), points.count, took))
        if pausing:
            told.recv()
        points.part, points.count, points.told = points.part + 1, 0, False
        began = time.monotonic()

    for step in steps:
        points.told = True
        told.send(step.kind)
        points.told, began = False, time.monotonic()
        work.do(step, acknowledge)
        acknowledge()
    told.send("")
    work.close()
