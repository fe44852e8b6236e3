"""``/v1/debates/{id}/voices``: whose voices are heard, where, and a person's word on a whole one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from index.local import LocalStore
from index.writing.build import Details
from index.writing.editing import Changes
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.listening import Listener
from tests.suite_files import srt

SAID = ["Le budget de la culture doit doubler.", "Je refuse.", "Il le faut pourtant, je le redis.", "Non et non."]
PLACE = "/v1/debates/d/voices"


@pytest.fixture
def engine(home: Path, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    (tmp_path / "soir.mp3").write_bytes(b"ID3")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=Listener())
    engine.add(tmp_path / "d.srt", Details(title="Débat entre Ada Martin et Jean Petit"))
    engine.hear("d", tmp_path / "soir.mp3")
    yield engine
    engine.close()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), raise_server_exceptions=False)


def voices(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(PLACE).json()["voices"]
    return found


def test_each_voice_has_its_share_and_excerpts_to_hear_and_to_read(client: TestClient) -> None:
    first, second = voices(client)
    assert (first["voice"], first["words"], second["words"]) == ("SPEAKER_00", 14, 5)
    assert [one["share"] for one in (first, second)] == [0.7368, 0.2632]
    assert [one["text"] for one in second["excerpts"]] == ["Je", "Non et"]
    excerpt = second["excerpts"][0]
    assert excerpt["link"] == f"/d/d/media#t={excerpt['start']:.1f},{excerpt['end']:.1f}"
    assert excerpt["permalink"].startswith("/d/d?t=10,")
    path, _, moment = excerpt["link"].partition("#t=")
    assert client.get(path, headers={"Range": "bytes=0-"}).status_code == 206
    assert [float(second) for second in moment.split(",")] == [10.0, pytest.approx(excerpt["end"], abs=0.05)]


@pytest.mark.parametrize(
    ("media", "link"),
    [
        ("https://example.org/soir.mp3", "https://example.org/soir.mp3#t=10,"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ?t=10s"),
        (None, None),
    ],
)
def test_what_plays_elsewhere_is_heard_there(
    client: TestClient, engine: Engine, media: str | None, link: str | None
) -> None:
    engine.edit("d", Changes(media=media))
    found = voices(client)[1]["excerpts"][0]["link"]
    assert found is None if link is None else found.startswith(link)


def test_a_person_names_a_whole_voice_and_takes_it_back(client: TestClient, engine: Engine) -> None:
    before = voices(client)
    named = client.patch(f"{PLACE}/SPEAKER_00", json={"speaker": "Martin"}, headers={"Accept-Language": "fr"})
    assert named.status_code == 200
    one = named.json()["voices"][0]
    assert (one["speaker"], one["evidence"][0]["kind"]) == ("Ada Martin", "told")
    assert [segment.speaker for segment in engine.debate("d").segments][::2] == ["Ada Martin", "Ada Martin"]
    (correction,) = client.get("/v1/debates/d/corrections").json()["corrections"]
    assert (correction["kind"], correction["speaker"], correction["lost"]) == ("voice", "Ada Martin", False)
    nobody = client.patch(f"{PLACE}/SPEAKER_00", json={"speaker": None}).json()["voices"][0]
    assert (nobody["speaker"], nobody["evidence"][0]["kind"]) == (None, "nobody")
    for act in (2, 1):
        assert client.delete(f"/v1/debates/d/corrections/{act}").status_code == 200
    assert voices(client) == before


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        (f"{PLACE}/SPEAKER_07", {"speaker": "Ada"}, 404, "voice-unknown"),
        (f"{PLACE}/SPEAKER_00", {"speaker": " "}, 422, "field-invalid"),
        (f"{PLACE}/SPEAKER_00", {}, 422, None),
        (f"{PLACE}/SPEAKER_00", {"speaker": "x" * 201}, 422, None),
        ("/v1/debates/e/voices/SPEAKER_00", {"speaker": "Ada"}, 404, "debate-unknown"),
    ],
)
def test_a_voice_that_is_not_there_is_not_named(
    client: TestClient, path: str, body: dict[str, str], status: int, said: str | None
) -> None:
    response = client.patch(path, json=body)
    assert response.status_code == status
    assert said is None or response.json()["type"] == f"urn:qui-dit-quoi:{said}"
