"""Indexes that earlier versions of this program wrote, as today's program finds them; and those of later versions."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.database import KeyDatabase
from api.serving.app import create_app
from index.doctor.findings import Check, Outcome
from index.errors import StoreNewer
from index.local import DATABASE, VECTOR_FILE, LocalStore
from index.local.schema import VERSION
from index.types import EVERYWHERE, DebateSummary, Hit
from rag.backup import back_up, restore
from rag.doctor import examine
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.watches.file import WatchFile
from tests.conftest import Qdq
from tests.fakes import HashEncoder

_STORED = Path(__file__).parent / "data" / "versions"
_VERSIONS = range(1, VERSION)
_ENCODER = HashEncoder()


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    return Settings(home=home, cache=tmp_path / "cache", abstain_below=0.0)


@pytest.fixture(params=_VERSIONS)
def version(request: pytest.FixtureRequest, home: Path) -> int:
    """That of the files that lie in ``home``."""
    _unpack(request.param, home)
    return int(request.param)


def _unpack(version: int, home: Path) -> None:
    home.mkdir()
    for packed in (_STORED / f"v{version}").glob("*.gz"):
        (home / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))


def _said(version: int) -> dict[str, Any]:
    """What the program of then read and found."""
    found: dict[str, Any] = json.loads((_STORED / f"v{version}" / "said.json").read_text("utf-8"))
    return found


def _told(store: LocalStore, summary: DebateSummary) -> dict[str, Any]:
    debate = store.debate(summary.id)
    return {
        "title": debate.title,
        "date": debate.date and debate.date.isoformat(),
        "url": debate.url,
        "participants": [[person.name, person.role] for person in debate.participants],
        "segments": [
            [
                *(part.start, part.end, part.text),
                *(part.speaker, part.attribution.origin.value, round(part.attribution.confidence, 6)),
            ]
            for part in debate.segments
        ],
    }


def _hits(found: Sequence[Hit]) -> list[list[Any]]:
    return sorted([hit.debate, hit.first, hit.last, hit.width, round(hit.score, 4)] for hit in found)


def test_there_is_one_of_each_version() -> None:
    for version in _VERSIONS:
        content = gzip.decompress((_STORED / f"v{version}" / f"{DATABASE}.gz").read_bytes())
        assert int.from_bytes(content[60:64], "big") == version  # of SQLite's header: user_version


def test_what_an_earlier_version_wrote_is_read_and_found_as_it_was(version: int, home: Path) -> None:
    said = _said(version)
    with closing(LocalStore(home)) as store:
        assert {summary.id: _told(store, summary) for summary in store.debates()} == said["debates"]
        for width, hits in said["dense"].items():
            query = _ENCODER.embed_query("le tramway et la gare")
            assert _hits(store.dense(query, int(width), 50, EVERYWHERE)) == hits
            found = store.lexical(["tramway", "gar", "feu", "ecol"], int(width), 50, EVERYWHERE)
            assert _hits(found) == said["lexical"][width]
        assert store.renames() == said.get("renames", {})
        for debate, corrections in said.get("corrections", {}).items():
            kept = store.corrections(debate)
            assert [
                [one.kind.value, one.start, one.text, one.speaker, one.word, one.act] for one in kept
            ] == corrections
        summary = store.summary("conseil")
        assert summary is not None
        words_said = sum(len(row[2].split()) for row in said["debates"]["conseil"]["segments"])
        assert (summary.words, summary.labelled_words, summary.told_words) == (words_said,) * 3
        words = store.debate("forum", words=True).segments[0].words
        assert len(words) == (7 if version >= 2 else 0)
        assert store.debate("forum").media == ("https://example.org/forum.mp4" if version >= 5 else None)


def test_it_is_well_once_it_is_brought_up(version: int, settings: Settings) -> None:
    """But for the file of vectors of then, which is of no use any more."""
    findings = examine(settings, encoder=_ENCODER, deep=True)
    assert [one.check for one in findings if one.outcome is Outcome.MENDED] == [Check.SEARCH_FILE]
    assert not (settings.home / VECTOR_FILE).exists()
    again = examine(settings, mend=False, encoder=_ENCODER, deep=True)
    assert {one.outcome for one in again} == {Outcome.OK}


def test_it_is_asked_corrected_and_rebuilt(version: int, settings: Settings) -> None:
    records = Records.of(settings.home, settings)
    with closing(Engine(LocalStore(settings.home), _ENCODER, settings, records)) as engine:
        first = engine.ask("Que dit Ada Martin du tramway ?").citations[0]
        assert (first.debate, first.speaker, first.quote[:39]) == (
            *("conseil", "Ada Martin"),
            "Oui, le tramway doit passer par la gare",
        )
        engine.correct("conseil", 3, 3, "Paul Blanc")
        assert engine.debate("conseil").segments[3].speaker == "Paul Blanc"
        engine.undo("conseil", max(one.act or 0 for one in engine.corrections("conseil")))
        before = _said(version)["debates"]["conseil"]["segments"]
        assert [part.speaker for part in engine.debate("conseil").segments] == [row[3] for row in before]
        engine.rebuild()
        found = examine(settings, mend=False, encoder=_ENCODER, deep=True)
    assert [one for one in found if one.outcome is not Outcome.OK and one.check is not Check.SEARCH_FILE] == []


@pytest.mark.parametrize("version", [4, 5])
def test_answers_that_an_earlier_version_kept_are_given_back(version: int, home: Path) -> None:
    _unpack(version, home)
    said = _said(version)["answer"]
    with closing(Records(home, days=36_500)) as records:
        record = records.get(said["id"])
    assert [one.quote for one in record.answer.citations] == said["quotes"]


def test_a_backup_made_before_an_upgrade_is_the_way_back(version: int, settings: Settings, tmp_path: Path) -> None:
    """It is of its version, which the earlier program reads; today's brings it up where it is restored."""
    before = (settings.home / DATABASE).read_bytes()
    file = tmp_path / "before"
    made = back_up(settings, file)
    assert [one.schema for one in made.manifest.members if one.name == DATABASE] == [version]
    assert (made.manifest.debates, made.manifest.windows) == (2, 7)
    assert (settings.home / DATABASE).read_bytes() == before
    there = settings.model_copy(update={"home": tmp_path / "there"})
    restore(there, file)
    with closing(LocalStore(settings.home)) as here, closing(LocalStore(there.home)) as copy:
        for debate in ("conseil", "forum"):
            assert _told_of(copy, debate) == _told_of(here, debate)
        here.remove("forum")
        restore(settings, file, replace=True)  # where the index is of today's version already
        assert _told_of(here, "forum") == _told_of(copy, "forum")


def _told_of(store: LocalStore, debate: str) -> object:
    summary = store.summary(debate)
    assert summary is not None
    return _told(store, summary), summary, store.corrections(debate), sorted(store.vectors(debate))


def _newer(path: Path) -> bytes:
    """The file as a later version would leave it, closed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA journal_mode = DELETE")
    return path.read_bytes()


_OPENED: dict[str, Callable[[Settings], object]] = {
    DATABASE: lambda settings: LocalStore(settings.home),
    "answers.db": lambda settings: Records.of(settings.home, settings).all(),
    "keys.db": lambda settings: KeyDatabase(settings.home).rows("SELECT 1"),
    "watches.db": lambda settings: WatchFile(settings.home).rows("SELECT 1"),
}


@pytest.mark.parametrize("name", _OPENED)
def test_a_file_of_a_later_version_is_refused_and_not_touched(settings: Settings, name: str, tmp_path: Path) -> None:
    _unpack(5, settings.home)
    watches = WatchFile(settings.home)
    with KeyDatabase(settings.home).changing(), watches.writing():
        pass
    watches.close()
    later = _newer(settings.home / name)
    sentence = r"comes from a later version \(schema 99, known: \d\): update qui-dit-quoi"
    acts: list[Callable[[Settings], object]] = [
        _OPENED[name],
        lambda settings: examine(settings, encoder=_ENCODER),
        lambda settings: back_up(settings, tmp_path / "file"),
    ]
    for act in acts:
        with pytest.raises(StoreNewer, match=sentence):
            act(settings)
    assert (settings.home / name).read_bytes() == later
    assert not (tmp_path / "file").exists()


def test_a_later_index_is_refused_on_the_command_line(qdq: Qdq, home: Path) -> None:
    _unpack(5, home)
    later = _newer(home / DATABASE)
    asked = qdq("debates")
    assert asked.returncode == 1
    assert asked.stderr == (
        f"{home / DATABASE} comes from a later version (schema 99, known: {VERSION}): update qui-dit-quoi.\n"
    )
    assert "mettez à jour" in qdq("doctor", env={"LANG": "fr_FR.UTF-8"}).stderr
    assert (home / DATABASE).read_bytes() == later


def test_a_server_under_which_a_later_version_brings_up_the_index_says_so_and_writes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    _unpack(5, settings.home)
    records = Records.of(settings.home, settings)
    engine = Engine(LocalStore(settings.home), _ENCODER, settings, records)
    with TestClient(create_app(engine), headers={"Accept-Language": "fr"}) as client:
        assert client.post("/v1/ask", json={"question": "Que dit Ada Martin du tramway ?"}).status_code == 200
        with closing(sqlite3.connect(settings.home / DATABASE)) as later, later:
            later.execute("PRAGMA user_version = 99")
        state = _rows(settings.home)
        for answer in (
            client.post("/v1/ask", json={"question": "Que dit Ada Martin du tramway ?"}),
            client.delete("/v1/debates/conseil"),
        ):
            assert answer.status_code == 500
            assert answer.json()["type"] == "urn:qui-dit-quoi:store-newer"
            assert "vient d'une version plus récente" in answer.json()["detail"]
        assert _rows(settings.home) == state


def _rows(home: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        return connection.execute("SELECT * FROM meta UNION ALL SELECT id, title FROM debates").fetchall()
