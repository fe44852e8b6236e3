"""Suites in the layout of BEIR."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import FileUnreadable, SuiteInvalid
from tests.suite_files import Line, names_line, read_suite, refused, write_beir

CORPUS: tuple[Line, ...] = (
    {"_id": "Doc_1", "title": "Ruches", "text": "Les abeilles  dansent."},
    {"_id": "d2", "title": "", "text": "The bees of the city are the ones that make honey."},
    {"_id": "d3", "title": "Le miel et la cire", "text": " "},
)
QUERIES: tuple[Line, ...] = (
    {"_id": "q1", "text": "Que font les abeilles ?", "metadata": {"category": "fact"}},
    {"_id": "q2", "text": "What do the bees make?"},
    {"_id": "q3", "text": "Qui a jugé ?"},
)
JUDGED = ("q1 Doc_1 2", "q1 d2 1", "q1 d3 0", "q2 d2 1", "q3 d3 0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test writes its suite."""
    return tmp_path / "radio"


def test_documents_are_recordings_of_one_segment(folder: Path) -> None:
    suite = read_suite(write_beir(folder, CORPUS, QUERIES, JUDGED))
    debates = [recording.debate for recording in suite.recordings]
    assert [(one.id, one.title, one.language, one.segments[0].text, one.segments[0].end) for one in debates] == [
        ("doc-1", "Ruches", "fr", "Les abeilles dansent.", 1.034),
        ("d2", "d2", "en", "The bees of the city are the ones that make honey.", 3.793),
        ("d3", "Le miel et la cire", "fr", "Le miel et la cire", 1.724),
    ]
    assert [len(one.segments) for one in debates] == [1, 1, 1]
    assert (suite.name, suite.sets, suite.home, suite.has_side_files) == ("radio", {}, None, False)
    assert (len(suite.questions), suite.left_out) == (2, 1), "nobody judged q3"


def test_the_highest_score_answers_others_help_and_0_is_no_gold(folder: Path) -> None:
    first, second = read_suite(write_beir(folder, CORPUS, QUERIES, JUDGED)).questions
    assert (first.id, first.question, first.lang, first.category) == ("q1", "Que font les abeilles ?", "fr", "fact")
    assert [(one.debate, one.start, one.end, one.grade) for one in first.gold] == [
        ("doc-1", 0.0, 1.034, 2),
        ("d2", 0.0, 3.793, 1),
    ]
    assert (second.id, second.lang, second.category) == ("q2", "en", "other")
    assert [(one.debate, one.grade) for one in second.gold] == [("d2", 2)]


def test_without_grades_every_judged_document_answers(folder: Path) -> None:
    (only,) = read_suite(write_beir(folder, CORPUS, QUERIES, ["q1 d2 1", "q1 d3 1", "q2 d2 0"])).questions
    assert [(one.debate, one.grade) for one in only.gold] == [("d2", 2), ("d3", 2)]


def test_judgements_may_lie_where_beir_has_them(folder: Path) -> None:
    plain = read_suite(write_beir(folder / "a", CORPUS, QUERIES, JUDGED))
    nested = read_suite(write_beir(folder / "b", CORPUS, QUERIES, JUDGED, qrels="qrels/test.tsv"))
    assert nested.questions == plain.questions
    (folder / "a" / "qrels.tsv").unlink()
    with pytest.raises(SuiteInvalid, match=r"qrels\.tsv"):
        read_suite(folder / "a")


@pytest.mark.parametrize(
    ("rows", "judged"),
    [
        (["q1\td2\t1"], {"q1": ["d2"]}),
        (["\ufeffq1\td2\t1", "q2\td2\t1"], {"q1": ["d2"], "q2": ["d2"]}),
        (["", "query-id\tcorpus-id\tscore", "q1\td2\t1"], {"q1": ["d2"]}),
        (["q\td\ts", "q1 \t d2\t 1\r"], {"q1": ["d2"]}),
        (["q\td\ts", "q1\td2\t-1", "q1\td3\t1"], {"q1": ["d3"]}),
    ],
    ids=["none", "none, marked", "after an empty line", "spaces", "less than nothing"],
)
def test_the_first_line_may_be_a_header(folder: Path, rows: Sequence[str], judged: dict[str, list[str]]) -> None:
    write_beir(folder, CORPUS, QUERIES, [])
    (folder / "qrels.tsv").write_text("\n".join(rows), "utf-8")
    suite = read_suite(folder)
    assert {found.id: [one.debate for one in found.gold] for found in suite.questions} == judged
    assert suite.left_out == 3 - len(judged)


def test_ids_that_look_alike_in_links_are_told_apart(folder: Path) -> None:
    documents = [{"_id": id_, "text": "Bonjour."} for id_ in ("a b", "A-B", "a_b")]
    suite = read_suite(write_beir(folder, documents, QUERIES, ["q1 A-B 1"]))
    ids = [recording.debate.id for recording in suite.recordings]
    assert ids == ["a-b", "a-b-line-2", "a-b-line-3"]
    assert [one.debate for one in suite.questions[0].gold] == ["a-b-line-2"]


def test_an_id_that_tells_apart_is_not_taken_already(folder: Path) -> None:
    documents = [{"_id": id_, "text": f"Bonjour {id_}."} for id_ in ("a-line-3", "a", "A")]
    suite = read_suite(write_beir(folder, documents, QUERIES, ["q1 A 1"]))
    assert len({recording.debate.id for recording in suite.recordings}) == 3


@pytest.mark.parametrize(
    ("documents", "queries", "judged", "where", "reason"),
    [
        (CORPUS, QUERIES, ["query-id corpus-id score", "q1 d2 1"], ("qrels.tsv", 2), "query-id, corpus-id, score"),
        (CORPUS, QUERIES, ["q1 d2 1", "q9 d2 1"], ("qrels.tsv", 3), "“q9” is unknown"),
        (CORPUS, QUERIES, ["q1 d9 1"], ("qrels.tsv", 2), "“d9” is unknown"),
        (CORPUS, QUERIES, ["q1 d2 1", "", "q1 d2 2"], ("qrels.tsv", 4), "“d2” is judged twice"),
        (CORPUS, QUERIES, ["q1 d2 0", "q1 d2 2"], ("qrels.tsv", 3), "“d2” is judged twice"),
        (CORPUS, QUERIES, ["q1 d2 much"], ("qrels.tsv", 2), "query-id, corpus-id, score"),
        (CORPUS, QUERIES, ["q1 d2 --1"], ("qrels.tsv", 2), "query-id, corpus-id, score"),
        (CORPUS, QUERIES, ["q1 d2"], ("qrels.tsv", 2), "query-id, corpus-id, score"),
        (CORPUS, QUERIES, ["q1 0 d2 1"], ("qrels.tsv", 2), "query-id, corpus-id, score"),
        ((*CORPUS, CORPUS[1]), QUERIES, JUDGED, ("corpus.jsonl", 4), "“d2” is taken by corpus.jsonl:2"),
        (CORPUS, (*QUERIES, QUERIES[0]), JUDGED, ("queries.jsonl", 4), "“q1” is taken by queries.jsonl:1"),
        ((*CORPUS, {"_id": "d4", "text": " "}), QUERIES, JUDGED, ("corpus.jsonl", 4), "the document is empty"),
        (({"_id": "d4"}, *CORPUS), QUERIES, JUDGED, ("corpus.jsonl", 1), "text: "),
        (("{", *CORPUS), QUERIES, JUDGED, ("corpus.jsonl", 1), "Expecting"),
        (CORPUS, ({"text": "Qui ?"}, *QUERIES), JUDGED, ("queries.jsonl", 1), "_id: "),
        (CORPUS, ({"_id": "q0", "text": " "}, *QUERIES), ["q0 d2 1"], ("queries.jsonl", 1), "the query is empty"),
    ],
)  # fmt: skip
def test_a_faulty_line_of_beir_is_named(
    folder: Path,
    documents: Sequence[Line | str],
    queries: Sequence[Line | str],
    judged: Sequence[str],
    where: tuple[str, int],
    reason: str,
) -> None:
    error = refused(write_beir(folder, documents, queries, judged))
    assert (error.details["path"], error.details["line"]) == where
    assert f"{where[0]}, ligne {where[1]} : " in error.message("fr")
    assert reason in error.message("en")


def test_judgements_that_are_not_utf_8_are_refused(folder: Path) -> None:
    write_beir(folder, CORPUS, QUERIES, JUDGED)
    (folder / "qrels.tsv").write_bytes("query-id\tcorpus-id\tscore\né\td2\t1\n".encode("latin-1"))
    names_line(refused(folder), "qrels.tsv", 1, "it is not a text in UTF-8", "ce n'est pas un texte en UTF-8")


def test_queries_that_are_not_there_are_missed(folder: Path) -> None:
    write_beir(folder, CORPUS, QUERIES, JUDGED)
    (folder / "queries.jsonl").unlink()
    with pytest.raises(FileUnreadable, match=r"queries\.jsonl"):
        read_suite(folder)
