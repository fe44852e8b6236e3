"""An answer as a file: to the letter, and that what it holds comes back the same."""

import csv
import datetime
import html
import io
import json
import re
from dataclasses import replace
from math import ceil, floor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.export.answer import AnswerFormat, Exported, clips, exported
from api.export.edit_list import FRAME_RATE, edit_list, frames, reel_names, timecode
from api.schemas.answers import AnswerOut
from api.serving.app import create_app
from index.local import LocalStore
from index.types import Origin
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.types import Answer, Citation, Context, Section
from tests.conftest import KEMPF, Qdq
from tests.fakes import HashEncoder
from tests.suite_files import srt

HOST = "Présentatrice"


def cited(n: int, start: float, end: float, text: str, quote: str, **other: object) -> Citation:
    link = f"/d/d?t={floor(start)},{ceil(end)}"
    given = Citation(n, "d", "Le débat", "Ada", Origin.LABELLED, 1.0, start, end, quote, text, 1.0, link, None)
    return replace(given, **other)  # type: ignore[arg-type]


ASKED = Context(HOST, Origin.LABELLED, 1.0, 3.0, "Et *vous* ?")
FIRST = cited(1, 230.0, 240.5, "Avant. Le <b>budget</b> double. Après.", "Le <b>budget</b> double.", context=ASKED)
SECOND = cited(2, 3661.04, 3662.0, "=1+1 [x]", "=1+1 [x]", speaker=None, attribution=Origin.UNKNOWN)
ANSWER = Answer(
    "Qui parle du *budget* ?", "Ada :\n« Le <b>budget</b> double. » [1] (Ada, 03:50–04:00)", *(False, 0.9, "Ada"),
    citations=(FIRST, SECOND), took_ms=1.0,
)  # fmt: skip
DATES = {"d": datetime.date(2024, 11, 19)}


def written(answer: Answer, answer_format: str) -> str:
    given = Exported(answer, DATES, lambda one: f"http://here{one.permalink}")
    return exported(given, AnswerFormat(answer_format))


MARKDOWN = """# Qui parle du \\*budget\\* ?

Ada :

« Le \\<b\\>budget\\</b\\> double. » \\[1\\] (Ada, 03:50–04:00)

## Passages

### \\[1\\] Ada (étiqueté), 03:50–04:00

Le débat, 2024-11-19, <http://here/d/d?t=230,241>

> *Présentatrice : Et \\*vous\\* ?*

> Avant. **Le \\<b\\>budget\\</b\\> double.** Après.

### \\[2\\] locuteur inconnu, 1:01:01–1:01:02

Le débat, 2024-11-19, <http://here/d/d?t=3661,3662>

> =1+1 \\[x\\]
"""
CSV = (
    "\ufeff"
    '"n","speaker","attribution","debate","title","date","start","end","start_timecode","end_timecode","quote","text",'
    '"link"\r\n'
    '"1","Ada","labelled","d","Le débat","2024-11-19","230.000","240.500","00:03:50.000","00:04:00.500",'
    '"Le <b>budget</b> double.","Avant. Le <b>budget</b> double. Après.","http://here/d/d?t=230,241"\r\n'
    '"2","","unknown","d","Le débat","2024-11-19","3661.040","3662.000","01:01:01.040","01:01:02.000",'
    '"\'=1+1 [x]","\'=1+1 [x]","http://here/d/d?t=3661,3662"\r\n'
)
EDL = """TITLE: Qui parle du *budget* ?
FCM: NON-DROP FRAME

001  D        AA/V  C        00:03:50:00 00:04:00:12 00:00:00:00 00:00:10:12
* FROM CLIP NAME: Le débat
* SPEAKER: Ada
* LINK: http://here/d/d?t=230,241
* QUOTE: Le <b>budget</b> double.

002  D        AA/V  C        01:01:01:01 01:01:02:00 00:00:10:12 00:00:11:11
* FROM CLIP NAME: Le débat
* LINK: http://here/d/d?t=3661,3662
* QUOTE: =1+1 [x]
"""
SRT = """1
00:03:50,000 --> 00:04:00,500
Ada: Avant. Le &lt;b&gt;budget&lt;/b&gt; double. Après.

2
01:01:01,040 --> 01:01:02,000
=1+1 [x]
"""


@pytest.mark.parametrize(("answer_format", "content"), [("md", MARKDOWN), ("csv", CSV), ("edl", EDL), ("srt", SRT)])
def test_what_is_written(answer_format: str, content: str) -> None:
    assert written(ANSWER, answer_format) == content


def test_json_is_the_answer_of_the_api() -> None:
    assert json.loads(written(ANSWER, "json")) == AnswerOut.model_validate(ANSWER).model_dump(mode="json")


def test_what_does_not_answer_is_no_clip() -> None:
    """What others say of it is."""
    withheld = replace(ANSWER, abstained=True, answer="Personne ne le dit.")
    assert clips(withheld) == []
    assert [written(withheld, name).count("budget</b> double") for name in ("csv", "edl", "srt")] == [0, 0, 0]
    told = written(withheld, "md")
    assert "## Passages les plus proches, qui ne répondent pas\n\n### \\[1\\]" in told
    assert "D'autres" not in told
    others = replace(withheld, question="Who says it?", sections=(Section("Ada", "Ada", citations=(2,)),))
    assert clips(others) == [SECOND]
    told = written(others, "md")
    assert told.index("## Others speak of it\n\n### \\[2\\]") < told.index(
        "## The nearest passages, which do not answer"
    )


@pytest.mark.parametrize("origin", [Origin.SUGGESTED, Origin.MODEL])
def test_a_guessed_name_leaves_as_a_guess(origin: Origin) -> None:
    asked = replace(ASKED, attribution=origin)
    guess = replace(FIRST, attribution=origin, attribution_confidence=0.9, context=asked)
    answer = replace(ANSWER, citations=(guess,))
    how = {Origin.SUGGESTED: "d'après le texte", Origin.MODEL: "par un modèle de langage"}[origin]
    told = written(answer, "md")
    assert f"### \\[1\\] Ada (deviné {how}, probable), 03:50–04:00\n" in told
    assert f"\\[1\\] (Ada, deviné {how}, probable, 03:50–04:00)\n" in told
    assert "> *Présentatrice (deviné) : Et" in told
    assert "Ada" not in written(answer, "srt")
    assert "\n* SPEAKER (guessed): Ada\n" in written(answer, "edl")
    assert f'"Ada","{origin}"' in written(answer, "csv")


def test_a_name_that_is_inferred_says_so_where_there_is_room() -> None:
    inferred = replace(FIRST, attribution=Origin.VOICE, attribution_confidence=0.99)
    answer = replace(ANSWER, citations=(inferred,))
    assert "Ada (déduit de ce qui se dit, presque certain), 03:50" in written(answer, "md")
    assert "\nAda: Avant." in written(answer, "srt")
    assert "\n* SPEAKER: Ada\n" in written(answer, "edl")


def test_passages_of_several_debates_come_in_the_order_of_times_under_their_titles() -> None:
    other = replace(FIRST, n=3, debate="e", title="Le\nsoir <i>", start=10.0, end=11.0)
    blocks = written(replace(ANSWER, citations=(FIRST, SECOND, other)), "srt").split("\n\n")
    assert [block.split("\n")[2] for block in blocks] == ["Le soir &lt;i&gt;", "Le débat", "Le débat"]
    assert [block.split("\n")[0] for block in blocks] == ["1", "2", "3"]


_TEXTS = (
    st.lists(
        st.sampled_from(
            ['"', "'=1", "=", "+3", "-", "@", ",", ";", "<b>", "-->", "&amp;", "{\\an8}", "*", "_", "[a](b)"]
        )
        | st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=9),
        max_size=7,
    )
    .map(lambda parts: " ".join(" ".join(parts).split()))
    .filter(bool)
)
_CLIPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "débat-1", "smart-tech-2024", "smart-tech-2025"]),
        st.integers(0, 40_000_000),
        st.integers(0, 300_000),
        _TEXTS,
        st.none() | _TEXTS,
    ),
    max_size=7,
)


def _answer(rows: list[tuple[str, int, int, str, str | None]]) -> Answer:
    """Each quotes the first word of its text."""
    citations = tuple(
        cited(
            n, start / 1000, (start + length) / 1000, text, text.split(" ")[0], debate=debate, speaker=who, title=text
        )
        for n, (debate, start, length, text, who) in enumerate(rows, start=1)
    )
    return replace(ANSWER, citations=citations)


def _uncelled(cell: str) -> str:
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell


@given(rows=_CLIPS)
def test_texts_come_back_whole(rows: list[tuple[str, int, int, str, str | None]]) -> None:
    answer = _answer(rows)
    document = json.loads(written(answer, "json"))["citations"]
    assert [(one["quote"], one["text"]) for one in document] == [(one.quote, one.text) for one in answer.citations]
    table = list(csv.DictReader(io.StringIO(written(answer, "csv").removeprefix("\ufeff"), newline="")))
    for row, one in zip(table, answer.citations, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
        for name, text in (("quote", one.quote), ("text", one.text), ("speaker", one.speaker or "")):
            assert row[name] == text or _uncelled(row[name]) == text
        assert (float(row["start"]), float(row["end"])) == (one.start, one.end)
    said = sorted(answer.citations, key=lambda one: (one.start, one.end, one.n))
    cues = [block.split("\n") for block in written(answer, "srt").strip("\n").split("\n\n")] if said else []
    for cue, one in zip(cues, said, strict=True):
        whole = f"{one.speaker}: {one.text}" if one.speaker else one.text
        assert cue[-1] == whole or html.unescape(cue[-1]) == whole


@given(rows=_CLIPS)
def test_markdown_holds_every_text_once_its_escapes_are_taken_away(
    rows: list[tuple[str, int, int, str, str | None]],
) -> None:
    answer = _answer(rows)
    told = written(answer, "md")
    assert not re.search(r"(?<!\\)(?:\\\\)*<(?!http://here/)", told)
    plain = re.sub(r"\\(.)", r"\1", told.replace("**", ""))
    assert all(one.text.replace("**", "") in plain for one in answer.citations)


@given(rows=_CLIPS)
def test_the_events_of_an_edit_list_lie_end_to_end_and_last_as_long_as_their_passages(
    rows: list[tuple[str, int, int, str, str | None]],
) -> None:
    answer = _answer(rows)
    told = edit_list("T", answer.citations, lambda one: one.permalink)
    events = re.findall(r"^(\d{3})  (\S{1,8}) +AA/V  C        (\S+) (\S+) (\S+) (\S+)$", told, re.MULTILINE)
    assert [event[0] for event in events] == [f"{n:03}" for n in range(1, len(rows) + 1)]
    at = 0
    for (_number, reel, *times), one in zip(events, answer.citations, strict=True):
        first, last, begin, end = map(_frames, times)
        assert reel == reel_names(c.debate for c in answer.citations)[one.debate]
        assert (begin, end - begin) == (at, last - first)
        assert last > first
        assert abs(first - one.start * FRAME_RATE) <= 1
        assert abs((last - first) - max(1, (one.end - one.start) * FRAME_RATE)) <= 1
        at = end


def _frames(told: str) -> int:
    hours, minutes, seconds, rest = map(int, told.split(":"))
    assert (minutes < 60, seconds < 60, rest < FRAME_RATE) == (True, True, True)
    return ((hours * 60 + minutes) * 60 + seconds) * FRAME_RATE + rest


@given(st.integers(0, 90_000 * FRAME_RATE))
def test_a_timecode_counts_frames(frame: int) -> None:
    assert _frames(timecode(frame)) == frame
    assert frames(frame / FRAME_RATE) == frame


@given(st.lists(st.text("ab-é1", min_size=1, max_size=12), max_size=15))
def test_no_two_debates_are_on_one_reel(debates: list[str]) -> None:
    reels = reel_names(debates)
    assert set(reels) == set(debates)
    assert len(set(reels.values())) == len(reels)
    assert all(re.fullmatch("[A-Z0-9]{1,8}", reel) for reel in reels.values())


@pytest.fixture
def client(home: Path, tmp_path: Path) -> TestClient:
    """Three sentences of nobody, answers kept."""
    (tmp_path / "petit.srt").write_text(srt(["Le budget double.", "Oui.", "La culture coûte cher."]), "utf-8")
    settings = Settings(home=home, abstain_below=0.0)
    engine = Engine(LocalStore(home), HashEncoder(), settings, Records(home, days=1))
    engine.add(tmp_path / "petit.srt", Details(date=datetime.date(2024, 5, 6)))
    return TestClient(create_app(engine))


@pytest.mark.parametrize("answer_format", list(AnswerFormat))
def test_an_answer_is_had_as_a_file_by_its_id_and_by_its_question(
    client: TestClient, answer_format: AnswerFormat
) -> None:
    question = "Que dit-on du budget ?"
    kept = client.post("/v1/ask", json={"question": question}).json()
    by_id = client.get(f"/v1/answers/{kept['id']}/export", params={"format": answer_format})
    by_question = client.get("/v1/ask/export", params={"q": question, "format": answer_format})
    assert (by_id.status_code, by_question.status_code) == (200, 200)
    assert by_id.headers["content-type"].split(";")[0] == answer_format.media_type
    name = f'attachment; filename="que-dit-on-du-budget.{answer_format}"'
    assert by_id.headers["content-disposition"] == by_question.headers["content-disposition"] == name
    if answer_format is AnswerFormat.JSON:
        assert by_id.json() == kept
        assert by_question.json()["citations"] == kept["citations"]
    else:
        assert by_id.text == by_question.text
        assert (
            f"http://testserver{kept['citations'][0]['permalink']}" in by_id.text or answer_format is AnswerFormat.SRT
        )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/answers/nope/export?format=md", 404),
        ("/v1/ask/export?q=budget&format=docx", 422),
        ("/v1/ask/export?q=budget", 422),
        ("/v1/ask/export?q=%20&format=md", 422),
        ("/v1/ask/export?q=budget&format=md&from=2024-13-01", 422),
        ("/v1/ask/export?q=budget&format=md&debate=nope", 404),
        ("/v1/ask/export?q=budget&format=md&from=2024-05-07&to=2024-05-06", 422),
    ],
)
def test_an_export_that_cannot_be_names_why(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_an_export_is_restricted_as_the_question_is(client: TestClient) -> None:
    path = "/v1/ask/export?q=budget&format=json&from=2024-05-07"
    assert client.get(path).json()["citations"] == []
    assert len(client.get("/v1/ask/export?q=budget&format=json&to=2024-05-06").json()["citations"]) > 0


def test_the_command_writes_an_answer_as_a_file(qdq: Qdq, debate_home: Path, tmp_path: Path) -> None:
    question = "Que pense Kempf du RGPD ?"
    out = tmp_path / "new" / "clips.edl"
    done = qdq("ask", question, "--format", "edl", "--out", str(out), home=debate_home)
    assert (done.returncode, done.stdout) == (0, f"Answer written to {out}.\n"), done.stderr
    assert out.read_text("utf-8").startswith(f"TITLE: {question}\nFCM: NON-DROP FRAME\n\n001  SMARTTEC AA/V  C        ")
    document = json.loads(qdq("ask", question, "--format", "srt", "--json", home=debate_home).stdout)
    assert (document["question"], document["format"]) == (question, "srt")
    assert f"\n{KEMPF}: " in document["content"]
    withheld = qdq("ask", "Comment faire cuire des pâtes ?", "--format", "csv", home=debate_home)
    assert (withheld.returncode, withheld.stdout.count("\n")) == (3, 1)
    assert qdq("ask", question, "--out", str(out), home=debate_home).returncode == 2
