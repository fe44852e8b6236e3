"""An index copied to another place, both ways, and what may go wrong on the way."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from api.commands.console import say
from api.commands.main import app
from index.errors import (
    MigrationConflict,
    MigrationDiffers,
    MigrationEmpty,
    MigrationMixed,
    MigrationSame,
    StoreFull,
)
from index.local import DATABASE, LocalStore
from index.migrate import content_hash, migrate
from index.milvus.store import MilvusStore
from index.store import IndexedDebate, Relabelling, Store
from index.types import DebateSummary
from index.writing import labelling
from index.writing.embedding import indexed
from tests.fakes import HashEncoder
from tests.test_store import ALL, CORRECTION, ONE, THREE, TWO, whole_entry


@pytest.fixture
def source(home: Path, encoder: HashEncoder) -> Iterator[LocalStore]:
    """Three debates, one with everything, and a name that goes by another."""
    with closing(LocalStore(home)) as store:
        store.add(whole_entry(encoder), encoder.fingerprint)
        for debate in (TWO, THREE):
            store.add(indexed(debate, encoder), encoder.fingerprint)
        store.relabel(Relabelling(renames={"J. Petit": "Jean Petit"}), store.generation())
        yield store


@pytest.fixture
def target(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(LocalStore(tmp_path / "target")) as store:
        yield store


def _all(store: Store) -> dict[str, str]:
    return {summary.id: content_hash(store.stored(summary.id)) for summary in store.debates()}


def test_an_index_goes_to_a_server_and_comes_back(
    source: LocalStore, target: LocalStore, milvus_index: str, encoder: HashEncoder
) -> None:
    sent, generation = _all(source), source.generation()
    told: list[tuple[str, int, int]] = []
    with closing(MilvusStore(milvus_index)) as shared:
        done = migrate(source, shared, progress=lambda *step: told.append(step))
        assert (done.copied, done.present, done.moved) == (("deux", "trois", "un"), (), False)
        assert done.windows == sum(len(source.stored(debate.id).windows) for debate in ALL)
        assert told[-1] == ("verify", 3, 3)
        assert _all(shared) == sent
        assert migrate(shared, target).copied == done.copied
        assert [replace(one, act=7) for one in shared.corrections("un")] == [CORRECTION]
        assert shared.sources() == {"abc": "un"}
    assert _all(target) == sent
    assert target.corrections("un") == [replace(CORRECTION, act=1)]
    assert target.renames() == {"J. Petit": "Jean Petit"}
    assert target.fingerprint() == encoder.fingerprint
    found = target.stored("un")
    assert found.debate == whole_entry(encoder).debate
    assert found.origin == whole_entry(encoder).origin
    assert (_all(source), source.generation()) == (sent, generation)


def test_the_next_act_has_the_next_number(source: LocalStore, target: LocalStore) -> None:
    migrate(source, target)
    later = replace(CORRECTION, start=4.0, end=7.5, text=ONE.segments[1].text, act=None)
    assert target.relabel(Relabelling(added={"un": [later]}), target.generation())
    assert [one.act for one in target.corrections("un")] == [1, 2]


def test_undoing_in_the_copy_leaves_the_other_debates_alone(
    home: Path, target: LocalStore, encoder: HashEncoder
) -> None:
    """Both indexes have an act of the number 1, and it is not the same."""
    target.add(indexed(TWO, encoder), encoder.fingerprint)
    labelling.correct(target, "deux", [labelling.Saying(0, 0, "Ada Martin")])
    mine = target.corrections("deux")
    with closing(LocalStore(home)) as source:
        source.add(indexed(ONE, encoder), encoder.fingerprint)
        labelling.correct(source, "un", [labelling.Saying(1, 1, "Zoé Roux")])
        migrate(source, target)
        assert (source.corrections("un")[0].act, mine[0].act) == (1, 1)
    (copied,) = target.corrections("un")
    assert copied.act == 2
    labelling.undo(target, encoder, "un", copied.act)
    assert (target.corrections("un"), target.corrections("deux")) == ([], mine)
    assert target.debate("deux").segments[0].speaker == "Ada Martin"


def test_the_hash_tells_which_corrections_are_one_act_but_not_its_number(encoder: HashEncoder) -> None:
    def hashed(*acts: int) -> str:
        return content_hash(replace(whole_entry(encoder), corrections=[replace(CORRECTION, act=act) for act in acts]))

    assert hashed(1, 1, 2) == hashed(7, 7, 4) != hashed(1, 2, 2)
    assert len({hashed(1, 1, 2), hashed(1, 2, 1), hashed(1, 2, 3), hashed(1, 1, 1)}) == 4


def test_what_is_there_and_equal_is_skipped(source: LocalStore, target: LocalStore) -> None:
    migrate(source, target)
    generation = target.generation()
    done = migrate(source, target)
    assert (done.copied, done.present) == ((), ("deux", "trois", "un"))
    assert target.generation() == generation


class _Full(LocalStore):
    """Has room for one debate."""

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        if self.debates():
            raise StoreFull(path=self.place)
        super().add(entry, fingerprint)


def test_an_interrupted_copy_goes_on_where_it_was(source: LocalStore, tmp_path: Path) -> None:
    with closing(_Full(tmp_path / "target")) as full, pytest.raises(StoreFull):
        migrate(source, full)
    with closing(LocalStore(tmp_path / "target")) as again:
        assert [summary.id for summary in again.debates()] == ["deux"]
        done = migrate(source, again)
        assert (done.copied, done.present) == (("trois", "un"), ("deux",))
        assert _all(again) == _all(source)


class _Emptied(LocalStore):
    """Somebody removes a debate while it is copied from."""

    def debates(self) -> list[DebateSummary]:
        found = super().debates()
        self.remove("trois")
        return found


def test_a_debate_that_is_removed_meanwhile_is_left_out(source: LocalStore, home: Path, target: LocalStore) -> None:
    with closing(_Emptied(home)) as emptied:
        done = migrate(emptied, target)
    assert (done.copied, done.present, done.moved) == (("deux", "un"), (), True)
    assert [summary.id for summary in target.debates()] == ["deux", "un"]
    assert target.renames() == {"J. Petit": "Jean Petit"}


class _Forgetful(LocalStore):
    """Somebody removes what was just copied to it."""

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        super().add(entry, fingerprint)
        if entry.debate.id == "deux":
            self.remove("deux")


def test_a_copy_that_is_removed_meanwhile_is_told(source: LocalStore, tmp_path: Path) -> None:
    with closing(_Forgetful(tmp_path / "t")) as target, pytest.raises(MigrationDiffers, match=r"\(1\): deux"):
        migrate(source, target)


class _Damaging(LocalStore):
    """Changes one value of one vector."""

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        vectors = np.array(entry.vectors)
        if entry.debate.id == "trois":
            vectors[-1, 5] += 0.01
        super().add(replace(entry, vectors=vectors), fingerprint)


def test_a_damaged_copy_is_found(source: LocalStore, tmp_path: Path) -> None:
    with (
        closing(_Damaging(tmp_path / "target")) as damaging,
        pytest.raises(MigrationDiffers, match=r"\(1\): trois.*--replace"),
    ):
        migrate(source, damaging)
    with closing(LocalStore(tmp_path / "target")) as target:
        done = migrate(source, target, replace=True)
        assert (done.copied, done.present) == (("trois",), ("deux", "un"))
        assert _all(target) == _all(source)


def test_what_differs_in_the_target_stays_unless_it_is_to_be_replaced(
    source: LocalStore, target: LocalStore, encoder: HashEncoder
) -> None:
    mine = replace(TWO, title="Le mien")
    target.add(indexed(mine, encoder), encoder.fingerprint)
    with pytest.raises(MigrationConflict, match=r"\(1\): deux"):
        migrate(source, target)
    assert [summary.title for summary in target.debates()] == ["Le mien", "Débat trois", "Débat un"]
    assert migrate(source, target, replace=True).copied == ("deux",)
    assert _all(target) == _all(source)


def test_another_model_is_refused(source: LocalStore, target: LocalStore) -> None:
    other = HashEncoder("hash@2")
    target.add(indexed(THREE, other), other.fingerprint)
    with pytest.raises(MigrationMixed, match=r"hash@2.*hash@1"):
        migrate(source, target)
    assert [summary.id for summary in target.debates()] == ["trois"]


def test_an_index_is_not_copied_to_itself_nor_from_nothing(source: LocalStore, target: LocalStore, home: Path) -> None:
    (home.parent / "x").mkdir()
    with closing(LocalStore(home.parent / "x" / ".." / home.name)) as same, pytest.raises(MigrationSame):
        migrate(source, same)
    with pytest.raises(MigrationEmpty):
        migrate(target, source)


@pytest.mark.parametrize(
    "change",
    [
        {"terms": [["autre"]] * 100},
        {"corrections": [replace(CORRECTION, speaker=None)]},
        {"corrections": ()},
        {"origin": None},
        {"tokens": None},
        {"base": ONE},
        {"debate": replace(ONE, title="Autre")},
    ],
    ids=["terms", "corrections", "no correction", "origin", "tokens", "base", "title"],
)
def test_the_hash_is_over_everything(encoder: HashEncoder, change: dict[str, object]) -> None:
    entry = whole_entry(encoder)
    if "terms" in change:
        change = {"terms": change["terms"][: len(entry.terms)]}  # type: ignore[index]
    assert content_hash(replace(entry, **change)) != content_hash(entry)  # type: ignore[arg-type]


def _qdq(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["migrate", *arguments])


def test_the_command_copies_both_ways(
    source: LocalStore, home: Path, tmp_path: Path, milvus_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDQ_HOME", str(home))
    document = json.loads(_qdq("--to", milvus_index, "--json").stdout)
    assert (document["copied"], document["to"], document["verified"]) == (["deux", "trois", "un"], milvus_index, True)
    monkeypatch.setenv("QDQ_STORE", milvus_index)
    back = _qdq("--to", str(tmp_path / "back"))
    assert back.stdout.strip().endswith(say("tout est vérifié", "all verified"))
    assert str(document["windows"]) in back.stdout
    assert (tmp_path / "back" / DATABASE).exists()


def test_the_commands_places_are_those_of_the_setting(
    source: LocalStore, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    assert json.loads(_qdq("--to", "~/copy", "--json").stdout)["copied"] == ["deux", "trois", "un"]
    assert (tmp_path / "mine" / "copy" / DATABASE).exists()
    assert json.loads(_qdq("--from", "~/copy", "--to", "second", "--json").stdout)["copied"] == ["deux", "trois", "un"]
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("place", ["http://u:SEKRET@host", "file:///x", "ftp://u:SEKRET@host", "http://host:0", ""])
@pytest.mark.parametrize("option", ["--to", "--from"])
def test_a_place_that_cannot_be_one_is_refused(place: str, option: str, tmp_path: Path) -> None:
    given = {"--to": str(tmp_path / "x"), option: place}
    refused = _qdq("--json", *(word for pair in given.items() for word in pair))
    assert json.loads(refused.stdout)["type"] == "urn:qui-dit-quoi:settings-invalid"
    assert option in refused.stdout
    assert "SEKRET" not in refused.output
    assert list(tmp_path.iterdir()) == []


def test_the_command_makes_no_index_to_copy_from(tmp_path: Path) -> None:
    refused = _qdq("--from", str(tmp_path / "nothing"), "--to", str(tmp_path / "never"), "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["type"] == "urn:qui-dit-quoi:migration-empty"
    assert list(tmp_path.iterdir()) == []
