"""A function in a process of its own, whose limits and mounts are its own."""

import ctypes
import multiprocessing
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from index.local import vectors

DEADLINE = 60.0
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _ALL, _PRIVATE = 1, 32, 4096, 16384, 1 << 18


class Refused(Exception):
    """By the machine, which lets nobody mount."""


def forking() -> ForkServerContext:
    """A fork server that has imported everything: a process costs a fork and no start of an interpreter. It has one
    thread, and an index is opened after the fork only."""
    context = multiprocessing.get_context("forkserver")
    parts = ["seen", "dying", "looking"]
    context.set_forkserver_preload(["__main__", "pytest", *(f"tests.faults.{part}" for part in parts)])
    return context


def run(function: Callable[..., Any], *given: Any) -> Any:
    """What ``function`` returns there. Raises what it raises."""
    context = forking()
    mine, its = context.Pipe()
    process = context.Process(target=_told, args=(its, function, given), daemon=True)
    process.start()
    its.close()
    try:
        assert mine.poll(DEADLINE), "the process hangs"
        done, value = mine.recv()
    finally:
        process.kill()
        process.join()
        mine.close()
    if done:
        return value
    raise value


def _told(told: Connection, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    vectors._THREADS = 1  # see conftest.py
    try:
        told.send((True, function(*given)))
    except Exception as error:
        told.send((False, error))


def hurry() -> None:
    """From now on SQLite writes early and often, as a large change does: pages leave the cache before the end of a
    transaction, and the log is copied into the database after each."""
    connect = sqlite3.connect

    def hurried(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.execute("PRAGMA cache_size = 6")
        connection.execute("PRAGMA wal_autocheckpoint = 6")
        return connection

    sqlite3.connect = hurried  # type: ignore[assignment]


@contextmanager
def no_file_over(kilobytes: int) -> Iterator[None]:
    """Every write beyond that fails, as on a full disk, with another number (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def mount_small(folder: Path, kilobytes: int) -> None:
    """A disk of that size at ``folder``, for this process alone. Raises Refused."""
    _own_mounts()
    _call("mount", b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={kilobytes}k".encode())


def mount_read_only(folder: Path) -> None:
    """``folder`` as a read-only disk, for this process alone. Raises Refused."""
    _own_mounts()
    _call("mount", bytes(folder), bytes(folder), None, _BIND, None)
    _call("mount", b"none", bytes(folder), None, _BIND | _REMOUNT | _READ_ONLY, None)


def _own_mounts() -> None:
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _call("unshare", _NEW_MOUNTS)
    else:
        _call("unshare", _NEW_MOUNTS | _NEW_USER)
        for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            Path(f"/proc/self/{name}").write_text(line)
    _call("mount", b"none", b"/", None, _ALL | _PRIVATE, None)


def _call(name: str, *given: Any) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None or function(*given) != 0:
        raise Refused(f"{name}: {os.strerror(ctypes.get_errno())}")
