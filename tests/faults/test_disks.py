"""Disks that really are full or read-only, where the machine lets a process of ours mount one; and what SQLite says of
a disk in our errors."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreBusy, StoreDamaged, StoreFull, StoreUnwritable
from index.local import DATABASE, LocalStore
from index.local.sqlite import translated
from tests.faults.forked import Refused, mount_read_only, mount_small, run
from tests.faults.seen import Seen, contents, differing, everything
from tests.faults.work import Step, Work


def _mounted(function: Any, *given: Any) -> Any:
    try:
        return run(function, *given)
    except Refused as error:
        pytest.skip(f"nothing can be mounted here: {error}")


@pytest.fixture
def beginning(tmp_path: Path) -> Path:
    with closing(Work(tmp_path / "beginning" / "home")) as work:
        work.begin()
    return tmp_path / "beginning"


def _filled(folder: Path, beginning: Path) -> tuple[int, list[str]]:
    """How many debates were added to an index on a disk of 1.2 MB, and what was wrong before, during and after."""
    mount_small(folder, 1200)
    home = folder / "home"
    shutil.copytree(beginning, folder, dirs_exist_ok=True)
    (folder / "rest").write_bytes(b"x" * 400_000)
    added, wrong = 0, list[str]()
    with closing(Work(home)) as work:
        before = contents(work.store)
        try:
            for number in range(200):
                work.do(Step("add", f"n{number}", number))
                added, before = added + 1, contents(work.store)
        except StoreFull:
            wrong += differing(contents(work.store), before)
            wrong += [] if work.engine.ask("Que dit-on du budget ?").citations else ["no answer"]
        (folder / "rest").unlink()
        wrong += differing(contents(work.store), before)
        work.do(Step("remove", "d0"))
    wrong += [] if set(everything(home)["hashes"]) == set(before["hashes"]) - {"d0"} else ["not removed"]
    return added, wrong


def test_an_index_grows_until_its_disk_is_full_and_goes_on_when_there_is_room(beginning: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    added, wrong = _mounted(_filled, tmp_path / "disk", beginning)
    assert wrong == []
    assert 0 < added < 200


def _read_only(folder: Path) -> tuple[Seen, list[str], str | None]:
    """What is seen of an index on a read-only disk, which errors its changes meet, the id of an answer."""
    mount_read_only(folder)
    assert not os.access(folder, os.W_OK)
    errors = list[str]()
    with closing(Work(folder / "home")) as work:
        found = contents(work.store)
        for step in (Step("remove", "d0"), Step("correct", "d1", 3), Step("rebuild")):
            try:
                work.do(step)
            except StoreUnwritable as error:
                errors.append(error.message("en"))
        return found, errors, work.engine.ask("Que dit-on du budget ?").id


def test_an_index_on_a_read_only_disk_is_searched_and_not_changed(beginning: Path) -> None:
    before = everything(beginning / "home")
    found, errors, answer = _mounted(_read_only, beginning)
    assert differing(found, before) == {"whole", "answers"}  # which are not looked at there
    assert (len(errors), answer) == (3, None)
    assert all("QDQ_HOME" in message for message in errors)
    assert differing(everything(beginning / "home"), before) == set()


def _opened(folder: Path) -> str:
    mount_read_only(folder)
    try:
        Work(folder / "home").close()
    except StoreUnwritable as error:
        return error.message("en")
    return ""


def test_what_a_killed_program_left_on_a_read_only_disk_is_not_passed_over(beginning: Path, tmp_path: Path) -> None:
    with closing(Work(beginning / "home")) as work:
        work.do(Step("remove", "d1"))
        shutil.copytree(beginning, tmp_path / "left")
    assert (tmp_path / "left" / "home" / f"{DATABASE}-wal").stat().st_size > 0
    (tmp_path / "left" / "home" / f"{DATABASE}-shm").unlink()
    assert "QDQ_HOME" in _mounted(_opened, tmp_path / "left")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_IOERR_WRITE, StoreFull),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull),
        (sqlite3.SQLITE_IOERR_READ, StoreDamaged),
        (sqlite3.SQLITE_IOERR_SHORT_READ, StoreDamaged),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnwritable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
        (sqlite3.SQLITE_PROTOCOL, StoreBusy),
    ],
)
def test_each_fault_of_a_disk_is_called_by_its_name(tmp_path: Path, code: int, expected: type[Exception]) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    with pytest.raises(expected), translated(tmp_path):
        raise error


def test_what_is_acknowledged_is_on_the_disk(home: Path) -> None:
    """The log is synchronised with each commit, whatever SQLite was built to do by itself."""
    with closing(LocalStore(home)) as store:
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
