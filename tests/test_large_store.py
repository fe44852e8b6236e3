"""The parts of a large index: its file, what comes after it, and other programs; with sizes at which a few windows are
many. The contract itself is in test_store.py, for both sizes."""

import logging
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import StoreDamaged
from index.local import DATABASE, VECTOR_FILE, LocalStore, Sizes, alone, keeper
from index.local import base as base_file
from index.local.arrays import blob, unpacked
from index.local.postings import Places, Postings
from index.local.rows import ID_BITS
from index.local.sample import NO_SAMPLE, sampled
from index.local.truth import Truth
from index.local.vectors import CompressedVectors, ExactVectors
from index.pieces.windows import WIDTHS
from index.store import Description, IndexedDebate, Relabelling, Store
from index.types import EVERYWHERE, Attribution, Debate, Hit, Origin, Scope, Segment, Vectors
from index.writing.embedding import index_fingerprint, indexed
from tests.fakes import HashEncoder
from tests.old_versions import taken_back

SMALL = Sizes(exact=8, share=0.2, quiet=0.0)
SUBJECTS = ("budget culture théâtre", "énergie nucléaire réacteur", "école classe élève", "justice peine prison")
PEOPLE = ("Ada Martin", "Jean Petit", "Zoé Roux", None)
SCOPES = (
    EVERYWHERE,
    Scope(speakers=frozenset({"Ada Martin"})),
    Scope(speakers=frozenset({"Ada Martin", "Zoé Roux"}), date_from=date(2024, 1, 3)),
    Scope(debates=frozenset({"d1", "d2"})),
    Scope(date_to=date(2024, 1, 2)),
)
QUESTIONS = ("énergie nucléaire", "le budget de la culture", "prison")


def _told(who: str | None, origin: Origin) -> Attribution:
    return Attribution(who, origin, 1.0) if who else Attribution()


def _debate(name: str, seed: int, speakers: Sequence[str | None] = PEOPLE, count: int = 14) -> Debate:
    drawn = np.random.default_rng(seed)
    segments = tuple(
        Segment(
            at,
            4.0 * at,
            4.0 * at + 3,
            f"{SUBJECTS[int(drawn.integers(4))]} numéro {int(drawn.integers(9))} de {seed}.",
            Attribution(who, Origin.LABELLED, 1.0)
            if (who := speakers[int(drawn.integers(len(speakers)))])
            else Attribution(),
        )
        for at in range(count)
    )
    return Debate(name, name, segments, date=date(2024, 1, 1 + seed % 5))


def _entry(debate: Debate) -> IndexedDebate:
    return indexed(debate, HashEncoder())


def _add(store: Store, debate: Debate) -> None:
    store.add(_entry(debate), index_fingerprint(HashEncoder()))


def _all_of(store: Store) -> dict[object, dict[tuple[str, int, int], float]]:
    """The score of every window that any search finds."""
    encoder = HashEncoder()
    found: dict[object, dict[tuple[str, int, int], float]] = {}
    for question in QUESTIONS:
        vector = encoder.embed_query(question)
        for width in WIDTHS:
            for scope in SCOPES:
                found[question, width, scope, "dense"] = _scores(store.dense(vector, width, 1000, scope))
                words = question.split()
                found[question, width, scope, "lexical"] = _scores(store.lexical(words, width, 1000, scope))
    return found


def _scores(hits: Sequence[Hit]) -> dict[tuple[str, int, int], float]:
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.debate, hit.first, hit.last) for hit in hits}) == len(hits)
    return {(hit.debate, hit.first, hit.last): hit.score for hit in hits}


def _same(store: Store, other: Store) -> None:
    """Whether both find the same with the same scores."""
    left, right = _all_of(store), _all_of(other)
    for asked, found in left.items():
        # what is compressed is compared again, but for the last of many
        assert found == pytest.approx(right[asked], abs=2e-3), asked
    assert store.vocabulary() == other.vocabulary()
    assert store.document_frequencies(["numero"]) == other.document_frequencies(["numero"])
    vector = HashEncoder().embed_query("école")
    assert store.background(vector) == pytest.approx(other.background(vector), abs=1e-5)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    """Six debates, all in the file."""
    store = LocalStore(home, SMALL)
    for number in range(6):
        _add(store, _debate(f"d{number}", number))
    store.settle()
    store.close()
    (home / VECTOR_FILE).unlink()  # which may have been made before the last was added
    store = LocalStore(home, SMALL)
    store.background(HashEncoder().embed_query("x"))
    yield store
    store.close()


def _whole(store: LocalStore, tmp_path: Path, name: str = "plain") -> LocalStore:
    """A store without a file on the same debates."""
    plain = LocalStore(tmp_path / name)
    for summary in store.debates():
        _add(plain, store.debate(summary.id))
    return plain


def _parts(store: LocalStore) -> list[str]:
    """What the latest state is made of."""
    with store._searched() as state:
        return [type(vectors).__name__ for part in state.parts for vectors in (part.vectors or {}).values()]


def test_a_large_index_has_compressed_vectors_and_finds_the_same(store: LocalStore, tmp_path: Path) -> None:
    assert _parts(store) == ["CompressedVectors"] * len(WIDTHS)
    plain = _whole(store, tmp_path)
    assert _parts(plain) == ["ExactVectors"] * len(WIDTHS)
    assert not (tmp_path / "plain" / VECTOR_FILE).exists()
    _same(store, plain)
    plain.close()


def test_what_is_added_and_removed_is_seen_without_another_base(store: LocalStore, home: Path, tmp_path: Path) -> None:
    before = (home / VECTOR_FILE).read_bytes()
    calm = LocalStore(home, replace(SMALL, quiet=3600.0))
    assert _parts(calm) == ["CompressedVectors"] * 2
    _add(calm, _debate("neuf", 77))
    calm.remove("d3")
    _add(calm, replace(_debate("d1", 78)))
    assert _parts(calm)[:2] == ["CompressedVectors"] * 2
    plain = _whole(calm, tmp_path)
    _same(calm, plain)
    assert (home / VECTOR_FILE).read_bytes() == before
    calm.close()
    plain.close()


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 5), st.integers(10, 40)),
        st.tuples(st.just("remove"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("relabel"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("describe"), st.integers(0, 5), st.integers(0, 4)),
        st.tuples(st.just("settle"), st.just(0), st.just(0)),
        st.tuples(st.just("search"), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_after_any_changes_the_searches_are_those_of_a_new_index(
    steps: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    store, other = LocalStore(folder / "home", SMALL), LocalStore(folder / "home", SMALL)
    for number, (step, which, value) in enumerate(steps):
        _done(store if number % 2 else other, step, f"d{which}", value)
    plain = _whole(store, folder)
    _same(store, plain)
    _same(other, plain)
    for one in (store, other, plain):
        one.close()


def _done(store: LocalStore, step: str, debate: str, value: int) -> None:
    """One change, where it is possible."""
    known = {summary.id for summary in store.debates()}
    if step == "add":
        _add(store, _debate(debate, value, count=4 + value % 9))
    elif step == "settle":
        store.settle()
    elif step == "search":
        store.lexical(["budget"], WIDTHS[0], 5, EVERYWHERE)
    elif debate in known:
        now = store.debate(debate)
        if step == "remove":
            store.remove(debate)
        elif step == "relabel":
            who = PEOPLE[value]
            told = Attribution(who, Origin.CORRECTED, 1.0) if who else Attribution()
            parts = tuple(
                replace(part, attribution=told if part.index % 2 else part.attribution) for part in now.segments
            )
            assert store.relabel(Relabelling(debates=[replace(now, segments=parts)]), store.generation())
        else:
            changed = replace(now, date=date(2024, 1, 1 + value), language="en" if value % 2 else "fr")
            assert store.describe(Description(changed, changed, _entry(changed).terms), store.generation())


def test_a_reader_stays_in_its_state_while_another_base_is_taken(store: LocalStore, home: Path) -> None:
    writer = LocalStore(home, SMALL)
    vector = HashEncoder().embed_query("énergie nucléaire")
    with store.reading():
        before = store.dense(vector, WIDTHS[0], 1000, EVERYWHERE)
        for number in range(4):
            _add(writer, _debate(f"n{number}", number))
        writer.remove("d0")
        writer.settle()
        assert store.dense(vector, WIDTHS[0], 1000, EVERYWHERE) == before
    assert {hit.debate for hit in store.dense(vector, WIDTHS[0], 1000, EVERYWHERE)} == {
        *(f"d{number}" for number in range(1, 6)),
        *(f"n{number}" for number in range(4)),
    }
    writer.close()


def test_readers_and_a_writer_at_once_see_whole_states(store: LocalStore, home: Path) -> None:
    """Each debate is seen with all its windows or not at all, in every search of one state."""
    writer, done = LocalStore(home, SMALL), threading.Event()
    wrong: list[str] = []
    sizes = {f"n{number}": len(_entry(_debate(f"n{number}", number)).windows) for number in range(6)}

    def read() -> None:
        vector = HashEncoder().embed_query("budget")
        while not done.is_set():
            with store.reading():
                known = {summary.id for summary in store.debates()}
                hits = [hit for width in WIDTHS for hit in store.dense(vector, width, 10_000, EVERYWHERE)]
            counts = {name: sum(hit.debate == name for hit in hits) for name in sizes}
            wrong.extend(name for name in sizes if counts[name] != (sizes[name] if name in known else 0))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(6):
        _add(writer, _debate(f"n{number}", number))
    writer.remove("n2")
    writer.settle()
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    writer.close()


@pytest.mark.parametrize("damage", ["cut", "half", "empty", "rubbish", "a byte", "missing", "a folder"])
def test_a_damaged_file_is_made_again(store: LocalStore, home: Path, tmp_path: Path, damage: str) -> None:
    store.close()
    path, whole = home / VECTOR_FILE, (home / VECTOR_FILE).read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        place = len(whole) * 3 // 4
        path.write_bytes(
            {
                "cut": whole[:-7],
                "half": whole[: len(whole) // 2],
                "empty": b"",
                "rubbish": b"rubbish" * 100,
                "a byte": whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
            }[damage]
        )
    reopened = LocalStore(home, SMALL)
    plain = _whole(reopened, tmp_path)
    _same(reopened, plain)
    assert _parts(reopened) == ["CompressedVectors"] * len(WIDTHS)
    assert damage == "a folder" or base_file.load(path, index_fingerprint(HashEncoder())) is not None
    reopened.close()
    plain.close()


def test_the_file_of_another_index_is_not_used(store: LocalStore, home: Path, tmp_path: Path) -> None:
    """Its debates have the same keys."""
    other = LocalStore(tmp_path / "other", SMALL)
    for number in range(6):
        _add(other, _debate(f"d{number}", number + 50))
    other.settle()
    other.close()
    other = LocalStore(tmp_path / "other", SMALL)
    other.background(HashEncoder().embed_query("x"))
    store.close()
    shutil.copy(tmp_path / "other" / VECTOR_FILE, home / VECTOR_FILE)
    reopened = LocalStore(home, SMALL)
    plain = _whole(reopened, tmp_path)
    _same(reopened, plain)
    for one in (reopened, plain, other):
        one.close()


def test_an_older_copy_of_the_database_is_searched_as_it_is(store: LocalStore, home: Path, tmp_path: Path) -> None:
    """Put back by hand: keys that were used since are used again, for other contents."""
    store.close()
    shutil.copy(home / DATABASE, tmp_path / "backup")
    later = LocalStore(home, SMALL)
    for number in range(4):
        _add(later, _debate(f"later{number}", number))
    later.settle()
    later.close()
    shutil.copy(tmp_path / "backup", home / DATABASE)
    restored = LocalStore(home, SMALL)
    for number in range(2):
        _add(restored, _debate(f"again{number}", number + 90))
    plain = _whole(restored, tmp_path)
    _same(restored, plain)
    restored.close()
    plain.close()


_CHILD = """
import os, signal, sys
from pathlib import Path
from index.local import LocalStore, Sizes
from tests import test_large_store as large

home, what = Path(sys.argv[1]), sys.argv[2]
store = LocalStore(home, large.SMALL)
if what == "killed":
    packed = large.base_file.packed

    def killed(arrays):
        pieces = packed(arrays)
        yield next(pieces)
        yield next(pieces)
        os.kill(os.getpid(), signal.SIGKILL)

    large.base_file.packed = killed
for number in range(int(sys.argv[3]), int(sys.argv[4])):
    large._add(store, large._debate(f"c{number}", number))
    store.lexical(["budget"], 30, 5, large.EVERYWHERE)
store.settle()
store.close()
"""


def _child(home: Path, what: str, first: int, last: int) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, "-c", _CHILD, str(home), what, str(first), str(last)]
    return subprocess.Popen(arguments, cwd=Path(__file__).parent.parent)


def test_other_programs_add_and_make_bases_meanwhile(store: LocalStore, home: Path, tmp_path: Path) -> None:
    children = [_child(home, "adds", 0, 5), _child(home, "adds", 5, 10)]
    while any(child.poll() is None for child in children):
        store.lexical(["budget"], WIDTHS[0], 5, EVERYWHERE)
    assert [child.returncode for child in children] == [0, 0]
    assert len(store.debates()) == 16
    plain = _whole(store, tmp_path)
    _same(store, plain)
    plain.close()


def test_a_kill_while_the_file_is_written_leaves_the_old_one(store: LocalStore, home: Path, tmp_path: Path) -> None:
    child = _child(home, "killed", 0, 5)
    assert child.wait() == -signal.SIGKILL
    plain = _whole(store, tmp_path)
    _same(store, plain)
    store.settle()
    store.close()
    reopened = LocalStore(home, SMALL)
    _same(reopened, plain)
    assert sorted(path.name for path in home.iterdir() if path.suffix != ".lock") == sorted(
        [DATABASE, VECTOR_FILE, f"{DATABASE}-wal", f"{DATABASE}-shm"]
    )
    reopened.close()
    plain.close()


@contextmanager
def _another_at_work(home: Path) -> Iterator[None]:
    """As a program that makes a base for this index."""
    with closing(sqlite3.connect(home / f".{VECTOR_FILE}.lock", isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _found(store: LocalStore) -> set[str]:
    return {hit.debate for hit in store.lexical(["numero"], WIDTHS[0], 1000, EVERYWHERE)}


def test_no_base_is_made_while_another_program_makes_one_but_after_it(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, waits = (home / VECTOR_FILE).stat().st_mtime_ns, threading.Event()
    monkeypatch.setattr(alone, "_LOG", SimpleNamespace(log=lambda *_: waits.set()))
    with _another_at_work(home):
        for number in range(4):
            _add(store, _debate(f"n{number}", number))
        assert _found(store) >= {"n0", "n3", "d0"}
        assert waits.wait(20)
        assert (home / VECTOR_FILE).stat().st_mtime_ns == before
    store.settle()
    assert (home / VECTOR_FILE).stat().st_mtime_ns != before
    assert _found(store) >= {"n0", "n3", "d0"}
    assert _parts(store) == ["CompressedVectors"] * len(WIDTHS)


def test_the_base_that_another_program_has_made_is_taken(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _another_at_work(home):
        for number in range(4):
            _add(store, _debate(f"n{number}", number))
        made = base_file.made(store._truth, [one.mark for one in store._truth.contents()], lambda: True)
        assert made is not None
        base_file.save(home / VECTOR_FILE, made, store.fingerprint())
        monkeypatch.setattr(base_file, "made", None)
    store.settle()
    assert _found(store) >= {"n0", "n3", "d0"}
    assert _parts(store) == ["CompressedVectors"] * len(WIDTHS)


def test_who_waits_for_another_program_says_so_and_stops_when_told(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / VECTOR_FILE).unlink()
    waiting, told, found = LocalStore(home, replace(SMALL, quiet=3600.0)), threading.Event(), set[str]()

    def tell(level: int, message: str, *values: object) -> None:
        assert (level, message % values) == (logging.WARNING, f"{home / VECTOR_FILE} is being made: waiting")
        assert not told.is_set()
        told.set()

    monkeypatch.setattr(alone, "_LOG", SimpleNamespace(log=tell))
    with _another_at_work(home):
        reader = threading.Thread(target=lambda: found.update(_found(waiting)))
        reader.start()
        assert told.wait(60)
        waiting.close()
        reader.join(60)
        assert not reader.is_alive()
    assert found == {f"d{number}" for number in range(6)}


def test_the_base_is_removed_only_by_who_is_alone(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    calm = replace(SMALL, quiet=3600.0)
    with closing(LocalStore(home, calm)) as smaller:
        for number in range(6):
            smaller.remove(f"d{number}")
            _add(smaller, _debate("small", 0, count=1))
    monkeypatch.setattr(keeper, "_PATIENCE_SECONDS", 0.0)
    with _another_at_work(home), closing(LocalStore(home, calm)) as opened:
        assert _found(opened) == {"small"}
        assert (home / VECTOR_FILE).exists()
    with closing(LocalStore(home, calm)) as opened:
        assert _found(opened) == {"small"}
        assert not (home / VECTOR_FILE).exists()


@pytest.mark.parametrize("name", [VECTOR_FILE, f".{VECTOR_FILE}.draft"], ids=["of an earlier version", "half written"])
def test_what_is_of_no_use_goes_when_an_index_is_opened(tmp_path: Path, name: str) -> None:
    with closing(LocalStore(tmp_path)) as store:
        _add(store, _debate("d", 0))
        size = store.size()
    (tmp_path / name).write_bytes(b"QDQFAISS1\nold")
    with _another_at_work(tmp_path), closing(LocalStore(tmp_path)) as store:
        assert _found(store) == {"d"}
        assert (tmp_path / name).exists()
    with closing(LocalStore(tmp_path)) as store:
        assert _found(store) == {"d"}
        assert not (tmp_path / name).exists()
        assert store.size() == size


@pytest.mark.parametrize("asked", ["_debate", "vectors", "all_vectors_of"])
def test_a_builder_keeps_no_state_and_begins_anew_when_a_debate_goes(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: str
) -> None:
    """What is written meanwhile goes from the WAL into the database, which a reader of an older state would hinder."""
    other, before, moved = (
        LocalStore(home, replace(SMALL, quiet=3600.0)),
        getattr(Truth, asked),
        list[tuple[int, ...]](),
    )

    def meanwhile(truth: Truth, *values: object) -> object:
        if not moved:
            with closing(sqlite3.connect(home / DATABASE)) as connection:
                other.remove("d5")
                moved.append(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
        return before(truth, *values)

    _add(other, _debate("n0", 10, count=40))
    _add(other, _debate("n1", 11, count=40))
    with monkeypatch.context() as patched:
        patched.setattr(Truth, asked, meanwhile)
        store._keeper._begin()
        store.settle()
    assert moved == [(0, 0, 0)]
    assert caplog.messages == []
    assert _found(store) == {"d0", "d1", "d2", "d3", "d4", "n0", "n1"}
    base = base_file.load(home / VECTOR_FILE, store.fingerprint())
    assert base is not None
    assert set(base.marks) == {content.mark for content in store._truth.contents()}
    other.close()


def test_a_debate_without_its_windows_is_damage(store: LocalStore, home: Path) -> None:
    marks = [content.mark for content in store._truth.contents()]
    with closing(sqlite3.connect(home / DATABASE)) as connection, connection:
        connection.execute("DELETE FROM searched WHERE key = ?", (marks[0].key,))
        connection.execute("DELETE FROM vectors WHERE id = ?", (marks[1].key << ID_BITS,))
    with pytest.raises(StoreDamaged, match=f"no windows {marks[0].key}"):
        store._truth.part(marks)
    with pytest.raises(StoreDamaged, match="vectors"):
        base_file.made(store._truth, marks[1:], lambda: True)


def test_an_index_that_has_become_small_has_no_file(store: LocalStore, home: Path, tmp_path: Path) -> None:
    for number in range(1, 6):
        store.remove(f"d{number}")
    store.remove("d0")
    _add(store, _debate("d0", 0, count=1))
    plain = _whole(store, tmp_path)
    store.background(HashEncoder().embed_query("x"))
    store.settle()
    _same(store, plain)
    assert _parts(store) == ["ExactVectors"] * len(WIDTHS)
    assert not (home / VECTOR_FILE).exists()
    plain.close()


def test_windows_that_cannot_be_read_are_named(store: LocalStore, home: Path) -> None:
    store.close()
    with sqlite3.connect(home / DATABASE) as connection:
        connection.execute("UPDATE searched SET terms = x'00'")
    connection.close()
    (home / VECTOR_FILE).unlink()
    reopened = LocalStore(home)
    with pytest.raises(StoreDamaged, match="windows"):
        reopened.lexical(["budget"], WIDTHS[0], 5, EVERYWHERE)
    reopened.close()


def test_an_index_of_the_fifth_version_is_searched_as_before(store: LocalStore, home: Path, tmp_path: Path) -> None:
    plain = _whole(store, tmp_path)
    before = store.debates(), store.speakers()
    store.close()
    taken_back(home, 5)
    (home / VECTOR_FILE).write_bytes(b"QDQFAISS1\nold")
    brought_up = LocalStore(home)
    assert (brought_up.debates(), brought_up.speakers()) == before
    _same(brought_up, plain)
    brought_up.close()
    plain.close()


# the pieces

_TEXTS = st.lists(st.lists(st.sampled_from(["a", "é", "été", "zz", "a b", "ß", "10"]), max_size=6), max_size=12)


def _by_hand(texts: Sequence[Sequence[str]]) -> dict[str, list[tuple[int, int]]]:
    return {
        term: [(doc, list(words).count(term)) for doc, words in enumerate(texts) if term in words]
        for term in {term for words in texts for term in words}
    }


def _as_lists(postings: Postings) -> dict[str, list[tuple[int, int]]]:
    return {
        term.decode(): list(zip(*(column.tolist() for column in postings.of(term.decode())), strict=True))
        for term in postings.terms()
    }


@given(_TEXTS)
def test_postings_say_where_each_term_stands(texts: list[list[str]]) -> None:
    postings = Postings.of_terms(texts)
    assert _as_lists(postings) == _by_hand(texts)
    assert postings.lengths.tolist() == [len(words) for words in texts]
    assert len(postings.of("absent")[0]) == 0
    again = Postings.of_arrays(unpacked(blob(postings.arrays())))
    assert _as_lists(again) == _by_hand(texts)
    assert postings.frequencies(None) == {term: len(found) for term, found in _by_hand(texts).items()}


@given(_TEXTS, _TEXTS, st.randoms())
def test_merged_postings_are_those_of_all_texts_in_their_new_order(
    ones: list[list[str]], others: list[list[str]], random: object
) -> None:
    kept = [(words, part, at) for part, texts in enumerate((ones, others)) for at, words in enumerate(texts)][::2]
    random.shuffle(kept)  # type: ignore[attr-defined]
    places = [np.full(len(texts), -1, np.int64) for texts in (ones, others)]
    for new, (_words, part, at) in enumerate(kept):
        places[part][at] = new
    merged = Postings.merged(
        [(Postings.of_terms(texts), place) for texts, place in zip((ones, others), places, strict=True)], len(kept)
    )
    assert _as_lists(merged) == _by_hand([words for words, _part, _at in kept])
    assert merged.lengths.tolist() == [len(words) for words, _part, _at in kept]


def test_bm25_is_that_of_sqlite(tmp_path: Path) -> None:
    """On random texts, so that ranking and confidence stay what they were when FTS5 ranked."""
    drawn = np.random.default_rng(5)
    words = [f"w{rank}" for rank in range(60)]
    texts = [[words[min(int(rank), 59)] for rank in drawn.zipf(1.4, int(drawn.integers(1, 30)))] for _ in range(300)]
    segments = tuple(Segment(at, float(at), at + 0.5, "x") for at in range(len(texts)))
    entry = _entry(Debate("d", "d", segments))
    made = [replace(window, width=WIDTHS[0]) for window in entry.windows[: len(texts)]]
    texts = texts[: len(made)]
    store = LocalStore(tmp_path / "home")
    store.add(IndexedDebate(entry.debate, made, np.asarray(entry.vectors[: len(made)]), texts), "any")
    fts = sqlite3.connect(":memory:")
    fts.execute("CREATE VIRTUAL TABLE terms USING fts5 (content, tokenize = 'ascii')")
    fts.executemany("INSERT INTO terms (rowid, content) VALUES (?, ?)", enumerate(map(" ".join, texts)))
    for query in (["w1"], ["w2", "w9", "w40"], ["w1", "w3", "w5", "w7", "w50", "nowhere"]):
        match = " OR ".join(f'"{term}"' for term in query)
        rows = fts.execute(
            "SELECT rowid, -bm25(terms) FROM terms WHERE terms MATCH ? ORDER BY 2 DESC, 1", (match,)
        ).fetchall()
        hits = store.lexical(query, WIDTHS[0], 1000, EVERYWHERE)
        assert [(hit.first, hit.last) for hit in hits] == [(made[row].first, made[row].last) for row, _score in rows]
        assert [hit.score for hit in hits] == pytest.approx([score for _row, score in rows], rel=1e-12)
    store.close()
    fts.close()


def _vectors(count: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed)
    found = drawn.standard_normal((20, 32))[drawn.integers(0, 20, count)] + 0.7 * drawn.standard_normal((count, 32))
    scaled: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def test_compressed_vectors_find_what_exact_ones_do_also_among_some() -> None:
    vectors, exact = _vectors(4000, 1), ExactVectors(_vectors(4000, 1))
    compressed = CompressedVectors.trained(vectors[::2], len(vectors))
    compressed.add(np.arange(3000), vectors[:3000])
    compressed.add(np.arange(3000, 4000), vectors[3000:])
    compressed = CompressedVectors.of_bytes(compressed.to_bytes())
    mask = np.random.default_rng(2).random(4000) < 0.05
    for bits, count in ((None, 4000), (np.packbits(mask, bitorder="little"), int(mask.sum()))):
        shares = []
        for question in _vectors(40, 3):
            nearest, similarities = exact.search(question, 10, bits, count)
            found, near = compressed.search(question, 20, bits, count)
            assert bits is None or mask[found].all()
            assert similarities.tolist() == pytest.approx((vectors[nearest] @ question).tolist(), abs=1e-5)
            assert np.abs(near - vectors[found] @ question).mean() < 2e-3
            shares.append(len(set(nearest.tolist()) & set(found.tolist())) / 10)
        assert np.mean(shares) >= 0.98


class _Read(Truth):
    """Vectors that tell the id that they were asked for, and how many were."""

    def __init__(self) -> None:
        self.read = 0

    def vectors(self, ids: Places) -> Vectors:
        self.read += len(ids)
        return np.stack([ids % 1000, ids // 1000], axis=1).astype(np.float32)


@pytest.mark.parametrize("count", [0, 5, 2048, 2049, 49_999, 60_000, 300_000])
def test_a_sample_is_even_and_the_same_however_windows_are_parted(count: int) -> None:
    ids = (np.arange(count) // 900 << 24) + np.arange(count) % 900
    truth = _Read()
    whole = sampled([ids], NO_SAMPLE, truth)
    assert (count <= 2048) == (len(whole.ids) == count)
    assert min(count, 1000) <= len(whole.ids) <= 4096
    assert (np.diff(whole.ids) > 0).all()
    if count:
        assert abs(whole.ids.mean() / ids.mean() - 1) < 0.1
    parted = sampled([ids[count // 3 :], ids[: count // 3]], NO_SAMPLE, truth)
    assert (parted.ids == whole.ids).all()
    assert (parted.vectors == whole.vectors).all()


def test_a_sample_reads_again_only_what_is_new() -> None:
    ids = (np.arange(200_000) // 900 << 24) + np.arange(200_000) % 900
    truth = _Read()
    first = sampled([ids[:-900]], NO_SAMPLE, truth)
    truth.read = 0
    second = sampled([ids[900:]], first, truth)
    assert truth.read < 40
    assert (second.vectors == _Read().vectors(second.ids)).all()


def test_nothing_is_found_among_none() -> None:
    exact = ExactVectors(np.zeros((0, 4), np.float32))
    assert [len(found) for found in exact.search(np.ones(4, np.float32), 5, None, 0)] == [0, 0]


@pytest.mark.parametrize("content", [b"", b"\0" * 3, b"\x05" + b"\0" * 7 + b"[[1]]", bytes(range(7, 71))])
def test_what_are_no_arrays_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(content)
