"""Files that are no intact backups, and indexes that cannot be opened: refused, and nothing changes."""

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.commands.main import app
from index.doctor.findings import Check, Outcome
from index.errors import (
    BackupInvalid,
    FileUnreadable,
    QdqError,
    StoreDamaged,
    StoreNewer,
)
from index.local import DATABASE, LocalStore
from rag.backup import back_up, check, restore
from rag.settings import Settings
from tests.backup.indexes import add, contents


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
    before, generation = contents(store), store.generation()
    with pytest.raises(error, match=message):
        restore(settings, file, replace=True)
    assert (contents(store), store.generation()) == (before, generation)
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
        add(store, "un", 1)
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
    before = contents(store)
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
        assert contents(fresh) == before
