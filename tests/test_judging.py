"""Making one's own questions: drafts, pools of passages, and the dialogue that judges them."""

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

from api.commands.console import LANGUAGE
from api.commands.judging import judge_all
from eval.judging import is_open, judged, merged, pool, read_drafts, write_drafts
from eval.runs.run import Evaluation
from eval.suites.find import find_suite
from eval.suites.questions import DraftQuestion, read_questions
from index.errors import FileUnreadable, ModelMismatch, QuestionsInvalid, SuiteInvalid
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Citation
from tests.answers import cite, fixed
from tests.fakes import HashEncoder
from tests.suite_files import BUDGET, question, span

_cite = partial(cite, debate="evening-1")
DRAFT = DraftQuestion(id="q1", question="Qui ?", lang="fr")


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
    monkeypatch.setattr("api.commands.judging.open_encoder", lambda *_, **__: HashEncoder("hash@2"))
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
    suite = find_suite(str(asked.with_suffix(".jsonl")), own)
    assert Evaluation(suite, own, HashEncoder()).run("bm25").record("q001").right


_ON_A_TERMINAL = """
import sys
import api.commands.main, api.commands.judging
from tests.fakes import HashEncoder

class Loaded(HashEncoder):
    def load(self, progress=None):
        if progress:
            progress("load", 0, 0)

api.commands.judging.open_encoder = lambda *_, **__: Loaded()
api.commands.main.main()
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
    assert "Le budget de la culture doit doubler." in before
    assert before.rfind("\x1b[?25h") > before.rfind("\x1b[?25l") >= 0, "the cursor is hidden"
    assert shown.count("[2] répond, [1] aide, [0] non, [p]asser la question, [q]uitter ?") == 5
    assert shown.count("Personne ne le dit dans ces débats ? [o]ui, [n]on :") == 2
    assert stdout == f"{asked.with_suffix('.jsonl')} : 2 questions jugées, 2 à juger.\n"
    assert [answerable for _, answerable, _ in _kept(asked)] == [True, False, None, None]
