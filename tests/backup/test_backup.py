"""Backups: what they hold, and what is there when they are put back: debates, answers, keys, watches."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access import database
from api.commands.main import app
from api.serving.app import create_app
from index.errors import (
    BackupEmpty,
    BackupOccupied,
    BackupPresent,
    FileUnwritable,
)
from index.local import DATABASE, LocalStore, Sizes
from index.migrate import content_hash
from index.types import Debate, Segment
from index.writing.build import index_fingerprint, indexed
from index.writing.labelling import Saying, correct
from rag.backup import back_up, check, restore
from rag.backup.databases import KEYS
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.watches.file import WatchFile
from tests.backup.indexes import ENCODER, add, contents, debate_of, keep_keys, key_names, replace_home
from tests.conftest import Qdq


def test_what_was_backed_up_is_put_back_whole_under_a_generation_that_never_was(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    before, generation = contents(store), store.generation()
    made = back_up(settings, file)
    assert (made.manifest.debates, made.manifest.generation) == (2, generation)
    assert made.manifest.windows == len(store.vectors("un")) + len(store.vectors("deux"))
    store.remove("un")
    add(store, "trois", 3)
    changed = store.generation()
    done = restore(settings, file, replace=True)
    assert (done.put, done.kept, done.aside) == ([DATABASE], [], [])
    assert contents(store) == before
    assert store.generation() not in (generation, changed)
    with closing(LocalStore(settings.home)) as fresh:
        assert contents(fresh) == before


def test_a_backup_is_restored_in_a_new_place_with_its_answers(
    store: LocalStore, settings: Settings, file: Path, tmp_path: Path
) -> None:
    with closing(Engine(store, ENCODER, settings, Records.of(settings.home, settings))) as engine:
        answer = engine.ask("Que dit-on du réacteur nucléaire ?")
        assert answer.id is not None
        back_up(settings, file)
        there = replace_home(settings, tmp_path / "elsewhere")
        assert restore(there, file).put == [DATABASE, "answers.db"]
        again = Engine(LocalStore(there.home), ENCODER, there, Records.of(there.home, there))
        assert again.answer_record(answer.id).answer == answer
        assert again.ask("Que dit-on du réacteur nucléaire ?").citations == answer.citations
        again.close()
    assert sorted(path.name for path in there.home.iterdir()) == ["answers.db", DATABASE]


def test_what_is_not_wanted_is_left_out(store: LocalStore, settings: Settings, file: Path, tmp_path: Path) -> None:
    with closing(Engine(store, ENCODER, settings, Records.of(settings.home, settings))) as engine:
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
    store.add(indexed(secret, ENCODER), index_fingerprint(ENCODER))
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
    add(store, "trois", 3)
    before, generation = contents(store), store.generation()
    with pytest.raises(BackupOccupied, match="--replace"):
        restore(settings, file)
    assert (contents(store), store.generation()) == (before, generation)


@pytest.mark.parametrize("sizes", [Sizes(), Sizes(exact=40, quiet=0.0)], ids=["exact", "compressed"])
def test_an_index_of_other_debates_is_answered_from_at_once(
    settings: Settings, file: Path, tmp_path: Path, sizes: Sizes
) -> None:
    """What a program has in memory is known by keys that the other index gave, too, to other contents."""
    other = replace_home(settings, tmp_path / "other")
    with closing(LocalStore(other.home)) as theirs:
        for number in range(6):
            add(theirs, f"autre-{number}", 100 + number)
        wanted = contents(theirs)
        back_up(other, file)
    with closing(LocalStore(settings.home, sizes)) as live:
        for number in range(9):
            add(live, f"ici-{number}", number)
        live.remove("ici-3")
        contents(live)
        live.settle()
        contents(live)
        restore(settings, file, replace=True)
        live.settle()
        assert contents(live) == wanted
        add(live, "encore", 999)  # under a key that nothing had
        with closing(LocalStore(settings.home)) as fresh:
            assert contents(live) == contents(fresh)


def test_contents_that_are_still_there_keep_their_keys_and_all_others_get_new_ones(
    store: LocalStore, settings: Settings, file: Path
) -> None:
    """So a large index does not make its vectors anew, and nothing in memory is taken for something else."""
    marks = "SELECT d.id, s.key, s.token FROM searched s JOIN debates d ON d.key = s.debate ORDER BY d.id"
    before = store._connection.execute(marks).fetchall()
    back_up(settings, file)
    store.remove("un")
    add(store, "trois", 3)
    (last,) = store._connection.execute("SELECT max(key) FROM searched").fetchone()
    restore(settings, file, replace=True)
    (deux, un) = store._connection.execute(marks).fetchall()
    assert deux == before[0]
    assert un[0] == "un"
    assert un[1] > last
    add(store, "quatre", 4)
    assert store._connection.execute("SELECT max(key) FROM searched").fetchone()[0] > un[1]


def test_numbers_of_corrections_are_not_given_twice(store: LocalStore, settings: Settings, file: Path) -> None:
    back_up(settings, file)
    correct(store, "deux", [Saying(0, 1, "Bob")])
    (said,) = {one.act for one in store.corrections("deux")}
    restore(settings, file, replace=True)
    correct(store, "deux", [Saying(2, 2, "Ève")])
    assert said not in {one.act for one in store.corrections("deux")}


def test_the_keys_are_those_of_the_layer_above() -> None:
    assert (KEYS.name, KEYS.version) == (database.DATABASE, database.VERSION)
    assert KEYS.application == database._APPLICATION


def test_an_empty_file_that_a_killed_program_left_is_none(store: LocalStore, settings: Settings, file: Path) -> None:
    (settings.home / KEYS.name).touch()
    assert [one.name for one in back_up(settings, file).manifest.members] == [DATABASE]
    keep_keys(settings.home, "old")
    back_up(settings, file, force=True)
    (settings.home / KEYS.name).write_bytes(b"")
    assert restore(settings, file, replace=True).put == [DATABASE, KEYS.name]
    assert key_names(settings.home) == ["old"]


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
    keep_keys(settings.home, "old")
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
    assert key_names(settings.home) == ["old"]


def test_revoked_keys_come_back_only_on_request(
    store: LocalStore, settings: Settings, file: Path, tmp_path: Path
) -> None:
    keep_keys(settings.home, "old", "revoked")
    back_up(settings, file)
    keep_keys(settings.home, "old")
    assert restore(settings, file, replace=True).kept == [KEYS.name]
    assert key_names(settings.home) == ["old"]
    with closing(sqlite3.connect(settings.home / KEYS.name)) as running:  # a server has it open
        assert running.execute("SELECT count(*) FROM keys").fetchone() == (1,)
        assert restore(settings, file, replace=True, keys=True).put == [DATABASE, KEYS.name]
        assert running.execute("SELECT count(*) FROM keys").fetchone() == (2,)
    elsewhere = replace_home(settings, tmp_path / "elsewhere")
    restore(elsewhere, file)
    assert key_names(elsewhere.home) == ["old", "revoked"]
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
        entry = indexed(debate_of("trois", 3), ENCODER)
        server.add(entry, index_fingerprint(ENCODER))
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
    store.add(indexed(said, ENCODER), index_fingerprint(ENCODER))
    engine = Engine(LocalStore(settings.home), ENCODER, settings)
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
