"""The command as a user runs it: a process of its own, exit codes, one JSON document."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
import typer

from api.commands.console import reported
from rag.records import Circumstances, Records
from rag.types import Answer
from tests.answers import cite
from tests.chat_server import in_turn, playing, streams
from tests.conftest import DEBATE, KEMPF, Qdq

SRT = "1\n00:00:01,000 --> 00:00:04,000\nLe budget de la culture doit doubler.\n"


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "petit.srt"
    path.write_text(SRT, "utf-8")
    return path


def test_ask_prints_the_answer_and_where_it_stands(qdq: Qdq, debate_home: Path) -> None:
    done = qdq("ask", "Que pense Kempf du RGPD ?", home=debate_home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{KEMPF} :\n« ")
    assert re.search(
        rf"^\[2\] 03:\d\d–04:00  {KEMPF} \(labelled\)  {DEBATE}  /d/{DEBATE}\?t=\d+,240$", done.stdout, re.MULTILINE
    )
    assert re.search(r"^Confidence: \d+%$", done.stdout, re.MULTILINE)


def test_ask_exits_with_3_when_it_abstains_and_prints_one_json_document(qdq: Qdq, debate_home: Path) -> None:
    done = qdq("ask", "Comment faire cuire des pâtes ?", "--json", home=debate_home)
    assert done.returncode == 3
    answer = json.loads(done.stdout)
    assert answer["abstained"] is True
    assert done.stderr == ""


def test_a_debate_is_added_listed_shown_and_removed(qdq: Qdq, srt: Path) -> None:
    added = qdq("add", str(srt), "--title", "Débat avec Ada Martin", "--date", "2024-05-06", "--json")
    assert added.returncode == 0, added.stderr
    (file,) = json.loads(added.stdout)["files"]
    assert (file["debate"], file["report"]["format"], file["report"]["words"]) == ("petit", "SubRip", 7)
    (debate,) = json.loads(qdq("debates", "--json").stdout)["debates"]
    assert (debate["id"], debate["date"], debate["participants"]) == (
        "petit",
        "2024-05-06",
        [{"name": "Ada Martin", "role": "", "aliases": []}],
    )
    assert qdq("show", "petit").stdout == "?\n  00:01  Le budget de la culture doit doubler.\n"
    assert json.loads(qdq("show", "petit", "--from", "00:05", "--json").stdout)["segments"] == []
    assert json.loads(qdq("remove", "petit", "--json").stdout) == {"removed": "petit"}
    assert "qdq add" in qdq("debates").stdout


def test_a_debate_is_exported_on_stdout_or_to_a_file_and_is_the_same_when_it_is_added_again(
    qdq: Qdq, srt: Path, tmp_path: Path
) -> None:
    assert qdq("add", str(srt)).returncode == 0
    assert qdq("export", "petit", "--format", "srt").stdout == SRT
    document = json.loads(qdq("export", "petit", "--format", "srt", "--json").stdout)
    assert document == {"debate": "petit", "format": "srt", "content": SRT}
    out = tmp_path / "new" / "again.json"
    assert qdq("export", "petit", "--format", "json", "--out", str(out)).stdout == f"petit written to {out}.\n"
    assert qdq("add", str(out)).returncode == 0
    assert qdq("export", "again", "--format", "srt").stdout == SRT


def test_one_bad_file_does_not_stop_the_others(qdq: Qdq, srt: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.srt"
    bad.write_bytes(b"")
    done = qdq("add", str(bad), str(srt), "--json")
    assert done.returncode == 1
    first, second = json.loads(done.stdout)["files"]
    assert "is empty" in first["error"]
    assert second["debate"] == "petit"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["add", "nowhere.srt"], 1, "Cannot read nowhere.srt"),
        (["show", "nope"], 1, "No debate “nope” in the index. Debates present: –."),
        (["remove", "nope"], 1, "No debate “nope”"),
        (["ask", "  "], 1, "The question is empty"),
        (["ask", "bonjour", "--debate", "nope"], 1, "No debate “nope”"),
        (["ask", "bonjour", "--top-k", "51"], 2, "--top-k"),
        (["show", "nope", "--from", "3h"], 2, "is no time"),
        (["export", "nope", "--format", "srt"], 1, "No debate “nope”"),
        (["export", "nope", "--format", "docx"], 2, "'docx' is not one of"),
        (["ask"], 2, "question"),
        (["frobnicate"], 2, "frobnicate"),
        (["serve", "--host", "256.1.1.1"], 1, "Cannot listen on 256.1.1.1:8000"),
    ],
)
def test_mistakes_are_named(qdq: Qdq, arguments: list[str], code: int, message: str) -> None:
    done = qdq(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_is_one_json_document_too_and_in_french_when_wanted(qdq: Qdq) -> None:
    done = qdq("show", "nope", "--json", env={"LANG": "fr_FR.UTF-8"})
    assert done.returncode == 1
    assert done.stderr == ""
    problem = json.loads(done.stdout)
    assert problem["type"] == "urn:qui-dit-quoi:debate-unknown"
    assert problem["detail"] == "Aucun débat « nope » dans l'index. Débats présents : –."


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("QDQ_HOM", "x", "QDQ_HOM (? QDQ_HOME)"),
        ("QDQ_PASSAGE_WORDS", "3", "QDQ_PASSAGE_WORDS=3"),
        ("QDQ_PORT", "x", "QDQ_PORT"),
    ],
)
def test_a_wrong_setting_is_refused(qdq: Qdq, variable: str, value: str, message: str) -> None:
    done = qdq("debates", env={variable: value})
    assert done.returncode == 1
    assert message in done.stderr


def test_help_is_in_the_language_of_the_system(qdq: Qdq) -> None:
    assert "Ask the debates a question." in qdq("--help").stdout
    assert "Poser une question aux débats." in qdq("--help", env={"LANG": "fr_FR.UTF-8"}).stdout


def test_an_index_of_another_model_says_how_to_rebuild(qdq: Qdq, srt: Path, tmp_path: Path) -> None:
    assert qdq("add", str(srt)).returncode == 0
    database = tmp_path / "home" / "index.sqlite"
    change = "UPDATE meta SET value = 'old@1' WHERE key = 'fingerprint'"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(change)
    refused = qdq("ask", "Que dit-on du budget ?")
    assert refused.returncode == 1
    assert "old@1" in refused.stderr
    assert "qdq rebuild" in refused.stderr
    assert json.loads(qdq("rebuild", "--json").stdout) == {"debates": 1}
    assert "doubler" in qdq("search", "budget").stdout


def test_demo_adds_the_debate_once_and_asks(qdq: Qdq) -> None:
    first, second = qdq("demo"), qdq("demo")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "$ qdq add" in first.stdout
    assert "$ qdq add" not in second.stdout
    assert "[1]" in second.stdout
    assert KEMPF in second.stdout


def test_serve_answers_until_it_is_interrupted(debate_home: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "api.commands.main", "serve", "--port", "0", "--json"]
    variables = {"PATH": "", "QDQ_HOME": str(debate_home), "QDQ_CACHE": str(cache)}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = json.loads("".join(server.stdout.readline() for _ in range(3)))["url"]
        request = urllib.request.Request(
            f"{url}/v1/ask",
            json.dumps({"question": "Que pense Kempf du RGPD ?"}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                answer = json.load(response)
            with urllib.request.urlopen(f"{url}/docs", timeout=10) as page:
                shown = page.read()
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=30) == 0
        finally:
            server.kill()
    assert b"https://" not in shown, "the page needs a network"
    assert answer["citations"][0]["speaker"] == KEMPF


def test_kept_answers_are_listed_shown_and_deleted(qdq: Qdq, home: Path) -> None:
    records = Records(home, days=30)
    home.mkdir()
    about = Circumstances("g", "f", {}, {})
    answer = Answer("Et le budget ?", "« x » [1]", False, 0.5, None, (cite(0, 10),), 1.0)
    first, second = (str(records.kept(answer, about).id) for _ in range(2))
    records.close()
    listed = json.loads(qdq("answers", "list", "--json").stdout)["answers"]
    assert {one["id"] for one in listed} == {first, second}
    assert {(one["question"], one["abstained"]) for one in listed} == {("Et le budget ?", False)}
    line = rf"(?:{first}|{second})  \d{{4}}-\d\d-\d\d \d\d:\d\d  Et le budget \?\n"
    assert re.fullmatch(f"(?:{line}){{2}}", qdq("answers", "list").stdout)
    shown = qdq("answers", "show", first).stdout
    assert "« x » [1]" in shown
    assert shown.endswith("[1] the debate was removed\n")
    assert json.loads(qdq("answers", "show", first, "--json").stdout)["citations_now"][0]["standing"] == "gone"
    assert json.loads(qdq("answers", "delete", first, "--json").stdout) == {"deleted": first}
    gone = qdq("answers", "show", first)
    assert (gone.returncode, gone.stderr.startswith(f"No answer “{first}” is kept")) == (1, True)
    assert qdq("answers", "clear").stdout == "1 answer(s) deleted.\n"
    assert qdq("answers", "list").stdout == "No answer is kept.\n"


def test_a_language_model_words_the_answer_where_it_is_wanted(qdq: Qdq, debate_home: Path) -> None:
    quote = "le RGPD a renforcé la position de Google sur la publicité"
    with playing(in_turn(streams(f"Kempf dit que « {quote} » [1][2][3]. Il ment [1]."))) as played:
        env = {"QDQ_LLM_URL": played.url, "QDQ_LLM_MODEL": "petit", "QDQ_LLM_ANSWERS": "false"}
        done = qdq("ask", "Que pense Kempf du RGPD ?", "--llm", "--json", home=debate_home, env=env)
    answer = json.loads(done.stdout)
    assert len(played.bodies) == 1
    assert (answer["generated"]["sentences_kept"], answer["generated"]["sentences_removed"]) == (1, 1)
    assert answer["answer"].startswith(f"Kempf dit que « {quote} » [1][2][3].\n\nRédigé par le modèle de langage petit")
    assert f"{KEMPF} :\n« " in answer["answer"]


def test_an_interruption_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    @reported
    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(typer.Exit) as ended:
        stopped()
    out, err = capsys.readouterr()
    assert (ended.value.exit_code, out, err.count("\n")) == (130, "", 1)
