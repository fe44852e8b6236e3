"""Files that are damaged while no program has them open: the file of vectors, SQLite's log and its index."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import StoreDamaged
from index.local import DATABASE, VECTOR_FILE, LocalStore, base
from index.local.part import Part
from tests.faults.seen import Seen, contents, differing
from tests.faults.work import SMALL, Step, Work

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(SHARED, max_examples=40)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose vectors are in a file. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("whole") / "home"
    with closing(Work(home)) as work:
        work.begin()
        work.store.settle()
    with closing(LocalStore(home, SMALL)) as store:
        contents(store)  # too much was outside the file, perhaps: it is made anew
    return home


def _same(one: Part, other: Part) -> bool:
    ones, others = (base._arrays(part, "") for part in (one, other))
    return ones.keys() == others.keys() and all(np.array_equal(array, others[name]) for name, array in ones.items())


@SHARED
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_that_flips_in_the_file_of_vectors_is_seen_or_means_nothing(
    home: Path, tmp_path: Path, place: float, bit: int
) -> None:
    content = bytearray((home / VECTOR_FILE).read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    (tmp_path / VECTOR_FILE).write_bytes(content)
    with closing(LocalStore(home, SMALL)) as store:
        fingerprint = store.fingerprint()
    found, whole = base.load(tmp_path / VECTOR_FILE, fingerprint), base.load(home / VECTOR_FILE, fingerprint)
    assert whole is not None
    assert found is None or _same(found, whole)
    assert found is None or int(place * len(content)) < 64


@pytest.mark.parametrize("size", [0, 7, 8, 11, 12, 63, 64, 65, 72, 200, -1])
def test_a_file_of_vectors_that_was_cut_is_not_used(home: Path, tmp_path: Path, size: int) -> None:
    (tmp_path / VECTOR_FILE).write_bytes((home / VECTOR_FILE).read_bytes()[:size])
    assert base.load(tmp_path / VECTOR_FILE, "hash@1") is None


@pytest.mark.parametrize("damage", ["zeros", "another version", "a flipped byte", "a folder", "a link to nothing"])
def test_what_is_found_with_a_damaged_file_of_vectors_is_the_same(home: Path, tmp_path: Path, damage: str) -> None:
    place = tmp_path / "home"
    shutil.copytree(home, place)
    file, content = place / VECTOR_FILE, bytearray((home / VECTOR_FILE).read_bytes())
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    elif damage == "a link to nothing":
        file.symlink_to("nowhere")
    else:
        at = slice(0, 8) if damage == "another version" else slice(5000, 5001)
        content[at] = b"QDQbase2" if damage == "another version" else bytes([content[5000] ^ 255])
        file.write_bytes(bytes(len(content)) if damage == "zeros" else content)
    with closing(LocalStore(place, SMALL)) as store, closing(LocalStore(home, SMALL)) as whole:
        assert differing(contents(store), contents(whole)) == set()
    with closing(LocalStore(place, SMALL)) as store:
        assert damage == "a folder" or base.load(file, store.fingerprint()) is not None


# the log


@dataclass(frozen=True)
class Left:
    """What a killed program left: a database, and a log with all that came after ``states[0]``."""

    folder: Path
    states: list[Seen]


@pytest.fixture(scope="module")
def left(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("left")
    shutil.copytree(home, folder / "home")
    steps = (Step("add", "n1", 3), Step("remove", "d0"), Step("correct", "d1", 5), Step("replace", "d2", 8))
    with closing(Work(folder / "home")) as work:
        work.store._connection.execute("PRAGMA wal_autocheckpoint = 0")
        states = [contents(work.store)]
        for step in steps:
            work.do(step)
            states.append(contents(work.store))
        shutil.copytree(folder / "home", folder / "left")
    assert (folder / "left" / f"{DATABASE}-wal").stat().st_size > 100_000
    return Left(folder / "left", states)


def _opened(place: Path, left: Left) -> int | None:
    """The number of the state that is found, None where the index is said to be damaged."""
    try:
        with closing(LocalStore(place)) as store:
            found = contents(store)
    except StoreDamaged:
        return None
    with closing(sqlite3.connect(place / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    same = [number for number, state in enumerate(left.states) if differing(found, state) == set()]
    assert len(same) == 1, [differing(found, state) for state in left.states]
    assert left.states[same[0]]["generation"] == found["generation"]
    return same[0]


def _flipped(content: bytearray, place: int) -> bytearray:
    content[place] ^= 0x41
    return content


_DAMAGES: dict[str, Callable[[bytearray, int], bytearray]] = {
    "cut": lambda content, place: content[:place],
    "flipped": _flipped,
    "zeros from there on": lambda content, place: content[:place] + bytes(len(content) - place),
    "rubbish after it": lambda content, place: content + content[:place],
}


@FEW
@given(damage=st.sampled_from(sorted(_DAMAGES)), share=st.floats(0, 1, exclude_max=True))
def test_of_a_damaged_log_an_earlier_whole_state_is_left(
    left: Left, tmp_path_factory: pytest.TempPathFactory, damage: str, share: float
) -> None:
    place = tmp_path_factory.mktemp("log") / "home"
    shutil.copytree(left.folder, place)
    log = place / f"{DATABASE}-wal"
    content = bytearray(log.read_bytes())
    log.write_bytes(_DAMAGES[damage](content, int(share * len(content))))
    number = _opened(place, left)
    assert number is not None
    assert damage != "rubbish after it" or number == len(left.states) - 1


@pytest.mark.parametrize("file", ["-wal", "-shm"])
def test_without_the_log_the_state_before_it_is_left_and_without_its_index_all_of_it(
    left: Left, tmp_path: Path, file: str
) -> None:
    place = tmp_path / "home"
    shutil.copytree(left.folder, place)
    (place / f"{DATABASE}{file}").unlink()
    assert _opened(place, left) == (0 if file == "-wal" else len(left.states) - 1)


@pytest.mark.parametrize("content", [b"", b"\0" * 32_768, b"\xa5\x01\x80" * 11_000, b"\xff" * 100])
def test_the_index_of_the_log_is_made_anew(left: Left, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "home"
    shutil.copytree(left.folder, place)
    (place / f"{DATABASE}-shm").write_bytes(content)
    assert _opened(place, left) == len(left.states) - 1
