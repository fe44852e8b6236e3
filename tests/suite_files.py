"""Small suites written into folders: two debates in French with made-up people, and twelve questions."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.suites.find import find_suite
from eval.suites.suite import Suite
from index.errors import QuestionsInvalid
from index.times import format_time
from rag.settings import Settings

EVENING = (
    "Bonsoir à tous, nous parlons ce soir de nos finances.",
    "Le budget de la culture doit doubler dans les trois ans.",
    "Les théâtres ferment les uns après les autres dans nos villes.",
    "Je refuse d'augmenter les dépenses tant que la dette grandit.",
    "La dette coûte déjà plus cher que toutes nos écoles.",
    "Merci à vous deux, bonne soirée.",
)
EVENING_SPEAKERS = "start\tspeaker\n00:00\tPrésentatrice\n00:10\tAda Martin\n00:30\tJean Petit\n00:50\tPrésentatrice\n"
MORNING = (
    "Le nucléaire fournit l'électricité de tout le pays.",
    "Les éoliennes tournent quand le vent souffle en mer.",
    "Il faut surtout isoler les maisons anciennes.",
    "La chaudière à gaz disparaît des logements neufs.",
)
MORNING_SPEAKERS = ("Zoé Roux", "Zoé Roux", "Paul Blanc", "Paul Blanc")

Line = dict[str, Any]


def srt(texts: Sequence[str]) -> str:
    """Ten seconds each."""
    return "".join(
        f"{at + 1}\n00:{format_time(10 * at)},000 --> 00:{format_time(10 * at + 10)},000\n{text}\n\n"
        for at, text in enumerate(texts)
    )


def whisper(texts: Sequence[str], speakers: Sequence[str] = ()) -> str:
    """The same times as ``srt``."""
    segments: list[Line] = [{"start": 10 * at, "end": 10 * at + 10, "text": text} for at, text in enumerate(texts)]
    for segment, speaker in zip(segments, speakers, strict=False):
        segment["speaker"] = speaker
    return json.dumps({"segments": segments}, ensure_ascii=False)


def span(debate: str, start: float, end: float, grade: int = 2) -> Line:
    return {"debate": debate, "start": start, "end": end, "grade": grade}


def question(id_: str, text: str, *gold: Line, **more: object) -> Line:
    """Answerable when there is gold."""
    return {"id": id_, "question": text, "answerable": bool(gold), "gold": list(gold), **more}


EVENING_QUESTIONS = (
    question(
        "e1",
        "Que dit Ada Martin du budget de la culture ?",
        span("Evening_1", 10, 20),
        span("Evening_1", 20, 30, 1),
        speaker="Martin",
        category="opinion",
    ),
    question(
        "e2",
        "Pourquoi Jean Petit refuse-t-il d'augmenter les dépenses ?",
        span("evening-1", 30, 40),
        speaker="Jean Petit",
        category="opinion",
    ),
    question("e3", "Combien coûte la dette ?", span("evening-1", 40, 50), category="fact"),
    question("e4", "Que deviennent les théâtres dans nos villes ?", span("evening-1", 20, 30), category="fact"),
    question("e5", "What do they say about the budget of culture?", span("evening-1", 10, 20), category="fact"),
    question("e6", "Comment faire cuire des pâtes ?", category="far"),
)
MORNING_QUESTIONS = (
    question("m1", "Qui fournit l'électricité du pays ?", span("matin", 0, 10), category="fact"),
    question("m2", "Quand les éoliennes tournent-elles ?", span("matin", 10, 20), category="fact"),
    question("m3", "Quelles maisons faut-il isoler ?", span("matin", 20, 30), category="fact"),
    question("m4", "Que dit Zoé Roux des éoliennes ?", span("matin", 10, 20), speaker="Zoé Roux", category="opinion"),
    question("m5", "Qui a gagné le match de rugby ?", category="far"),
    question("m6", "Combien coûtent les éoliennes ?", category="near"),
)
IDS = tuple(line["id"] for line in (*EVENING_QUESTIONS, *MORNING_QUESTIONS))


def jsonl(lines: Sequence[Line | str]) -> str:
    """A line that is a text already is written as it is."""
    return "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)


def write_suite(folder: Path, questions: Mapping[str, Sequence[Line | str]] | None = None) -> Path:
    """``questions`` by the names of their files; by default all of them in two sets. The evening has a side file, the
    morning its speakers in its JSON."""
    debates = folder / "debates"
    debates.mkdir(parents=True, exist_ok=True)
    (debates / "Evening_1.srt").write_text(srt(EVENING), "utf-8")
    (debates / "Evening_1.speakers.tsv").write_text(EVENING_SPEAKERS, "utf-8")
    (debates / "matin.json").write_text(whisper(MORNING, MORNING_SPEAKERS), "utf-8")
    both = {"questions.soir.jsonl": EVENING_QUESTIONS, "questions.matin.jsonl": MORNING_QUESTIONS}
    for name, lines in (both if questions is None else questions).items():
        (folder / name).write_text(jsonl(lines), "utf-8")
    return folder


def write_beir(
    folder: Path,
    documents: Sequence[Line | str],
    queries: Sequence[Line | str],
    judgements: Sequence[str],
    qrels: str = "qrels.tsv",
) -> Path:
    """``judgements`` as "query document score"."""
    path = folder / qrels
    path.parent.mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text(jsonl(documents), "utf-8")
    (folder / "queries.jsonl").write_text(jsonl(queries), "utf-8")
    rows = ["query-id corpus-id score", *judgements]
    path.write_text("".join("\t".join(row.split(" ")) + "\n" for row in rows), "utf-8")
    return folder


def read_suite(folder: Path) -> Suite:
    return find_suite(str(folder), Settings())


def refused(folder: Path) -> QuestionsInvalid:
    with pytest.raises(QuestionsInvalid) as caught:
        read_suite(folder)
    return caught.value


def names_line(error: QuestionsInvalid, path: str, line: int, reason: str, reason_fr: str | None = None) -> None:
    """The details and both sentences; a reason in one language is a library's, after the field."""
    assert (error.details["path"], error.details["line"]) == (path, line)
    assert error.message("en").startswith(f"{path}, line {line}: {reason}")
    assert error.message("fr").startswith(f"{path}, ligne {line} : {reason_fr or reason.replace(': ', ' : ')}")


def self_contained(html: str) -> str:
    """Refuses a page that needs something else than itself."""
    assert html.startswith("<!doctype html>")
    assert not re.search(r"<(?:script|link|iframe|object|base)\b|@import|url\(|\son\w+=", html, re.IGNORECASE)
    assert {source[:5] for source in re.findall(r'\ssrc="([^"]*)"', html)} <= {"data:"}
    links = re.findall(r'\shref="([^"]*)"', html)
    assert [link for link in links if not link.startswith(("http://127.0.0.1:8000/d/", "https://youtu.be/"))] == []
    return html
