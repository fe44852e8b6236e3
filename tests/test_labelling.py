"""Who speaks, corrected: answers change at once, nothing is lost, and whoever looks in the middle sees the old or the
new state."""

import io
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.commands import main as cli
from api.commands.console import LANGUAGE
from api.commands.terminal import origin_text
from api.serving.app import create_app
from index.errors import (
    CorrectionUnknown,
    FieldInvalid,
    ModelMismatch,
    PersonUnknown,
    SegmentsChanged,
    SegmentUnknown,
    WordUnknown,
)
from index.local import DATABASE, LocalStore
from index.speakers.attribution import Attributed, Guess
from index.types import Attribution, Origin, Progress, Vectors
from index.writing.build import Details
from index.writing.labelling import Saying, attribute_by_model, mark_of, turns_of, uncertain
from rag.engine import Engine
from rag.settings import Settings
from tests.chat_server import in_turn, playing, says
from tests.fakes import HashEncoder, same_vectors

TEXTS = (
    "Bonsoir à tous et bienvenue dans notre émission du soir.",
    "Le nucléaire est nécessaire pour notre industrie.",
    "Les éoliennes coûtent trop cher aux communes. Je ne suis pas d'accord.",
    "La culture mérite un budget qui double enfin.",
)
TITLE = "Débat entre Ada Martin (maire) et Jean Petit (avocat)"


def srt(texts: tuple[str, ...]) -> str:
    return "\n".join(f"{at + 1}\n00:00:{at}1,000 --> 00:00:{at}9,000\n{text}\n" for at, text in enumerate(texts))


@pytest.fixture
def engine(home: Path, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "soir.srt").write_text(srt(TEXTS), "utf-8")
    opened = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0))
    opened.add(tmp_path / "soir.srt", Details(title=TITLE))
    yield opened
    opened.close()


def shown(known: Attributed) -> list[tuple[str | None, str]]:
    return [(turn.attribution.speaker, turn.text) for turn in turns_of(known)]


def quoted(engine: Engine, question: str) -> list[tuple[str | None, Origin, str]]:
    return [(one.speaker, one.attribution, one.text) for one in engine.ask(question).citations]


def test_a_correction_changes_the_answer_at_once_and_is_undone(engine: Engine, home: Path) -> None:
    question = "Que dit Ada Martin du nucléaire ?"
    assert {speaker for speaker, _origin, _text in quoted(engine, question)} == {None}
    other = Engine(LocalStore(home), HashEncoder(), engine.settings)
    engine.correct("soir", 1, 1, "Martin")
    for reader in (engine, other):
        assert quoted(reader, question) == [("Ada Martin", Origin.CORRECTED, TEXTS[1])]
    (correction,) = engine.corrections("soir")
    assert engine.undo("soir", correction.act or 0).debate.segments[1].speaker is None
    assert {speaker for speaker, _origin, _text in quoted(other, question)} == {None}
    other.close()


def test_several_stretches_are_one_act_and_one_that_changed_stops_them_all(engine: Engine) -> None:
    sayings = [Saying(0, 0, "Petit", mark_of(TEXTS[0])), Saying(2, 3, "Zoé Roux"), Saying(1, 1, None)]
    found = engine.correct_all("soir", sayings).debate
    assert [part.speaker for part in found.segments] == ["Jean Petit", None, "Zoé Roux", "Zoé Roux"]
    assert {one.act for one in engine.corrections("soir")} == {1}
    with pytest.raises(SegmentsChanged):
        engine.correct_all("soir", [Saying(1, 1, "Ada Martin"), Saying(2, 2, "Ada Martin", mark_of(TEXTS[3]))])
    assert engine.debate("soir") == found
    assert {part.speaker for part in engine.undo("soir", 1).debate.segments} == {None}


def test_a_correction_moves_no_vector_and_embeds_nothing(engine: Engine) -> None:
    encoder = engine._encoder
    assert isinstance(encoder, HashEncoder)
    engine.search("culture")
    before, vectors = len(encoder.embedded), engine._store.vectors("soir")
    engine.correct("soir", 0, 3, "Jean Petit")
    engine.search("culture")
    assert len(encoder.embedded) == before
    assert same_vectors(engine._store.vectors("soir"), vectors)


def test_a_segment_is_split_and_each_part_has_its_speaker(engine: Engine) -> None:
    engine.correct("soir", 2, 2, "Ada Martin")
    split = engine.split("soir", 2, 7).debate
    assert [part.text for part in split.segments][2:4] == [
        "Les éoliennes coûtent trop cher aux communes.",
        "Je ne suis pas d'accord.",
    ]
    engine.correct("soir", 3, 3, "Jean Petit")
    assert shown(engine.attribution("soir"))[1:3] == [
        ("Ada Martin", split.segments[2].text),
        ("Jean Petit", split.segments[3].text),
    ]
    assert quoted(engine, "Que dit Jean Petit ?") == [("Jean Petit", Origin.CORRECTED, "Je ne suis pas d'accord.")]
    cuts = [one.act for one in engine.corrections("soir") if one.word is not None]
    whole = engine.undo("soir", cuts[0] or 0).debate
    assert [part.text for part in whole.segments] == list(TEXTS)


def test_a_split_embeds_only_the_windows_that_change(home: Path, tmp_path: Path) -> None:
    texts = tuple(f"Phrase numéro {at} avec quelques mots de plus pour remplir." for at in range(60))
    (tmp_path / "long.srt").write_text(
        "\n".join(f"{at + 1}\n00:{at:02}:00,000 --> 00:{at:02}:59,000\n{text}\n" for at, text in enumerate(texts)),
        "utf-8",
    )
    encoder = HashEncoder()
    engine = Engine(LocalStore(home), encoder, Settings(home=home))
    engine.add(tmp_path / "long.srt")
    whole = len(encoder.embedded)
    engine.split("long", 58, 4)
    assert 0 <= len(encoder.embedded) - whole < 6
    other = Engine(LocalStore(tmp_path / "anew"), HashEncoder(), Settings(home=tmp_path / "anew"))
    other.add(tmp_path / "long.srt")
    other.split("long", 58, 4)
    assert quoted(engine, "phrase numéro 58") == quoted(other, "phrase numéro 58")
    other.close()
    engine.close()


def test_corrections_survive_rebuilding_and_a_revised_file_and_say_what_they_lost(
    engine: Engine, tmp_path: Path
) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    engine.correct("soir", 3, 3, "Jean Petit")
    engine.rebuild()
    assert engine.debate("soir").segments[1].speaker == "Ada Martin"
    revised = (TEXTS[0], TEXTS[1].replace("nécessaire", "très nécessaire"), TEXTS[2], "Tout autre chose fut dit ici.")
    (tmp_path / "soir.srt").write_text(srt(revised), "utf-8")
    added = engine.add(tmp_path / "soir.srt", Details(title=TITLE))
    assert [part.speaker for part in engine.debate("soir").segments] == [None, "Ada Martin", None, None]
    assert [(one.text, one.speaker) for one in added.lost] == [(TEXTS[3], "Jean Petit")]
    assert [one.speaker for one in engine.attribution("soir").lost] == ["Jean Petit"]
    assert len(engine.corrections("soir")) == 2


def test_a_removed_debate_takes_its_corrections_along(engine: Engine, tmp_path: Path) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    engine.remove("soir")
    engine.add(tmp_path / "soir.srt", Details(title=TITLE))
    assert (engine.corrections("soir"), engine.debate("soir").segments[1].speaker) == ([], None)


def test_a_model_is_asked_again_and_only_guesses(engine: Engine) -> None:
    """What it says answers no question until a person confirms it."""
    store, read = engine._store, engine.debate("soir")
    engine.correct("soir", 0, 0, "Jean Petit")
    attribute_by_model(store, read, {0: ("Ada Martin", 0.9), 1: ("Ada Martin", 0.7), 2: ("Jean Petit", 1.0)}, "m")
    found = attribute_by_model(store, read, {0: ("Ada Martin", 0.9), 1: ("Ada Martin", 0.8)}, "m")
    assert [part.speaker for part in found.debate.segments] == ["Jean Petit", None, None, None]
    assert found.guesses[1].attribution == Attribution("Ada Martin", Origin.MODEL, 0.8)
    assert (found.guesses[0], found.guesses[2].attribution.origin is Origin.MODEL) == (Guess(), False)
    assert {speaker for speaker, _origin, _text in quoted(engine, "Que dit Ada Martin ?")} == {None}


def test_a_rename_reaches_every_debate_and_every_question_and_is_undone(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "matin.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:09.000\n<v A. Martin>Le nucléaire reste utile.\n", "utf-8"
    )
    engine.add(tmp_path / "matin.vtt")
    engine.correct("soir", 1, 1, "Ada Martin")
    assert [person.name for person in engine.people()] == ["Ada Martin", "Jean Petit"]
    engine.rename(["Ada Martin"], "Ada Martin-Roux")
    found = quoted(engine, "Que dit Ada Martin-Roux du nucléaire ?")
    assert {speaker for speaker, _origin, _text in found} == {"Ada Martin-Roux"}
    assert len(found) == 2
    assert engine.people()[0].names == ("A. Martin", "Ada Martin")
    engine.part("Ada Martin")
    assert [person.name for person in engine.people()] == ["Ada Martin", "Jean Petit"]
    engine.rename(["Ada Martin", "Jean Petit"], "Jean Petit")
    assert [(one.name, one.debates, one.names) for one in engine.people()] == [
        ("Jean Petit", ("matin", "soir"), ("A. Martin", "Ada Martin"))
    ]


def test_turns_that_need_a_word_come_by_what_it_would_gain(engine: Engine) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    known = attribute_by_model(engine._store, engine.debate("soir"), {3: ("Jean Petit", 0.6)}, "m")
    assert known.guesses[3].attribution == Attribution("Jean Petit", Origin.MODEL, 0.6)
    found = uncertain(known)
    assert sorted(at for turn in found for at in range(turn.first, turn.last + 1)) == [0, 2, 3]
    gains = [turn.guess.gain for turn in found]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0


def test_a_border_ends_a_turn_and_what_nobody_knows_is_asked_no_more(engine: Engine) -> None:
    engine.correct("soir", 0, 3, "Ada Martin")
    assert [(turn.first, turn.last) for turn in turns_of(engine.attribution("soir"))] == [(0, 3)]
    known = engine.split("soir", 2, 0)
    assert [(turn.first, turn.last) for turn in turns_of(known)] == [(0, 1), (2, 3)]
    known = engine.correct("soir", 2, 3, None)
    assert (uncertain(known), [part.speaker for part in known.debate.segments][2:]) == ([], [None, None])


def test_a_long_turn_that_is_only_guessed_is_shown_in_parts_that_can_be_read(home: Path, tmp_path: Path) -> None:
    (tmp_path / "long.srt").write_text(srt(tuple("mot " * 60 + f"{at}." for at in range(5))), "utf-8")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    engine.add(tmp_path / "long.srt")
    turns = turns_of(engine.attribution("long"))
    assert (turns[0].first, turns[-1].last) == (0, 4)
    assert max(turn.words for turn in turns) <= 122
    known = engine.correct("long", 0, 4, "Ada Martin")
    assert [(turn.first, turn.last) for turn in turns_of(known)] == [(0, 4)]
    engine.close()


def test_a_name_given_back_and_a_merge_turned_round(engine: Engine) -> None:
    engine.correct("soir", 0, 0, "Ada Martin")
    engine.correct("soir", 1, 1, "Jean Petit")
    engine.rename(["Ada Martin"], "A. Dupont")
    engine.rename(["A. Dupont"], "Ada Martin")
    assert [part.speaker for part in engine.debate("soir").segments][:2] == ["Ada Martin", "Jean Petit"]
    engine.rename(["Ada Martin"], "Jean Petit")
    engine.rename(["Jean Petit"], "Ada Martin")
    assert [part.speaker for part in engine.debate("soir").segments][:2] == ["Ada Martin", "Ada Martin"]


def test_a_split_leaves_the_corrections_of_other_segments_alone(home: Path, tmp_path: Path) -> None:
    texts = ("Bonsoir.", "Je crois que les communes ont raison et oui c'est vrai que tout cela coûte.", "c'est vrai")
    (tmp_path / "d.srt").write_text(srt((*texts, "Fin.")), "utf-8")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    engine.add(tmp_path / "d.srt")
    engine.correct("d", 2, 2, "Jean Petit")
    engine.correct("d", 1, 1, "Ada Martin")
    found = engine.split("d", 1, 8).debate
    assert [part.speaker for part in found.segments] == [None, "Ada Martin", "Ada Martin", "Jean Petit", None]
    engine.close()


def test_the_number_of_an_undone_act_is_not_given_again(engine: Engine) -> None:
    engine.correct("soir", 0, 0, "Ada Martin")
    engine.undo("soir", 1)
    engine.correct("soir", 1, 1, "Ada Martin")
    assert [one.act for one in engine.corrections("soir")] == [2]


class Meddling(HashEncoder):
    """While it embeds, somebody else does something, once."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        super().__init__()
        self.meddle: Callable[[], object] | None = meddle

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        meddle, self.meddle = self.meddle, None
        if meddle:
            meddle()
        return super().embed_passages(texts, progress)


@pytest.mark.parametrize("again", ["add", "rebuild"])
def test_a_correction_made_while_a_debate_is_embedded_is_kept(
    engine: Engine, home: Path, tmp_path: Path, again: str
) -> None:
    def meddle() -> None:
        engine.split("soir", 1, 2)
        engine.correct("soir", 0, 0, "Ada Martin")

    slow = Engine(LocalStore(home), Meddling(meddle), engine.settings)
    if again == "add":
        slow.add(tmp_path / "soir.srt", Details(title=TITLE))
    else:
        slow.rebuild()
    assert [part.speaker for part in slow.debate("soir").segments] == ["Ada Martin", None, None, None, None]
    assert slow.debate("soir") == replace(slow.attribution("soir").debate)
    slow.close()


def test_another_model_does_not_mix_its_vectors_in(engine: Engine, home: Path) -> None:
    other = Engine(LocalStore(home), HashEncoder("other@1"), engine.settings)
    with pytest.raises(ModelMismatch):
        other.split("soir", 1, 2)
    assert other.corrections("soir") == []
    other.close()


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        (lambda engine: engine.correct("soir", 2, 4, "Ada"), SegmentUnknown, "no segments 2 to 4: they go from 0 to 3"),
        (lambda engine: engine.correct("soir", 2, 1, "Ada"), SegmentUnknown, "no segments 2 to 1"),
        (lambda engine: engine.split("soir", 1, 7), WordUnknown, "it has to be 0 to 6"),
        (lambda engine: engine.split("soir", 0, 0), WordUnknown, "with a word before it"),
        (lambda engine: engine.correct("soir", 1, 1, "Ada", seen="Autre"), SegmentsChanged, "have changed since"),
        (lambda engine: engine.correct("soir", 1, 1, " \a"), FieldInvalid, "a name"),
        (lambda engine: engine.rename(["Présentateur"], "Ada"), FieldInvalid, "qdq label"),
        (lambda engine: engine.rename(["Ada Martin"], "présentatrice"), FieldInvalid, "field person .* qdq label"),
        (lambda engine: engine.undo("soir", 7), CorrectionUnknown, "No correction 7 in the debate “soir”"),
        (lambda engine: engine.rename(["Zoé"], "Ada"), PersonUnknown, "Names present: Ada Martin, Jean Petit"),
        (lambda engine: engine.rename(["Ada Martin"], " "), FieldInvalid, "a name"),
        (lambda engine: engine.part("Ada Martin"), PersonUnknown, "Ada Martin"),
    ],
)  # fmt: skip
def test_what_cannot_be_corrected_is_said(
    engine: Engine, wrong: Callable[[Engine], object], error: type[Exception], sentence: str
) -> None:
    before = engine.debate("soir")
    with pytest.raises(error, match=sentence):
        wrong(engine)
    assert engine.debate("soir") == before


def test_two_people_correct_at_once_and_both_are_kept(engine: Engine, home: Path) -> None:
    others = [Engine(LocalStore(home), HashEncoder(), engine.settings) for _ in range(2)]
    threads = [
        threading.Thread(
            target=lambda other=other, at=at: [other.correct("soir", at, at, "Ada Martin") for _ in range(5)]
        )
        for at, other in enumerate(others, start=1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [part.speaker for part in engine.debate("soir").segments] == [None, "Ada Martin", "Ada Martin", None]
    assert len(engine.corrections("soir")) == 10
    for other in others:
        other.close()


def test_a_correction_that_is_cut_off_leaves_nothing_half_done(engine: Engine, home: Path) -> None:
    """Whatever statement fails, the debate and its corrections are as they were."""
    before, store = engine.debate("soir"), engine._store
    assert isinstance(store, LocalStore)
    for statement in ("UPDATE segments", "INSERT INTO corrections", "UPDATE meta"):

        def fail(action: int, *_rest: object, statement: str = statement) -> int:
            table = {"UPDATE segments": "segments", "INSERT INTO corrections": "corrections", "UPDATE meta": "meta"}[
                statement
            ]
            wanted = sqlite3.SQLITE_INSERT if statement.startswith("INSERT") else sqlite3.SQLITE_UPDATE
            return sqlite3.SQLITE_DENY if (action, _rest[0]) == (wanted, table) else sqlite3.SQLITE_OK

        store._connection.set_authorizer(fail)
        with pytest.raises(sqlite3.DatabaseError):
            engine.correct("soir", 1, 1, "Ada Martin")
        store._connection.set_authorizer(None)
        assert (engine.debate("soir"), engine.corrections("soir")) == (before, [])
    with sqlite3.connect(home / DATABASE) as reader:
        assert reader.execute("SELECT count(*) FROM corrections").fetchone() == (0,)
    reader.close()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine)) as opened:
        yield opened


def test_turns_are_corrected_split_and_undone_over_http(client: TestClient) -> None:
    before = client.get("/v1/debates/soir/turns").json()["turns"]
    assert (before[0]["first"], before[-1]["last"], {turn["speaker"] for turn in before}) == (0, 3, {None})
    changed = client.patch("/v1/debates/soir/turns", json={"first": 1, "last": 1, "speaker": "Martin"}).json()["turns"]
    assert [(one["first"], one["last"], one["attribution"]) for one in changed if one["speaker"] == "Ada Martin"] == [
        (1, 1, "corrected")
    ]
    split = client.post("/v1/debates/soir/turns/split", json={"segment": 2, "word": 7}).json()["turns"]
    assert split[-1]["last"] == 4
    listed = client.get("/v1/debates/soir/corrections").json()["corrections"]
    assert [(one["kind"], one["speaker"], one["word"], one["lost"]) for one in listed] == [
        ("speaker", "Ada Martin", None, False),
        ("split", None, 7, False),
    ]
    doubtful = client.get("/v1/debates/soir/uncertain", params={"most": 1}).json()["turns"]
    assert [one["attribution"] for one in doubtful] == ["unknown"]
    for one in listed:
        assert client.delete(f"/v1/debates/soir/corrections/{one['act']}").status_code == 200
    assert client.get("/v1/debates/soir/turns").json()["turns"] == before
    gone = client.delete("/v1/debates/soir/corrections/1")
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:qui-dit-quoi:correction-unknown")
    assert client.get("/v1/debates/soir/voices").json() == {"debate": "soir", "voices": []}


def test_people_are_listed_and_renamed_over_http(client: TestClient) -> None:
    renamed = client.post("/v1/people/rename", json={"names": ["Ada Martin"], "person": "Ada Roux"}).json()
    assert [(one["name"], one["names"]) for one in renamed["people"]] == [
        ("Ada Roux", ["Ada Martin"]),
        ("Jean Petit", []),
    ]
    undone = client.delete("/v1/people/rename/Ada Martin").json()
    assert [one["name"] for one in undone["people"]] == ["Ada Martin", "Jean Petit"]
    assert client.post("/v1/people/rename", json={"names": ["Zoé"], "person": "Z"}).status_code == 404
    into_host = client.post("/v1/people/rename", json={"names": ["Ada Martin"], "person": "Présentatrice"})
    assert (into_host.status_code, into_host.json()["type"]) == (422, "urn:qui-dit-quoi:field-invalid")


@pytest.fixture
def command(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """``qdq`` in this process, on the index of ``engine``."""
    monkeypatch.setattr(Engine, "open", classmethod(lambda _cls, *_: engine))

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        result = CliRunner().invoke(cli.app, list(arguments), input=typed)
        return result.exit_code, result.stdout, result.stderr

    return run


def test_turns_are_labelled_with_one_key_each(engine: Engine, command: Callable[..., tuple[int, str, str]]) -> None:
    """A cut, a name that is typed, one of the participants, a step back, an undone slip."""
    typed = "s\nLe nucléaire\ns\nbienvenue\nq\n"
    engine.correct("soir", 1, 1, "Ada Martin")
    code, stdout, stderr = command("label", "soir", "--json", typed="n\nZoé Roux\n b 2zq\n")
    assert code == 0
    assert [one["speaker"] for one in json.loads(stdout)["turns"]] == [None, "Ada Martin", "Zoé Roux"]
    assert "[1] Ada Martin  [2] Jean Petit" in stderr
    code, stdout, _stderr = command("label", "soir", "--json", typed=typed)
    assert json.loads(stdout)["turns"][0]["text"] == "Bonsoir à tous et"


def test_a_language_model_is_asked_and_its_guesses_are_confirmed(
    engine: Engine, command: Callable[..., tuple[int, str, str]]
) -> None:
    reply = says(json.dumps({"segments": [{"n": at, "speaker": "Ada Martin"} for at in range(4)]}))
    with playing(in_turn(reply)) as server:
        engine.settings = Settings(home=engine.settings.home, llm_url=server.url, llm_model="petit")
        code, stdout, _stderr = command("label", "soir", "--llm", "--json")
    assert (code, json.loads(stdout)) == (0, {"model": "petit", "asked": 4, "named": 4, "failed": []})
    (turn,) = turns_of(engine.attribution("soir"))
    assert (turn.attribution.speaker, turn.guess.attribution.speaker, turn.guess.attribution.origin) == (
        None,
        "Ada Martin",
        Origin.MODEL,
    )
    yes = "o" if LANGUAGE == "fr" else "y"
    code, stdout, stderr = command("label", "soir", "--json", typed=f"{yes}q")
    assert [one["attribution"] for one in json.loads(stdout)["turns"]] == ["corrected"]
    assert f"Ada Martin ? ({origin_text(Origin.MODEL, LANGUAGE)} 50 %)" in stderr


def test_people_on_the_command_line(command: Callable[..., tuple[int, str, str]]) -> None:
    assert command("people", "list")[1].splitlines() == ["Ada Martin  soir", "Jean Petit  soir"]
    assert command("people", "rename", "Ada Martin", "Ada Roux")[1].splitlines()[0] == "Ada Roux (= Ada Martin)  soir"
    code, stdout, _stderr = command("people", "part", "Ada Martin", "--json")
    assert (code, [one["name"] for one in json.loads(stdout)["people"]]) == (0, ["Ada Martin", "Jean Petit"])
    code, stdout, _stderr = command("people", "merge", "Ada Martin", "Jean Petit", "--into", "Jean Petit", "--json")
    assert (code, [one["name"] for one in json.loads(stdout)["people"]]) == (0, ["Jean Petit"])
