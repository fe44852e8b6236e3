"""What plays a debate: which player an address gets, what goes into it, and the file that is served."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.serving.app import create_app
from api.web.media import Player, PlayerKind, frames, media, player_of
from api.web.texts import unbroken
from index.local import LocalStore
from index.types import Debate, Segment
from index.writing.build import Details
from index.writing.editing import Changes
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

DEBATE = Debate("soir", "Le soir", (Segment(0, 0.0, 10.0, "Le budget double."),))
YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start={start}"
DAILYMOTION = "https://geo.dailymotion.com/player.html?video=x7tgad0&startTime={start}"
VIMEO = "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"


def of(url: str | None = None, media: str | None = None) -> Player | None:
    return player_of(replace(DEBATE, url=url, media=media))


@pytest.mark.parametrize(
    ("url", "source", "ending"),
    [
        *(
            (url, YOUTUBE, "&end={end}")
            for url in (
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "https://m.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=9s",
                "http://youtu.be/dQw4w9WgXcQ?si=x",
                "https://www.youtube.com/live/dQw4w9WgXcQ",
                "https://www.youtube.com/shorts/dQw4w9WgXcQ",
                "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            )
        ),
        *(
            (url, DAILYMOTION, "")
            for url in (
                "https://www.dailymotion.com/video/x7tgad0",
                "https://www.dailymotion.com/video/x7tgad0_le-debat_news",
                "https://dai.ly/x7tgad0",
                "https://www.dailymotion.com/embed/video/x7tgad0",
                "https://geo.dailymotion.com/player/x1.html?video=x7tgad0",
            )
        ),
        ("https://vimeo.com/76979871", f"{VIMEO}#t={{start}}s", ""),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", f"{VIMEO}&h=8272103f6e#t={{start}}s", ""),
        ("https://vimeo.com/76979871/8272103f6e", f"{VIMEO}&h=8272103f6e#t={{start}}s", ""),
        *(
            (
                f"https://tube.example.org:8443/{path}",
                f"https://tube.example.org:8443/videos/embed/{video}?autoplay=1&p2p=0&start={{start}}s",
                "&stop={end}s",
            )
            for path, video in (
                ("w/kkGMgK9ZtnKfYAgnEtQxbv", "kkGMgK9ZtnKfYAgnEtQxbv"),
                (f"videos/watch/{UUID}", UUID),
                (f"videos/embed/{UUID}/", UUID),
            )
        ),
    ],
)
def test_a_known_site_is_embedded_by_the_id_of_the_video(url: str, source: str, ending: str) -> None:
    parts = urlsplit(source)
    expected = Player(PlayerKind.FRAME, "Le soir", "fr", source, url, f"{parts.scheme}://{parts.netloc}", ending)
    assert of(url) == expected
    assert of(media=url) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [("debat.mp3", PlayerKind.AUDIO), ("debat.OGG", PlayerKind.AUDIO), ("debat.webm?x=1", PlayerKind.VIDEO)],
)
def test_a_direct_link_plays_as_what_its_ending_says(name: str, kind: PlayerKind) -> None:
    url = f"https://example.org/{name}"
    assert of(url) == Player(kind, "Le soir", "fr", url, url, "https://example.org")


def test_a_media_comes_before_the_address_and_needs_no_ending() -> None:
    address = "https://example.org/stream"
    found = of("https://youtu.be/dQw4w9WgXcQ", address)
    assert (found and found.kind, found and found.source) == (PlayerKind.VIDEO, address)
    local = of("https://youtu.be/dQw4w9WgXcQ", "/srv/debat.flac")
    assert local == Player(PlayerKind.AUDIO, "Le soir", "fr", "/d/soir/media", "/d/soir/media")
    assert (local.host, frames([local]), media([local])) == ("", [], [])


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://example.org/debat",
        "https://www.youtube.com/@chaine",
        "https://www.youtube.com/embed/videoseries?list=x",
        "https://www.youtube.com/watch?v=a%22onload%3D",
        "https://www.youtube.com/watch?v=" + "a" * 65,
        "https://youtu.be/a/b",
        "https://youtu.be/%22%3E",
        "https://vimeo.com/user/76979871x",
        "https://www.dailymotion.com/video/x7t<b>",
        "https://tube.example.org/w/a;b",
        "https://[::1]/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://[::1]/a.mp3",
        "https://tube.example.org;script-src/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://tube.example.org:99999/a.mp3",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
    ],
)
def test_anything_else_is_only_a_link(url: str | None) -> None:
    assert of(url) is None


_PARTS = st.text(alphabet="aZ0-_./?#&=;'\"<>{}% \\:@é\t\n", max_size=20)
_HOSTS = ["www.youtube.com", "youtu.be", "vimeo.com", "dai.ly", "www.dailymotion.com", "tube.example.org"]
_PATHS = ["watch?v=", "embed/", "video/", "w/", "videos/watch/", "", "1", "player.html?video="]


@given(host=st.sampled_from(_HOSTS) | _PARTS, path=st.sampled_from(_PATHS), rest=_PARTS)
def test_nothing_of_an_address_but_ids_goes_into_a_frame_or_a_policy(host: str, path: str, rest: str) -> None:
    try:
        found = of(f"https://{host}/{path}{rest}")
    except ValueError:  # an address that no debate can have
        return
    if found is None or found.kind is not PlayerKind.FRAME:
        return
    plain = found.source.replace("{start}", "0")
    assert re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?/[\w./-]*\?[\w=&.-]+(#t=0s)?", plain, re.ASCII), found
    assert found.origin == "://".join(urlsplit(plain)[:2])


def test_a_host_in_other_letters_is_named_as_a_policy_wants_it() -> None:
    found = of("https://user:word@Débat.example/w/kkGMgK9ZtnKfYAgnEtQxbv")
    assert found and found.origin == "https://xn--dbat-bpa.example"
    assert "word" not in found.source


@pytest.fixture
def engine(home: Path, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "soir.srt").write_text(srt(["Le budget double.", "Rien d'autre."]), "utf-8")
    (tmp_path / "soir.mp3").write_bytes(bytes(range(256)) * 20)
    opened = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0))
    yield opened
    opened.close()


def served(engine: Engine, tmp_path: Path, **about: str) -> TestClient:
    engine.add(tmp_path / "soir.srt", Details(title="Le soir", **about))  # type: ignore[arg-type]
    return TestClient(create_app(engine), headers={"Accept-Language": "fr"})


def test_a_file_is_served_whole_and_by_ranges(engine: Engine, tmp_path: Path) -> None:
    client = served(engine, tmp_path, media=str(tmp_path / "soir.mp3"))
    whole = client.get("/d/soir/media")
    assert (whole.content, whole.headers["content-type"]) == (bytes(range(256)) * 20, "audio/mpeg")
    assert (whole.headers["accept-ranges"], "content-encoding" in whole.headers) == ("bytes", False)
    part = client.get("/d/soir/media", headers={"Range": "bytes=300-309"})
    assert (part.status_code, part.content) == (206, bytes(range(44, 54)))
    assert part.headers["content-range"] == "bytes 300-309/5120"
    assert client.get("/d/soir/media", headers={"Range": "bytes=9999-"}).status_code == 416
    assert client.head("/d/soir/media").headers["content-length"] == "5120"


def test_a_file_that_is_gone_or_was_never_given_is_a_problem(engine: Engine, tmp_path: Path) -> None:
    client = served(engine, tmp_path, media=str(tmp_path / "soir.mp3"))
    (tmp_path / "soir.mp3").unlink()
    gone = client.get("/d/soir/media")
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:qui-dit-quoi:media-missing")
    assert str(tmp_path) not in gone.text
    for address in ("https://example.org/a.mp3", None):
        engine.add(tmp_path / "soir.srt", Details(media=address))
        assert client.get("/d/soir/media").json()["type"] == "urn:qui-dit-quoi:media-missing"
    assert client.get("/d/nope/media").json()["type"] == "urn:qui-dit-quoi:debate-unknown"


def test_nothing_but_sound_and_pictures_is_served_even_if_an_index_names_it(engine: Engine, tmp_path: Path) -> None:
    client = served(engine, tmp_path)
    engine._store._connection.execute("UPDATE debates SET media = '/etc/hostname'")  # type: ignore[attr-defined]
    engine.edit("soir", Changes(title="Le soir"))
    assert client.get("/d/soir/media").status_code == 404


def policy(client: TestClient, path: str) -> tuple[str, str, str]:
    response = client.get(path)
    assert response.status_code == 200
    found = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    return response.text, found["frame-src"], found["media-src"]


PAGES = ["/d/soir?t=10,20", "/?q=budget", "/verify?quote=Le+budget+double"]


@pytest.mark.parametrize("path", PAGES)
def test_a_player_of_another_site_waits_for_a_click_that_says_from_where(
    engine: Engine, tmp_path: Path, path: str
) -> None:
    client = served(engine, tmp_path, url="https://youtu.be/dQw4w9WgXcQ")
    text, framed, played = policy(client, path)
    assert (framed, played) == ("https://www.youtube-nocookie.com", "'self'")
    assert "<iframe" not in text
    assert f'data-source="{html.escape(YOUTUBE)}"' in text
    assert re.search(r"<button[^>]*(?:load|play)[^>]*hidden[^>]*>[^<]*depuis youtube-nocookie\.com", text)
    assert re.search(r'href="https://youtu\.be/dQw4w9WgXcQ(\?t=\d+s)?"', text)


@pytest.mark.parametrize("path", PAGES)
def test_a_file_of_another_host_has_no_source_before_a_click(engine: Engine, tmp_path: Path, path: str) -> None:
    client = served(engine, tmp_path, media="https://media.example.org/debat.mp3?a=1&b=2")
    text, framed, played = policy(client, path)
    assert (framed, played) == ("'none'", "'self' https://media.example.org")
    assert 'data-kind="audio" data-source="https://media.example.org/debat.mp3?a=1&amp;b=2"' in text
    assert "<audio" not in text
    assert not re.search(r'\ssrc="http', text)


def test_a_file_of_this_server_plays_without_a_script_from_the_moment_asked_for(engine: Engine, tmp_path: Path) -> None:
    client = served(engine, tmp_path, media=str(tmp_path / "soir.mp3"))
    text, framed, played = policy(client, "/d/soir?t=10,20")
    assert (framed, played) == ("'none'", "'self'")
    label = unbroken("Enregistrement : Le soir")
    assert f'<audio controls preload="metadata" src="/d/soir/media#t=10" aria-label="{label}">' in text
    assert str(tmp_path) not in text
    assert 'src="/d/soir/media"' in client.get("/d/soir").text
    (tmp_path / "soir.mp4").write_bytes(b"")
    engine.edit("soir", Changes(media=str(tmp_path / "soir.mp4")))
    assert '<video controls preload="metadata" src="/d/soir/media"' in client.get("/d/soir").text


def test_a_card_plays_from_its_start_to_its_end(engine: Engine, tmp_path: Path) -> None:
    client = served(engine, tmp_path, media=str(tmp_path / "soir.mp3"))
    text = client.get("/?q=budget").text
    button = re.search(r'<button type="button" class="play"[^>]*>([^<]*)<', text)
    assert button
    assert 'hidden aria-expanded="false" data-start="0" data-end="20" data-kind="audio"' in button[0]
    assert button[1] == "Écouter ici"


@pytest.mark.parametrize("path", PAGES)
def test_without_media_nothing_of_it_is_shown(engine: Engine, tmp_path: Path, path: str) -> None:
    text, framed, played = policy(served(engine, tmp_path), path)
    assert (framed, played) == ("'none'", "'self'")
    assert "player.js" not in text
    assert 'class="play' not in text


def test_a_hostile_address_and_title_are_only_shown(engine: Engine, tmp_path: Path) -> None:
    address = 'https://x.example/a.mp3?"><script>alert(1)</script>'
    client = served(engine, tmp_path, media=address)
    engine.edit("soir", Changes(title='"><img src=x onerror=alert(1)>'))
    text = client.get("/d/soir").text
    assert "<script>" not in text
    assert "<img" not in text
