"""``/d/{id}/voices``: voices to hear and to name, and the recording that is brought in a form."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from api.serving.app import create_app
from api.web.speakers.acts import acts_of
from api.web.speakers.voices_shown import shown_voices
from index.errors import RecordingShifted
from index.local import LocalStore
from index.sound.networks import extra
from index.speakers.attribution import attributed
from index.speakers.corrections import Correction, CorrectionKind
from index.types import Attribution, Origin
from index.writing.build import Details
from index.writing.editing import Changes
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.listening import Listener
from tests.suite_files import srt

SAID = [
    "Bonsoir, le budget de la culture doit doubler cette année.",
    "Je refuse net.",
    "Il le faut pourtant, je le redis.",
    "Non et non.",
]
PAGE = "/d/d/voices"
FRENCH = {"Accept": "text/html", "Accept-Language": "fr"}


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def engine(home: Path, tmp_path: Path, listener: Listener) -> Iterator[Engine]:
    """Not yet listened to."""
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    (tmp_path / "soir.mp3").write_bytes(b"ID3")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=listener)
    engine.add(tmp_path / "d.srt", Details(title="Débat entre Ada Martin et Jean Petit"))
    yield engine
    engine.close()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), raise_server_exceptions=False, headers=FRENCH)


def read(response: Any) -> str:
    """The words of a page, in one line."""
    text = re.sub(r"<head>.*?</head>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())


def mark(client: TestClient, voice: str) -> str:
    found = re.search(
        rf'name="voice" value="{voice}">\s*<input type="hidden" name="seen" value="(\w+)"', client.get(PAGE).text
    )
    assert found
    return found[1]


def name(client: TestClient, voice: str, form: dict[str, str]) -> Any:
    data = {"voice": voice, "seen": mark(client, voice)} | form
    return client.post(PAGE, data=data, follow_redirects=False)


def bring(client: TestClient, file: str = "soir.mp3", content: bytes = b"ID3", **form: str) -> Any:
    return client.post("/d/d/recording", files={"file": (file, content)}, data=form, follow_redirects=False)


def test_a_debate_without_voices_asks_for_its_recording(client: TestClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Aucune voix n'est distinguée dans ce débat : donnez son enregistrement" in read(page)
    assert 'action="/d/d/recording" method="post" enctype="multipart/form-data"' in page.text


def test_a_recording_that_is_brought_tells_voices_apart_and_plays(client: TestClient, engine: Engine) -> None:
    response = bring(client, voices="2", path="")
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?heard=true")
    page = client.get(response.headers["location"])
    assert "L'enregistrement est écouté : 2 voix distinguées." in read(page)
    assert "Ce que l'écoute a donné voix distinguées dans l'enregistrement : 2" in read(page)
    assert "Voix 1" in read(page) and "Voix 2" in read(page)
    assert re.findall(r'class="play" hidden[^>]*data-start="([\d.]+)"', page.text) == ["0", "20", "10", "30"]
    assert 'href="/d/d?t=10,' in page.text
    assert client.get("/d/d/media", headers={"Range": "bytes=0-1"}).content == b"ID"
    assert 'src="/d/d/media' in client.get("/d/d").text


def test_a_voice_is_named_with_one_click_and_that_is_undone(client: TestClient, engine: Engine) -> None:
    bring(client)
    response = name(client, "SPEAKER_00", {"speaker": "Ada Martin"})
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?done=1")
    page = client.get(response.headers["location"])
    assert "C'est enregistré. Ada Martin toute la voix entendue à 00:00" in read(page)
    assert "nommée par une personne" in read(page)
    assert re.search(r'value="Ada Martin" aria-pressed="true"', page.text)
    assert [one.speaker for one in engine.debate("d").segments][::2] == ["Ada Martin"] * 2
    undone = client.post("/d/d/undo", data={"act": "1", "back": "voices"}, follow_redirects=False)
    assert undone.headers["location"] == f"{PAGE}?undone=1"
    assert "nommée par une personne" not in read(client.get(PAGE))


def test_a_name_is_typed_or_nobody_is_known(client: TestClient, engine: Engine) -> None:
    bring(client)
    assert name(client, "SPEAKER_01", {"speaker": "  <b>Zoé   Roux "}).headers["location"] == f"{PAGE}?done=1"
    assert {one.speaker for one in engine.debate("d").segments[1::2]} == {"<b>Zoé Roux"}
    assert "<b>" not in client.get(PAGE).text
    assert name(client, "SPEAKER_01", {"nobody": "1"}).headers["location"] == f"{PAGE}?done=2"
    assert "inconnue, dit une personne" in read(client.get(PAGE))


@pytest.mark.parametrize(
    ("form", "problem", "sentence"),
    [
        ({"speaker": " "}, "no_name", "Il manque un nom"),
        ({"speaker": "Ada", "seen": "0123456789ab"}, "voice_changed", "n'est plus celle que la page montrait"),
        ({"speaker": "Ada", "voice": "SPEAKER_07"}, "voice_changed", "n'est plus celle que la page montrait"),
    ],
)
def test_what_cannot_be_named_is_told(
    client: TestClient, engine: Engine, form: dict[str, str], problem: str, sentence: str
) -> None:
    bring(client)
    response = name(client, "SPEAKER_00", form)
    assert response.headers["location"] == f"{PAGE}?problem={problem}"
    assert sentence in read(client.get(response.headers["location"]))
    assert engine.corrections("d") == []


def _shifted(path: Path) -> RecordingShifted:
    return RecordingShifted(shift="12 s later", shift_fr="12 s plus tard")


def test_a_recording_that_cannot_be_used_is_told_in_words_and_the_shift_can_be_applied(
    client: TestClient, engine: Engine, listener: Listener, home: Path
) -> None:
    listener.error = _shifted
    refused = bring(client)
    assert refused.status_code == 422
    assert "décalé par rapport à la transcription : 12 s plus tard" in read(refused)
    assert 'name="align" value="true" checked' in refused.text
    assert (engine.debate("d").media, list((home / "media").iterdir())) == (None, [])
    listener.error = None
    assert bring(client, align="true").status_code == 303
    assert listener.listened[-1][1].align
    assert 'name="align" value="true" checked' not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("file", "form", "sentence"),
    [
        ("soir.txt", {}, "un fichier dont le nom finit par"),
        ("soir.mp3", {"voices": "51"}, "un nombre de 1 à 50"),
        ("soir.mp3", {"path": "x.mp3"}, "un fichier ou un chemin, pas les deux"),
        ("", {}, "n'a pas ici de fichier audio ou vidéo"),
    ],
)
def test_what_no_recording_can_be_is_refused(
    client: TestClient, engine: Engine, home: Path, file: str, form: dict[str, str], sentence: str
) -> None:
    refused = bring(client, file, b"ID3" if file else b"", **form)
    assert refused.status_code in (404, 422)
    assert sentence in read(refused)
    assert list((home / "media").glob("*")) == []


def test_without_the_extra_the_page_says_what_to_install(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "_PACKAGES", ("av", "nowhere_to_be_found"))
    assert "pip install 'qui-dit-quoi[audio]'" in read(client.get(PAGE))
    monkeypatch.setattr(extra, "_PACKAGES", ("json",))
    assert "pip install" not in read(client.get(PAGE))


def test_that_the_copy_goes_with_the_debate_is_said_before(client: TestClient, engine: Engine, tmp_path: Path) -> None:
    engine.hear("d", tmp_path / "soir.mp3")
    assert "La copie de l'enregistrement" not in read(client.get("/debates/d/delete"))
    bring(client)
    assert "La copie de l'enregistrement envoyée pour lui est effacée aussi." in read(client.get("/debates/d/delete"))


def test_an_address_plays_and_is_not_listened_to(client: TestClient, engine: Engine, listener: Listener) -> None:
    response = client.post("/d/d/recording", data={"path": "https://youtu.be/dQw4w9WgXcQ"}, follow_redirects=False)
    assert response.status_code == 303
    assert (engine.debate("d").media, listener.listened) == ("https://youtu.be/dQw4w9WgXcQ", [])


def test_what_plays_elsewhere_is_asked_for_after_a_click_only(
    client: TestClient, engine: Engine, tmp_path: Path
) -> None:
    engine.hear("d", tmp_path / "soir.mp3")
    engine.edit("d", Changes(media="https://www.youtube.com/watch?v=dQw4w9WgXcQ"))
    page = client.get(PAGE)
    assert "(depuis youtube-nocookie.com)" in page.text
    assert "<iframe" not in page.text
    assert "frame-src https://www.youtube-nocookie.com" in page.headers["content-security-policy"]


def test_whoever_may_only_read_hears_and_names_nobody(engine: Engine, home: Path, tmp_path: Path) -> None:
    engine.hear("d", tmp_path / "soir.mp3")
    keys = Keys(home)
    _, secret = keys.add("a", KeyScope.READ)
    client = TestClient(create_app(engine, access=Access(keys, Mode.KEYS)), headers=FRENCH)
    client.headers["Authorization"] = f"Bearer {secret}"
    page = client.get(PAGE)
    assert (page.status_code, 'class="play"' in page.text, "<form" in page.text) == (200, True, False)
    assert client.post(PAGE, data={"voice": "SPEAKER_00", "speaker": "Ada"}).status_code == 403
    assert bring(client).status_code == 403


def test_the_page_speaks_english(client: TestClient, engine: Engine, tmp_path: Path) -> None:
    engine.hear("d", tmp_path / "soir.mp3")
    text = read(client.get(PAGE, headers={"Accept-Language": "en"}))
    assert "Voice 1" in text and "Whose voice is this?" in text and "% of the words" in text
    assert "Correct while reading" in text


def test_an_unknown_debate_has_no_voices(client: TestClient) -> None:
    assert client.get("/d/e/voices").status_code == 404
    assert client.post("/d/e/voices", data={"voice": "SPEAKER_00", "speaker": "Ada"}).status_code == 404
    assert client.post("/d/e/recording", files={"file": ("a.mp3", b"ID3")}).status_code == 404


def test_a_voice_that_was_recognised_says_so_and_is_no_persons_word(engine: Engine, tmp_path: Path) -> None:
    base = engine.hear("d", tmp_path / "soir.mp3").known.debate
    first = base.segments[0]
    said = Correction(CorrectionKind.VOICE, first.start, first.end, first.text, "Zoé Roux", act=1)
    for origin, standing, told in (
        (Origin.VOICE, "voices.by_enrolled", False),
        (Origin.CORRECTED, "voices.by_person", True),
    ):
        correction = replace(said, origin=origin, confidence=0.97)
        heard = [replace(one, attribution=Attribution(one.voice, Origin.VOICE, 0.9)) for one in base.segments]
        known = attributed(replace(base, segments=tuple(heard)), [correction], {})
        shown = shown_voices(known, {}, "fr")[0]
        assert (shown.speaker, shown.standing, shown.told) == ("Zoé Roux", standing, told)
        (act,) = acts_of("d", [correction])
        assert (act.enrolled, act.namings[0].whole) == (not told, True)


def test_whoever_is_signed_in_brings_a_recording_with_the_token_of_the_page_alone(engine: Engine, home: Path) -> None:
    keys = Keys(home)
    _, secret = keys.add("a", KeyScope.WRITE)
    app = create_app(engine, access=Access(keys, Mode.KEYS))
    client = TestClient(app, raise_server_exceptions=False, headers=FRENCH)
    client.post("/signin", data={"key": secret, "next": PAGE})
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(PAGE).text)
    assert token
    assert bring(client).status_code == 403
    assert list((home / "media").glob("*")) == []
    fields = [("csrf", (None, token[1])), ("file", ("soir.mp3", b"ID3")), ("voices", (None, ""))]
    sent = client.post("/d/d/recording", files=fields, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}?heard=true")
    by_script = client.post(
        "/v1/debates/d/media", files={"file": ("b.mp3", b"ID3")}, headers={"X-CSRF-Token": token[1]}
    )
    assert by_script.json()["heard"] is True
