"""Making one's own questions, and the commands of ``qdq eval``."""

import io
import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ran

from api.cli import app
from api.console import LANGUAGE
from api.judge import judge_all
from eval.judging import is_open, judged, merged, pool, read_drafts, write_drafts
from eval.runs.results import Result, read_result, write_result
from eval.suites.questions import DraftQuestion, read_questions
from index.encoder import SentenceTransformerEncoder
from index.errors import FileUnreadable, ModelMismatch, QuestionsInvalid, SuiteInvalid
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Citation
from tests.answers import cite, fixed
from tests.conftest import Qdq
from tests.fakes import HashEncoder
from tests.suite_files import question, self_contained, span, srt, write_suite

_cite = partial(cite, debate="evening-1")
DRAFT = DraftQuestion(id="q1", question="Qui ?", lang="fr")
BUDGET = "Que doit faire le budget de la culture ?"


# drafts, pools and grades


def test_drafts_are_lines_or_json(tmp_path: Path) -> None:
    path = tmp_path / "drafts.txt"
    done = question("d1", "Déjà ?", span("evening-1", 0, 10))
    path.write_text(
        f'\ufeffQui parle ?\n\n  Who speaks of the debt?  \n{{"question": "Quoi ?", "category": "fact"}}\n'
        f'{{"id": "x", "question": "Où ?"}}\n{json.dumps(done)}\n',
        "utf-8",
    )
    assert [(found.id, found.question, found.lang, found.answerable) for found in read_drafts(path)] == [
        ("q001", "Qui parle ?", "fr", None),
        ("q003", "Who speaks of the debt?", "en", None),
        ("q004", "Quoi ?", "fr", None),
        ("x", "Où ?", "fr", None),
        ("d1", "Déjà ?", "fr", True),
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [('Qui ?\n{"question": 1}', 2), ('{"id": "q002", "question": "a"}\nQui ?', 2), ('{"question"', 1)],
)
def test_a_draft_that_is_none_is_named(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / "drafts.txt").write_text(content, "utf-8")
    with pytest.raises(QuestionsInvalid, match=rf"drafts\.txt, line {line}: "):
        read_drafts(tmp_path / "drafts.txt")


def test_drafts_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "drafts.txt").write_bytes(b"\xff")
    with pytest.raises(QuestionsInvalid, match=r"drafts\.txt, line 1: it is not a text in UTF-8"):
        read_drafts(tmp_path / "drafts.txt")
    with pytest.raises(FileUnreadable, match=r"nowhere\.txt"):
        read_drafts(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("text", ["Qui ?", "Qui\u2028parle ?", 'a"\\b', "\u0085 fin", "a\tb"])
def test_drafts_are_read_as_they_were_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "drafts.jsonl"
    draft = DraftQuestion(id="q1", question=text, lang="fr", speaker="Ada")
    done = judged(draft.model_copy(update={"id": "q2"}), {_cite(0, 10): 2})
    write_drafts([draft, done], path)
    assert read_drafts(path) == [draft, done]


def test_a_pool_takes_the_first_of_each_before_the_second_of_each() -> None:
    one = fixed(_cite(0, 10), _cite(20, 30), _cite(40, 50))
    other = fixed(_cite(60, 70), _cite(80, 90))
    assert [found.start for found in pool("Qui ?", [one, other])] == [0, 60, 20, 80, 40]
    assert [found.start for found in pool("Qui ?", [one, other], depth=1)] == [0, 60]
    assert pool("Qui ?", [fixed()]) == []


def test_what_is_mostly_the_same_is_pooled_once() -> None:
    one = fixed(_cite(0, 10), _cite(20, 30))
    other = fixed(_cite(5, 15), _cite(26, 40), _cite(0, 10, debate="matin"), _cite(0, 100))
    assert [(found.debate, found.start, found.end) for found in pool("Qui ?", [one, other])] == [
        ("evening-1", 0, 10),
        ("evening-1", 20, 30),
        ("evening-1", 26, 40),
        ("matin", 0, 10),
    ]


def test_a_moment_without_length_is_pooled_once() -> None:
    moment, around = fixed(_cite(15, 15)), fixed(_cite(10, 20))
    assert len(pool("Qui ?", [moment, moment])) == 1
    assert len(pool("Qui ?", [around, moment])) == 1


def test_gold_is_what_was_graded_with_overlaps_joined() -> None:
    grades = {
        _cite(20, 30): 2,
        _cite(0, 10): 2,
        _cite(5, 15): 2,
        _cite(15, 18): 2,
        _cite(0, 10, debate="matin"): 2,
        _cite(28, 40): 1,
        _cite(50, 60): 0,
    }
    done = judged(DRAFT, grades)
    assert done.answerable
    assert [(one.debate, one.start, one.end, one.grade) for one in done.gold] == [
        ("evening-1", 0, 15, 2),
        ("evening-1", 15, 18, 2),
        ("evening-1", 20, 30, 2),
        ("matin", 0, 10, 2),
        ("evening-1", 28, 40, 1),
    ]


@pytest.mark.parametrize("grades", [{}, {_cite(0, 10): 0}, {_cite(0, 10): 1}])
def test_without_an_answer_the_question_is_unanswerable(grades: Mapping[Citation, int]) -> None:
    done = judged(DRAFT, grades)
    assert (done.answerable, done.gold) == (False, ())


def test_a_moment_without_length_can_answer() -> None:
    (only,) = judged(DRAFT, {_cite(5, 5): 2}).gold
    assert only.start <= 5 <= only.end
    (first,) = judged(DRAFT, {_cite(0, 0): 2}).gold
    assert first.start == 0


def _draft(id_: str, text: str, *gold: dict[str, Any], answerable: bool | None = None) -> DraftQuestion:
    return DraftQuestion.model_validate(question(id_, text, *gold) | {"answerable": answerable})


def test_new_questions_join_those_that_were_judged() -> None:
    """An id that is taken gets a number; what is no longer asked is kept."""
    done = _draft("q001", "Qui ?", span("d", 0, 10), answerable=True)
    gone = _draft("q002", "Où ?", answerable=False)
    asked = [_draft("q001", "Quand ?"), _draft("q002", "Qui ?")]
    found = merged(asked, [done, gone])
    assert [(one.id, one.question, one.answerable) for one in found] == [
        ("q001", "Quand ?", None),
        ("q001-2", "Qui ?", True),
        ("q002", "Où ?", False),
    ]
    assert found[1].gold == done.gold
    assert merged(asked, found) == found, "and stay as they are"
    assert merged(asked, []) == asked


def test_a_question_that_is_asked_twice_keeps_its_judgement() -> None:
    done = _draft("q001", "Qui ?", span("d", 0, 10), answerable=True)
    twice = [_draft("q001", "Qui ?"), _draft("q002", "Qui ?")]
    once = merged(twice, [done, twice[1]])
    assert [one for one in once if one.gold == done.gold] != []
    assert merged(twice, once) == once


def test_what_is_still_to_be_judged() -> None:
    helped = _draft("q1", "Qui ?", span("d", 0, 10, 1), answerable=True)
    done = _draft("q1", "Qui ?", span("d", 0, 10), answerable=True)
    drafts = (DRAFT, _draft("q1", "Qui ?", answerable=True), helped, done, _draft("q1", "Qui ?", answerable=False))
    assert [is_open(draft) for draft in drafts] == [True, True, True, False, False]


# judging

SKIP, YES = ("p", "o") if LANGUAGE == "fr" else ("s", "y")
Judge = Callable[..., tuple[int, int]]


@pytest.fixture
def own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An index of one sentence, and the fake encoder in place of the model."""
    (tmp_path / "petit.srt").write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    settings = Settings(home=home, cache=tmp_path / "cache")
    engine = Engine(LocalStore(home), HashEncoder(), settings)
    engine.add(tmp_path / "petit.srt")
    engine.close()
    for module in ("api.judge", "eval.runs.run"):
        monkeypatch.setattr(f"{module}.SentenceTransformerEncoder", lambda *_, **__: HashEncoder())
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("QDQ_CACHE", str(settings.cache))
    return settings


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return tmp_path / "mine.txt"


@pytest.fixture
def judge(asked: Path, own: Settings, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Judges the questions of a file, with what a person types: how many are judged and left."""

    def run(*typed: str, source: Path = asked, out: Path | None = None) -> tuple[int, int]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        path, done, left = judge_all(source, out, own, quiet=True)
        assert path == (out or source.with_suffix(".jsonl"))
        return done, left

    return run


def _kept(asked: Path) -> list[tuple[str, bool | None, tuple[float, ...]]]:
    """Each question that was written, whether it has an answer, and the times of its gold."""
    drafts = read_drafts(asked.with_suffix(".jsonl"))
    return [
        (one.question, one.answerable, tuple(t for gold in one.gold for t in (gold.start, gold.end))) for one in drafts
    ]


def test_questions_are_judged_once_and_gone_on_with(
    judge: Judge, asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked.write_text(f"{BUDGET}\n\nQui a gagné le match ?\nQuoi encore ?\n", "utf-8")
    assert judge("", "x", "3", "2", "0", "x", YES.upper()) == (2, 1)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"[1/3] {BUDGET}\n\n  1/1  petit 00:00–00:10\n  Le budget de la culture doit doubler.\n" in shown.err
    assert shown.err.count("[2]") == 4 + 1 + 1, "what is no answer is asked again; then the input ends"
    first = [(BUDGET, True, (0, 10)), ("Qui a gagné le match ?", False, ())]
    assert _kept(asked) == [*first, ("Quoi encore ?", None, ())]

    for typed in ("1", "n"), (SKIP,), ("q",), ("0", "q"), ():
        assert judge(*typed) == (2, 1)
        assert _kept(asked) == [*first, ("Quoi encore ?", None, ())]
    shown = capsys.readouterr()
    assert "[3/3]" in shown.err
    assert "[1/3]" not in shown.err

    asked.write_text(f"Qui double ?\n{BUDGET}\nQuoi encore ?\n", "utf-8")
    assert judge(SKIP, "1", YES) == (3, 1)
    last = ("Quoi encore ?", False, ())
    assert _kept(asked) == [("Qui double ?", None, ()), first[0], last, first[1]], "a help alone is no gold"
    assert judge("2") == (4, 0)
    assert capsys.readouterr().err.count("[1/4] Qui double ?") == 2
    assert judge() == (4, 0)
    assert capsys.readouterr().err == "", "nothing more is asked"
    assert [found.answerable for _line, found in read_questions(asked.with_suffix(".jsonl"))] == [True, True] + [
        False
    ] * 2


def test_an_answer_that_nobody_placed_yet_is_judged(judge: Judge, asked: Path) -> None:
    source = asked.with_suffix(".jsonl")
    source.write_text(json.dumps({"question": BUDGET, "answerable": True}), "utf-8")
    assert judge(SKIP, source=source) == (0, 1)
    assert judge("2", source=source) == (1, 0)
    assert _kept(asked) == [(BUDGET, True, (0, 10))]


def test_a_question_that_cannot_be_asked_is_told_and_skipped(
    judge: Judge, asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked.write_text(f"{'mot ' * 300}?\n…\n{BUDGET}\n", "utf-8")
    out = tmp_path / "new" / "out.jsonl"
    assert judge("2", out=out) == (1, 2)
    shown = capsys.readouterr().err
    assert "1000" in shown
    assert ("La question est vide" if LANGUAGE == "fr" else "The question is empty") in shown
    assert [found.answerable for found in read_drafts(out)] == [None, None, True]


def test_an_interruption_keeps_what_was_judged(asked: Path, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.StringIO):
        def readline(self, *_size: int) -> str:  # type: ignore[override]
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    asked.write_text(f"{BUDGET}\nQuoi encore ?\n", "utf-8")
    monkeypatch.setattr("sys.stdin", Interrupted("2\n"))
    assert judge_all(asked, None, own, quiet=True)[1:] == (1, 1)
    assert [answerable for _, answerable, _ in _kept(asked)] == [True, None]


def test_an_index_that_is_empty_or_of_another_model_is_not_judged(
    asked: Path, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.write_text(BUDGET, "utf-8")
    with pytest.raises(SuiteInvalid, match="the index is empty") as caught:
        judge_all(asked, None, own.model_copy(update={"home": tmp_path / "nothing"}), quiet=True)
    assert "l'index est vide" in caught.value.message("fr")
    monkeypatch.setattr("api.judge.SentenceTransformerEncoder", lambda *_, **__: HashEncoder("hash@2"))
    with pytest.raises(ModelMismatch, match="hash@2"):
        judge_all(asked, None, own, quiet=True)


def test_a_moment_without_length_is_judged_and_found_again(judge: Judge, asked: Path, own: Settings) -> None:
    moment = asked.with_name("moment.json")
    segment = {"start": 5, "end": 5, "text": "La piscine olympique coûte trop cher à la ville."}
    moment.write_text(json.dumps({"segments": [segment]}), "utf-8")
    engine = Engine(LocalStore(own.home), HashEncoder(), own)
    engine.remove("petit")
    engine.add(moment)
    engine.close()
    asked.write_text("Que coûte la piscine olympique à la ville ?\n", "utf-8")
    assert judge(*["2"] * 4) == (1, 0)
    ran = _qdq("run", "--suite", asked.with_suffix(".jsonl"), "--out", asked.parent / "out", "--json")
    assert json.loads(ran.stdout)["results"][0]["summary"]["hit_1"]["value"] == 1.0


# the commands


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands that run in this process; the questions of ``judge`` stay in the language of the machine."""
    for module in ("api.console", "api.eval_cli"):
        monkeypatch.setattr(f"{module}.LANGUAGE", "en")


def _qdq(*arguments: str | Path) -> Ran:
    """``qdq eval`` in this process."""
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture
def mine(own: Settings, tmp_path: Path) -> Path:
    """A question with an answer, one without, and one that cannot be asked, to the index of one sentence."""
    lines = [question("q1", BUDGET, span("petit", 0, 10)), question("q2", "Qui dort ?")]
    lines.append(question("q3", "mot " * 300, span("petit", 0, 10)))
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_a_failed_question_and_a_low_floor_fail_the_command(mine: Path, tmp_path: Path) -> None:
    floors, out = tmp_path / "floors.toml", tmp_path / "new" / "out"
    floors.write_text("[mine]\nhit_1 = 0.5\nwrong_answers = -1.0\n", "utf-8")
    ran = _qdq("run", "--suite", mine, "--out", out, "--floors", floors, "--json")
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exc_info
    document = json.loads(ran.stdout)
    (result,) = document["results"]
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert (result["suite"], result["summary"]["hit_1"]["value"], "questions" in result) == ("mine", 0.5, False)
    assert document["below_floors"] == ["mine.shipped wrong_answers"]
    (failed,) = document["failed"]
    assert (failed["result"], failed["question"], failed["error"][:17]) == ("mine.shipped", "q3", "QuestionTooLong: ")
    assert document["differences"] == []
    assert document["files"] == [str(out / f"mine.shipped.{ending}") for ending in ("json", "html")]
    assert read_result(out / "mine.shipped.json").record("q1").right
    self_contained((out / "mine.shipped.html").read_text("utf-8"))

    floors.write_text("[mine]\nhit_1 = 0.5\n", "utf-8")
    told = _qdq("run", "--suite", mine, "--out", out, "--floors", floors)
    assert told.exit_code == 1, "the question still fails"
    assert "1 question(s) failed:\n  mine.shipped q3: QuestionTooLong: " in told.stdout
    assert told.stdout.endswith(f"\nNothing below the floors of {floors}.\n")
    mine.write_text("".join(line + "\n" for line in mine.read_text("utf-8").splitlines()[:2]), "utf-8")
    assert _qdq("run", "--suite", mine, "--out", out, "--floors", floors).exit_code == 0
    floors.write_text("[other]\nhit_1 = 0.5\n", "utf-8")
    refused = _qdq("run", "--suite", mine, "--out", tmp_path / "never", "--floors", floors)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "it has no table [mine]" in refused.stderr
    assert not (tmp_path / "never").exists(), "before anything is asked"


def test_systems_are_compared_under_the_same_names(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a side file gives names, with and without; results go into a folder of their time."""
    monkeypatch.chdir(tmp_path)
    write_suite(tmp_path / "radio")
    (tmp_path / "short.toml").write_text("passage_words = 10\n", "utf-8")
    ran = _qdq("run", "--suite", "radio", "--system", "fusion", "--system", "short.toml", "--json")
    assert ran.exit_code == 0, ran.output
    document = json.loads(ran.stdout)
    names = ["radio.fusion", "radio.short.toml", "radio.fusion.unlabelled", "radio.short.toml.unlabelled"]
    assert [
        f"{one['suite']}.{one['system']}{'' if one['labelled'] else '.unlabelled'}" for one in document["results"]
    ] == names
    assert [(one["first"], one["second"]) for one in document["differences"]] == [
        (names[0], names[2]),
        (names[0], names[1]),
        (names[2], names[3]),
    ]
    (folder,) = (tmp_path / "eval-results").iterdir()
    assert folder.name.replace("-", "").isdecimal()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}.{ending}" for name in names for ending in ("html", "json")
    )
    assert [Path(path).parent.name for path in document["files"]] == [folder.name] * 8
    told = _qdq("run", "--suite", "radio", "--system", "fusion", "--speakers", "without", "--out", "out")
    assert told.exit_code == 0
    assert " less " not in told.stdout
    assert told.stdout.endswith("\nout/radio.fusion.unlabelled.json\nout/radio.fusion.unlabelled.html\n")


def test_mistakes_of_use_are_told_before_anything_is_asked(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for path in (tmp_path / "x.json", tmp_path / "a" / "x.json"):
        path.write_text('{"passage_words": 40}', "utf-8")
    out = tmp_path / "never"
    for arguments, told in (
        (("--speakers", "without"), "your index keeps its names"),
        (("--speakers", "both"), "your index keeps its names"),
        (("--system", "fusion", "--system", "fusion"), "“fusion” twice"),
        (("--system", tmp_path / "x.json", "--system", tmp_path / "a" / "x.json"), "“x.json” twice"),
    ):
        ran = _qdq("run", "--suite", mine, "--out", out, *arguments)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert told in " ".join(ran.stderr.replace("│", " ").split())
    unknown = _qdq("run", "--suite", mine, "--out", out, "--system", "fusion", "--system", "oracle")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "No system “oracle”" in unknown.stderr
    assert not out.exists()


def test_results_are_compared_shown_and_exported(shipped: Result, fusion: Result, tmp_path: Path) -> None:
    one, other = (write_result(result, tmp_path) for result in (shipped, fusion))
    document: dict[str, Any] = json.loads(_qdq("compare", one, other, "--json").stdout)
    assert (document["first"], document["second"]) == ("radio.shipped", "radio.fusion")
    (row,) = [row for row in document["rows"] if row["measure"] == "wrong_answers"]
    assert row == {
        "measure": "wrong_answers",
        "first": 0.0,
        "second": 1.0,
        "difference": 1.0,
        "interval": {"low": 1.0, "high": 1.0},
        "won": 0,
        "lost": 3,
        "count": 3,
    }
    assert _qdq("compare", one, other).stdout.startswith("radio.fusion less radio.shipped")
    shown = _qdq("show", one, "--question", "e1", "--json")
    assert json.loads(shown.stdout) == shipped.record("e1").model_dump(mode="json")
    assert _qdq("show", one, "--question", "e1").stdout.startswith("e1  Que dit Ada Martin")
    exported = _qdq("export", one, "--trec", "--out", tmp_path / "trec")
    assert exported.stdout == f"{tmp_path}/trec/radio.shipped.run\n{tmp_path}/trec/radio.shipped.qrels\n"
    bare = _qdq("export", one)
    assert (bare.exit_code, bare.stdout, "--trec" in bare.stderr) == (2, "", True)
    unknown = _qdq("show", one, "--question", "e9", "--json")
    assert (unknown.exit_code, unknown.stderr) == (1, "")
    assert json.loads(unknown.stdout)["type"] == "urn:qui-dit-quoi:question-unknown"


def test_mistakes_are_told_in_french(qdq: Qdq, shipped: Result, tmp_path: Path) -> None:
    one = str(write_result(shipped, tmp_path))
    other = str(write_result(shipped.model_copy(update={"corpus_hash": "0"}), tmp_path / "other"))
    differing = qdq("eval", "compare", one, other, env={"LANG": "fr_FR.UTF-8"})
    assert (differing.returncode, differing.stdout) == (1, "")
    assert differing.stderr == (
        "Ces résultats ne se comparent pas : leurs enregistrements diffèrent. "
        "Refaites l'un des deux avec « qdq eval run ».\n"
    )


_ON_A_TERMINAL = """
import sys
import api.cli, api.judge
from tests.fakes import HashEncoder

class Loaded(HashEncoder):
    def load(self, progress=None):
        if progress:
            progress("load", 0, 0)

api.judge.SentenceTransformerEncoder = lambda *_, **__: Loaded()
api.cli.main()
"""


def _judged_on_a_terminal(source: Path, variables: Mapping[str, str], prompt: str, typed: str) -> tuple[str, str, str]:
    """What stood on the terminal when ``prompt`` came, all of it after ``typed``, and stdout, which is none."""
    ours, theirs = pty.openpty()
    shown = before = b""
    command = [sys.executable, "-c", _ON_A_TERMINAL, "eval", "judge", str(source)]
    with subprocess.Popen(command, env=variables, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        try:
            while prompt.encode() not in shown and select.select([ours], [], [], 120)[0]:
                shown += os.read(ours, 65536)
            before = shown
            os.write(ours, typed.encode())
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux says that nobody is left on the other side
            pass
        finally:
            os.close(ours)
            stdout, _ = process.communicate(timeout=60)
    return before.decode(), shown.decode().replace("\r\n", "\n"), stdout.decode()


def test_on_a_terminal_in_french(own: Settings, asked: Path) -> None:
    """A bar that is still there when a question is asked hides the cursor and wipes the line ten times a second."""
    asked.write_text(f"{BUDGET}\nQui a gagné le match ?\nQuoi encore ?\nEt ensuite ?\n", "utf-8")
    before, shown, stdout = _judged_on_a_terminal(
        asked,
        {
            "PATH": os.environ["PATH"],
            "QDQ_HOME": str(own.home),
            "PYTHONUTF8": "1",
            "TERM": "xterm",
            "QDQ_LANGUAGE": "fr",
        },
        "[q]uitter",
        "s\n2\n0\ny\no\np\nq\n",
    )
    assert "Le budget de la culture doit doubler." in before, shown
    assert before.rfind("\x1b[?25h") > before.rfind("\x1b[?25l") >= 0, "the cursor is hidden"
    assert shown.count("[2] répond, [1] aide, [0] non, [p]asser la question, [q]uitter ?") == 5
    assert shown.count("Personne ne le dit dans ces débats ? [o]ui, [n]on :") == 2
    assert stdout == f"{asked.with_suffix('.jsonl')} : 2 questions jugées, 2 à juger.\n"
    assert [answerable for _, answerable, _ in _kept(asked)] == [True, False, None, None]


def test_the_own_index_is_evaluated_with_the_model(
    home: Path, cache: Path, model: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "petit.srt").write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    engine = Engine(LocalStore(home), model, Settings(home=home))
    engine.add(tmp_path / "petit.srt")
    engine.close()
    (tmp_path / "mine.jsonl").write_text(json.dumps(question("q1", BUDGET, span("petit", 0, 10))), "utf-8")
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("QDQ_CACHE", str(cache))
    ran = _qdq("run", "--suite", tmp_path / "mine.jsonl", "--out", tmp_path / "out", "--json")
    assert (ran.exit_code, ran.stderr) == (0, ""), (ran.exception, ran.output)
    (result,) = json.loads(ran.stdout)["results"]
    assert (result["summary"]["hit_1"]["value"], result["summary"]["wrong_refusals"]["value"]) == (1.0, 0.0)
    assert result["fingerprint"].startswith(model.fingerprint)
