"""Suites: what is read, what is refused and in which words, and what makes two of them the same."""

from pathlib import Path

import pytest

from eval.shipped import DEBATE, QUESTIONS, SPEAKERS, TRANSCRIPT
from eval.suites.find import find_suite
from eval.suites.suite import Suite
from index.errors import FormatUnknown, SuiteInvalid, SuiteUnknown
from rag.settings import Settings
from tests.suite_files import (
    EVENING,
    EVENING_QUESTIONS,
    EVENING_SPEAKERS,
    IDS,
    MORNING_SPEAKERS,
    Line,
    jsonl,
    names_line,
    question,
    read_suite,
    refused,
    span,
    srt,
    whisper,
    write_beir,
    write_suite,
)

GOOD = question("q1", "Qui fournit l'électricité ?", span("matin", 0, 10))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test writes its suite."""
    return tmp_path / "radio"


def test_every_file_of_questions_is_a_set(folder: Path) -> None:
    suite = read_suite(write_suite(folder))
    assert (suite.name, suite.home) == ("radio", None)
    assert {found.id for found in suite.questions} == set(IDS)
    assert suite.sets == {id_: "soir" if id_[0] == "e" else "matin" for id_ in IDS}


def test_one_file_of_questions_is_the_set_questions(folder: Path) -> None:
    assert read_suite(write_suite(folder, {"questions.jsonl": [GOOD]})).sets == {"q1": "questions"}


def test_a_debate_is_named_by_its_file_or_by_its_id(folder: Path) -> None:
    lines = [question(name, "Qui ?", span(name, 0, 10)) for name in ("Evening_1", "evening-1", "matin")]
    suite = read_suite(write_suite(folder, {"questions.jsonl": lines}))
    assert [found.gold[0].debate for found in suite.questions] == ["evening-1", "evening-1", "matin"]
    assert [recording.debate.id for recording in suite.recordings] == ["evening-1", "matin"]


def test_the_side_file_lies_beside_its_transcript(folder: Path) -> None:
    suite = read_suite(write_suite(folder))
    evening, morning = suite.recordings
    assert evening.path == folder / "debates" / "Evening_1.srt"
    assert evening.side_file == folder / "debates" / "Evening_1.speakers.tsv"
    assert [part.speaker for part in evening.debate.segments] == [
        *("Présentatrice", "Ada Martin", "Ada Martin", "Jean Petit", "Jean Petit", "Présentatrice"),
    ]
    assert morning.side_file is None
    assert [part.speaker for part in morning.debate.segments] == list(MORNING_SPEAKERS)
    assert suite.has_side_files
    evening.side_file.rename(folder / "debates" / "Evening_1.speakers.csv")
    (folder / "debates" / "Evening_1.speakers.csv").write_text(EVENING_SPEAKERS.replace("\t", ","), "utf-8")
    (again, _morning) = read_suite(folder).recordings
    assert (again.debate.segments, again.side_file) == (
        evening.debate.segments,
        folder / "debates" / "Evening_1.speakers.csv",
    )
    (folder / "debates" / "Evening_1.speakers.csv").unlink()
    assert not read_suite(folder).has_side_files


def test_a_hidden_file_is_no_debate(folder: Path) -> None:
    write_suite(folder)
    (folder / "debates" / ".DS_Store").write_bytes(b"\0\1")
    assert len(read_suite(folder).recordings) == 2


@pytest.mark.parametrize(
    ("name", "expected"), [("Martin", "Ada Martin"), ("PETIT", "Jean Petit"), ("Ada", "Ada Martin")]
)
def test_a_speaker_is_called_as_the_labels_do(folder: Path, name: str, expected: str) -> None:
    line = question("q1", "Que dit-elle ?", span("evening-1", 10, 20), speaker=name)
    (found,) = read_suite(write_suite(folder, {"questions.jsonl": [line]})).questions
    assert found.speaker == expected


def test_a_speaker_of_a_recording_without_labels_is_kept(folder: Path) -> None:
    line = question("q1", "Que dit-il ?", span("evening-1", 10, 20), speaker="Paul Dupont")
    write_suite(folder, {"questions.jsonl": [line]})
    (folder / "debates" / "Evening_1.speakers.tsv").unlink()
    assert [found.speaker for found in read_suite(folder).questions] == ["Paul Dupont"]


def test_language_and_category_may_be_left_out(folder: Path) -> None:
    lines = [
        question("fr", "Que dit-on de la culture ?"),
        question("en", "What do they say about the arts?"),
        question("de", "Was?", lang="de", category="fact"),
    ]
    found = read_suite(write_suite(folder, {"questions.jsonl": lines})).questions
    assert [(one.lang, one.category) for one in found] == [("fr", "other"), ("en", "other"), ("de", "fact")]


def test_a_mark_of_utf_8_and_empty_lines_do_no_harm(folder: Path) -> None:
    write_suite(folder)
    (folder / "questions.soir.jsonl").write_text("\ufeff\n\r\n" + jsonl([GOOD]).replace("\n", "\r\n"), "utf-8")
    assert read_suite(folder).sets["q1"] == "soir"


def test_a_span_may_pass_the_end_by_a_second(folder: Path) -> None:
    line = question("q1", "Qui ?", span("matin", 30, 41))
    (found,) = read_suite(write_suite(folder, {"questions.jsonl": [line]})).questions
    assert found.gold[0].end == 41


BROKEN = "{“id”: 1}"
SPAN = ("gold.0: a span ends at {} s and starts at 10 s", "gold.0 : un passage finit à {} s et commence à 10 s")
NEEDS_GOLD = (
    "it is answerable, so a gold span has to have grade 2",
    "elle a une réponse : il faut un passage de note 2",
)
NO_GOLD = (
    "it is not answerable, so there can be no gold",
    "elle n'a pas de réponse : aucun passage n'est permis",
)


@pytest.mark.parametrize(
    ("line", "reason", "reason_fr"),
    [
        (GOOD | {"id": "q2", "colour": "red"}, "colour: ", "colour : champ inconnu"),
        ({"id": "q2", "question": "Qui ?"}, "answerable: ", "answerable : il manque"),
        (BROKEN, "Expecting property name", None),
        ("[1, 2]", "Input should be", None),
        (question("", "Qui ?"), "id: ", None),
        (question("q2", ""), "question: ", None),
        (question("q2", "Qui ?", span("matin", -1, 10)), "gold.0.start: ", None),
        (question("q2", "Qui ?", span("matin", float("nan"), 10)), "gold.0.start: ", None),
        (question("q2", "Qui ?", span("matin", 0, float("inf"))), "gold.0.end: ", None),
        (question("q2", "Qui ?", span("matin", 0, 10, 3)), "gold.0.grade: ", None),
        (question("q2", "Qui ?", span("matin", 0, 10, 0)), "gold.0.grade: ", None),
        (question("q2", "Qui ?", span("matin", 10, 10)), SPAN[0].format(10), SPAN[1].format(10)),
        (question("q2", "Qui ?", span("matin", 10, 5)), SPAN[0].format(5), SPAN[1].format(5)),
        (question("q2", "Qui ?", answerable=True), *NEEDS_GOLD),
        (question("q2", "Qui ?", span("matin", 0, 10, 1)), *NEEDS_GOLD),
        (question("q2", "Qui ?", span("matin", 0, 10), answerable=False), *NO_GOLD),
        (question("q2", "Qui ?", span("matin", 0, 10, 1), answerable=False), *NO_GOLD),
        (
            question("q2", "Qui ?", span("midi", 0, 10)),
            "there is no debate “midi”, but evening-1, matin",
            "il n'y a pas de débat « midi », mais evening-1, matin",
        ),
        (
            question("q2", "Qui ?", span("Evening_1", 50, 75)),
            "the span 50–75 s lies outside evening-1, which lasts 60 s",
            "le passage 50–75 s sort de evening-1, qui dure 60 s",
        ),
        (
            GOOD,
            "the id “q1” is taken by questions.jsonl:1",
            "l'identifiant « q1 » sert déjà : questions.jsonl:1",
        ),
        (
            question("q2", "Que dit-il ?", span("evening-1", 10, 20), speaker="Paul Dupont"),
            "nobody is labelled “Paul Dupont”, but Ada Martin, Jean Petit, Présentatrice",
            "personne n'est étiqueté « Paul Dupont », mais Ada Martin, Jean Petit, Présentatrice",
        ),
    ],
)
def test_a_faulty_line_is_named(folder: Path, line: Line | str, reason: str, reason_fr: str | None) -> None:
    write_suite(folder, {"questions.jsonl": [GOOD, "", line]})
    names_line(refused(folder), "questions.jsonl", 3, reason, reason_fr)


def test_gold_where_nothing_is_said_is_refused(folder: Path) -> None:
    write_suite(folder, {"questions.jsonl": [question("q1", "Qui ?", span("pause", 5, 10.25))]})
    captions = "1\n00:00:00,000 --> 00:00:05,000\nBonjour.\n\n2\n00:00:10,250 --> 00:00:12,000\nFin.\n"
    (folder / "debates" / "pause.srt").write_text(captions, "utf-8")
    reason, reason_fr = "nothing is said at 5–10.25 s", "rien n'est dit à 5–10.25 s"
    names_line(refused(folder), "questions.jsonl", 1, reason, reason_fr)
    touched = question("q1", "Qui ?", span("pause", 5, 10.5))
    (folder / "questions.jsonl").write_text(jsonl([touched]), "utf-8")
    assert read_suite(folder).questions[0].gold[0].end == 10.5


def test_an_id_that_another_file_has_is_refused(folder: Path) -> None:
    write_suite(folder, {"questions.a.jsonl": [GOOD | {"id": "q0"}, GOOD], "questions.b.jsonl": [GOOD]})
    reason, reason_fr = "the id “q1” is taken by {}", "l'identifiant « q1 » sert déjà : {}"
    taken = "questions.a.jsonl:2"
    names_line(refused(folder), "questions.b.jsonl", 1, reason.format(taken), reason_fr.format(taken))


def test_questions_that_are_not_utf_8_are_refused(folder: Path) -> None:
    write_suite(folder, {"questions.jsonl": []})
    (folder / "questions.jsonl").write_bytes(jsonl([GOOD]).encode("latin-1"))
    reason, reason_fr = "it is not a text in UTF-8", "ce n'est pas un texte en UTF-8"
    names_line(refused(folder), "questions.jsonl", 1, reason, reason_fr)


def test_a_folder_without_questions_or_debates_is_no_suite(folder: Path) -> None:
    write_suite(folder, {})
    with pytest.raises(SuiteInvalid, match=r"no questions\*.jsonl or no debates/"):
        read_suite(folder)
    write_suite(folder, {"questions.jsonl": [GOOD]})
    for path in (folder / "debates").iterdir():
        path.unlink()
    with pytest.raises(SuiteInvalid) as caught:
        read_suite(folder)
    assert caught.value.details["suite"] == str(folder)
    (folder / "debates").rmdir()
    with pytest.raises(SuiteInvalid):
        read_suite(folder)


def test_a_suite_without_a_single_question_is_refused(folder: Path, tmp_path: Path) -> None:
    write_suite(folder, {"questions.jsonl": []})
    unjudged = write_beir(tmp_path / "beir", [{"_id": "d1", "text": "Bonjour."}], [{"_id": "q1", "text": "Qui ?"}], [])
    for suite in (folder, unjudged):
        with pytest.raises(SuiteInvalid) as caught:
            read_suite(suite)
        assert caught.value.message("en").startswith(f"{suite} cannot be used as a suite: it has no question.")
        assert caught.value.message("fr").startswith(f"{suite} ne peut pas servir de suite : il n'y a aucune question.")


def test_two_debates_of_one_id_are_refused(folder: Path) -> None:
    write_suite(folder)
    (folder / "debates" / "evening 1.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nBonsoir.\n", "utf-8")
    with pytest.raises(SuiteInvalid, match="the same id"):
        read_suite(folder)


def test_a_transcript_that_is_none_is_named(folder: Path) -> None:
    write_suite(folder)
    (folder / "debates" / "notes.json").write_text('{"a": 1}', "utf-8")
    with pytest.raises(FormatUnknown, match=r"notes\.json"):
        read_suite(folder)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("nowhere", "nowhere"),
        ("/nowhere/at/all", "/nowhere/at/all"),
        ("a\0b", "a\0b"),
        ("x" * 300, "x" * 99 + "…"),
    ],
)
def test_what_is_neither_a_name_nor_a_path_is_unknown(
    name: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(SuiteUnknown) as caught:
        find_suite(name, Settings())
    assert caught.value.message("fr").startswith(f"Aucune suite « {shown} ». Donnez debate, ")


def test_the_built_in_suite_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_suite(tmp_path / "debate")
    monkeypatch.chdir(tmp_path)
    suite = find_suite("debate", Settings())
    (recording,) = suite.recordings
    assert (suite.name, len(suite.questions), recording.debate.id) == ("debate", 172, DEBATE)
    assert (recording.path, recording.side_file) == (TRANSCRIPT, SPEAKERS)
    assert set(suite.sets.values()) == {path.stem.removeprefix("questions.") for path in QUESTIONS}
    assert len(find_suite("./debate", Settings()).questions) == len(IDS)


# what makes two suites the same


def _of_one(folder: Path, name: str, content: str, side_file: str | None = None) -> Suite:
    """A suite of one debate and no gold."""
    (folder / "debates").mkdir(parents=True)
    (folder / "debates" / name).write_text(content, "utf-8")
    if side_file:
        (folder / "debates" / f"{Path(name).stem}.speakers.tsv").write_text(side_file, "utf-8")
    (folder / "questions.jsonl").write_text(jsonl([question("q1", "Qui ?")]), "utf-8")
    return read_suite(folder)


def test_the_corpus_is_its_words_and_times_whatever_the_format_and_the_labels(tmp_path: Path) -> None:
    same = {
        _of_one(tmp_path / "srt", "soir.srt", srt(EVENING)).corpus_hash,
        _of_one(tmp_path / "json", "soir.json", whisper(EVENING)).corpus_hash,
        _of_one(tmp_path / "names", "soir.json", whisper(EVENING, ["Ada", "Jean"] * 3)).corpus_hash,
        _of_one(tmp_path / "side", "soir.srt", srt(EVENING), EVENING_SPEAKERS).corpus_hash,
    }
    assert len(same) == 1
    other_word = _of_one(tmp_path / "word", "soir.srt", srt(EVENING).replace("doubler", "tripler")).corpus_hash
    other_time = _of_one(tmp_path / "time", "soir.srt", srt(EVENING).replace("00:10,000", "00:10,500")).corpus_hash
    other_name = _of_one(tmp_path / "name", "matin.srt", srt(EVENING)).corpus_hash
    assert len(same | {other_word, other_time, other_name}) == 4


def test_questions_are_the_same_in_any_order_and_file_and_others_with_other_gold(tmp_path: Path) -> None:
    lines = list(EVENING_QUESTIONS)
    first = read_suite(write_suite(tmp_path / "a", {"questions.jsonl": lines}))
    second = read_suite(write_suite(tmp_path / "b", {"questions.x.jsonl": lines[3:], "questions.y.jsonl": lines[:3]}))
    assert first.questions_hash == second.questions_hash
    moved = [*lines[:2], lines[2] | {"gold": [span("evening-1", 40, 51)]}, *lines[3:]]
    third = read_suite(write_suite(tmp_path / "c", {"questions.jsonl": moved}))
    assert third.questions_hash != first.questions_hash
    assert third.corpus_hash == first.corpus_hash
