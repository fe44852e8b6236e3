"""What may go wrong under the store: kills, full disks, damaged and foreign files."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreNewer, StoreUnwritable
from index.local import DATABASE, LocalStore
from index.local.sqlite import reader
from index.types import EVERYWHERE, Debate, Segment
from index.writing.build import Details, add_file
from index.writing.embedding import index_fingerprint, indexed
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.fakes import HashEncoder


def _srt(path: Path, words: str, captions: int = 12) -> Path:
    cues = (f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{words} numéro {n}.\n" for n in range(captions))
    path.write_text("\n".join(cues), "utf-8")
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return _srt(tmp_path / "premier.srt", "Le budget de la culture")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return _srt(tmp_path / "second.srt", "Le réacteur nucléaire", captions=50)


@pytest.fixture
def store(home: Path, first: Path, encoder: HashEncoder) -> Iterator[LocalStore]:
    """Holds the first file."""
    store = LocalStore(home)
    add_file(store, encoder, first)
    yield store
    store.close()


def _state(store: LocalStore) -> object:
    """Everything that can be seen of an index."""
    query = HashEncoder().embed_query("réacteur nucléaire")
    debates = [store.debate(summary.id) for summary in store.debates()]
    return (
        debates,
        store.generation(),
        store.dense(query, 30, 1000, EVERYWHERE),
        store.lexical(["réacteur"], 30, 9, EVERYWHERE),
    )


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from index.writing.build import Details, add_file
from index.local import LocalStore
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.fakes import HashEncoder

home, file, statement = sys.argv[1:]
store = LocalStore(Path(home))

def killed_at(sql):
    if sql.startswith(statement):
        os.kill(os.getpid(), signal.SIGKILL)

store._connection.set_trace_callback(killed_at)
add_file(store, HashEncoder(), Path(file), Details(id="premier"))
"""


@pytest.mark.parametrize(
    "statement",
    ["BEGIN IMMEDIATE", "DELETE FROM debates", "INSERT INTO segments", "INSERT INTO vectors", "UPDATE meta", "COMMIT"],
)
def test_a_kill_while_replacing_leaves_the_index_as_it_was(
    store: LocalStore, home: Path, second: Path, statement: str
) -> None:
    before = _state(store)
    store.close()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(home), str(second), statement],
        cwd=Path(__file__).parent.parent,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    reopened = LocalStore(home)
    assert _state(reopened) == before
    add_file(reopened, HashEncoder(), second, Details(id="premier"))
    assert reopened.debate("premier").segments[0].text == "Le réacteur nucléaire numéro 0."
    reopened.close()


def test_a_full_disk_leaves_the_index_as_it_was(store: LocalStore, second: Path, encoder: HashEncoder) -> None:
    before = _state(store)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull, match="the index is as it was before"):
        add_file(store, encoder, second)
    assert _state(store) == before


@pytest.mark.parametrize(
    "damage", [b"not a database" * 400, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "header"]
)
def test_a_damaged_database_is_named_and_left_alone(home: Path, damage: bytes) -> None:
    home.mkdir()
    (home / DATABASE).write_bytes(damage)
    with pytest.raises(StoreDamaged, match="Nothing was touched"):
        LocalStore(home)
    assert (home / DATABASE).read_bytes() == damage
    assert [path.name for path in home.iterdir()] == [DATABASE]


def test_damage_in_the_middle_is_named_when_it_is_met(store: LocalStore, home: Path) -> None:
    store.close()
    path = home / DATABASE
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        damaged = LocalStore(home)
        _state(damaged)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_left_alone(home: Path) -> None:
    home.mkdir()
    with sqlite3.connect(home / DATABASE) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    before = (home / DATABASE).read_bytes()
    with pytest.raises(StoreDamaged, match="not a file of qui-dit-quoi"):
        LocalStore(home)
    assert (home / DATABASE).read_bytes() == before


def test_an_index_of_a_later_version_is_refused(store: LocalStore, home: Path) -> None:
    store._connection.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(StoreNewer, match="99"):
        LocalStore(home)


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritable, match="QDQ_HOME"):
        LocalStore(tmp_path / "file" / "home")


def test_another_writer_makes_us_wait_and_then_say_so(store: LocalStore, home: Path, encoder: HashEncoder) -> None:
    store._connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    entry = indexed(Debate("x", "x", (Segment(0, 0.0, 1.0, "Bonjour."),)), encoder)
    with pytest.raises(StoreBusy):
        store.add(entry, index_fingerprint(encoder))
    other.execute("ROLLBACK")
    other.close()
    store.add(entry, index_fingerprint(encoder))
    assert [summary.id for summary in store.debates()] == ["premier", "x"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index_can_be_read_but_not_changed(store: LocalStore, home: Path, encoder: HashEncoder) -> None:
    store.close()
    (home / DATABASE).chmod(0o400)
    readable = LocalStore(home)
    assert [summary.id for summary in readable.debates()] == ["premier"]
    with pytest.raises(StoreError):
        readable.remove("premier")
    readable.close()


def _made_unwritable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a read-only folder is for the database: the files that it is read through cannot be made."""
    for file in list(home.glob("*.sqlite")) + list(home.glob("*.db")):
        file.with_name(f"{file.name}-shm").symlink_to("nowhere")  # which SQLite does not follow
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != home)


def test_an_index_in_a_read_only_folder_is_searched_but_not_changed(
    store: LocalStore, home: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _state(store)
    store.close()
    _made_unwritable(home, monkeypatch)
    still = LocalStore(home)
    assert _state(still) == before
    with closing(reader(home / DATABASE)) as builder:
        assert builder.execute("SELECT id FROM debates").fetchall() == [("premier",)]
    with pytest.raises(StoreUnwritable, match="QDQ_HOME"):
        still.remove("premier")
    still.close()


def test_what_a_killed_program_left_unfinished_is_not_passed_over(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A debate that is only in the WAL would be missing: rather nothing than less."""
    store.close()
    (home / f"{DATABASE}-wal").write_bytes(b"something")
    _made_unwritable(home, monkeypatch)
    with pytest.raises(StoreUnwritable, match="QDQ_HOME"):
        LocalStore(home)


def test_a_question_is_answered_from_a_read_only_folder(
    home: Path, first: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=home, abstain_below=0.0)
    engine = Engine(LocalStore(home), encoder, settings, Records.of(home, settings))
    engine.add(first)
    kept = engine.ask("Que dit-on du budget ?")
    engine.close()
    _made_unwritable(home, monkeypatch)
    still = Engine(LocalStore(home), encoder, settings, Records.of(home, settings))
    answer = still.ask("Que dit-on du budget ?")
    assert (answer.answer, answer.id) == (kept.answer, None)
    assert [record.id for record in still.answers()] == [kept.id]
    assert [message for message in caplog.messages if message.startswith("no answer is kept in")] != []
    still.close()


def test_a_folder_that_is_made_is_its_owners_alone_and_one_that_is_there_stays(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    for folder, mode in ((tmp_path / "deep" / "made", 0o700), (shared, 0o750)):
        LocalStore(folder).close()
        assert folder.stat().st_mode & 0o777 == mode
