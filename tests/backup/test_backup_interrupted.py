"""Backups while others write and read, and what is left by an interruption, a full disk, a kill."""

import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import (
    FileUnwritable,
    StoreFull,
)
from index.local import LocalStore
from rag.backup import back_up, restore
from rag.backup.room import room_in
from rag.settings import Settings
from tests.backup.indexes import add, contents, replace_home
from tests.faults.forked import no_file_over


def test_a_backup_is_of_one_moment_while_others_write(store: LocalStore, settings: Settings, file: Path) -> None:
    known = {store.generation(): [summary.id for summary in store.debates()]}
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        with closing(LocalStore(settings.home)) as other:
            while not stop.is_set():
                number += 1
                add(other, f"d{number % 5}", number)
                known[other.generation()] = [summary.id for summary in other.debates()]
                if number % 3 == 0:
                    other.remove(f"d{number % 5}")
                    known[other.generation()] = [summary.id for summary in other.debates()]
                wrote.set()

    writer = threading.Thread(target=write)
    writer.start()
    made = []
    try:
        for number in range(6):
            wrote.clear()
            assert wrote.wait(10)
            made.append(back_up(settings, file.with_name(f"{number}.qdq")))
    finally:
        stop.set()
        writer.join()
    assert len({one.manifest.generation for one in made}) > 1
    for one in made:
        there = replace_home(settings, settings.home.with_name(one.path.stem))
        restore(there, one.path)
        with closing(LocalStore(there.home)) as copy:
            assert [summary.id for summary in copy.debates()] == known[one.manifest.generation]
            for debate in known[one.manifest.generation]:
                entry = copy.stored(debate)
                assert len(entry.windows) == len(entry.vectors) > 0


def test_whoever_reads_sees_the_index_before_or_after_a_restore(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    first = contents(store)
    back_up(settings, file)
    add(store, "trois", 3)
    second = contents(store)
    back_up(settings, file.with_name("second"))
    stop, seen, wrong = threading.Event(), [0, 0], []

    def read() -> None:
        with closing(LocalStore(settings.home)) as other:
            while not stop.is_set():
                held = contents(other)
                if held not in (first, second):
                    wrong.append(held)
                    return
                seen[held == first] += 1

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(12):
        restore(settings, file if number % 2 else file.with_name("second"), replace=True)
        assert contents(store) == (first if number % 2 else second)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert sum(seen) > 0


_KILLED = """
import os, signal, sys, time
from pathlib import Path
from index.local import copying
from rag.backup import back_up, restore
from rag.settings import Settings
from rag.watches.file import WatchFile

home, file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
connected = copying.connect

def run(at):
    def traced(path):
        connection, left = connected(path), [at]
        def step(statement):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        connection.set_trace_callback(step)
        return connection
    copying.connect = traced
    restore(Settings(home=home), file, replace=True)

for at in range(1, count, 2):
    child = os.fork()
    if not child:
        run(at)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    print(os.WTERMSIG(status), flush=True)
    sys.stdin.readline()
"""


def test_a_kill_at_any_statement_of_a_restore_leaves_the_index_before_or_after(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    restored = contents(store)
    back_up(settings, file)
    store.remove("deux")
    add(store, "trois", 3)
    before, generation = contents(store), store.generation()
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(settings.home), str(file), "80"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        kills = [0, 0]
        for line in process.stdout:
            if int(line) != signal.SIGKILL:
                break
            with closing(LocalStore(settings.home)) as fresh:
                after = fresh.generation() != generation
                assert contents(fresh) == (restored if after else before)
            kills[after] += 1
            process.stdin.write("\n")
            process.stdin.flush()
        process.kill()
    assert kills[False] > 15  # of those before the transaction ends
    assert kills[True] < 5
    assert contents(store) == restored
    restore(settings, file, replace=True)
    assert contents(store) == restored


def test_progress_is_told_to_the_end(
    store: LocalStore, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.local.whole_files._STEPS", 50)
    told: dict[str, tuple[int, int]] = {}

    def tell(stage: str, done: int, total: int) -> None:
        assert done >= told.get(stage, (0, 0))[0]
        told[stage] = done, total

    made = back_up(settings, file, progress=tell)
    restore(settings, file, replace=True, progress=tell)
    size = sum(member.bytes for member in made.manifest.members)
    assert told["write"] == told["read"] == (size, size)
    assert told["restore"][0] == told["restore"][1] > 10
    assert 0 <= told["backup"][0] <= told["backup"][1]  # what is small is written at the end


@pytest.mark.parametrize("stage", ["backup", "write", "read", "restore"])
def test_an_interruption_leaves_everything_as_it_was(
    store: LocalStore, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr("index.local.whole_files._STEPS", 50)
    back_up(settings, file)
    kept, held, generation = file.read_bytes(), contents(store), store.generation()

    def interrupt(at: str, _done: int, _total: int) -> None:
        if at == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(settings, file, force=True, progress=interrupt)
        restore(settings, file, replace=True, progress=interrupt)
    assert file.read_bytes() == kept or stage in ("read", "restore")
    assert list(file.parent.iterdir()) == [file]
    assert [path.name for path in settings.home.iterdir() if path.name.startswith(".")] == []
    assert (contents(store), store.generation()) == (held, generation)


def test_a_full_disk_leaves_everything_as_it_was(store: LocalStore, settings: Settings, file: Path) -> None:
    """While the copy is made, while the backup is read, or while the index is written."""
    made = back_up(settings, file)
    kept = file.read_bytes()
    with no_file_over(made.bytes // 2048), pytest.raises(FileUnwritable, match=r"no room left|File too large"):
        back_up(settings, file, force=True)
    assert file.read_bytes() == kept
    for number in range(6):
        add(store, f"mehr-{number}", number)
    (index,) = back_up(settings, file.with_name("more")).manifest.members
    restore(settings, file, replace=True)
    held, generation = contents(store), store.generation()
    for kilobytes, error in ((index.bytes // 2048, FileUnwritable), (index.bytes // 1024 + 1, StoreFull)):
        with no_file_over(kilobytes), pytest.raises(error):
            restore(settings, file.with_name("more"), replace=True)
        assert (contents(store), store.generation()) == (held, generation)
    assert sorted(path.name for path in file.parent.iterdir()) == ["monday.qdq", "more"]


def test_a_kill_while_a_backup_is_made_leaves_the_file_as_it_was(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    back_up(settings, file)
    before = file.read_bytes()
    script = (
        "import os, signal, sys; from pathlib import Path; from rag.backup import back_up; "
        "from rag.settings import Settings\n"
        "def told(stage, done, total):\n    if stage == 'write': os.kill(os.getpid(), signal.SIGKILL)\n"
        "back_up(Settings(home=Path(sys.argv[1])), Path(sys.argv[2]), force=True, progress=told)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(settings.home), str(file)], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert file.read_bytes() == before
    left = [path for path in file.parent.iterdir() if path != file]
    assert {stat.S_IMODE(path.stat().st_mode) for path in left} == {0o700}
    for path in left:
        os.utime(path, (0, 0))
    with room_in(file.parent) as used:  # by a program that is still at work
        os.utime(used, (0, 0))
        back_up(settings, file, force=True)
        assert sorted(file.parent.iterdir()) == [used, file]
    assert list(file.parent.iterdir()) == [file]
