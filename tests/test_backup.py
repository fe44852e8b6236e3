"""Backups: made of one moment while others write, put back at once while others read, refused when not whole."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.access import database
from api.commands.main import app
from api.serving.app import create_app
from index.doctor.findings import Check, Outcome
from index.errors import (
    BackupEmpty,
    BackupInvalid,
    BackupOccupied,
    BackupPresent,
    FileUnreadable,
    FileUnwritable,
    QdqError,
    StoreDamaged,
    StoreFull,
    StoreNewer,
)
from index.local import DATABASE, LocalStore, Sizes
from index.migrate import content_hash
from index.store import Relabelling
from index.types import EVERYWHERE, Debate, Hit, Segment
from index.writing.build import index_fingerprint, indexed
from index.writing.labelling import Saying, correct
from rag.backup import back_up, check, restore
from rag.backup.databases import KEYS
from rag.backup.room import room_in
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.watches.file import WatchFile
from tests.conftest import Qdq
from tests.fakes import HashEncoder
from tests.faults.forked import no_file_over

_ENCODER = HashEncoder()
_WORDS = "budget culture réacteur nucléaire europe école climat impôt retraite logement hôpital justice".split()


def _debate(name: str, seed: int, segments: int = 30) -> Debate:
    chosen = np.random.default_rng(seed).choice(_WORDS, (segments, 9))
    texts = [f"{' '.join(row)} numéro {at}." for at, row in enumerate(chosen)]
    return Debate(name, name.title(), tuple(Segment(at, at, at + 0.9, text) for at, text in enumerate(texts)))


def _add(store: LocalStore, name: str, seed: int) -> None:
    store.add(indexed(_debate(name, seed), _ENCODER), index_fingerprint(_ENCODER))


def _held(store: LocalStore) -> object:
    """All that an index holds, and what it finds."""
    query = _ENCODER.embed_query("réacteur nucléaire")
    with store.reading():
        ids = [summary.id for summary in store.debates()]
        return (
            [content_hash(store.stored(debate)) for debate in ids],
            store.renames(),
            store.speakers(),
            _found(store.dense(query, 30, 1000, EVERYWHERE)),
            _found(store.lexical(["reacteur"], 90, 1000, EVERYWHERE)),
            [round(figure, 5) for figure in store.background(query)],
            store.document_frequencies(["reacteur", "ecol"]),
        )


def _found(hits: Sequence[Hit]) -> list[Hit]:
    """In an order of their own: of equal ones those come first that were added first, here to another index."""
    return sorted(hit._replace(score=round(hit.score, 5)) for hit in hits)


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    """Two debates; in one of them a person said who speaks, under a name that goes by another."""
    store = LocalStore(home)
    _add(store, "un", 1)
    _add(store, "deux", 2)
    correct(store, "un", [Saying(0, 3, "Ada")])
    assert store.relabel(Relabelling(renames={"Zoé": "Zoé Petit"}), store.generation())
    yield store
    store.close()


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    return Settings(home=home, cache=tmp_path / "cache")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "monday.qdq"


def test_what_was_backed_up_is_put_back_whole_under_a_generation_that_never_was(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    before, generation = _held(store), store.generation()
    made = back_up(settings, file)
    assert (made.manifest.debates, made.manifest.generation) == (2, generation)
    assert made.manifest.windows == len(store.vectors("un")) + len(store.vectors("deux"))
    store.remove("un")
    _add(store, "trois", 3)
    changed = store.generation()
    done = restore(settings, file, replace=True)
    assert (done.put, done.kept, done.aside) == ([DATABASE], [], [])
    assert _held(store) == before
    assert store.generation() not in (generation, changed)
    with closing(LocalStore(settings.home)) as fresh:
        assert _held(fresh) == before


def test_a_backup_is_restored_in_a_new_place_with_its_answers(
    store: LocalStore, settings: Settings, file: Path, tmp_path: Path
) -> None:
    with closing(Engine(store, _ENCODER, settings, Records.of(settings.home, settings))) as engine:
        answer = engine.ask("Que dit-on du réacteur nucléaire ?")
        assert answer.id is not None
        back_up(settings, file)
        there = replace_home(settings, tmp_path / "elsewhere")
        assert restore(there, file).put == [DATABASE, "answers.db"]
        again = Engine(LocalStore(there.home), _ENCODER, there, Records.of(there.home, there))
        assert again.answer_record(answer.id).answer == answer
        assert again.ask("Que dit-on du réacteur nucléaire ?").citations == answer.citations
        again.close()
    assert sorted(path.name for path in there.home.iterdir()) == ["answers.db", DATABASE]


def replace_home(settings: Settings, home: Path) -> Settings:
    return settings.model_copy(update={"home": home})


def test_what_is_not_wanted_is_left_out(store: LocalStore, settings: Settings, file: Path, tmp_path: Path) -> None:
    with closing(Engine(store, _ENCODER, settings, Records.of(settings.home, settings))) as engine:
        engine.ask("Que dit-on du réacteur nucléaire ?")
        made = back_up(settings, file, answers=False)
    assert [member.name for member in made.manifest.members] == [DATABASE]


def test_only_its_owner_reads_a_backup_and_nothing_else_is_left(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    back_up(settings, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_what_was_removed_is_not_in_a_backup(store: LocalStore, settings: Settings, file: Path) -> None:
    words = "confidentiel numéro 0"
    secret = Debate("secret", "Secret", (Segment(0, 0.0, 1.0, words),))
    store.add(indexed(secret, _ENCODER), index_fingerprint(_ENCODER))
    back_up(settings, file)
    assert words.encode() in file.read_bytes()
    store.remove("secret")
    back_up(settings, file, force=True)
    assert words.encode() not in file.read_bytes()


def test_a_file_that_is_there_is_replaced_only_on_request(store: LocalStore, settings: Settings, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("mine")
    with pytest.raises(BackupPresent, match="--force"):
        back_up(settings, file)
    os.mkfifo(file.with_name("pipe"))
    for other in (file.parent, file.with_name("pipe"), settings.home / DATABASE):
        with pytest.raises(FileUnwritable, match="not a file, or part of the index"):
            back_up(settings, other, force=True)
    (file.parent / "pipe").unlink()
    assert file.read_text() == "mine"
    assert back_up(settings, file, force=True).bytes == file.stat().st_size


def test_without_an_index_there_is_nothing_to_back_up(settings: Settings, file: Path) -> None:
    with pytest.raises(BackupEmpty, match="QDQ_HOME"):
        back_up(settings, file)
    assert not file.exists()
    assert not (settings.home / DATABASE).exists()


def test_debates_are_replaced_only_on_request(store: LocalStore, settings: Settings, file: Path) -> None:
    back_up(settings, file)
    _add(store, "trois", 3)
    before, generation = _held(store), store.generation()
    with pytest.raises(BackupOccupied, match="--replace"):
        restore(settings, file)
    assert (_held(store), store.generation()) == (before, generation)


def test_a_backup_is_of_one_moment_while_others_write(store: LocalStore, settings: Settings, file: Path) -> None:
    known = {store.generation(): [summary.id for summary in store.debates()]}
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        with closing(LocalStore(settings.home)) as other:
            while not stop.is_set():
                number += 1
                _add(other, f"d{number % 5}", number)
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
    first = _held(store)
    back_up(settings, file)
    _add(store, "trois", 3)
    second = _held(store)
    back_up(settings, file.with_name("second"))
    stop, seen, wrong = threading.Event(), [0, 0], []

    def read() -> None:
        with closing(LocalStore(settings.home)) as other:
            while not stop.is_set():
                held = _held(other)
                if held not in (first, second):
                    wrong.append(held)
                    return
                seen[held == first] += 1

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(12):
        restore(settings, file if number % 2 else file.with_name("second"), replace=True)
        assert _held(store) == (first if number % 2 else second)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert sum(seen) > 0


@pytest.mark.parametrize("sizes", [Sizes(), Sizes(exact=40, quiet=0.0)], ids=["exact", "compressed"])
def test_an_index_of_other_debates_is_answered_from_at_once(
    settings: Settings, file: Path, tmp_path: Path, sizes: Sizes
) -> None:
    """What a program has in memory is known by keys that the other index gave, too, to other contents."""
    other = replace_home(settings, tmp_path / "other")
    with closing(LocalStore(other.home)) as theirs:
        for number in range(6):
            _add(theirs, f"autre-{number}", 100 + number)
        wanted = _held(theirs)
        back_up(other, file)
    with closing(LocalStore(settings.home, sizes)) as live:
        for number in range(9):
            _add(live, f"ici-{number}", number)
        live.remove("ici-3")
        _held(live)
        live.settle()
        _held(live)
        restore(settings, file, replace=True)
        live.settle()
        assert _held(live) == wanted
        _add(live, "encore", 999)  # under a key that nothing had
        with closing(LocalStore(settings.home)) as fresh:
            assert _held(live) == _held(fresh)


def test_contents_that_are_still_there_keep_their_keys_and_all_others_get_new_ones(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    """So a large index does not make its vectors anew, and nothing in memory is taken for something else."""
    marks = "SELECT d.id, s.key, s.token FROM searched s JOIN debates d ON d.key = s.debate ORDER BY d.id"
    before = store._connection.execute(marks).fetchall()
    back_up(settings, file)
    store.remove("un")
    _add(store, "trois", 3)
    (last,) = store._connection.execute("SELECT max(key) FROM searched").fetchone()
    restore(settings, file, replace=True)
    (deux, un) = store._connection.execute(marks).fetchall()
    assert deux == before[0]
    assert un[0] == "un"
    assert un[1] > last
    _add(store, "quatre", 4)
    assert store._connection.execute("SELECT max(key) FROM searched").fetchone()[0] > un[1]


def test_numbers_of_corrections_are_not_given_twice(store: LocalStore, settings: Settings, file: Path) -> None:
    back_up(settings, file)
    correct(store, "deux", [Saying(0, 1, "Bob")])
    (said,) = {one.act for one in store.corrections("deux")}
    restore(settings, file, replace=True)
    correct(store, "deux", [Saying(2, 2, "Ève")])
    assert said not in {one.act for one in store.corrections("deux")}


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
    restored = _held(store)
    back_up(settings, file)
    store.remove("deux")
    _add(store, "trois", 3)
    before, generation = _held(store), store.generation()
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(settings.home), str(file), "80"],
        cwd=Path(__file__).parent.parent,
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
                assert _held(fresh) == (restored if after else before)
            kills[after] += 1
            process.stdin.write("\n")
            process.stdin.flush()
        process.kill()
    assert kills[False] > 15  # of those before the transaction ends
    assert kills[True] < 5
    assert _held(store) == restored
    restore(settings, file, replace=True)
    assert _held(store) == restored


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
    kept, held, generation = file.read_bytes(), _held(store), store.generation()

    def interrupt(at: str, _done: int, _total: int) -> None:
        if at == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(settings, file, force=True, progress=interrupt)
        restore(settings, file, replace=True, progress=interrupt)
    assert file.read_bytes() == kept or stage in ("read", "restore")
    assert list(file.parent.iterdir()) == [file]
    assert [path.name for path in settings.home.iterdir() if path.name.startswith(".")] == []
    assert (_held(store), store.generation()) == (held, generation)


def test_a_full_disk_leaves_everything_as_it_was(store: LocalStore, settings: Settings, file: Path) -> None:
    """While the copy is made, while the backup is read, or while the index is written."""
    made = back_up(settings, file)
    kept = file.read_bytes()
    with no_file_over(made.bytes // 2048), pytest.raises(FileUnwritable, match=r"no room left|File too large"):
        back_up(settings, file, force=True)
    assert file.read_bytes() == kept
    for number in range(6):
        _add(store, f"mehr-{number}", number)
    (index,) = back_up(settings, file.with_name("more")).manifest.members
    restore(settings, file, replace=True)
    held, generation = _held(store), store.generation()
    for kilobytes, error in ((index.bytes // 2048, FileUnwritable), (index.bytes // 1024 + 1, StoreFull)):
        with no_file_over(kilobytes), pytest.raises(error):
            restore(settings, file.with_name("more"), replace=True)
        assert (_held(store), store.generation()) == (held, generation)
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
        [sys.executable, "-c", script, str(settings.home), str(file)], cwd=Path(__file__).parent.parent, check=False
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


def _rewritten(file: Path, change: Callable[[dict[str, bytes]], None], compression: int = zipfile.ZIP_STORED) -> Path:
    """The same archive with other members."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def _manifest(change: Callable[[dict[str, object]], None]) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        document = json.loads(members["manifest.json"])
        change(document)
        members["manifest.json"] = json.dumps(document).encode()

    return changed


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        del members[name]

    return changed


def _called(name: str) -> Callable[[dict[str, bytes]], None]:
    """The index under another name, in the manifest too."""

    def changed(members: dict[str, bytes]) -> None:
        members[name] = members.pop(DATABASE)
        spelled = json.dumps(name)[1:-1].encode()
        members["manifest.json"] = members["manifest.json"].replace(DATABASE.encode(), spelled)

    return changed


def _version_one(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"schema": 6', b'"schema": 1')


def _in_turn(*changes: Callable[[dict[str, bytes]], None]) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        for change in changes:
            change(members)

    return changed


def _with_schema(statement: str) -> Callable[[dict[str, bytes]], None]:
    """An index on which ``statement`` was run, with the hash that it has then."""

    def changed(members: dict[str, bytes]) -> None:
        import hashlib

        connection = sqlite3.connect(":memory:")
        connection.deserialize(members[DATABASE])
        connection.execute(statement)
        connection.commit()
        content = connection.serialize()
        connection.close()
        members[DATABASE] = content
        document = json.loads(members["manifest.json"])
        document["members"][0] |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        members["manifest.json"] = json.dumps(document).encode()

    return changed


_BAD: dict[str, tuple[Callable[[dict[str, bytes]], None], type[QdqError], str]] = {
    "no manifest": (_without("manifest.json"), BackupInvalid, "no list"),
    "no json": (lambda members: members.update({"manifest.json": b"["}), BackupInvalid, "no list"),
    "long": (lambda members: members.update({"manifest.json": b" " * 2_000_000}), BackupInvalid, "too long"),
    "one more": (lambda members: members.update({"more": b"x"}), BackupInvalid, "other files"),
    "one less": (_without(DATABASE), BackupInvalid, "other files"),
    "outside": (_called("../../index.sqlite"), BackupInvalid, "unknown"),
    "escapes": (_called("\x1b[2J"), BackupInvalid, r"\(\[2J: unknown\)"),
    "no moment": (_manifest(lambda document: document.update(made="\x1b[2J")), BackupInvalid, "no list"),
    "absolute": (_called("/tmp/index.sqlite"), BackupInvalid, "unknown"),
    "no index": (_in_turn(_called("answers.db"), _version_one), BackupInvalid, "no index"),
    "changed": (
        lambda members: members.update({DATABASE: members[DATABASE][:-1] + b"?"}),
        BackupInvalid,
        "another checksum",
    ),
    "shorter": (lambda members: members.update({DATABASE: members[DATABASE][:-1]}), BackupInvalid, "another length"),
    "negative": (
        _manifest(lambda document: document["members"][0].update(bytes=-1)),  # type: ignore[index]
        BackupInvalid,
        "another length",
    ),
    "newer format": (_manifest(lambda document: document.update(format=2)), StoreNewer, "schema 2, known: 1"),
    "newer schema": (
        _manifest(lambda document: document["members"][0].update(schema=99)),  # type: ignore[index]
        StoreNewer,
        "schema 99, known: 6",
    ),
    "newer inside": (_with_schema("PRAGMA user_version = 99"), StoreNewer, "schema 99, known: 6"),
    "another program": (_with_schema("PRAGMA application_id = 7"), BackupInvalid, "not a file of qui-dit-quoi"),
    "a trigger": (
        _with_schema("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM debates; END"),
        BackupInvalid,
        "not ours: t",
    ),
    "no table": (_with_schema("DROP TABLE vectors"), BackupInvalid, "no such table"),
    "an early number": (_with_schema("PRAGMA user_version = 2"), BackupInvalid, "already exists"),
}


@pytest.mark.parametrize("name", _BAD)
def test_what_is_no_intact_backup_is_refused_and_nothing_changes(
    store: LocalStore, settings: Settings, file: Path, name: str
) -> None:
    change, error, message = _BAD[name]
    back_up(settings, file)
    _rewritten(file, change)
    before, generation = _held(store), store.generation()
    with pytest.raises(error, match=message):
        restore(settings, file, replace=True)
    assert (_held(store), store.generation()) == (before, generation)
    assert [path.name for path in settings.home.iterdir() if not path.name.startswith(DATABASE)] == []


def test_a_backup_of_a_damaged_index_is_looked_at_before_it_is_restored(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    back_up(settings, file)
    assert [one for one in check(file, settings)[1] if one.outcome is not Outcome.OK] == []
    store._connection.execute("DELETE FROM vectors WHERE id = (SELECT min(id) FROM vectors)")
    back_up(settings, file, force=True)
    (finding,) = [one for one in check(file, settings)[1] if one.outcome is not Outcome.OK]
    assert (finding.check, finding.outcome) == (Check.VECTORS, Outcome.DAMAGED)
    refused = CliRunner().invoke(app, ["restore", str(file), "--check"], env={"QDQ_HOME": str(settings.home)})
    assert (refused.exit_code, "damaged: vectors of windows" in refused.stdout) == (1, True)


def test_compressed_members_are_refused(store: LocalStore, settings: Settings, file: Path) -> None:
    """What is small in the file and large outside."""
    back_up(settings, file)
    _rewritten(file, lambda members: None, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(BackupInvalid):
        check(file, settings)


def test_other_files_are_no_backups(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        check(tmp_path / "nowhere", settings)
    with pytest.raises(FileUnreadable):
        check(tmp_path, settings)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileUnreadable, match="not a file"):
        check(tmp_path / "pipe", settings)
    (tmp_path / "text").write_text("Bonjour")
    with pytest.raises(BackupInvalid, match="no archive"):
        check(tmp_path / "text", settings)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    folder = tmp_path_factory.mktemp("whole")
    settings = Settings(home=folder / "home")
    with closing(LocalStore(settings.home)) as store:
        _add(store, "un", 1)
    back_up(settings, folder / "file")
    return settings, folder / "file"


_ANYWHERE = st.floats(0, 1, exclude_max=True) | st.floats(0.985, 1, exclude_max=True)
"""Also in the last bytes, which say where everything lies."""


@hypothesis_settings(max_examples=100)
@given(at=_ANYWHERE, cut=st.booleans(), byte=st.integers(1, 255))
def test_a_backup_that_is_cut_or_changed_anywhere_is_refused_or_says_the_same(
    whole: tuple[Settings, Path], at: float, cut: bool, byte: int
) -> None:
    settings, file = whole
    content = bytearray(file.read_bytes())
    place = int(at * len(content))
    content[place] ^= byte
    changed = file.with_name("changed")
    changed.write_bytes(content[:place] if cut else content)
    try:
        found, _findings = check(changed, settings)
    except (BackupInvalid, StoreNewer):
        return
    assert not cut
    assert {one.name: one.sha256 for one in found.members} == {
        one.name: one.sha256 for one in check(file, settings)[0].members
    }


@pytest.mark.parametrize("damage", ["damaged", "newer"])
def test_an_index_that_cannot_be_opened_is_put_aside_only_on_request(
    store: LocalStore, settings: Settings, file: Path, damage: str
) -> None:
    before = _held(store)
    back_up(settings, file)
    if damage == "newer":
        store._connection.execute("PRAGMA user_version = 99")
    store.close()
    live = settings.home / DATABASE
    if damage == "damaged":
        live.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    there = live.read_bytes()
    with pytest.raises((StoreDamaged, StoreNewer)):
        restore(settings, file)
    assert live.read_bytes() == there
    (aside,) = restore(settings, file, replace=True).aside
    assert Path(aside).read_bytes() == there
    with closing(LocalStore(settings.home)) as fresh:
        assert _held(fresh) == before


def test_the_keys_are_those_of_the_layer_above() -> None:
    assert (KEYS.name, KEYS.version) == (database.DATABASE, database.VERSION)
    assert KEYS.application == database._APPLICATION


def test_an_empty_file_that_a_killed_program_left_is_none(store: LocalStore, settings: Settings, file: Path) -> None:
    (settings.home / KEYS.name).touch()
    assert [one.name for one in back_up(settings, file).manifest.members] == [DATABASE]
    _keys(settings.home, "old")
    back_up(settings, file, force=True)
    (settings.home / KEYS.name).write_bytes(b"")
    assert restore(settings, file, replace=True).put == [DATABASE, KEYS.name]
    assert _key_names(settings.home) == ["old"]


def test_watches_come_back_with_the_index_under_a_server_that_has_them_open(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    with closing(WatchFile(settings.home)) as watches:
        said = ("id", 0.0, "Ada", "eau", 0.5, None, "secret", "fr", 1, None, 0, 0)
        with watches.writing() as connection:
            connection.execute(f"INSERT INTO watches VALUES ({', '.join('?' * len(said))})", said)
        back_up(settings, file)
        with watches.writing() as connection:
            connection.execute("DELETE FROM watches")
        assert restore(settings, file, replace=True).put == [DATABASE, "watches.db"]
        assert watches.rows("SELECT * FROM watches") == [said]
        with watches.writing() as connection:
            connection.execute("DELETE FROM watches")
        assert watches.rows("SELECT * FROM watches") == []


def test_what_sqlite_left_beside_a_file_that_is_gone_is_not_taken_for_the_new_one(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    _keys(settings.home, "old")
    back_up(settings, file)
    live = settings.home / KEYS.name
    with closing(sqlite3.connect(live, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO keys VALUES ('intruder')")
        left = (settings.home / f"{KEYS.name}-wal").read_bytes()
    assert left
    live.unlink()
    (settings.home / f"{KEYS.name}-wal").write_bytes(left)
    restore(settings, file, replace=True)
    assert _key_names(settings.home) == ["old"]


def _keys(home: Path, *names: str) -> None:
    with closing(sqlite3.connect(home / KEYS.name)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS keys (name TEXT)")
        connection.execute("DELETE FROM keys")
        connection.executemany("INSERT INTO keys VALUES (?)", [(name,) for name in names])
        connection.execute(f"PRAGMA application_id = {KEYS.application}")
        connection.execute(f"PRAGMA user_version = {KEYS.version}")


def _key_names(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / KEYS.name)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM keys")]


def test_revoked_keys_come_back_only_on_request(
    store: LocalStore, settings: Settings, file: Path, tmp_path: Path
) -> None:
    _keys(settings.home, "old", "revoked")
    back_up(settings, file)
    _keys(settings.home, "old")
    assert restore(settings, file, replace=True).kept == [KEYS.name]
    assert _key_names(settings.home) == ["old"]
    with closing(sqlite3.connect(settings.home / KEYS.name)) as running:  # a server has it open
        assert running.execute("SELECT count(*) FROM keys").fetchone() == (1,)
        assert restore(settings, file, replace=True, keys=True).put == [DATABASE, KEYS.name]
        assert running.execute("SELECT count(*) FROM keys").fetchone() == (2,)
    elsewhere = replace_home(settings, tmp_path / "elsewhere")
    restore(elsewhere, file)
    assert _key_names(elsewhere.home) == ["old", "revoked"]
    assert stat.S_IMODE((elsewhere.home / KEYS.name).stat().st_mode) == 0o600
    back_up(settings, file, force=True, keys=False)
    assert [member.name for member in check(file, settings)[0].members] == [DATABASE]


def test_an_index_on_a_server_is_backed_up_and_restored(
    store: LocalStore, settings: Settings, file: Path, milvus_index: str, tmp_path: Path
) -> None:
    from index.migrate import migrate
    from index.milvus.store import MilvusStore

    with closing(MilvusStore(milvus_index)) as server:
        migrate(store, server)
    there = settings.model_copy(update={"store": milvus_index, "home": tmp_path / "there"})
    made = back_up(there, file)
    assert made.manifest.debates == 2
    with closing(MilvusStore(milvus_index)) as server:
        server.remove("un")
        entry = indexed(_debate("trois", 3), _ENCODER)
        server.add(entry, index_fingerprint(_ENCODER))
    with pytest.raises(BackupOccupied):
        restore(there, file)
    restore(there, file, replace=True)
    local = replace_home(settings, tmp_path / "local")
    restore(local, file)
    with closing(MilvusStore(milvus_index)) as server, closing(LocalStore(local.home)) as copy:
        assert [summary.id for summary in server.debates()] == ["deux", "un"]
        for debate in ("un", "deux"):
            hashes = {content_hash(one.stored(debate)) for one in (server, copy, store)}
            assert len(hashes) == 1
        assert server.renames() == copy.renames() == store.renames()


def test_the_commands(qdq: Qdq, store: LocalStore, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(tmp_path / "a.qdq")
    monkeypatch.setenv("QDQ_HOME", str(home))
    run = CliRunner().invoke
    made = json.loads(run(app, ["backup", file, "--json"]).stdout)
    assert (made["debates"], [one["name"] for one in made["files"]]) == (2, [DATABASE])
    assert made["bytes"] == Path(file).stat().st_size
    refused = run(app, ["restore", file])
    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    assert json.loads(run(app, ["restore", file, "--check", "--json"]).stdout)["well"] is True
    store.remove("un")
    done = qdq("restore", file, "--replace", env={"LANG": "fr_FR.UTF-8"})
    assert done.stdout.startswith(f"Restauré : {DATABASE} ; débats : 2, fenêtres : ")
    assert [summary.id for summary in store.debates()] == ["deux", "un"]
    again = json.loads(run(app, ["restore", file, "--replace", "--json"]).stdout)
    assert (again["restored"], again["kept"], again["aside"]) == ([DATABASE], [], [])


def test_a_server_that_runs_answers_from_what_was_restored(settings: Settings, file: Path, store: LocalStore) -> None:
    said = Debate("dit", "Dit", (Segment(0, 0.0, 5.0, "Le tramway de la ville doit passer par la gare."),))
    store.add(indexed(said, _ENCODER), index_fingerprint(_ENCODER))
    engine = Engine(LocalStore(settings.home), _ENCODER, settings)
    with TestClient(create_app(engine)) as client:
        question = {"question": "Que dit-on du tramway ?"}
        first = client.post("/v1/ask", json=question).json()
        assert [one["debate"] for one in first["citations"]][:1] == ["dit"]
        back_up(settings, file)
        store.remove("dit")
        assert "dit" not in {one["debate"] for one in client.post("/v1/ask", json=question).json()["citations"]}
        restore(settings, file, replace=True)
        again = client.post("/v1/ask", json=question).json()
    assert (again["answer"], again["citations"]) == (first["answer"], first["citations"])
