"""The commands of ``qdq eval`` but for the dialogue: what they print and write, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ran

from api.commands.main import app
from eval.runs.results import Result, read_result, write_result
from rag.settings import Settings
from tests.conftest import Qdq
from tests.suite_files import BUDGET, question, self_contained, span, write_beir, write_suite


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands that run in this process."""
    for module in ("api.commands.console", "api.commands.evaluate", "api.commands.evaluate_speakers"):
        monkeypatch.setattr(f"{module}.LANGUAGE", "en")


def _qdq(*arguments: str | Path) -> Ran:
    """``qdq eval`` in this process; what is no exit of the command is raised."""
    return CliRunner().invoke(app, ["eval", *map(str, arguments)], catch_exceptions=False)


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


def test_a_suite_is_indexed_and_asked_with_the_model(
    home: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real one, whose prepared weights alone are in the cache folder already."""
    documents = [{"_id": "d1", "text": "Le budget de la culture doit doubler."}]
    write_beir(tmp_path / "beir", documents, [{"_id": "q1", "text": BUDGET}], ["q1 d1 1"])
    (tmp_path / "cache").mkdir()
    for path in cache.glob("*"):
        if path.name != "eval":
            (tmp_path / "cache" / path.name).symlink_to(path)
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("QDQ_CACHE", str(tmp_path / "cache"))
    ran = _qdq("run", "--suite", tmp_path / "beir", "--out", tmp_path / "out", "--json")
    assert (ran.exit_code, ran.stderr) == (0, "")
    (result,) = json.loads(ran.stdout)["results"]
    assert (result["summary"]["hit_1"]["value"], result["summary"]["wrong_refusals"]["value"]) == (1.0, 0.0)
    assert result["index"]["windows"] == 2
    assert not home.exists(), "the index of the user is left alone"
