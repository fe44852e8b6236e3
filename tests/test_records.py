"""Answers that are kept: given back as they were, with what changed since, for as long as the settings say."""

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from eval.runs.systems import Asked
from index.errors import AnswerUnknown, StoreDamaged, StoreNewer
from index.local import LocalStore, schema
from index.writing.build import Details
from rag.engine import Engine
from rag.records import DATABASE, Circumstances, Records
from rag.settings import ANSWERING, Settings
from rag.standing import Standing
from rag.types import Answer, Citation, Filters
from tests.answers import cite
from tests.fakes import Clock, HashEncoder
from tests.suite_files import srt

ADA, JEAN = "Ada Martin", "Jean Petit"
SAID = ("Le budget de la culture doit doubler.", "Je refuse d'augmenter ce budget.", "Les théâtres ferment.")
QUESTION = "Que dit Ada Martin du budget de la culture ?"
DAY = 86_400.0
NOWHERE = Circumstances("g", "f", {}, {})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(tmp_path: Path, clock: Clock) -> Iterator[Records]:
    records = Records(tmp_path, 30, now=clock)
    yield records
    records.close()


def given(*citations: Citation, question: str = "?") -> Answer:
    return Answer(question, "Oui.", False, 0.5, None, citations, 1.0)


def add(engine: Engine, folder: Path, said: tuple[str, ...] = SAID, id_: str = "d") -> None:
    (folder / "d.srt").write_text(srt(said), "utf-8")
    (folder / "who.tsv").write_text(f"start\tspeaker\n0\t{ADA}\n10\t{JEAN}\n", "utf-8")
    engine.add(folder / "d.srt", Details(id=id_, speakers=folder / "who.tsv"))


@pytest.fixture
def keeping(home: Path, encoder: HashEncoder, tmp_path: Path) -> Iterator[Engine]:
    """An engine on one debate that keeps its answers."""
    settings = Settings(home=home, abstain_below=0.0)
    engine = Engine(LocalStore(home), encoder, settings, Records.of(home, settings))
    add(engine, tmp_path)
    yield engine
    engine.close()


def identified(answer: Answer) -> str:
    assert answer.id is not None
    assert re.fullmatch(r"[0-9a-f]{18}", answer.id)  # never like an option of the command line
    return answer.id


def test_an_answer_is_given_back_as_it_was_with_all_it_depended_on(keeping: Engine, home: Path) -> None:
    with closing(LocalStore(home)) as store:
        generation = store.generation()
    answer = keeping.ask(QUESTION, top_k=2, filters=Filters(debate="d"))
    record = keeping.answer_record(identified(answer))
    assert record.answer == answer
    assert [stage.name for stage in record.answer.trace][:2] == ["parse", "embed"]
    assert record.circumstances == Circumstances(
        generation,
        "hash@1 (" + record.circumstances.fingerprint.partition(" (")[2],
        {"model": "default", "encoder": "auto", "reranker": None, "rerank_passages": 20}
        | {"passage_words": 50, "abstain_below": 0.0, "max_question_chars": 1000}
        | {"weights": keeping.settings.weights.model_dump()},
        {"top_k": 2, "generate": None, "speaker": None, "debate": "d", "date_from": None, "date_to": None},
    )
    assert set(record.circumstances.settings) == set(ANSWERING)
    with closing(LocalStore(home)) as store:
        assert store.generation() == generation  # keeping it changed nothing of the index


def test_each_answer_has_an_id_of_its_own_and_the_newest_comes_first(records: Records, clock: Clock) -> None:
    ids = []
    for number in range(3):
        clock.now += 1
        ids.append(identified(records.kept(given(question=str(number)), NOWHERE)))
    assert len(set(ids)) == 3
    assert min(map(len, ids)) >= 12
    assert [(one.id, one.question, one.abstained) for one in records.all()] == [
        (ids[number], str(number), False) for number in (2, 1, 0)
    ]


def test_an_answer_goes_when_its_time_is_over(records: Records, clock: Clock, tmp_path: Path) -> None:
    first = identified(records.kept(given(), NOWHERE))
    clock.now += 29 * DAY
    second = identified(records.kept(given(), NOWHERE))
    assert {one.id for one in records.all()} == {first, second}
    clock.now += DAY
    assert [one.id for one in records.all()] == [second]
    with pytest.raises(AnswerUnknown, match=first):
        records.get(first)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert connection.execute("SELECT id FROM answers").fetchall() == [(second,)]


def test_an_answer_is_deleted_or_all_are(records: Records) -> None:
    first, *rest = (identified(records.kept(given(), NOWHERE)) for _ in range(3))
    records.delete(first)
    for gone in (first, "never"):
        with pytest.raises(AnswerUnknown):
            records.delete(gone)
        with pytest.raises(AnswerUnknown):
            records.get(gone)
    assert {one.id for one in records.all()} == set(rest)
    assert (records.clear(), records.clear(), records.all()) == (2, 0, [])


def test_switched_off_nothing_is_kept_and_what_was_goes(records: Records, tmp_path: Path, clock: Clock) -> None:
    kept = identified(records.kept(given(), NOWHERE))
    off = Records(tmp_path, 0, now=clock)
    with pytest.raises(AnswerUnknown):
        off.get(kept)
    assert off.kept(given(), NOWHERE).id is None
    assert records.all() == []
    off.close()
    new = Records(tmp_path / "new", 0)
    assert (new.kept(given(), NOWHERE).id, new.all(), new.clear()) == (None, [], 0)
    assert not (tmp_path / "new").exists()


def test_an_evaluation_keeps_nothing(engine: Engine, tmp_path: Path, home: Path) -> None:
    add(engine, tmp_path)
    Asked(engine).answer(QUESTION)
    assert engine.ask(QUESTION).id is None
    assert not (home / DATABASE).exists()


def test_a_folder_that_cannot_be_written_keeps_no_answer_from_being_given(
    home: Path, encoder: HashEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    records = Records(tmp_path / "file", 30)  # a file is no folder
    engine = Engine(LocalStore(home), encoder, Settings(home=home, abstain_below=0.0), records)
    add(engine, tmp_path)
    with caplog.at_level(logging.WARNING, "qdq"):
        answers = [engine.ask(QUESTION) for _ in range(2)]
    assert [(answer.id, answer.abstained) for answer in answers] == [(None, False)] * 2
    assert [record.getMessage()[:21] for record in caplog.records] == ["no answer is kept in "]
    engine.close()


def test_what_is_read_only_is_still_given_back(records: Records, tmp_path: Path) -> None:
    kept = identified(records.kept(given(), NOWHERE))
    reader = Records(tmp_path, 30, now=lambda: 1_700_000_000.0)
    assert reader.get(kept).id == kept
    connection = reader._connection
    assert connection is not None
    connection.execute("PRAGMA query_only = ON")
    assert reader.kept(given(), NOWHERE).id is None
    assert [one.id for one in reader.all()] == [kept]
    reader.close()


@pytest.mark.parametrize(("content", "error"), [(b"not a database at all" * 99, StoreDamaged), (None, StoreNewer)])
def test_a_file_that_is_something_else_is_left_as_it_is(
    tmp_path: Path, content: bytes | None, error: type[Exception]
) -> None:
    path = tmp_path / DATABASE
    if content is not None:
        path.write_bytes(content)
    else:
        with closing(Records(tmp_path, 1)) as earlier:
            earlier.kept(given(), NOWHERE)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    records = Records(tmp_path, 1)
    assert records.kept(given(), NOWHERE).id is None
    with pytest.raises(error):
        records.all()
    assert path.read_bytes() == before


def test_threads_and_programs_keep_answers_at_once(records: Records, tmp_path: Path, clock: Clock) -> None:
    other = Records(tmp_path, 30, now=clock)
    kept: list[str | None] = []

    def keep(into: Records) -> None:
        kept.extend([into.kept(given(), NOWHERE).id for _ in range(50)])

    threads = [threading.Thread(target=keep, args=(into,)) for into in (records, other) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 400
    assert None not in kept
    assert {one.id for one in other.all()} == set(kept)
    other.close()


@pytest.mark.parametrize("opened", [schema.connect, lambda path: Records(path.parent, 30)._opened()])
def test_a_file_that_several_programs_make_at_once_is_whole_for_each(
    tmp_path: Path, opened: Callable[[Path], sqlite3.Connection]
) -> None:
    def make(path: Path) -> list[int]:
        barrier.wait()
        with closing(opened(path)) as connection:
            return [row[0] for row in connection.execute("SELECT count(*) FROM sqlite_master")]

    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        for round_ in range(25):
            folder = tmp_path / str(round_)
            folder.mkdir()
            (tables,) = {made[0] for made in pool.map(make, [folder / DATABASE] * 4)}
            assert tables > 1


def _standings(engine: Engine, answer: Answer) -> dict[str, tuple[Standing, str | None, str | None]]:
    by_n = {citation.n: citation.text for citation in answer.citations}
    return {by_n[one.n]: (one.standing, one.speaker, one.permalink) for one in engine.standing(answer)}


def test_what_an_answer_cites_is_followed_through_a_new_index(keeping: Engine, tmp_path: Path) -> None:
    client = TestClient(create_app(keeping))
    answer = keeping.ask("Qui parle du budget et des théâtres ?")
    links = {citation.text: citation.permalink for citation in answer.citations}
    assert set(links) == {SAID[0], f"{SAID[1]} {SAID[2]}"}
    assert {standing for standing, *_ in _standings(keeping, answer).values()} == {Standing.UNCHANGED}
    keeping.rebuild()
    assert {standing for standing, *_ in _standings(keeping, answer).values()} == {Standing.UNCHANGED}
    add(keeping, tmp_path, ("Bonsoir.", "Et bienvenue.", *SAID[:1], "Je change d'avis sur ce budget."))
    now = _standings(keeping, answer)
    assert now.pop(SAID[0]) == (Standing.MOVED, JEAN, "/d/d?t=20,30")
    assert set(now.values()) == {(Standing.CHANGED, None, None)}
    assert all(client.get(link).status_code == 200 for link in links.values())
    keeping.remove("d")
    assert {one.standing for one in keeping.standing(answer)} == {Standing.GONE}
    assert keeping.answer_record(identified(answer)).answer == answer


def test_a_passage_that_is_now_given_to_somebody_else_says_so(keeping: Engine) -> None:
    answer = keeping.ask(QUESTION, top_k=1)
    assert [one.speaker for one in keeping.standing(answer)] == [ADA]
    keeping.correct("d", 0, 0, JEAN)
    assert [(one.standing, one.speaker) for one in keeping.standing(answer)] == [(Standing.UNCHANGED, JEAN)]


def test_of_two_places_with_the_same_words_the_nearer_counts(keeping: Engine, tmp_path: Path) -> None:
    add(keeping, tmp_path, ("Oui.", "Non.", "Oui."))
    assert [one.permalink for one in keeping.standing(given(cite(20, 30, "Oui.")))] == ["/d/d?t=20,30"]
    assert [one.standing for one in keeping.standing(given(cite(20, 40, "Oui.")))] == [Standing.MOVED]


def test_the_routes_give_back_and_delete(keeping: Engine) -> None:
    client = TestClient(create_app(keeping))
    answer = client.post("/v1/ask", json={"question": QUESTION, "top_k": 1}).json()
    record = client.get(f"/v1/answers/{answer['id']}").json()
    assert record["answer"] == answer
    assert (record["id"], set(record)) == (
        answer["id"],
        {"id", "created", "version", "circumstances", "answer", "citations_now"},
    )
    link = answer["citations"][0]["permalink"]
    assert record["citations_now"] == [{"n": 1, "standing": "unchanged", "speaker": ADA, "permalink": link}]
    assert client.delete(f"/v1/answers/{answer['id']}").status_code == 204
    for method in ("GET", "DELETE"):
        gone = client.request(method, f"/v1/answers/{answer['id']}", headers={"Accept-Language": "fr"})
        assert (gone.status_code, gone.json()["type"]) == (404, "urn:qui-dit-quoi:answer-unknown")
        assert gone.json()["detail"].startswith(f"Aucune réponse « {answer['id']} » n'est conservée")
    assert client.get("/v1/answers").status_code == 404
