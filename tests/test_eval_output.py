"""Results as people and other tools read them: the page, the table, one question, the export."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import ir_measures
import pytest

from eval.measures.names import MEASURES, SPEAKER_MEASURES
from eval.output.plots import categories_svg, latency_svg
from eval.output.report import report_html, write_report
from eval.output.show import question_text
from eval.output.table import differences_text, results_text
from eval.output.trec import export_trec
from eval.runs.compare import compare
from eval.runs.results import Excerpt, Result, worst
from eval.runs.run import Evaluation, evaluate
from eval.suites.find import find_suite
from eval.suites.suite import Suite
from index.errors import Language
from rag.settings import Settings
from tests.answers import asked_lines, broken, cite, fixed, with_records
from tests.fakes import HashEncoder
from tests.suite_files import EVENING_QUESTIONS, question, self_contained, span, srt, write_beir, write_suite

SERVER = "http://127.0.0.1:8000"
LANGUAGES: tuple[Language, ...] = ("fr", "en")
FIRST = fixed(cite(10, 20, "Le budget de la culture doit doubler dans les trois ans.", debate="evening-1"))


# the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_the_ten_worst_and_needs_nothing_else(
    shipped: Result, tmp_path: Path, language: Language
) -> None:
    path = write_report(shipped, tmp_path / "new", language, SERVER)
    html = self_contained(path.read_text("utf-8"))
    assert path.name == "radio.shipped.html"
    assert f'<html lang="{language}">' in html
    shown = re.findall(r'<article id="q-(\w+)">', html)
    assert shown == [record.question.id for record in worst(shipped.questions)]
    assert len(shown) == 10
    assert len(re.findall('<img src="data:image/svg', html)) == 3
    assert f'href="{SERVER}/d/evening-1?t=40,50"' in html
    labels = {escape(measure.label(language)).replace("&#x27;", "&#39;") for measure in MEASURES.values()}
    assert {label for label in labels if label not in html} == set()
    lower = "moins, c&#39;est mieux" if language == "fr" else "lower is better"
    assert html.count(lower) == sum(not measure.higher for measure in MEASURES.values()) == 5
    assert ("Les dix pires questions" if language == "fr" else "The ten worst questions") in html
    assert all(text in html for text in (shipped.corpus_hash, shipped.questions_hash, "La dette coûte déjà plus cher"))


def test_the_page_is_the_same_each_time(shipped: Result) -> None:
    assert report_html(shipped, "en", SERVER) == report_html(shipped, "en", SERVER)


def test_a_link_to_a_video_stays_as_it_is(shipped: Result) -> None:
    video = "https://youtu.be/abc?t=10s"
    records = [
        record.model_copy(update={"passages": tuple(one.model_copy(update={"link": video}) for one in record.passages)})
        for record in shipped.questions
    ]
    assert f'href="{video}"' in self_contained(report_html(with_records(shipped, records), "fr", SERVER))


def test_texts_on_the_page_are_escaped(shipped: Result, tmp_path: Path) -> None:
    evil = "<script>alert('1')</script>\"&"
    system = broken(fixed(replace(cite(0, 10, evil, debate="evening-1"), speaker=evil)), "tea")
    lines = [
        question("<i>", f"Qui {evil} ?", span("evening-1", 10, 20), category=evil, speaker="Martin"),
        question("q2", "Who has tea?", category="b"),
    ]
    result = asked_lines(tmp_path, shipped, system, *lines)
    for language in LANGUAGES:
        html = self_contained(report_html(result, language, SERVER))
        assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" in html
        assert "&lt;b&gt;out of tea&lt;/b&gt;" in html
        assert not re.search('<(?:i|b)>(?:out|")', html)


@pytest.mark.parametrize(
    ("ids", "language"),
    [(("e1", "e2", "m1"), "fr"), (("e1",), "en"), (("e6", "m5", "m6"), "fr"), (("m5",), "en")],
    ids=["answerable", "one", "unanswerable", "nobody"],
)
def test_a_page_can_be_made_of_any_questions(shipped: Result, ids: Sequence[str], language: Language) -> None:
    result = with_records(shipped, [shipped.record(id_) for id_ in ids])
    html = self_contained(report_html(result, language, SERVER))
    assert sorted(re.findall(r'<article id="q-(\w+)">', html)) == sorted(ids)
    assert ("data:image/svg" in html) == (ids[0] == "e1")
    assert "auroc" not in result.summary
    assert results_text([result], language)


def test_a_page_can_be_made_of_errors(radio: Suite, shipped: Result) -> None:
    result = with_records(shipped, evaluate(broken(FIRST, "?"), radio))
    html = self_contained(report_html(result, "en", SERVER))
    assert html.count("RuntimeError: &lt;b&gt;out of tea&lt;/b&gt;") == 12 + 10


@pytest.mark.parametrize("category", ["$\\oops$", "法律 🎭", "x" * 150, "a\tb", "<b>", ""])
def test_a_category_may_have_any_name(shipped: Result, tmp_path: Path, category: str) -> None:
    lines = [
        question("q1", "Qui ?", span("evening-1", 10, 20), category=category),
        question("q2", "Qui ?", span("evening-1", 10, 20), category="b"),
    ]
    result = asked_lines(tmp_path, shipped, FIRST, *lines)
    assert categories_svg(result, "fr").count("(1)</text>") == 2
    if category == "<b>":
        assert "<b>&lt;b&gt;</b>" in self_contained(report_html(result, "fr", SERVER))


@pytest.mark.parametrize(("one", "other"), [("a\tb", "a b"), ("x" * 60 + "y", "x" * 60 + "z")])
def test_categories_that_look_alike_have_a_line_each_in_the_plot(
    shipped: Result, tmp_path: Path, one: str, other: str
) -> None:
    lines = [
        question("q1", "Qui ?", span("evening-1", 10, 20), category=one),
        question("q2", "Qui ?", span("evening-1", 10, 20), category=other),
    ]
    assert categories_svg(asked_lines(tmp_path, shipped, FIRST, *lines), "fr").count("(1)</text>") == 2


@pytest.mark.parametrize(
    "took", [[500.0], [500.0] * 12, [0.0] * 12, [499.0, 500.0], [1.0] * 11 + [9000.0], [0.01, 0.02]]
)
def test_any_times_can_be_plotted(shipped: Result, took: list[float]) -> None:
    records = [
        record.model_copy(update={"took_ms": time}) for record, time in zip(shipped.questions, took, strict=False)
    ]
    svg = latency_svg(with_records(shipped, records), "fr")
    assert "p50" in svg
    assert "p95" in svg


# the table


def test_a_table_has_a_column_for_each_system_or_set(shipped: Result, fusion: Result) -> None:
    both = results_text([shipped, fusion], "fr").split("\n")
    assert both[0] == "radio : 12 questions, dont 9 avec réponse ; 2 enregistrement(s)"
    assert both[2].split() == ["shipped", "fusion"]
    assert both[3].split() == ["réussite@1", "1.000", "0.778"]
    alone = results_text([shipped], "en").split("\n")
    assert alone[0] == "radio: 12 questions, 9 of them answerable; 2 recording(s)"
    assert alone[2].split() == ["all", "matin", "soir"]
    measures = [line for line in alone[3:] if line[:33].rstrip() in {m.label("en") for m in MEASURES.values()}]
    assert len(measures) == len(MEASURES)


@pytest.mark.parametrize("name", ["all", "-matin"])
def test_a_set_may_have_any_name(tmp_path: Path, name: str) -> None:
    """Its column takes nothing from the others."""
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    files = {f"questions.{name}.jsonl": EVENING_QUESTIONS[:2], "questions.matin.jsonl": EVENING_QUESTIONS[2:]}
    mine = Evaluation(find_suite(str(write_suite(tmp_path / "x", files)), settings), settings, HashEncoder())
    results = [mine.run("shipped", labelled=labelled) for labelled in (True, False)]
    assert len(re.findall(r"\d\.\d{3}", results_text(results, "en").split("\n")[3])) == 6


def test_costs_are_told_once_for_each_index(evaluation: Evaluation, shipped: Result, fusion: Result) -> None:
    index = shipped.index.model_copy(
        update={"seconds": 2.0, "tokens_per_second": 100.5, "peak_mb": 99.6, "bytes_per_window": 9870.4}
    )
    timed, other = (result.model_copy(update={"index": index}) for result in (shipped, fusion))
    nameless = timed.model_copy(update={"labelled": False, "index": index.model_copy(update={"seconds": None})})
    lines = results_text([timed, other, nameless], "en").split("\n")
    assert [line for line in lines if line.startswith("index: ")] == [
        "index: 6 windows, 9870 bytes each, built in 2.0 s, 100 tokens/s, 100 MB at most",
        "index: 6 windows, 9870 bytes each, 100 MB at most",
    ]
    assert [line.split(":")[0] for line in lines if ": p50 " in line] == [
        *("radio.shipped", "radio.fusion", "radio.shipped.unlabelled"),
    ]
    own = timed.model_copy(update={"index": index.model_copy(update={"seconds": None, "peak_mb": None})})
    assert results_text([own], "fr").split("\n")[-1] == "index: 6 fenêtres, 9870 octets chacune"


def test_speakers_are_told_where_they_had_to_be_found(evaluation: Evaluation, shipped: Result) -> None:
    """Once; and not where the system tells none, nor where it was told."""
    silent = evaluation.run("shipped", labelled=False)
    found = silent.model_copy(update={"speakers": dict.fromkeys(SPEAKER_MEASURES, 0.25)})
    titles = ("Locuteurs trouvés sans les noms :", "Speakers found without the names:")
    for language, title in zip(LANGUAGES, titles, strict=True):
        line = ", ".join(f"{measure.label(language)} 0.250" for measure in SPEAKER_MEASURES.values())
        assert results_text([shipped, found, found], language).split("\n").count(f"{title} {line}") == 1
        assert title not in results_text([shipped, silent], language)
    html = report_html(found, "en", SERVER)
    assert all(f"{measure.label('en')} 0.250" in html for measure in SPEAKER_MEASURES.values())
    assert titles[1] not in report_html(shipped, "en", SERVER)


def test_questions_that_failed_or_were_left_out_are_told(radio: Suite, shipped: Result, tmp_path: Path) -> None:
    result = with_records(shipped, evaluate(broken(FIRST, "pâtes"), radio))
    assert results_text([result, shipped], "en").endswith(
        "\n1 question(s) failed:\n  radio.shipped e6: RuntimeError: <b>out of tea</b>"
    )
    documents, queries = [{"_id": "d1", "text": "Bonjour."}], [{"_id": f"q{at}", "text": "Qui ?"} for at in range(3)]
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    suite = find_suite(str(write_beir(tmp_path / "beir", documents, queries, ["q1 d1 1"])), settings)
    judged = Evaluation(suite, settings, HashEncoder()).run("shipped")
    assert judged.left_out == 2
    first = [results_text([judged], language).split("\n")[0] for language in LANGUAGES]
    assert first == [
        "beir : 1 questions, dont 1 avec réponse ; 1 enregistrement(s) ; 2 non jugées",
        "beir: 1 questions, 1 of them answerable; 1 recording(s); 2 without judgement left out",
    ]


def test_differences_are_a_line_each_and_the_same_each_time(shipped: Result, fusion: Result) -> None:
    texts = [differences_text(shipped, fusion, compare(shipped, fusion), language) for language in (*LANGUAGES, "fr")]
    assert texts[0] == texts[2]
    lines = texts[1].split("\n")
    assert lines[0] == "radio.fusion less radio.shipped (95 % interval, 10,000 paired resamplings)"
    assert lines[2].split() == ["1", "2", "2", "-", "1", "won", "lost", "n"]
    assert len(lines) == 3 + len(MEASURES)
    cells = {name: line[33:].split() for name, line in zip(MEASURES, lines[3:], strict=True)}
    assert cells["wrong_answers"] == ["0.000", "1.000", "+1.000", "[+1.000,", "+1.000]", "0", "3", "3"]
    assert cells["auroc"][5:] == ["–", "–", "12"]
    assert cells["words"][2].startswith("+")


# one question


def test_a_question_is_shown_with_what_was_expected_and_what_came(shipped: Result) -> None:
    text = question_text(shipped, shipped.record("e1"), "en")
    assert text.startswith("e1  Que dit Ada Martin du budget de la culture ?\nopinion, fr, soir\nwords of Ada Martin\n")
    assert "  evening-1 00:10–00:20  answers\n" in text
    assert "    | 00:10 Ada Martin: Le budget de la culture doit doubler dans les trois ans.\n" in text
    assert "      00:30 Jean Petit: Je refuse" in text
    assert "  evening-1 00:20–00:30  helps\n" in text
    assert "Came: the first passage answers (confidence 34%)\n" in text
    assert "  1. evening-1 00:10–00:30  Ada Martin  cited\n" in text
    assert "     answers: touches 00:10–00:20; 100% of its time is gold\n" in text
    assert re.search(r"^nDCG@20 of segments +1\.000$", text, re.MULTILINE)
    assert text.endswith(" ms")


@pytest.mark.parametrize(
    ("id_", "french", "english"),
    [
        ("e3", "Obtenu : refus à tort, le premier passage répond", "Came: wrongly refused, the first passage answers"),
        ("m5", "Obtenu : abstention juste", "Came: rightly refused"),
        ("m5", "Attendu :\n  personne ne le dit\n", "Expected:\n  nobody says it\n"),
        ("m5", "personne ne répond à cette question", "nobody answers this question"),
        ("m1", "rien d'attendu ici", "nothing expected here"),
        ("m1", "répond : touche 00:00–00:10 ; 50 % de son temps", "answers: touches 00:00–00:10; 50% of its time"),
    ],
)
def test_why_a_passage_counts_is_said_in_both_languages(shipped: Result, id_: str, french: str, english: str) -> None:
    assert french in question_text(shipped, shipped.record(id_), "fr")
    assert english in question_text(shipped, shipped.record(id_), "en")


def test_a_wrong_answer_an_error_and_a_help_are_said_so(radio: Suite, shipped: Result) -> None:
    result = with_records(shipped, evaluate(broken(fixed(cite(20, 30, debate="evening-1")), "rugby"), radio))
    assert "Came: wrongly answered (confidence 70%)" in question_text(result, result.record("e6"), "en")
    assert "Obtenu : erreur : RuntimeError: <b>out of tea</b>" in question_text(result, result.record("m5"), "fr")
    assert "helps without answering: touches 00:20–00:30" in question_text(result, result.record("e1"), "en")


@pytest.mark.parametrize(("text", "shown"), [("Tout.", "Tout."), ("mot " * 200, "mot " * 148 + "mot […]")])
def test_gold_within_a_long_segment_is_shown(shipped: Result, tmp_path: Path, text: str, shown: str) -> None:
    folder = write_suite(tmp_path, {"questions.jsonl": [question("q1", "Qui ?", span("long", 90, 110))]})
    (folder / "debates" / "long.srt").write_text(srt([text]).replace("00:00:10", "00:03:20"), "utf-8")
    (record,) = evaluate(FIRST, find_suite(str(folder), Settings()))
    excerpt = Excerpt(debate="long", position=0, start=0, end=200, text=text)
    result = with_records(shipped, [record]).model_copy(update={"excerpts": (excerpt,)})
    assert record.gold_segments == (("long", 0, 2),)
    assert f"    | 00:00 {shown}\n" in question_text(result, record, "en")
    assert f"<mark>00:00 {shown}</mark>" in report_html(result, "en", SERVER)


# the export


def test_the_export_holds_segments_in_the_order_of_reading(shipped: Result, tmp_path: Path) -> None:
    run, qrels = export_trec(with_records(shipped, [shipped.record("e1"), shipped.record("m1")]), tmp_path / "new")
    assert (run.name, qrels.name) == ("radio.shipped.run", "radio.shipped.qrels")
    assert qrels.read_text("utf-8") == "e1 0 evening-1:1 3\ne1 0 evening-1:2 1\nm1 0 matin:0 3\n"
    lines = run.read_text("utf-8").splitlines()
    assert lines[:3] == [
        "e1 Q0 evening-1:1 1 2 shipped",
        "e1 Q0 evening-1:2 2 1 shipped",
        "m1 Q0 matin:0 1 10 shipped",
    ]
    assert len(lines) == 2 + 10


def test_trec_eval_finds_our_ndcg_in_the_export(shipped: Result, fusion: Result, tmp_path: Path) -> None:
    for result in (shipped, fusion):
        run, qrels = export_trec(result, tmp_path)
        measure = ir_measures.nDCG @ 20
        gold = ir_measures.read_trec_qrels(str(qrels))  # type: ignore[no-untyped-call]
        ranked = ir_measures.read_trec_run(str(run))  # type: ignore[no-untyped-call]
        found = ir_measures.calc_aggregate([measure], gold, ranked)
        assert found[measure] == pytest.approx(result.summary["ndcg_20"].value)
