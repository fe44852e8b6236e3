"""The bench: what is given, how it is judged and kept, what is reported. No time is asserted."""

import http.server
import json
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench.__main__ import main
from eval.bench.chunks import Cut, SuiteSource, chunks_of, read_cut
from eval.bench.code_lines import user_lines
from eval.bench.figures import folder_bytes, peak_mb, percentile, times
from eval.bench.growth.corpus import topic_of
from eval.bench.load import at_once, distinct
from eval.bench.pieces import Keeper, Piece, code, not_installed
from eval.bench.plan import Places, Plan, plan_of
from eval.bench.plots import save_plots
from eval.bench.report import report_of
from eval.bench.rivals import OURS, RIVALS, Found
from eval.bench.rivals.building import measure as build
from eval.bench.rivals.glue import Chunked, module_of
from eval.bench.rivals.section import lines_of
from eval.bench.sections import SECTIONS
from eval.bench.table import markdown
from eval.runs.run import evaluate
from eval.runs.summary import summarised
from eval.suites.suite import Suite
from index.encoding.bundled import prepare
from index.pieces.windows import pieces
from index.types import Debate, joined_text
from rag.settings import Settings
from tests.made_debates import made_debates
from tests.suite_files import write_suite

# what is given


@given(made_debates())
def test_chunks_hold_the_whole_text_in_pieces_as_they_are(debate: Debate) -> None:
    chunks, parts = chunks_of([debate]), pieces(debate.segments)
    assert {at for chunk in chunks for at in range(chunk.first, chunk.last + 1)} == set(range(len(parts)))
    for number, chunk in enumerate(chunks):
        held = parts[chunk.first : chunk.last + 1]
        assert chunk.number == number
        assert chunk.text == joined_text(held)
        assert (chunk.start, chunk.end) == (held[0].start, max(part.end for part in held))
        assert len(chunk.text.split()) >= 60 or chunk is chunks[-1]
        assert len(" ".join(part.text for part in held[:-1]).split()) < 60


def test_the_names_are_written_in_where_somebody_begins(radio: Suite) -> None:
    evening, morning = chunks_of(recording.debate for recording in radio.recordings)
    assert morning.named.startswith("Zoé Roux : Le nucléaire fournit")
    assert morning.named.count("Zoé Roux :") == morning.named.count("Paul Blanc :") == 1
    assert evening.named.count(" :") == 4
    assert evening.text == joined_text(radio.recordings[0].debate.segments)


def test_a_suite_is_cut_with_its_questions(tmp_path: Path) -> None:
    folder = str(write_suite(tmp_path / "radio"))
    whole, one = read_cut(Cut(folder), Settings()), read_cut(Cut(folder, recordings=1), Settings())
    assert [recording.debate.id for recording in one.recordings] == ["evening-1"]
    kept = {question.id for question in whole.questions if not any(span.debate == "matin" for span in question.gold)}
    assert {question.id for question in one.questions} == kept == {"e1", "e2", "e3", "e4", "e5", "e6", "m5", "m6"}
    few = read_cut(Cut(folder, questions=5), Settings()).questions
    assert [question.id for question in few] == [whole.questions[at].id for at in (0, 2, 4, 7, 9)]


# how it is judged


class _Oracle:
    """Finds the chunks that lie in the gold of a question, last of all the others."""

    def __init__(self, suite: Suite, chunks: Sequence[Any]) -> None:
        self._gold = {question.question: question.gold for question in suite.questions}
        self._chunks = chunks

    def search(self, question: str) -> Found:
        def right(chunk: Any) -> bool:
            spans = self._gold[question]
            return any(
                span.debate == chunk.debate and span.start < chunk.end and chunk.start < span.end for span in spans
            )

        ranked = sorted(self._chunks, key=lambda chunk: (not right(chunk), chunk.number))
        score = 0.9 if self._gold[question] else 0.1
        return [(chunk.number, score - at / 1000) for at, chunk in enumerate(ranked)]


def test_found_chunks_are_judged_as_passages(radio: Suite) -> None:
    chunks = SuiteSource(radio.recordings).chunks
    records = evaluate(Chunked(_Oracle(radio, chunks), chunks), radio)
    assert [record.error for record in records] == [None] * 12
    values = {name: value.value for name, value in summarised(records).items()}
    assert [values[name] for name in ("hit_1", "mrr_10", "recall_5", "auroc", "exact_quotes")] == [1.0] * 5
    assert (values["wrong_refusals"], values["wrong_answers"]) == (0.0, 1.0)
    first = next(record for record in records if record.question.id == "e1").passages[0]
    assert (first.debate, first.start, first.end, first.speaker, first.cited) == ("evening-1", 0.0, 60.0, None, True)


def test_a_product_that_finds_nothing_is_judged_as_well(radio: Suite) -> None:
    class Nothing:
        def search(self, question: str) -> Found:
            return []

    records = evaluate(Chunked(Nothing(), []), radio)
    assert [record.error for record in records] == [None] * 12
    assert summarised(records)["hit_1"].value == 0.0


@pytest.mark.parametrize("rival", sorted(set(RIVALS) - {OURS}))
def test_a_product_finds_what_is_asked_for(rival: str, radio: Suite, cache: Path, tmp_path: Path) -> None:
    missing = not_installed(RIVALS[rival].packages)
    if missing:
        pytest.skip(missing)
    source, model = SuiteSource(_longer(radio).recordings), str(prepare(cache))
    module_of(rival).Indexing(model, tmp_path).add(source)
    found = module_of(rival).Searching(model, tmp_path, 3).search("Quand les éoliennes tournent-elles ?")
    numbers = [number for number, _score in found]
    assert len(set(numbers)) == len(numbers) == 3
    assert [score for _number, score in found] == sorted((score for _number, score in found), reverse=True)
    assert source.chunks[numbers[0]].debate == "matin"


def _longer(suite: Suite) -> Suite:
    """With two more recordings of other things, so that there is something to choose from."""
    made = [
        replace(
            recording, debate=replace(recording.debate, id=f"autre-{at}", segments=tuple(_other(recording.debate, at)))
        )
        for at, recording in enumerate(suite.recordings)
    ]
    return replace(suite, recordings=(*suite.recordings, *made))


def _other(debate: Debate, number: int) -> Iterator[Any]:
    texts = "Les juges ont rendu leur arrêt.", "La mer est froide en hiver."
    return (replace(segment, text=texts[number]) for segment in debate.segments)


def test_an_index_is_made_of_a_suite(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = write_suite(tmp_path / "radio"), tmp_path / "out"

    class Writes:
        def __init__(self, model: str, folder: Path) -> None:
            assert model == "m"
            assert list(folder.iterdir()) == []
            self._folder = folder

        def add(self, source: SuiteSource) -> None:
            (self._folder / "texts").write_text("".join(chunk.named for chunk in source.chunks), "utf-8")
            names = [(path.name, details.id) for path, details in source.files()]
            assert names == [("Evening_1.srt", "evening-1"), ("matin.json", "matin")]

    out.mkdir()
    (out / "left").touch()
    monkeypatch.setattr("eval.bench.rivals.plain.Indexing", Writes)
    values = build("plain", asdict(Cut(str(folder))), "m", str(out))
    assert values["bytes"] == folder_bytes(out) == len((out / "texts").read_bytes())
    assert values["seconds"] > 0


# lines of code


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ("x = 1\n", 1),
        ('"""Module."""\n\n# why\nx = 1  # what\n', 1),
        ("from eval.bench.rivals import Found\nfrom typing import Any\nimport os\n", 1),
        ("def f() -> int:\n    '''Doc\n    string.'''\n    return (\n        1\n    )\n", 4),
        ('x = """a\n\nb"""\n', 3),
        ("from evaluation import x\n", 1),
    ],
)
def test_lines_that_a_user_writes(source: str, lines: int) -> None:
    assert user_lines(source) == lines


@pytest.mark.parametrize("rival", sorted(RIVALS))
def test_remarks_and_blank_lines_cost_a_product_nothing(rival: str) -> None:
    source = Path(str(module_of.__code__.co_filename)).with_name(f"{rival}.py").read_text("utf-8")
    padded = "\n".join(f"{line}\n" if line and not line.startswith(" ") else line for line in source.split("\n"))
    assert user_lines(source) == user_lines(padded) == lines_of(RIVALS[rival])
    assert 10 < user_lines(source) < len(source.splitlines())


# what is kept


def _runs(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines()) if path.exists() else 0


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "pieces", say=False)


def test_a_piece_is_measured_once_until_something_changes(tmp_path: Path, keeper: Keeper) -> None:
    runs = tmp_path / "runs"
    piece = Piece("a/b", "tests.measured", {"runs": str(runs), "value": [1, "é"]}, "x")
    first = keeper.values(piece)
    assert first["value"] == [1, "é"]
    assert first["wall_s"] > 0
    assert first["peak_mb"] is None or first["peak_mb"] > 1
    assert keeper.values(piece) == Keeper(tmp_path / "pieces", say=False).values(piece) == first
    assert _runs(runs) == 1
    for count, other in enumerate(
        (
            replace(piece, depends="y"),
            replace(piece, arguments={**piece.arguments, "value": 2}),
            piece,
            replace(piece, name="a/c"),
        ),
        start=2,
    ):
        keeper.values(other)
        assert _runs(runs) == count
    Keeper(tmp_path / "pieces", fresh=True, say=False).values(piece)
    assert _runs(runs) == 6


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "other", "values": {"value": 9}}', '{"values": 3}'])
def test_what_was_kept_and_is_not_understood_is_measured_again(tmp_path: Path, keeper: Keeper, content: str) -> None:
    piece = Piece("a", "tests.measured", {"runs": str(tmp_path / "runs"), "value": 1})
    keeper.values(piece)
    (tmp_path / "pieces/a.json").write_text(content, "utf-8")
    assert keeper.values(piece)["value"] == 1
    assert _runs(tmp_path / "runs") == 2


def test_values_are_no_use_without_the_folder_they_came_with(tmp_path: Path, keeper: Keeper) -> None:
    made = tmp_path / "made"
    piece = Piece("a", "tests.measured", {"runs": str(tmp_path / "runs"), "makes": str(made)}, makes=made)
    after = Piece("b", "tests.measured", {"runs": str(tmp_path / "runs")}, needs=made)
    assert keeper.values(after) == {"missing": "it needs an index that could not be made"}
    keeper.values(piece)
    keeper.values(piece)
    assert _runs(tmp_path / "runs") == 1
    made.rmdir()
    keeper.values(piece)
    assert _runs(tmp_path / "runs") == 2
    assert keeper.values(after)["value"] == 0


def test_a_failure_is_told_and_tried_again(tmp_path: Path, keeper: Keeper) -> None:
    made = tmp_path / "made"
    arguments = {"runs": str(tmp_path / "runs"), "makes": str(made), "fail": True}
    piece = Piece("a", "tests.measured", arguments, makes=made)
    assert keeper.values(piece) == keeper.values(piece) == {"missing": "ValueError: out of tea"}
    assert _runs(tmp_path / "runs") == 2
    assert not made.exists()
    assert keeper.values(Piece("c", "tests.measured", missing="no tea here")) == {"missing": "no tea here"}
    assert list((tmp_path / "pieces").rglob("*.json")) == []
    assert "Traceback" in (tmp_path / "pieces/a.log").read_text("utf-8")


def test_the_state_of_the_code_is_that_of_its_files() -> None:
    assert code("eval/bench") == code("eval/bench") != code("eval/bench/pieces.py") != code("eval/bench/plan.py")


# figures


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.integers(1, 99))
def test_percentiles_are_those_of_numpy(values: list[float], percent: int) -> None:
    assert percentile(values, percent) == pytest.approx(float(np.percentile(values, percent)), rel=1e-9, abs=1e-9)


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        times([])


def test_memory_of_a_process_that_is_not_there_is_unknown() -> None:
    assert peak_mb(2**30) is None


# many at once


class _Answers(http.server.BaseHTTPRequestHandler):
    """Refuses every question that holds « non », and hangs up on « rien »."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["question"]
        self.asked.append(question)
        if "rien" in question:
            self.close_connection = True
            return
        self.send_response(422 if "non" in question else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def answers() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and what it is asked."""
    asked: list[str] = []
    handler = type("Handler", (_Answers,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_each_question_is_asked_once_by_one_of_the_clients(answers: tuple[str, list[str]]) -> None:
    url, asked = answers
    questions = [f"question {at}" for at in range(57)] + ["non 1", "non 2", "rien"]
    values = at_once(url, questions, 8)
    assert sorted(asked) == sorted(questions)
    assert (values["requests"], values["errors"]) == (60, 3)
    assert values["ms"]["p50"] <= values["ms"]["p95"] <= values["ms"]["p99"]
    assert values["per_second"] > 0


def test_questions_of_a_text_are_all_different() -> None:
    random_ = random.Random(1)
    letters = [chr(97 + at) * 3 + "ment" for at in range(12)]
    texts = [" ".join(random_.sample(letters, 4)) for _ in range(50)]
    found = distinct(texts, 60)
    assert len(found) == len(set(found)) == 60
    topics = {topic_of(text) for text in texts}
    assert len(distinct(texts, 10_000)) == 4 * len(topics)
    assert distinct(["oui", "non"], 5) == []


# the report


def _values(plan: Plan, missing: str = "") -> dict[str, Any]:
    """Of every piece, made up: ours is twice as good as the others."""
    found: dict[str, Any] = {}
    for cut in plan.cuts:
        found[f"rivals/{cut.name}/given"] = {
            **{"recordings": 1, "questions": 4, "answerable": 3, "words": 900, "tokens": 1_000, "chunks": 20},
            **{"wall_s": 1.0, "peak_mb": 1.0},
        }
        for rival in RIVALS:
            worse, name = 1 if rival == OURS else 2, f"rivals/{cut.name}/{rival}"
            absent = {"missing": missing} if missing and rival == "txtai_hybrid" else None
            found[f"{name}/index"] = absent or {"seconds": 5.0 * worse, "bytes": 7_000 * worse, "peak_mb": 100.0}
            found[f"{name}/ask"] = absent or {
                "quality": {"hit_1": 0.8 / worse, "auroc": 0.9 / worse, "wrong_answers": 1.0},
                **{"query_ms": {"p50": 10.0 * worse, "p95": 15.0 * worse}, "questions": 4, "failed": 0},
            }
            for round_, seconds in enumerate((3.0, 9.0, 4.0), start=1):
                found[f"{name}/start-{round_}"] = absent or {"wall_s": seconds * worse, "peak_mb": 200.0 * worse}
    part = {"p50": 1.0, "p95": 2.0}
    alone = dict.fromkeys(("encode", "tokenise", "faiss", "terms"), part)
    whole = {
        "sum": {"p50": 20.0, "p95": 30.0},
        "engine": {"p50": 25.0, "p95": 31.0},
        "http": {"p50": 26.0, "p95": 33.0},
    }
    found["limits"] = {**alone, **whole}
    found["load"] = {
        "clients": 8,
        "requests": 40,
        "errors": 1,
        "per_second": 9.5,
        "server_mb": None,
        "ms": {"p50": 80.0, "p95": 90.0, "p99": 99.0},
    }
    found["commands"] = {"missing": "no server today"}
    found["hearing"] = {
        "hours": 6.27,
        "took": 600.0,
        "processor_s": 1150.0,
        "times": 37.6,
        "above_mb": 412.4,
        "speakers": 5,
        "voices": 6,
    }
    found["encoding"] = {
        "tokens": 900,
        "ours_tokens_s": 5_000.0,
        "plain_tokens_s": 2_000.0,
        "least_cosine": 0.99981,
    }
    for size in plan.sizes:
        both = {"anyone": part, "named": part}
        found |= {
            f"growth/{size}/add": {
                "windows": size,
                "debates": size // 1000,
                "copies": 0,
                "add_ms": 0.5,
                "settle_s": 0.1,
                "bytes_window": 4_000.0,
            },
            f"growth/{size}/start": {"wall_s": 6.0, "peak_mb": 900.0},
            f"growth/{size}/ask": {"ask": both, "dense": both, "lexical": both},
            f"growth/{size}/recall": {"nothing": 1.0, "speaker": 0.9, "debate": 1.0, "dates": 1.0},
        }
    return found


def test_the_report_has_ratios_in_which_two_is_twice_as_good(tmp_path: Path) -> None:
    plan = plan_of("quick", tmp_path)
    report = report_of(plan, _values(plan))
    suite = report["suites"]["debate"]
    assert suite["rows"][OURS]["index_tokens_s"] == 200.0
    assert suite["rows"][OURS]["start_s"] == 4.0
    assert set(suite["ratios"]) == set(RIVALS) - {OURS}
    same = {
        "index_tokens_s": 2.0,
        "query_p50_ms": 2.0,
        "query_p95_ms": 2.0,
        "start_s": 2.0,
        "start_mb": 2.0,
        "bytes": 2.0,
    }
    for rival, ratios in suite["ratios"].items():
        lines = round(lines_of(RIVALS[rival]) / lines_of(RIVALS[OURS]), 2)
        assert ratios == {**same, "index_mb": 1.0, "lines": lines}
    assert report["limits"]["overhead_percent"] == {"engine": 25.0, "http": 30.0}
    assert json.loads(json.dumps(report)) == report


def test_the_table_tells_everything_or_why_not(tmp_path: Path) -> None:
    plan = plan_of("quick", tmp_path)
    text = markdown(report_of(plan, _values(plan, "not installed: txtai")))
    for line in (
        "1 recording(s), 900 words; 4 questions, 3 of them answerable; 20 chunks for the others.",
        "- txtai, hybrid: not installed: txtai",
        "8 clients, 40 questions: 9.5 answers a second, 1 errors, p50 80 ms, p95 90 ms, p99 99 ms; – MB.",
        "Left out: no server today.",
        "5,000 tokens a second; sentence-transformers by itself 2,000, so 2.50 times as many. "
        "Least cosine of the two vectors of a window: 0.9998.",
        "Debates that are changed copies of others: 0 of 1.",
        "6.27 hours in 600 s (1150 s of the processor): 38 times faster than it is heard; "
        "412 MB at most above the process before; 6 voices of 5 speakers.",
    ):
        assert line in text.split("\n")
    rows = {
        row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]]
        for row in text.split("\n")
        if "|" in row
    }
    assert rows["Engine.ask"] == ["25.00", "31.00", "+25 %"]
    assert rows["POST /v1/ask"] == ["26.00", "33.00", "+30 %"]
    assert rows["recall@10, filter: speaker"] == ["0.900"]
    assert rows["txtai, hybrid"] == ["–"] * 8
    assert rows["**qui dit quoi**"] == ["200", "10.0", "15", "4.0", "200", "100", "7", str(lines_of(RIVALS[OURS]))]
    columns = {row.count("|") for row in text.split("\n\n")[3].split("\n")}
    assert len(columns) == 1


def test_every_plot_is_drawn_twice(tmp_path: Path) -> None:
    plan = plan_of("quick", tmp_path)
    report = report_of(plan, _values(plan, "not installed"))
    files = save_plots(report, tmp_path / "out")
    assert [path.name for path in files] == ["rivals-debate.png", "rivals-debate.svg", "growth.png", "growth.svg"]
    assert all(path.stat().st_size > 5_000 for path in files)
    assert "txtai" not in files[1].read_text("utf-8")
    assert "Haystack" in files[1].read_text("utf-8")


def test_a_report_of_one_section_has_nothing_of_the_others(tmp_path: Path) -> None:
    plan = plan_of("full", tmp_path)
    report = report_of(plan, {"commands": {"missing": "why"}})
    assert (report["suites"], report["limits"], report["growth"], report["load"]) == ({}, None, [], None)
    assert "## Commands and pages\n\nLeft out: why.\n" in markdown(report)
    assert "## A recording heard" not in markdown(report)
    assert save_plots(report, tmp_path) == []


def test_of_what_is_not_here_every_piece_says_so(tmp_path: Path) -> None:
    """Nothing of it is measured, and the rest is."""
    plan = plan_of("normal", tmp_path)
    places = Places(tmp_path / "out", tmp_path, Settings(cache=tmp_path / "cache", model="a/b"))
    made = [piece for section in ("rivals", "growth") for piece in SECTIONS[section](plan, places)]
    names = [piece.name for piece in made]
    assert len(set(names)) == len(names)
    absent = {piece.name.split("/")[1] for piece in made if "is not here" in piece.missing}
    assert absent == {"fredsum-dev", "techologie-dev", "1000", "10000"}
    assert all(not piece.missing or "installed" in piece.missing for piece in made if "/debate/" in piece.name)
    text = markdown(report_of(plan, {piece.name: {"missing": piece.missing} for piece in made if piece.missing}))
    assert "noise-fr/segments.jsonl.gz is not here." in text


def test_pieces_stay_what_they_are_until_their_suite_changes(tmp_path: Path) -> None:
    places = Places(tmp_path / "out", tmp_path, Settings(cache=tmp_path / "cache", model="a/b"))
    plan = plan_of("quick", tmp_path)

    def keys(plan: Plan) -> dict[str, str]:
        return {piece.name: piece.key for piece in SECTIONS["rivals"](plan, places)}

    first = keys(plan)
    assert keys(plan) == first
    assert len(first) == 1 + 3 * len(RIVALS)
    fewer = keys(replace(plan, cuts=(Cut("debate", questions=39),)))
    assert [name for name in first if first[name] == fewer[name]] == []
    more = keys(replace(plan, starts=2))
    assert {name for name in more if name not in first} == {f"rivals/debate/{rival}/start-2" for rival in RIVALS}
    assert {name: more[name] for name in first} == first


def test_the_command_writes_its_report_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["--quick", "--only", "growth", "--out", str(out), "--shared", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == (out / "bench.md").read_text("utf-8") + "\n"
    assert "segments.jsonl.gz is not here." in said.out
    report = json.loads((out / "bench.json").read_text("utf-8"))
    assert (report["mode"], report["suites"], len(report["growth"])) == ("quick", {}, 1)
    assert said.err.split() == [str(out / "bench.json"), str(out / "bench.md")]


def test_without_voices_no_recording_is_heard(tmp_path: Path) -> None:
    plan, places = plan_of("quick", tmp_path), Places(tmp_path / "out", tmp_path, Settings())
    made, heard = SECTIONS["hearing"](plan, places)
    assert (made.missing, heard.missing) == (f"{places.debates} is not here",) * 2
    assert made.makes == heard.needs == tmp_path / "out" / "indexes" / "recording-0.25"
    assert plan_of("full", tmp_path).hours == 6
