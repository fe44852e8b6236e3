"""The doctor: nothing to say of a healthy index, and of a damaged one exactly what was damaged."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.commands.main import app
from index.doctor.findings import Check, Finding, Outcome
from index.encoding import bundled
from index.encoding.encoder import Encoder
from index.encoding.kept_vectors import FILE as KEPT
from index.errors import BackupEmpty, StoreDamaged, StoreError, StoreNewer
from index.local import DATABASE, VECTOR_FILE, LocalStore, Sizes
from index.local.arrays import blob, unpacked
from index.local.base import load, save
from index.local.rows import ID_BITS
from index.local.vectors import CompressedVectors
from index.store import Relabelling
from index.types import EVERYWHERE, Debate, Segment, WordTime
from index.writing.embedding import index_fingerprint, indexed, tokens_of
from index.writing.labelling import Saying, correct
from rag.doctor import examine
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.conftest import Qdq
from tests.fakes import HashEncoder
from tests.old_versions import taken_back
from tests.suite_files import srt

_ENCODER = HashEncoder()
_TEXTS = [
    f"Le réacteur nucléaire de la ville numéro {at} doit être arrêté, dit le rapport de la région." for at in range(25)
]


def _debate(name: str, texts: list[str]) -> Debate:
    segments = [Segment(at, at, at + 0.9, text, voice="Ada") for at, text in enumerate(texts)]
    words = tuple(WordTime(0.1 * at, 0.1 * at + 0.05, word) for at, word in enumerate(texts[0].split()))
    segments[0] = replace(segments[0], words=words)
    return Debate(name, name.title(), tuple(segments))


def _add(store: LocalStore, debate: Debate) -> None:
    entry = replace(indexed(debate, _ENCODER), tokens=tokens_of(debate, _ENCODER))
    store.add(entry, index_fingerprint(_ENCODER))


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    return Settings(home=home, cache=tmp_path / "cache")


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    """Two debates; in the first a person said who speaks, under a name that goes by another."""
    store = LocalStore(home)
    _add(store, _debate("un", _TEXTS))
    _add(store, _debate("deux", _TEXTS[::-1]))
    correct(store, "un", [Saying(0, 3, "Zoé")])
    assert store.relabel(Relabelling(renames={"Zoé": "Zoé Petit"}), store.generation())
    yield store
    store.close()


def _seen(settings: Settings, encoder: Encoder = _ENCODER, *, mend: bool = True, deep: bool = False) -> list[Finding]:
    return [
        one
        for one in examine(settings, mend=mend, deep=deep, encoder=encoder)
        if one.outcome is not Outcome.OK
    ]  # fmt: skip


def _told(findings: list[Finding]) -> list[tuple[Check, Outcome]]:
    return [(one.check, one.outcome) for one in findings]


def _run(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _changed(home: Path, table: str, change: Callable[[bytes], bytes], column: str = "content") -> None:
    """The first row's bytes."""
    with closing(sqlite3.connect(home / DATABASE)) as connection, connection:
        row, content = connection.execute(
            f"SELECT debate, {column} FROM {table} WHERE debate = (SELECT key FROM debates WHERE id = 'un')"
        ).fetchone()
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE debate = ?", (change(content), row))


def _other_column(name: str) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        found = {key: array.copy() for key, array in unpacked(content).items()}
        found[name][3] += 1
        return blob(found)

    return changed


def _vector(home: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as connection, connection:
        id_, content = connection.execute("SELECT id, vector FROM vectors LIMIT 1 OFFSET 5").fetchone()
        made = change(np.frombuffer(content, "<f2").copy()).astype("<f2").tobytes()
        connection.execute("UPDATE vectors SET vector = ? WHERE id = ?", (made, id_))


def _nan(values: np.ndarray) -> np.ndarray:
    values[3] = np.nan
    return values


_UN = "(SELECT key FROM debates WHERE id = 'un')"
_DAMAGE: dict[str, tuple[Check, Callable[[Path], None], str]] = {
    "positions": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE segments SET position = 90 WHERE position = 24 AND debate = {_UN}"),
        "un: 25 segments that are not numbered",
    ),
    "times": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE segments SET end = -1 WHERE position = 7 AND debate = {_UN}"),
        "un: segment 7: from 7.0 to -1.0 s",
    ),
    "text": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE segments SET text = text || '  !' WHERE position = 7 AND debate = {_UN}"),
        "un: segment 7: its text",
    ),
    "origin": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE segments SET origin = 'guessed' WHERE position = 7 AND debate = {_UN}"),
        "un: 'guessed' is not a valid Origin",
    ),
    "speaker": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE segments SET speaker = NULL WHERE position = 1 AND debate = {_UN}"),
        "un: segment 1: spoken by None",
    ),
    "aliases": (
        Check.DEBATES,
        lambda home: _run(home, f"UPDATE participants SET aliases = '[' WHERE debate = {_UN}"),
        "un: Expecting value",
    ),
    "date": (Check.DEBATES, lambda home: _run(home, "UPDATE debates SET date = 'hier' WHERE id = 'un'"), "un: Invalid"),
    "a word's segment": (
        Check.WORDS,
        lambda home: _run(home, f"UPDATE words SET position = 77 WHERE debate = {_UN}"),
        "un: segment 77: none",
    ),
    "words": (Check.WORDS, lambda home: _run(home, f"UPDATE words SET times = '[[1]]' WHERE debate = {_UN}"), "un: "),
    "original": (Check.ORIGINALS, lambda home: _changed(home, "originals", lambda b: b[:-9]), "un: "),
    "other original": (
        Check.ORIGINALS,
        lambda home: _run(
            home,
            "UPDATE originals SET content = (SELECT content FROM originals o JOIN debates d ON d.key = o.debate "
            f"WHERE d.id = 'deux') WHERE debate = {_UN}",
        ),
        "un: another text",
    ),
    "report": (
        Check.REPORTS,
        lambda home: _run(home, f"INSERT INTO imports VALUES ({_UN}, 'hash', 'no report')"),
        "un: Expecting value",
    ),
    "correction": (
        Check.CORRECTIONS,
        lambda home: _run(home, "UPDATE corrections SET kind = 'guess' WHERE id = 1"),
        "un: 'guess' is not a valid CorrectionKind",
    ),
    "window": (
        Check.WINDOWS,
        lambda home: _changed(home, "searched", _other_column("last"), "windows"),
        "un: 32 windows, 1 of them others",
    ),
    "windows": (Check.WINDOWS, lambda home: _changed(home, "searched", lambda b: b[:99], "windows"), "un: "),
    "a window's segment": (
        Check.WINDOWS,
        lambda home: _changed(home, "searched", _other_column("first_segment"), "windows"),
        "un: other segments",
    ),
    "no windows": (Check.WINDOWS, lambda home: _run(home, f"DELETE FROM searched WHERE debate = {_UN}"), "no windows"),
    "a vector gone": (
        Check.VECTORS,
        lambda home: _run(home, "DELETE FROM vectors WHERE id = (SELECT id FROM vectors LIMIT 1 OFFSET 4)"),
        "un: 32 windows, 31 vectors",
    ),
    "no number": (Check.VECTORS, lambda home: _vector(home, _nan), "un: values that are no numbers"),
    "longer": (Check.VECTORS, lambda home: _vector(home, lambda v: 2 * v), "un: window 5: a vector of length 2.0"),
    "narrower": (Check.VECTORS, lambda home: _vector(home, lambda v: v[:-1]), "un: cannot reshape"),
    "tokens": (Check.TOKENS, lambda home: _changed(home, "tokens", lambda b: b[:-2]), "un: token vectors"),
    "circle": (
        Check.RENAMES,
        lambda home: _run(home, "INSERT INTO renames VALUES ('Zoé Petit', 'Zoé')"),
        "Zoé: in a circle",
    ),
    "model": (
        Check.STATE,
        lambda home: _run(home, "UPDATE meta SET value = '' WHERE key = 'fingerprint'"),
        "vectors of no model",
    ),
    "meta": (Check.STATE, lambda home: _run(home, "DELETE FROM meta WHERE key = 'acts'"), "no acts"),
    "nobody's": (
        Check.REFERENCES,
        lambda home: _run(home, "INSERT INTO participants VALUES (99, 0, 'X', '', '[]')"),
        "participants: of no debate",
    ),
    "trigger": (
        Check.TABLES,
        lambda home: _run(home, "CREATE TRIGGER t AFTER DELETE ON meta BEGIN SELECT 1; END"),
        "not ours: trigger t",
    ),
    "table": (Check.TABLES, lambda home: _run(home, "DROP TABLE renames"), "no renames.name"),
}


@pytest.mark.parametrize("name", _DAMAGE)
def test_damage_to_the_truth_is_said_and_nothing_else(store: LocalStore, settings: Settings, name: str) -> None:
    check, damage, reason = _DAMAGE[name]
    store.close()
    damage(settings.home)
    before = (settings.home / DATABASE).read_bytes()
    (finding,) = [one for one in _seen(settings) if one.check not in (Check.LEFTOVERS,)]
    assert (finding.check, finding.outcome) == (check, Outcome.DAMAGED)
    assert reason in finding.reasons[0]
    assert finding.advice("en") != finding.advice("fr") != ""
    if name != "no windows":
        assert (settings.home / DATABASE).read_bytes() == before


_CACHES: dict[str, tuple[Check, Callable[[Path], None], str]] = {
    "count": (Check.COUNTS, lambda home: _run(home, "UPDATE debates SET words = 3 WHERE id = 'un'"), "un: (25, 3, "),
    "listed": (Check.COUNTS, lambda home: _run(home, "UPDATE debates SET segments = 0 WHERE id = 'un'"), "un: (0, "),
    "speaking": (Check.COUNTS, lambda home: _run(home, "DELETE FROM speaking"), "un: other people speak"),
    "pieces": (Check.PIECES, lambda home: _changed(home, "pieces", lambda b: b[:-1]), "un: others than the text"),
    "no pieces": (Check.PIECES, lambda home: _run(home, "DELETE FROM pieces WHERE debate = 1"), "un: others"),
    "terms": (
        Check.TERMS,
        lambda home: _changed(home, "searched", _other_column("counts"), "terms"),
        "un: window ",
    ),
    "unreadable terms": (Check.TERMS, lambda home: _changed(home, "searched", lambda b: b[:50], "terms"), "un: "),
    "orphans": (
        Check.LEFTOVERS,
        lambda home: _run(home, f"INSERT INTO vectors VALUES ({77 << ID_BITS}, x'00')"),
        "1 of no window",
    ),
    "acts": (Check.STATE, lambda home: _run(home, "UPDATE meta SET value = '0' WHERE key = 'acts'"), "0 acts"),
    "sequence": (Check.STATE, lambda home: _run(home, "UPDATE sqlite_sequence SET seq = 1"), "1 contents"),
    "no index": (Check.TABLES, lambda home: _run(home, "DROP INDEX segments_by_speaker"), "no index segments_by_sp"),
}


def _held(store: LocalStore) -> object:
    query = _ENCODER.embed_query("réacteur nucléaire")
    return (
        store.debates(),
        store.speakers(),
        [store.debate(summary.id) for summary in store.debates()],
        [store.pieces(summary.id).to_bytes() for summary in store.debates()],
        sorted(hit._replace(score=round(hit.score, 5)) for hit in store.dense(query, 30, 99, EVERYWHERE)),
        sorted(hit._replace(score=round(hit.score, 5)) for hit in store.lexical(["reacteur"], 90, 99, EVERYWHERE)),
        store.vocabulary(),
    )


@pytest.mark.parametrize("name", _CACHES)
def test_what_follows_from_the_truth_is_made_again_while_others_read(
    store: LocalStore, settings: Settings, name: str
) -> None:
    check, damage, reason = _CACHES[name]
    wanted = _held(store)
    damage(settings.home)
    assert _told(_seen(settings, mend=False)) == [(check, Outcome.MENDABLE)]
    (finding,) = _seen(settings)
    assert (finding.check, finding.outcome) == (check, Outcome.MENDED)
    assert reason in finding.reasons[0]
    assert _seen(settings) == []
    assert _held(store) == wanted  # by the store that was open all along


def test_a_damaged_index_of_a_table_is_made_again(store: LocalStore, settings: Settings) -> None:
    """SQLite's own: rows that are in the table and not in its index."""
    store.close()
    with closing(sqlite3.connect(settings.home / DATABASE)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'segments_by_speaker'").fetchone()
        partial = f"{sql} WHERE position > 5"
        connection.execute("DROP INDEX segments_by_speaker")
        connection.execute(partial)
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'segments_by_speaker'", (sql,))
    assert _told(_seen(settings, mend=False)) == [(Check.FILE, Outcome.MENDABLE)]
    assert _told(_seen(settings)) == [(Check.FILE, Outcome.MENDED)]
    assert _seen(settings) == []


@pytest.mark.parametrize("damage", [b"not a database" * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_index_is_said_and_left_alone(settings: Settings, damage: bytes) -> None:
    settings.home.mkdir()
    (settings.home / DATABASE).write_bytes(damage)
    (finding,) = _seen(settings)
    assert (finding.check, finding.outcome) == (Check.FILE, Outcome.DAMAGED)
    assert "qdq restore" in finding.advice("en")
    assert (settings.home / DATABASE).read_bytes() == damage


def test_damage_in_the_middle_of_the_file_is_said(store: LocalStore, settings: Settings) -> None:
    store.close()
    path = settings.home / DATABASE
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    assert _told(_seen(settings))[0] == (Check.FILE, Outcome.DAMAGED)


_TRUTH = ("segments", "participants", "words", "originals", "corrections", "renames", "imports", "tokens")


def _truth(path: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in _TRUTH]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    home = tmp_path_factory.mktemp("sound")
    with closing(LocalStore(home)) as store:
        _add(store, _debate("un", _TEXTS))
        correct(store, "un", [Saying(0, 3, "Zoé")])
    return (home / DATABASE).read_bytes()


@hypothesis_settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=5))
def test_whatever_is_damaged_it_says_so_and_changes_no_truth(
    tmp_path_factory: pytest.TempPathFactory, sound: bytes, flips: list[tuple[float, int]]
) -> None:
    home = tmp_path_factory.mktemp("damaged")
    settings, path, content = Settings(home=home, cache=home / "cache"), home / DATABASE, bytearray(sound)
    for at, change in flips:
        content[int(at * len(content))] ^= change
    path.write_bytes(content)
    try:
        told = _seen(settings, mend=False)
        kept = _truth(path) if told and told[0].check is not Check.FILE else []
        _seen(settings)
    except StoreError:
        return  # of another version, by its number
    assert kept == [] or _truth(path) == kept
    assert Outcome.MENDABLE not in {one.outcome for one in _seen(settings, mend=False)}


def test_bytes_that_are_no_text_are_damage(store: LocalStore, settings: Settings) -> None:
    _run(settings.home, f"UPDATE segments SET text = CAST(x'c3' AS TEXT) WHERE position = 4 AND debate = {_UN}")
    with pytest.raises(StoreDamaged, match="Could not decode"):
        store.debate("un")
    assert _told(_seen(settings)) == [(Check.DEBATES, Outcome.DAMAGED)]


def test_a_newer_index_is_refused(store: LocalStore, settings: Settings) -> None:
    store.close()
    _run(settings.home, "PRAGMA user_version = 99")
    before = (settings.home / DATABASE).read_bytes()
    with pytest.raises(StoreNewer, match="99"):
        examine(settings, encoder=_ENCODER)
    assert (settings.home / DATABASE).read_bytes() == before


def test_what_lies_in_a_damaged_file_says_nothing_to_a_terminal(store: LocalStore, settings: Settings) -> None:
    store.close()
    _run(settings.home, "UPDATE debates SET id = char(27) || '[2Jx' WHERE id = 'un'")
    (finding,) = _seen(settings)
    assert (finding.check, finding.reasons) == (Check.DEBATES, ("?[2Jx: no id",))


def test_without_an_index_there_is_nothing_to_look_at(settings: Settings) -> None:
    with pytest.raises(BackupEmpty):
        examine(settings, encoder=_ENCODER)
    assert not (settings.home / DATABASE).exists()


def test_a_correction_that_lost_its_place_is_no_damage(store: LocalStore, settings: Settings) -> None:
    _add(store, _debate("un", ["Tout autre chose est dit ici, et rien du reste."]))
    (finding,) = _seen(settings)
    assert (finding.check, finding.outcome) == (Check.PLACES, Outcome.NOTED)
    assert finding.reasons == ("un: 4 of 4 without a place",)
    assert "undo" in finding.advice("en")


def test_another_model_is_noted(store: LocalStore, settings: Settings) -> None:
    (finding,) = _seen(settings, HashEncoder("other@1"))
    assert (finding.check, finding.outcome) == (Check.FINGERPRINT, Outcome.NOTED)
    assert "qdq rebuild" in finding.advice("fr")


def test_vectors_of_other_texts_are_found_when_they_are_made_again(store: LocalStore, settings: Settings) -> None:
    """Each is a vector like any other: only the model tells."""
    store.close()
    with closing(sqlite3.connect(settings.home / DATABASE)) as connection, connection:
        (first,), (last,) = connection.execute("SELECT vector FROM vectors WHERE id % 16777216 IN (0, 24) LIMIT 2")
        connection.execute("UPDATE vectors SET vector = ? WHERE id % 16777216 = 0", (last,))
    assert first != last
    assert _seen(settings) == []
    (finding,) = _seen(settings, deep=True)
    assert (finding.check, finding.outcome) == (Check.EMBEDDING, Outcome.DAMAGED)


def _large(home: Path) -> Path:
    """An index with a file of vectors."""
    with closing(LocalStore(home, Sizes(exact=20, quiet=0.0))) as store:
        for number in range(4):
            _add(store, _debate(f"d{number}", [f"{text} {number}" for text in _TEXTS]))
        store.dense(_ENCODER.embed_query("x"), 30, 1, EVERYWHERE)
        store.settle()
    return home / VECTOR_FILE


def test_a_file_of_vectors_that_is_right_stays(settings: Settings) -> None:
    file = _large(settings.home)
    before = file.read_bytes()
    with closing(LocalStore(settings.home, Sizes(exact=20, quiet=99.0))) as store:
        store.remove("d3")
        _add(store, _debate("d4", _TEXTS))
    assert _seen(settings) == []
    assert file.read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "bit", "windows", "vectors"])
def test_a_file_of_vectors_that_is_wrong_goes(settings: Settings, damage: str) -> None:
    file = _large(settings.home)
    if damage in ("cut", "bit"):
        content = bytearray(file.read_bytes())
        content[-5000] ^= 1
        file.write_bytes(content[:-9] if damage == "cut" else content)
    else:
        with closing(sqlite3.connect(settings.home / DATABASE)) as connection:
            (fingerprint,) = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        part = load(file, fingerprint)
        assert part is not None
        if damage == "windows":
            table = replace(part.table, first=part.table.first[::-1].copy())
            save(file.with_name("made"), replace(part, table=table), fingerprint)
        else:
            others = np.random.default_rng(1).normal(size=(400, 64)).astype(np.float32)
            others /= np.linalg.norm(others, axis=1, keepdims=True)
            vectors = {}
            for width in (30, 90):
                count = part.span(width).stop - part.span(width).start
                vectors[width] = CompressedVectors.trained(others[:count], count)
                vectors[width].add(np.arange(count), others[:count])
            save(file.with_name("made"), replace(part, vectors=vectors), fingerprint)
        file.with_name("made").replace(file)
    assert _told(_seen(settings, mend=False)) == [(Check.SEARCH_FILE, Outcome.MENDABLE)]
    assert file.exists()
    assert _told(_seen(settings)) == [(Check.SEARCH_FILE, Outcome.MENDED)]
    assert not file.exists()


@pytest.mark.parametrize(
    ("name", "check"), [("answers.db", Check.ANSWERS), ("keys.db", Check.KEYS), ("watches.db", Check.WATCHES)]
)
def test_what_lies_beside_the_index_is_looked_at(
    store: LocalStore, settings: Settings, name: str, check: Check
) -> None:
    (settings.home / name).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert _told(_seen(settings)) == [(check, Outcome.DAMAGED)]


def test_caches_that_are_damaged_go(store: LocalStore, settings: Settings) -> None:
    folder = settings.cache / "models" / f"{bundled.NAME}-1"
    folder.mkdir(parents=True)
    (folder / "weights").write_text("half")
    (settings.cache / KEPT).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    wanted = [Check.KEPT_VECTORS, Check.MODEL]
    assert _told(_seen(settings, mend=False)) == [(check, Outcome.MENDABLE) for check in wanted]
    assert folder.exists()
    assert _told(_seen(settings)) == [(check, Outcome.MENDED) for check in wanted]
    assert not folder.exists()
    assert not (settings.cache / KEPT).exists()


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_an_index_that_was_brought_up_is_well(store: LocalStore, settings: Settings, version: int) -> None:
    store.close()
    taken_back(settings.home, version)
    assert _seen(settings, deep=True) == []


def test_an_index_is_well_after_all_that_can_be_done_to_it(settings: Settings, tmp_path: Path) -> None:
    long = " ".join(f"mot{at}" for at in range(130))
    (tmp_path / "un.srt").write_text(srt([*_TEXTS, long]), "utf-8")
    with closing(Engine(LocalStore(settings.home), _ENCODER, settings, Records.of(settings.home, settings))) as engine:
        engine.add(tmp_path / "un.srt")
        engine.split("un", 3, 5)
        engine.correct("un", 2, 4, "Ada Martin")
        engine.rename(["Ada Martin"], "Ada Petit")
        assert _seen(settings, deep=True) == []
        engine.undo("un", max(one.act or 0 for one in engine.corrections("un")))
        engine.ask("Que dit-on du réacteur ?")
        assert _seen(settings, deep=True) == []
        engine.rebuild()
        assert _seen(settings, deep=True) == []
        engine.remove("un")
        assert _seen(settings, deep=True) == []


def test_the_shipped_debate_is_well_with_the_real_model(debate_home: Path, model: Encoder, tmp_path: Path) -> None:
    settings = Settings(home=debate_home, cache=tmp_path)
    assert _seen(settings, model, deep=True) == []


def test_an_index_on_a_server_is_looked_at(
    store: LocalStore, settings: Settings, milvus_index: str, tmp_path: Path
) -> None:
    from index.migrate import migrate
    from index.milvus.store import MilvusStore

    there = settings.model_copy(update={"store": milvus_index, "home": tmp_path / "there"})
    with closing(MilvusStore(milvus_index)) as server:
        migrate(store, server)
    assert _seen(there, deep=True) == []
    with closing(MilvusStore(milvus_index)) as server:
        entry = indexed(_debate("faux", _TEXTS), _ENCODER)
        server.add(replace(entry, terms=[["autre"]] * len(entry.windows)), index_fingerprint(_ENCODER))
    assert _told(_seen(there)) == [(Check.TERMS, Outcome.DAMAGED)]


def test_the_command(qdq: Qdq, store: LocalStore, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("QDQ_CACHE", str(tmp_path))
    well = CliRunner().invoke(app, ["doctor", "--json"])
    document = json.loads(well.stdout)
    assert (well.exit_code, document["well"]) == (0, True)
    noted = {one["check"] for one in document["checks"] if one["outcome"] != "ok"}
    assert noted == {"fingerprint"}  # of the fake encoder
    _run(home, "DELETE FROM speaking", "DELETE FROM vectors WHERE id = (SELECT min(id) FROM vectors)")
    told = qdq("doctor", env={"LANG": "fr_FR.UTF-8", "QDQ_CACHE": str(tmp_path)})
    assert told.returncode == 1
    assert "refait : comptes et locuteurs\n" in told.stdout
    assert "abîmé : vecteurs des fenêtres\n  un: 32 windows, 31 vectors\n  → « qdq rebuild »" in told.stdout
