"""Systems, their results and comparing these, over two made-up debates."""

import json
from pathlib import Path

import pytest

from eval.measures.bootstrap import Interval
from eval.measures.names import MEASURES
from eval.output.trec import export_trec
from eval.runs.compare import Difference, compare
from eval.runs.results import QuestionRecord, Result, Value, read_result, worst, write_result
from eval.runs.run import Evaluation, evaluate
from eval.runs.systems import NAMES, system_label, system_settings
from eval.suites.find import find_suite
from eval.suites.suite import Suite
from eval.types import Response
from index.errors import (
    FileUnreadable,
    FileUnwritable,
    QuestionUnknown,
    ResultInvalid,
    ResultsDiffer,
    SettingsInvalid,
    SuiteInvalid,
    SystemUnknown,
)
from index.local import LocalStore
from index.writing.embedding import index_fingerprint
from rag.engine import Engine
from rag.settings import Settings
from rag.weights import SHIPPED
from tests.answers import Scripted, broken, cite, fixed, with_records
from tests.fakes import HashEncoder
from tests.suite_files import question, span, write_suite

FIRST = fixed(cite(10, 20, "Le budget de la culture doit doubler dans les trois ans.", debate="evening-1"))


def _changed(record: QuestionRecord, **measures: float) -> QuestionRecord:
    return record.model_copy(update={"measures": record.measures | measures})


def _rows(first: Result, second: Result) -> dict[str, Difference]:
    return {row.measure.name: row for row in compare(first, second)}


# systems


def test_a_system_is_the_engine_with_other_weights() -> None:
    settings = Settings()
    assert NAMES == ("shipped", "dense", "bm25", "fusion")
    assert system_settings("shipped", settings) == settings
    assert system_settings("fusion", settings) == settings
    dense, bm25 = (system_settings(name, settings).weights for name in ("dense", "bm25"))
    assert dense == SHIPPED.model_copy(update={"lexical": 0.0, "own_words": 0.0})
    assert bm25 == SHIPPED.model_copy(update={"dense": 0.0})
    assert [system_settings(name, settings).abstain_below for name in NAMES] == [0.2, 0, 0, 0.2]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("light.json", '{"passage_words": 40, "weights": {"lexical": 3}}'),
        ("light.toml", "passage_words = 40\n[weights]\nlexical = 3\n"),
        ("earlier.json", '{"suite": "x", "settings": {"passage_words": 40, "weights": {"lexical": 3}}}'),
    ],
)
def test_a_file_changes_what_it_holds_and_nothing_else(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    settings = Settings(abstain_below=0.3, weights=SHIPPED.model_copy(update={"dense": 0.5}))
    found = system_settings(str(tmp_path / name), settings)
    assert found.weights == SHIPPED.model_copy(update={"dense": 0.5, "lexical": 3.0})
    assert (found.passage_words, found.abstain_below, found.cache) == (40, 0.3, settings.cache)
    assert system_label(str(tmp_path / name)) == name


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", '{"passage_word": 40}', ["a.json", "passage_word", "passage_words"]),
        ("a.json", '{"home": "/"}', ["a.json", "home"]),
        ("a.json", '{"settings": {"colour": 1}}', ["a.json", "colour"]),
        ("a.json", '{"weights": {"lexicl": 1}}', ["LEXICL"]),
        ("a.json", '{"weights": {"lexical": 101}}', ["LEXICAL", "101"]),
        ("a.json", '{"weights": 3}', ["WEIGHTS", "3"]),
        ("a.json", '{"abstain_below": 1.5}', ["ABSTAIN_BELOW", "1.5"]),
        ("a.toml", "passage_words = 9", ["PASSAGE_WORDS", "9"]),
        ("a.toml", "passage_words = ", ["a.toml"]),
        ("a.json", "{", ["a.json"]),
        ("a.json", "{}", ["a.json"]),
        ("a.json", "[1]", ["a.json"]),
        ("a.json", '{"settings": [1]}', ["a.json"]),
        ("a.json", '"\ud800"', ["a.json"]),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_settings_is_refused(tmp_path: Path, name: str, content: str, told: list[str]) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsInvalid) as caught:
        system_settings(str(tmp_path / name), Settings())
    assert [word for word in told if word not in caught.value.message("fr")] == []


@pytest.mark.parametrize("name", ["oracle", "Shipped", "", "x" * 300])
def test_an_unknown_system_is_named_with_those_that_are_known(evaluation: Evaluation, name: str) -> None:
    with pytest.raises(SystemUnknown) as caught:
        evaluation.run(name)
    shown = {"": ".", "x" * 300: "x" * 99 + "…"}.get(name, name)
    known = "shipped, dense, bm25, fusion"
    assert caught.value.message("fr").startswith(f"Aucun système « {shown} ». Donnez l'un de {known}, ou un fichier")
    assert caught.value.message("en").startswith(f"No system “{shown}”. Give one of {known}, or a file of settings")


# running


def test_the_product_is_asked_and_judged(radio: Suite, shipped: Result) -> None:
    assert [record.question for record in shipped.questions] == list(radio.questions)
    assert [record.question.id for record in shipped.questions if not record.right] == ["m5", "m6", "e6"]
    record = shipped.record("e1")
    assert (record.set, record.abstained, record.error) == ("soir", False, None)
    assert record.gold_segments == (("evening-1", 1, 2), ("evening-1", 2, 1))
    (passage,) = record.passages
    assert (passage.debate, passage.start, passage.end, passage.segments) == ("evening-1", 10, 30, (1, 2))
    assert (passage.speaker, passage.cited, passage.link) == ("Ada Martin", True, "/d/evening-1?t=10,30")
    assert passage.text is not None
    assert passage.text.startswith("Le budget de la culture doit doubler")
    assert {name: record.measures[name] for name in ("hit_1", "ndcg_20", "right_speaker_5", "wrong_refusals")} == {
        "hit_1": 1.0,
        "ndcg_20": 1.0,
        "right_speaker_5": 1.0,
        "wrong_refusals": 0.0,
    }
    assert shipped.record("m5").abstained
    assert shipped.record("m5").measures == {"exact_quotes": 1.0, "wrong_answers": 0.0}


def test_a_result_says_of_what_it_is(radio: Suite, shipped: Result) -> None:
    assert (shipped.name, shipped.suite, shipped.system, shipped.labelled) == (
        "radio.shipped",
        "radio",
        "shipped",
        True,
    )
    assert (shipped.corpus_hash, shipped.questions_hash) == (radio.corpus_hash, radio.questions_hash)
    assert shipped.fingerprint == index_fingerprint(HashEncoder())
    assert shipped.settings == {
        "model": "default",
        "encoder": "auto",
        "reranker": None,
        "rerank_passages": 20,
        "passage_words": 50,
        "abstain_below": 0.2,
        "weights": SHIPPED.model_dump(),
        "max_question_chars": 1000,
    }
    assert (shipped.index.debates, shipped.index.windows) == (2, 6)
    assert (shipped.speakers, shipped.left_out) == (None, 0), "what it is told is not what it finds out"


def test_the_summary_is_the_mean_with_its_interval(shipped: Result) -> None:
    assert list(shipped.summary) == list(MEASURES)
    assert shipped.summary["hit_1"] == Value(value=1.0, low=1.0, high=1.0, count=9)
    assert shipped.summary["wrong_refusals"] == Value(value=3 / 9, low=0.0, high=6 / 9, count=9)
    counts = {"wrong_answers": 3, "auroc": 12, "aurc": 12, "excess_aurc": 12, "right_speaker": 3, "exact_quotes": 12}
    assert {name: shipped.summary[name].count for name in counts} == counts
    for value in shipped.summary.values():
        assert value.low is not None
        assert value.high is not None
        assert value.low <= value.value <= value.high


def test_groups_are_sets_categories_and_languages(shipped: Result) -> None:
    counts = {
        name: sum(values[kind].count for kind in ("wrong_refusals", "wrong_answers") if kind in values)
        for name, values in shipped.groups.items()
    }
    assert counts == {
        "set matin": 6,
        "set soir": 6,
        "category fact": 6,
        "category far": 2,
        "category near": 1,
        "category opinion": 3,
        "lang en": 1,
        "lang fr": 11,
    }
    assert not {"auroc", "aurc", "excess_aurc"} & set(shipped.groups["category fact"])


def test_the_plain_baseline_answers_always_with_windows(fusion: Result) -> None:
    assert fusion.name == "radio.fusion"
    assert {record.abstained for record in fusion.questions} == {False}
    assert fusion.summary["wrong_answers"].value == 1.0
    (first, second) = fusion.record("e1").passages
    assert (first.debate, first.start, first.end, first.speaker, first.cited) == ("evening-1", 0, 60, None, True)
    assert (second.debate, second.start, second.end, second.cited) == ("matin", 0, 40, False)
    assert first.score == -second.score == 0.6


def test_words_and_vectors_rank_apart_and_never_abstain(evaluation: Evaluation) -> None:
    dense, words = (evaluation.run(name) for name in ("dense", "bm25"))
    for result, weight in ((dense, "lexical"), (words, "dense")):
        weights = result.settings["weights"]
        assert isinstance(weights, dict)
        assert (weights[weight], result.settings["abstain_below"], result.errors) == (0.0, 0.0, [])
        assert {record.abstained for record in result.questions} == {False}
    assert words.name == "radio.bm25"
    assert words.record("m1").right
    scores = [[passage.score for passage in result.record("m1").passages] for result in (dense, words)]
    assert scores[0] != scores[1]


def test_an_earlier_result_can_be_run_again(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "never.toml").write_text("abstain_below = 0.0\n[weights]\nlexical = 0\n", "utf-8")
    first = evaluation.run(str(tmp_path / "never.toml"))
    assert first.name == "radio.never.toml"
    assert {record.abstained for record in first.questions} == {False}
    again = evaluation.run(str(write_result(first, tmp_path)))
    assert again.name == "radio.radio.never.toml.json"
    assert again.settings == first.settings
    assert [row.difference for row in compare(first, again)] == [0.0] * len(MEASURES)


def test_without_speakers_nobody_is_named(evaluation: Evaluation) -> None:
    result = evaluation.run("shipped", labelled=False)
    assert result.name == "radio.shipped.unlabelled"
    assert {passage.speaker for record in result.questions for passage in record.passages} == {None}
    assert result.speakers == dict.fromkeys(
        ("accuracy", "coverage", "accuracy_60", "accuracy_80", "accuracy_100", "turn_f1"), 0.0
    )
    assert result.summary["right_speaker_5"].value < 1.0


def test_an_own_index_is_asked_as_it_is(tmp_path: Path) -> None:
    folder, settings = write_suite(tmp_path), Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    engine = Engine(LocalStore(settings.home), HashEncoder(), settings)
    engine.add(folder / "debates" / "matin.json")
    engine.close()
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(question("q1", "Qui fournit l'électricité ?", span("matin", 0, 10))), "utf-8")
    own = Evaluation(find_suite(str(path), settings), settings, HashEncoder())
    result = own.run("shipped")
    assert (result.name, result.speakers, result.index.seconds) == ("mine.shipped", None, None)
    assert result.record("q1").right
    with pytest.raises(SuiteInvalid, match="mine") as caught:
        own.run("shipped", labelled=False)
    assert "les noms d'un index ne s'ôtent pas" in caught.value.message("fr")


def test_one_question_that_fails_does_not_cost_the_others(radio: Suite, shipped: Result) -> None:
    result = with_records(shipped, evaluate(broken(FIRST, "pâtes"), radio))
    (failed,) = result.errors
    assert (failed.question.id, failed.error) == ("e6", "RuntimeError: <b>out of tea</b>")
    assert (failed.abstained, failed.confidence, failed.passages, failed.right) == (False, 1.0, (), False)
    assert result.record("e1").right
    assert (len(result.questions), result.summary["wrong_answers"].value) == (12, 1.0)


def test_the_first_question_is_asked_once_before_the_clock_runs(radio: Suite) -> None:
    asked, told = list[str](), list[tuple[str, int, int]]()

    def says(question: str) -> Response:
        asked.append(question)
        return Response((), (), True, 0.0)

    evaluate(Scripted(says), radio, lambda *stage: told.append(stage))
    texts = [found.question for found in radio.questions]
    assert asked == [texts[0], *texts]
    assert told == [("ask", done, 12) for done in range(1, 13)]


def test_twenty_passages_are_kept_and_the_texts_of_five(radio: Suite) -> None:
    """What stands after them counts all the same."""
    late = cite(10, 20, "Le budget de la culture doit doubler dans les trois ans.", debate="evening-1")
    record = evaluate(fixed(*(cite(at, at + 1, debate="matin") for at in range(24)), late), radio)[6]
    assert record.question.id == "e1"
    assert [passage.start for passage in record.passages] == list(range(20))
    for kept in ("text", "quote", "link"):
        assert [getattr(passage, kept) is not None for passage in record.passages] == [True] * 5 + [False] * 15
    assert [passage.cited for passage in record.passages] == [True] + [False] * 19
    assert record.measures["ndcg_20"] > 0


# results as files


def test_a_result_is_read_as_it_was_written(shipped: Result, fusion: Result, tmp_path: Path) -> None:
    for result in (shipped, fusion):
        path = write_result(result, tmp_path / "new" / "folder")
        assert path.name == f"{result.name}.json"
        assert path.read_text("utf-8").count("\n") == 1
        assert read_result(path) == result


def test_a_result_with_an_error_is_read_as_it_was_written(radio: Suite, shipped: Result, tmp_path: Path) -> None:
    result = with_records(shipped, evaluate(broken(FIRST, "?"), radio))
    assert len(result.errors) == 12
    assert read_result(write_result(result, tmp_path)) == result


@pytest.mark.parametrize("change", [{"format": 99}, {"colour": "red"}, {"questions": None}, {"corpus_hash": 3}])
def test_what_is_no_result_is_refused(shipped: Result, tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(shipped.model_dump(mode="json") | change), "utf-8")
    with pytest.raises(ResultInvalid) as caught:
        read_result(path)
    assert str(path) in caught.value.message("fr")
    assert next(iter(change)) in caught.value.message("en")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"results": []}', "é".encode("latin-1"), b"\xff\xfe"])
def test_broken_and_other_json_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(ResultInvalid, match=r"r\.json"):
        read_result(tmp_path / "r.json")


def test_a_result_that_is_not_there_cannot_be_read_nor_one_written_into_a_file(shipped: Result, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="nowhere"):
        read_result(tmp_path / "nowhere.json")
    (tmp_path / "file").touch()
    for write in (write_result, export_trec):
        with pytest.raises(FileUnwritable, match="file"):
            write(shipped, tmp_path / "file")


def test_an_unknown_question_is_named_with_those_that_are_known(shipped: Result) -> None:
    assert shipped.record("e3").question.question == "Combien coûte la dette ?"
    with pytest.raises(QuestionUnknown) as caught:
        shipped.record("e9")
    assert "« e9 »" in caught.value.message("fr")
    assert ", ".join(record.question.id for record in shipped.questions) in caught.value.message("en")


def test_the_worst_come_first(radio: Suite, shipped: Result, fusion: Result) -> None:
    records = evaluate(broken(FIRST, "rugby"), radio)
    assert [record.question.id for record in worst(records, 3)] == ["m5", "e6", "m6"]
    assert [record.question.id for record in worst(records)][-1] != "e1"
    assert worst(shipped.questions, 2) == [shipped.record("e3"), shipped.record("m2")]
    assert worst(fusion.questions, 1) == [fusion.record("m5")]


# comparing


def test_a_result_is_as_good_as_itself(shipped: Result) -> None:
    rows = compare(shipped, shipped)
    assert [row.measure.name for row in rows] == list(MEASURES)
    assert {(row.difference, row.interval, row.certain) for row in rows} == {(0.0, Interval(0.0, 0.0), False)}
    assert {row.measure.name for row in rows if (row.won, row.lost) == (None, None)} == {"auroc", "aurc", "excess_aurc"}
    assert {(row.won, row.lost) for row in rows} == {(0, 0), (None, None)}
    assert [row.count for row in rows] == [value.count for value in shipped.summary.values()]


def test_a_better_result_wins(shipped: Result) -> None:
    words = {record.question.id: record.measures.get("words", 0.0) for record in shipped.questions}
    better = {
        "e1": {"hit_1": 0.0, "words": words["e1"] + 1},
        "e3": {"wrong_refusals": 0.0, "words": words["e3"] - 1},
        "m2": {"wrong_refusals": 0.0, "words": words["m2"] - 9, "ndcg_20": 1.0},
    }
    second = with_records(
        shipped, [_changed(record, **better.get(record.question.id, {})) for record in shipped.questions]
    )
    rows, back = _rows(shipped, second), _rows(second, shipped)
    for name, won, lost in (("wrong_refusals", 2, 0), ("hit_1", 0, 1), ("ndcg_20", 1, 0), ("words", 2, 1)):
        assert (rows[name].won, rows[name].lost, rows[name].count) == (won, lost, 9)
        assert (back[name].won, back[name].lost) == (lost, won)
    assert (rows["wrong_refusals"].first, rows["wrong_refusals"].second) == (3 / 9, 1 / 9)
    assert [rows[name].difference for name in ("hit_1", "words")] == pytest.approx([-1 / 9, -1])
    shorter = [_changed(record, words=1.0) if "words" in record.measures else record for record in shipped.questions]
    assert _rows(shipped, with_records(shipped, shorter))["words"].won == 9


@pytest.mark.parametrize(("count", "certain"), [(12, True), (10, True), (9, False)])
def test_a_difference_is_certain_when_its_interval_leaves_out_0_over_ten_questions(
    shipped: Result, count: int, certain: bool
) -> None:
    first = with_records(shipped, shipped.questions[:count])
    row = _rows(first, with_records(first, [_changed(record, exact_quotes=0.5) for record in first.questions]))[
        "exact_quotes"
    ]
    assert (row.interval, row.count, row.certain) == (Interval(-0.5, -0.5), count, certain)
    assert (row.won, row.lost) == (0, count)
    one = with_records(first, [_changed(first.questions[0], exact_quotes=0.5), *first.questions[1:]])
    assert not _rows(first, one)["exact_quotes"].certain


def test_abstention_is_compared_with_an_interval(shipped: Result, fusion: Result) -> None:
    rows = _rows(shipped, fusion)
    for name in ("auroc", "aurc", "excess_aurc"):
        row, values = rows[name], (shipped.summary[name].value, fusion.summary[name].value)
        assert (row.first, row.second, row.count, row.won, row.lost) == (*values, 12, None, None)
        assert row.interval.low < row.difference < row.interval.high
    assert rows["auroc"].first == pytest.approx(47 / 54)
    assert not rows["auroc"].certain
    assert rows["aurc"].certain == (rows["aurc"].interval.low > 0)


def test_the_order_of_the_questions_does_not_matter(shipped: Result, fusion: Result) -> None:
    turned = with_records(fusion, fusion.questions[::-1])
    rows, others = _rows(shipped, fusion), _rows(shipped, turned)
    assert {name: others[name] for name in ("mrr_10", "aurc")} == {name: rows[name] for name in ("mrr_10", "aurc")}


def test_a_measure_that_one_result_lacks_is_left_out(radio: Suite, shipped: Result) -> None:
    silent = with_records(shipped, evaluate(fixed(abstained=True), radio))
    rows = _rows(shipped, silent)
    assert set(MEASURES) - set(rows) == {"words", "exact_quotes", "right_speaker"}
    assert rows["wrong_refusals"].second == 1.0


@pytest.mark.parametrize(
    ("change", "what", "what_fr"),
    [("corpus_hash", "recordings", "enregistrements"), ("questions_hash", "questions", "questions")],
)
def test_other_recordings_and_other_questions_do_not_compare(
    shipped: Result, change: str, what: str, what_fr: str
) -> None:
    with pytest.raises(ResultsDiffer) as caught:
        compare(shipped, shipped.model_copy(update={change: "0"}))
    assert f"their {what} differ" in caught.value.message("en")
    assert f"leurs {what_fr} diffèrent" in caught.value.message("fr")
