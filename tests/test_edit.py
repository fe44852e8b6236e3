"""The fields of a debate, changed after it was added: what follows at once, what stays, and who may name a file."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.commands import main as cli
from api.serving.app import create_app
from index.errors import DebateUnknown, FieldInvalid
from index.export import ExportFormat, exported
from index.local import LocalStore
from index.local.schema import VERSION
from index.media import media_from_afar, media_from_here
from index.types import Debate, Origin, Participant
from index.writing.build import Details
from index.writing.editing import Changes
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder, same_vectors
from tests.old_versions import taken_back
from tests.suite_files import srt
from tests.test_voices import DEBATE as VOICES

TEXTS = [
    "Bonsoir à tous et bienvenue dans notre émission du soir.",
    "Le nucléaire est nécessaire pour notre industrie.",
    "Les éoliennes coûtent trop cher aux communes.",
]
TITLE = "Débat entre Ada Martin (maire) et Jean Petit (avocat)"
LABELS = "start\tspeaker\n0\tPetit\n10\tRoux\n20\tAda Martin\n"
ADA, JEAN, LEA = Participant("Ada Martin", "maire"), Participant("Jean Petit", "avocat"), Participant("Léa Roy", "élue")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A folder with a file of sound, one that is none, and a link that leads out of it."""
    folder = tmp_path / "media"
    (folder / "deep").mkdir(parents=True)
    for path in (folder / "soir.mp3", folder / "deep" / "soir.webm", folder / "notes.txt", tmp_path / "private.mp3"):
        path.write_bytes(b"sound")
    (folder / "link.mp3").symlink_to(tmp_path / "private.mp3")
    (folder / "circle.mp3").symlink_to(folder / "circle.mp3")
    return folder


@pytest.fixture
def engine(home: Path, tmp_path: Path, media: Path) -> Iterator[Engine]:
    (tmp_path / "soir.srt").write_text(srt(TEXTS), "utf-8")
    (tmp_path / "who.tsv").write_text(LABELS, "utf-8")
    settings = Settings(home=home, abstain_below=0.0, media_folder=media)
    opened = Engine(LocalStore(home), HashEncoder(), settings)
    opened.add(tmp_path / "soir.srt", Details(title=TITLE, speakers=tmp_path / "who.tsv"))
    yield opened
    opened.close()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), headers={"Accept-Language": "en"})


def said_by(engine: Engine, name: str) -> list[str]:
    return [one.text for one in engine.ask(f"Que dit {name} ?").citations if one.speaker == name]


def fields(debate: Debate) -> tuple[object, ...]:
    return debate.title, debate.date, debate.url, debate.media, debate.language


def test_what_is_not_given_stays_and_none_clears(engine: Engine) -> None:
    day, url = date(2024, 11, 19), "https://youtu.be/abc"
    found = engine.edit("soir", Changes(date=day, url=url, media="https://example.org/a.mp3"))
    assert fields(found) == (TITLE, day, url, "https://example.org/a.mp3", "fr")
    assert fields(engine.edit("soir", Changes(title=" Le  soir "))) == (
        *("Le soir", day, url),
        *("https://example.org/a.mp3", "fr"),
    )
    assert fields(engine.edit("soir", Changes(date=None, url=None, media=None))) == ("Le soir", None, None, None, "fr")
    assert engine.debate("soir") == engine.edit("soir", Changes())
    (summary,) = engine.debates()
    assert (summary.title, summary.date, summary.url, summary.media) == ("Le soir", None, None, None)


def test_an_edit_is_seen_by_whoever_reads_and_survives_a_rebuild(engine: Engine, home: Path) -> None:
    other, before = LocalStore(home), engine.debate("soir")
    stamp = other.generation()
    changed = engine.edit("soir", Changes(title="Le soir", url="https://youtu.be/abc", media="https://e.org/a.mp3"))
    assert other.debate("soir") == changed
    assert other.generation() != stamp
    assert changed.segments == before.segments
    engine.correct("soir", 0, 0, "Zoé Bel")
    engine.rebuild()
    assert fields(other.debate("soir")) == fields(changed)
    assert engine.ask("Que dit Roux ?").citations[0].video_url == "https://youtu.be/abc?t=10s"
    engine.edit("soir", Changes(url=None))
    for link in (engine.ask("Que dit Roux ?").citations[0].video_url, engine.verify(TEXTS[1]).places[0].video_url):
        assert link == "https://e.org/a.mp3#t=10,20"
    other.close()


def test_an_edit_moves_no_vector_and_embeds_nothing(engine: Engine) -> None:
    encoder = engine._encoder
    assert isinstance(encoder, HashEncoder)
    engine.search("culture")
    before, vectors = len(encoder.embedded), engine._store.vectors("soir")
    engine.edit("soir", Changes(title="Le soir", language="en", participants=(ADA,)))
    engine.search("culture")
    assert len(encoder.embedded) == before
    assert same_vectors(engine._store.vectors("soir"), vectors)


def test_labels_go_by_the_full_name_of_a_new_participant_and_back(engine: Engine) -> None:
    assert [one.name for one in engine.debate("soir").participants] == ["Ada Martin", "Jean Petit", "Roux"]
    engine.edit("soir", Changes(participants=(ADA, JEAN, Participant("Zoé Roux", "juge"))))
    assert said_by(engine, "Zoé Roux") == [TEXTS[1]]
    assert [one.name for one in engine.people()] == ["Ada Martin", "Jean Petit", "Zoé Roux"]
    engine.edit("soir", Changes(participants=(ADA, JEAN, Participant("Marc Roux"))))
    assert said_by(engine, "Marc Roux") == [TEXTS[1]]
    engine.edit("soir", Changes(participants=()))
    assert {one.name for one in engine.debate("soir").participants} == {"Jean Petit", "Roux", "Ada Martin"}
    assert engine.debate("soir").segments[1].attribution.origin is Origin.LABELLED


def test_a_new_participant_can_be_asked_about_at_once_also_by_another_name(engine: Engine) -> None:
    asked = "Que dit Petitjean ?"
    assert engine.ask(asked).speaker is None
    engine.edit("soir", Changes(participants=(ADA, Participant("Jean Petit", "avocat", ("Petitjean",)))))
    assert engine.ask(asked).speaker == "Jean Petit"
    engine.edit("soir", Changes(participants=(ADA, JEAN, Participant("Léa Blum"))))
    assert (engine.ask("Que dit Léa Blum ?").speaker, engine.ask(asked).speaker) == ("Léa Blum", None)


def test_anonymous_voices_are_named_by_the_participants_of_now(home: Path, tmp_path: Path) -> None:
    """As if the file had been added with them."""
    (tmp_path / "v.srt").write_text(srt([part.text for part in VOICES]), "utf-8")
    rows = [f"{10 * part.index}\t{part.speaker}" for part in VOICES]
    (tmp_path / "who.tsv").write_text("\n".join(["start\tspeaker", *rows]), "utf-8")
    bare = Details(title="Émission", speakers=tmp_path / "who.tsv", participants=(ADA, JEAN))
    first, second = (Engine(LocalStore(home / name), HashEncoder(), Settings(home=home / name)) for name in "ab")
    first.add(tmp_path / "v.srt", bare)
    second.add(tmp_path / "v.srt", replace(bare, participants=(ADA, LEA)))
    assert "Jean Petit" in {one.name for one in first.debate("v").participants}
    first.edit("v", Changes(participants=(ADA, LEA)))
    assert first.debate("v") == second.debate("v")
    assert [part.speaker for part in first.debate("v").segments[1:4]] == ["Ada Martin", "Présentateur", "Léa Roy"]
    first.close()
    second.close()


def test_participants_given_as_they_were_shown_change_nothing_beneath(engine: Engine) -> None:
    """A form sends all of them back: those that only speak, and those that go by another name since a rename."""
    engine.correct("soir", 0, 0, "Zoé Bel")
    engine.rename(["Ada Martin"], "Ada Roux-Martin")
    shown = engine.debate("soir")
    edited = engine.edit("soir", Changes(participants=shown.participants))
    assert edited == shown
    engine.part("Ada Martin")
    engine.undo("soir", engine.corrections("soir")[0].act or 0)
    assert [(one.name, one.aliases) for one in engine.debate("soir").participants] == [
        ("Ada Martin", ()),
        ("Jean Petit", ()),
        ("Roux", ()),
    ]


def test_another_language_is_searched_by_its_own_stems(engine: Engine, home: Path) -> None:
    store = LocalStore(home)
    french = store.vocabulary()
    assert french["industr"] > 0
    engine.edit("soir", Changes(language="en"))
    assert ("industr" in store.vocabulary(), store.vocabulary()["industri"]) == (False, french["industr"])
    engine.edit("soir", Changes(language="fr"))
    assert store.vocabulary() == french
    store.close()


def test_an_unchanged_file_keeps_the_edit_and_one_that_is_added_again_brings_its_own(
    engine: Engine, tmp_path: Path
) -> None:
    details = Details(title=TITLE, speakers=tmp_path / "who.tsv")
    engine.edit("soir", Changes(title="Le soir", url="https://youtu.be/abc"))
    (outcome,) = engine.add_files([tmp_path / "soir.srt"], details)
    assert (outcome.unchanged, engine.debate("soir").title) == ("soir", "Le soir")
    engine.add(tmp_path / "soir.srt", details)
    assert (engine.debate("soir").title, engine.debate("soir").url) == (TITLE, None)


def test_a_source_without_media_has_the_hash_that_it_always_had(tmp_path: Path) -> None:
    assert "media" not in repr(Details(media="https://example.org/a.mp3"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " \x00 "}, "some text"),
        ({"url": "javascript:alert(1)"}, "http://"),
        ({"language": "french"}, "two letters"),
        ({"participants": (Participant("  "),)}, "a name"),
        ({"media": "soir.mp3"}, "whole path"),
        ({"media": "/etc/passwd"}, "whole path"),
        ({"media": "file:///a.mp3"}, "http://"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_changes(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FieldInvalid, match=message):
        Changes(**changes)  # type: ignore[arg-type]


def test_a_debate_that_is_not_there_cannot_be_changed(engine: Engine) -> None:
    with pytest.raises(DebateUnknown):
        engine.edit("nope", Changes(title="x"))


@pytest.mark.parametrize("name", ["soir.mp3", "./soir.mp3", "deep/soir.webm", "deep/../soir.mp3"])
def test_over_http_a_file_of_the_media_folder_may_be_named(media: Path, name: str) -> None:
    assert media_from_afar(name, media) == str((media / name).resolve())


OUTSIDE = [
    "../private.mp3",
    "deep/../../private.mp3",
    "link.mp3",
    "circle.mp3",
    "notes.txt",
    "absent.mp3",
    "deep",
    "",
    "a\0.mp3",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_over_http_nothing_outside_that_folder_is_taken_nor_told(media: Path, name: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        media_from_afar(name, media)
    with pytest.raises(FieldInvalid) as unset:
        media_from_afar("soir.mp3", None)
    told = [str(error.value.message("en")).split(": ", 1)[1] for error in (refused, unset)]
    assert told[0] == told[1]
    assert str(media.parent) not in refused.value.message("en")


def test_an_absolute_path_is_refused_over_http_even_inside_the_folder(media: Path) -> None:
    with pytest.raises(FieldInvalid):
        media_from_afar(str(media / "soir.mp3"), media)


def test_on_this_machine_a_path_is_resolved_and_looked_at(media: Path) -> None:
    assert media_from_here("../private.mp3", media) == str(media.parent / "private.mp3")
    assert media_from_here("https://example.org/a", media) == "https://example.org/a"
    for wrong in ("notes.txt", "absent.mp3", "deep", "circle.mp3", "a\0.mp3"):
        with pytest.raises(FieldInvalid, match="audio"):
            media_from_here(wrong, media)


def test_a_yaml_beside_the_file_names_a_path_from_where_it_lies(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "autre.srt").write_text(srt(["Le budget double."]), "utf-8")
    (tmp_path / "autre.yaml").write_text("media: media/soir.mp3\n", "utf-8")
    (outcome,) = engine.add_files([tmp_path / "autre.srt"])
    assert outcome.added is not None
    assert engine.debate("autre").media == str(tmp_path / "media" / "soir.mp3")
    (tmp_path / "autre.yaml").write_text("media: media/none.mp3\n", "utf-8")
    (outcome,) = engine.add_files([tmp_path / "autre.srt"])
    assert isinstance(outcome.error, FieldInvalid)


def test_an_address_comes_back_from_an_export_and_a_path_stays_here(
    engine: Engine, tmp_path: Path, media: Path
) -> None:
    path = tmp_path / "again.json"
    engine.edit("soir", Changes(media="https://example.org/a.mp3"))
    path.write_text(exported(engine.debate("soir"), ExportFormat.JSON), "utf-8")
    assert engine.add(path).debate.media == "https://example.org/a.mp3"
    engine.edit("soir", Changes(media=str(media / "soir.mp3")))
    document = json.loads(exported(engine.debate("soir"), ExportFormat.JSON))
    assert document["media"] is None
    path.write_text(json.dumps(document | {"media": str(media / "soir.mp3")}), "utf-8")
    assert engine.add(path).debate.media is None


def test_fields_are_changed_over_http(client: TestClient, media: Path) -> None:
    people = [{"name": "Ada Martin", "role": "ministre", "aliases": ["AM"]}]
    asked = {"title": "Le soir", "date": "2024-11-19", "media": "soir.mp3", "participants": people}
    found = client.patch("/v1/debates/soir", json=asked).json()
    assert (found["title"], found["date"], found["url"]) == ("Le soir", "2024-11-19", None)
    assert (found["media"], found["participants"][0]) == ("/d/soir/media", people[0])
    assert str(media) not in json.dumps(found)
    kept = client.patch("/v1/debates/soir", json={"media": found["media"], "date": None}).json()
    assert (kept["media"], kept["date"], kept["title"]) == ("/d/soir/media", None, "Le soir")
    assert client.patch("/v1/debates/soir", json={"media": None}).json()["media"] is None


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        *(({"media": name}, 422, "field-invalid") for name in ("../private.mp3", "/etc/passwd", "link.mp3", "")),
        ({"title": ""}, 422, "field-invalid"),
        ({"title": None}, 422, None),
        ({"language": "french"}, 422, "field-invalid"),
        ({"participants": [{"name": ""}]}, 422, None),
        ({"participants": None}, 422, None),
        ({"titre": "x"}, 422, None),
        ({"title": "\ud800"}, 422, None),
    ],
)
def test_a_wrong_field_leaves_as_a_problem(
    engine: Engine, client: TestClient, body: dict[str, object], status: int, kind: str | None
) -> None:
    before = engine._store.generation()
    response = client.patch("/v1/debates/soir", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["type"].removeprefix("urn:qui-dit-quoi:")) == (
        status,
        kind or "about:blank",
    )
    assert engine._store.generation() == before


def test_an_unknown_debate_is_not_found(client: TestClient) -> None:
    assert client.patch("/v1/debates/nope", json={"title": "x"}).status_code == 404


def test_an_upload_may_name_an_address_or_a_file_of_the_folder_and_nothing_else(
    client: TestClient, media: Path
) -> None:
    def added(form: str = "", about: str = "") -> tuple[int, str | None]:
        files = {"file": ("neuf.srt", srt(["Le budget double."]).encode())}
        files |= {"metadata": ("neuf.yaml", about.encode())} if about else {}
        status = client.post("/v1/debates", files=files, data={"media": form} if form else {}).status_code
        return status, client.get("/v1/debates/neuf").json().get("media") if status == 201 else None

    assert added("https://example.org/a.mp3") == (201, "https://example.org/a.mp3")
    assert added("soir.mp3") == (201, "/d/neuf/media")
    assert added(about="media: deep/soir.webm") == (201, "/d/neuf/media")
    for wrong in (str(media.parent / "private.mp3"), "../private.mp3", "link.mp3", "/etc/hostname"):
        assert added(wrong) == (422, None)
        assert added(about=f"media: {wrong}") == (422, None)


@pytest.fixture
def command(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """``qdq`` in this process, on the index of ``engine``."""
    monkeypatch.setattr(Engine, "open", classmethod(lambda _cls, *_: engine))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        result = CliRunner().invoke(cli.app, list(arguments))
        return result.exit_code, result.stdout, result.stderr

    return run


def test_fields_are_changed_by_command(
    engine: Engine, command: Callable[..., tuple[int, str, str]], media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(media)
    engine.edit("soir", Changes(participants=(Participant("Ada Martin", "maire", ("AM",)), JEAN)))
    people = ["--participant", "Ada Martin, ministre, depuis 2020", "--participant", "Jean Petit"]
    code, stdout, _ = command("edit", "soir", "--date", "2024-11-19", "--media", "../private.mp3", *people, "--json")
    shown = json.loads(stdout)
    assert (code, shown["date"], shown["media"], shown["title"]) == (0, "2024-11-19", "/d/soir/media", TITLE)
    assert engine.debate("soir").media == str(media.parent / "private.mp3")
    assert shown["participants"][:2] == [
        {"name": "Ada Martin", "role": "ministre, depuis 2020", "aliases": ["AM"]},
        {"name": "Jean Petit", "role": "", "aliases": []},
    ]
    code, stdout, _ = command("edit", "soir", "--clear", "date", "--clear", "media", "--title", "Le soir")
    assert (code, stdout.startswith("soir  –"), stdout.endswith("Le soir\n")) == (0, True, True)
    assert fields(engine.debate("soir")) == ("Le soir", None, None, None, "fr")
    code, _, stderr = command("edit", "soir", "--media", "notes.txt")
    assert (code, "notes.txt" in stderr) == (1, True)


def test_a_file_of_sound_is_given_with_the_transcript(
    engine: Engine, command: Callable[..., tuple[int, str, str]], media: Path, tmp_path: Path
) -> None:
    (tmp_path / "neuf.srt").write_text(srt(["Le budget double."]), "utf-8")
    assert command("add", str(tmp_path / "neuf.srt"), "--media", str(media / "soir.mp3"), "--no-voices")[0] == 0
    assert engine.debate("neuf").media == str(media / "soir.mp3")
    assert command("add", str(tmp_path / "neuf.srt"), "--media", "absent.mp3")[0] == 1
    assert command("add", str(tmp_path), "--media", str(media / "soir.mp3"))[0] == 2


def test_an_index_of_the_fourth_version_is_brought_up(engine: Engine, home: Path) -> None:
    before = engine.debate("soir")
    engine.close()
    taken_back(home, 4)
    store = LocalStore(home)
    assert store.debate("soir") == before
    assert store._connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    store.close()
