"""Files that come over HTTP under names, and with media, that would lead out of where they belong: nothing is written
or read but under names of ours."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from index.local import LocalStore
from index.writing.build import is_id
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

SRT = srt(["Le budget de la culture doit doubler."])
NAMES = (
    *("../../evil", "..\\..\\evil", "/etc/passwd", "C:\\Windows\\evil.srt", "\\\\host\\share\\evil", "C:evil.srt"),
    *(
        "evil\0.srt",
        "\0",
        "x" * 4_000,
        "é" * 4_000 + ".srt",
        "CON",
        "NUL.srt",
        "aux.srt",
        "..",
        ".",
        "...",
        " ",
        "~root",
    ),
    *(
        "-rf.srt",
        "$(touch evil).srt",
        "`id`.srt",
        "a\r\nX-Evil: 1.srt",
        "evil\u202egpj.srt",
        "%2e%2e%2fevil",
        "file:///x",
    ),
)


@pytest.fixture
def inside(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose temporary files, index and media lie in folders of this test; its own folder is another one."""
    for folder in ("temporary", "here", "media", "outside"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "outside" / "secret.mp3").write_bytes(b"secret sound")
    (tmp_path / "media" / "own.mp3").write_bytes(b"own sound")
    (tmp_path / "media" / "link.mp3").symlink_to(tmp_path / "outside" / "secret.mp3")
    (tmp_path / "media" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "media" / "notes.txt").write_text("not to be played")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, media_folder=tmp_path / "media"))
    yield TestClient(create_app(engine), raise_server_exceptions=False)
    engine.close()


def _everything(tmp_path: Path) -> set[str]:
    """But for the index."""
    return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if "home" not in path.parts}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_makes_an_id_or_nothing(inside: TestClient, tmp_path: Path, name: str) -> None:
    before = _everything(tmp_path)
    added = inside.post("/v1/debates", files={"file": (name, SRT)})
    assert added.status_code in (201, 400, 422), added.text
    if added.status_code == 201:
        assert is_id(added.json()["debate"])
    page = inside.post("/debates", files=[("files", (name, SRT))], headers={"Accept": "text/html"})
    assert page.status_code in (200, 400, 422), page.text
    assert _everything(tmp_path) == before


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_so_do_the_names_of_side_files(inside: TestClient, tmp_path: Path, name: str) -> None:
    before = _everything(tmp_path)
    labels, about = b"start\tspeaker\n0\tAda Martin\n", b"title: Le soir\n"
    for field, content in (("speakers", labels), ("metadata", about)):
        added = inside.post("/v1/debates", files={"file": ("d.srt", SRT), field: (name, content)})
        assert added.status_code in (201, 400, 422), added.text
    assert _everything(tmp_path) == before


@pytest.mark.parametrize("new_id", ["../evil", "/evil", "evil\0", "EVIL", "x" * 121, "a/b", ".", "%2e%2e"])
def test_an_id_is_a_slug(inside: TestClient, tmp_path: Path, new_id: str) -> None:
    before = _everything(tmp_path)
    assert inside.post("/v1/debates", files={"file": ("d.srt", SRT)}, data={"id": new_id}).status_code == 422
    assert _everything(tmp_path) == before


def _media(path: Path) -> tuple[str, ...]:
    secret = str(path / "outside" / "secret.mp3")
    return (
        *(
            "../outside/secret.mp3",
            "folder/secret.mp3",
            "link.mp3",
            secret,
            f"file://{secret}",
            "./../outside/secret.mp3",
        ),
        *("own.mp3\0", "notes.txt", "..", "", "/dev/zero", "/proc/self/environ", "own.mp3/../../outside/secret.mp3"),
        *("..\\outside\\secret.mp3", "x" * 1_990 + ".mp3", "javascript:alert(1)", "data:audio/mp3;base64,AA"),
    )


def test_media_lie_in_their_folder_or_are_addresses(inside: TestClient, tmp_path: Path) -> None:
    def given(media: str) -> dict[str, Any]:
        added = inside.post("/v1/debates", files={"file": ("d.srt", SRT)}, data={"media": media})
        return {"added": added.status_code, "played": inside.get("/d/d/media").content}

    assert given("own.mp3") == {"added": 201, "played": b"own sound"}
    for media in filter(None, _media(tmp_path)):
        assert given(media) == {"added": 422, "played": b"own sound"}, media
        changed = inside.patch("/v1/debates/d", json={"media": media})
        assert (changed.status_code, inside.get("/d/d/media").content) == (422, b"own sound"), media
        about = ("d.yaml", f'media: "{media}"'.replace("\0", "\\0").replace("\\outside", "\\\\outside"))
        added = inside.post("/v1/debates", files={"file": ("d.srt", SRT), "metadata": about})
        assert (added.status_code, inside.get("/d/d/media").content) == (422, b"own sound"), media


def test_nobody_is_told_where_a_file_of_media_lies(inside: TestClient, tmp_path: Path) -> None:
    assert inside.post("/v1/debates", files={"file": ("d.srt", SRT)}, data={"media": "own.mp3"}).status_code == 201
    (tmp_path / "media" / "own.mp3").unlink()
    assert inside.get("/d/d/media").status_code == 404
    assert str(tmp_path) not in inside.get("/d/d/media").text + inside.get("/v1/debates/d").text
