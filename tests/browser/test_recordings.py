"""The recording beside its text, in the browser: it plays, the text follows, and no other host is asked before a
click."""

import math
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from starlette.staticfiles import StaticFiles

from index.encoding.encoder import Encoder
from index.writing.editing import Changes
from rag.engine import Engine
from tests.browser.accessibility import grave_findings
from tests.browser.places import reading
from tests.browser.reader import NARROW, Reader, watched
from tests.browser.serving import opened, running, served
from tests.conftest import DEBATE

RATE, SECONDS = 4_000, 940
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBEDDED = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As long as the debate: a low hum."""
    path = tmp_path_factory.mktemp("sound") / "debate.wav"
    hum = bytes(128 + round(20 * math.sin(2 * math.pi * at / 40)) for at in range(RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(hum * SECONDS)
    return path


@pytest.fixture(scope="module")
def sounding(browser: Browser, model: Encoder, debate_home: Path, sound: Path) -> Iterator[str]:
    """The address of the debate with its sound. Not to be changed by a test."""
    with opened(sound.parent / "home", model, debate_home) as engine:
        engine.edit(DEBATE, Changes(media=str(sound)))
        with served(engine) as address:
            yield address


@pytest.fixture
def files(browser: Browser, sound: Path) -> Iterator[str]:
    """The address of somebody else's server, which lets anybody play its files."""
    with running(lambda _bound: StaticFiles(directory=sound.parent)) as address:
        yield address


@pytest.fixture
def listener(browser: Browser, sounding: str) -> Iterator[Reader]:
    """Reads the debate with its sound; watched as ``reader`` is."""
    yield from watched(Reader(browser, sounding))


_PLAYS_FROM = """start => {
    const audio = document.querySelector("audio")
    return audio.readyState > 1 && !audio.seeking && audio.currentTime >= start
}"""
_SAYS = """moment => {
    const said = document.querySelector(".said")
    return said && said.dataset.start <= moment && moment < said.dataset.end
}"""


def moment(page: Page) -> float:
    return float(page.locator("audio").evaluate("media => media.currentTime"))


def plays(audio: Locator) -> None:
    expect(audio).to_have_js_property("paused", False)


def plays_from(page: Page, start: float, end: float) -> None:
    """It goes to its place once it knows how long it is."""
    plays(page.locator("audio"))
    page.wait_for_function(_PLAYS_FROM, arg=start)
    assert moment(page) < end


def start_of(span: Locator) -> float:
    return float(span.get_attribute("data-start") or "nan")


def test_a_time_of_the_text_plays_and_what_is_said_is_marked(listener: Reader) -> None:
    page = listener.open(reading())
    expect(page.locator(".said")).to_have_count(0)
    turn = page.locator("article.turn").nth(5)
    start = start_of(turn)
    turn.locator("a.at").click()
    plays_from(page, start, start + 30)
    said = page.locator(".said").first
    expect(said).to_have_attribute(
        "data-start", turn.locator("span[data-start]").first.get_attribute("data-start") or ""
    )
    page.locator("audio").evaluate("media => { media.currentTime = 400.5 }")
    page.wait_for_function(_SAYS, arg=400.5)


def test_the_text_itself_is_clicked_and_plays_from_there(listener: Reader) -> None:
    page = listener.open(reading())
    span = page.locator(".turn span[data-start]").nth(20)
    span.click()
    plays_from(page, start_of(span), start_of(span) + 30)


def test_words_that_are_selected_do_not_play(listener: Reader) -> None:
    page = listener.open(reading())
    page.locator(".turn span[data-start]").nth(20).dblclick()
    page.wait_for_function("() => getSelection().toString().trim() !== ''")
    page.locator("h1").hover()
    expect(page.locator("audio")).to_have_js_property("paused", True)


def test_the_page_follows_until_the_reader_scrolls(listener: Reader) -> None:
    page = listener.open(reading())
    page.locator("article.turn a.at").first.click()
    follow = page.get_by_role("button", name="Suivre le texte")
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    plays_from(page, 0.0, 30.0)
    page.locator("audio").evaluate("media => { media.currentTime = 700 }")
    page.wait_for_function("() => scrollY > 1000")
    expect(page.locator(".said").first).to_be_in_viewport()
    page.mouse.wheel(0, -600)
    expect(follow).to_have_attribute("aria-pressed", "false")


def test_the_address_of_a_moment_has_the_recording_at_hand_there(listener: Reader) -> None:
    page = listener.open(reading(t="220,240"))
    expect(page.locator("audio")).to_be_in_viewport()
    expect(page.locator("audio")).to_have_js_property("currentTime", 220)
    expect(page.locator("audio")).to_have_js_property("paused", True)
    page.get_by_role("button", name="Ranger le lecteur").click()
    expect(page.locator("audio")).not_to_be_in_viewport()


def test_without_a_script_the_browser_plays_it(listener: Reader) -> None:
    page = listener.open(reading(t="220,240"), scripts=False)
    expect(page.locator(f"audio[controls][src='/d/{DEBATE}/media#t=220']")).to_have_count(1)
    assert page.request.get(f"/d/{DEBATE}/media", headers={"Range": "bytes=0-3"}).status == 206


def test_a_citation_plays_under_its_card_and_stops_at_its_end(listener: Reader) -> None:
    page = listener.open("/?q=Que pense Kempf du RGPD ?")
    first, second = (page.get_by_role("button", name="Écouter ici").nth(at) for at in (0, 1))
    first.click()
    audio = page.locator(".card audio")
    start, end = (float(first.get_attribute(name) or "nan") for name in ("data-start", "data-end"))
    plays_from(page, start, end)
    audio.evaluate("(media, end) => { media.currentTime = end - 0.4 }", end)
    expect(audio).to_have_js_property("paused", True)
    assert end - 0.2 <= moment(page) < end + 1
    second.click()
    expect(audio).to_have_count(1)
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(second).to_have_attribute("aria-expanded", "true")
    second.click()
    expect(audio).to_have_count(0)


def test_a_file_that_is_gone_is_told(editor: Reader, own_engine: Engine, tmp_path: Path) -> None:
    own_engine.edit(DEBATE, Changes(media=str(tmp_path / "gone.wav")))
    page = editor.open(reading())
    expect(page.locator(".player").get_by_role("alert")).to_contain_text("ne peut pas être lu")
    editor.forgive("404")


def test_a_video_of_another_site_is_asked_for_by_a_click_alone(editor: Reader, own_engine: Engine) -> None:
    own_engine.edit(DEBATE, Changes(url=VIDEO))
    page = editor.open(reading(t="220,240"))
    page.locator(".turn span[data-start]").first.click()
    page.locator("article.turn a.at").first.click()
    assert editor.wrong == []
    page.get_by_role("button", name="Charger la vidéo depuis youtube-nocookie.com").click()
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("src", re.compile(re.escape(EMBEDDED)))
    assert frame.get_attribute("referrerpolicy") == "strict-origin-when-cross-origin"
    turn = page.locator("article.turn").nth(3)
    turn.locator("a.at").click()
    expect(frame).to_have_attribute("src", f"{EMBEDDED}&start={start_of(turn):.0f}")
    page.get_by_role("button", name="Ranger le lecteur").click()
    expect(frame).to_have_count(0)
    assert {one.split("?")[0] for one in editor.elsewhere} == {EMBEDDED.split("?", maxsplit=1)[0]}
    editor.forgive("youtube-nocookie.com")
    editor.wrong = [one for one in editor.wrong if "net::ERR" not in one]  # it was not found: the browser is shut in


def test_a_citation_of_such_a_video_is_embedded_from_its_start_to_its_end(editor: Reader, own_engine: Engine) -> None:
    own_engine.edit(DEBATE, Changes(url=VIDEO))
    page = editor.open("/?q=Que pense Kempf du RGPD ?")
    button = page.get_by_role("button", name="Voir ici (depuis youtube-nocookie.com)").first
    assert editor.wrong == []
    start, end = (float(button.get_attribute(name) or "nan") for name in ("data-start", "data-end"))
    button.click()
    expected = f"{EMBEDDED}&start={math.floor(start)}&end={math.ceil(end)}"
    expect(page.locator(".card iframe")).to_have_attribute("src", expected)
    editor.forgive("youtube-nocookie.com")
    editor.wrong = [one for one in editor.wrong if "net::ERR" not in one]


def test_a_file_of_another_server_is_asked_for_by_a_click_alone(editor: Reader, own_engine: Engine, files: str) -> None:
    elsewhere = f"{files}/debate.wav"
    own_engine.edit(DEBATE, Changes(media=elsewhere))
    page = editor.open(reading(t="220,240"))
    page.locator(".turn span[data-start]").first.click()
    page.wait_for_timeout(400)
    assert editor.wrong == []
    page.get_by_role("button", name=f"Charger l'enregistrement depuis {files.removeprefix('http://')}").click()
    audio = page.locator("audio")
    expect(audio).to_have_js_property("paused", False)
    page.wait_for_function(
        "() => document.querySelector('audio').currentTime >= 220"
    )  # sought once its length is known
    assert float(audio.evaluate("media => media.currentTime")) < 240
    expect(page.locator(".said").first).to_be_visible()
    assert editor.elsewhere == [elsewhere] * len(editor.elsewhere) != []
    editor.forgive(elsewhere)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [NARROW, 1100])
def test_a_page_that_plays_is_accessible_and_fits(listener: Reader, width: int, dark: bool) -> None:
    page = listener.open(reading(), width=width, dark=dark)
    page.locator("article.turn a.at").first.click()
    expect(page.locator(".said").first).to_be_visible()
    page.get_by_role("button", name="Suivre le texte").click()
    assert grave_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
