"""A recording is brought, and its voices are heard and named, in the browser. Ears are those of a test: what a file
holds is nothing to them."""

import math
import wave
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from index.errors import RecordingShifted
from index.local import LocalStore
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from tests.browser.accessibility import OF_COLOURS, grave_findings
from tests.browser.reader import HEIGHT, NARROW, WIDE, Reader, watched
from tests.browser.serving import served
from tests.fakes import HashEncoder
from tests.listening import Listener
from tests.suite_files import srt

SAID = ["Bonsoir à tous, le budget doit doubler.", "Je refuse net.", "Il le faut pourtant, je le redis.", "Non et non."]
PAGE = "/d/soir/voices"
RATE = 4_000


@pytest.fixture(scope="module")
def sound() -> FilePayload:
    """As long as the debate: a low hum."""
    hum, file = bytes(128 + round(20 * math.sin(2 * math.pi * at / 40)) for at in range(RATE)), BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(RATE)
        written.writeframes(hum * 10 * len(SAID))
    return {"name": "soir.wav", "mimeType": "audio/wav", "buffer": file.getvalue()}


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.free.set()


@pytest.fixture
def engine(browser: Browser, home: Path, tmp_path: Path, listener: Listener) -> Iterator[Engine]:
    """A debate of four sentences, whose recording nobody has brought."""
    (tmp_path / "soir.srt").write_text(srt(SAID), "utf-8")
    with closing(Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=listener)) as engine:
        engine.add(tmp_path / "soir.srt", Details(title="Débat entre Ada Martin et Jean Petit"))
        yield engine


@pytest.fixture
def editor(browser: Browser, engine: Engine) -> Iterator[Reader]:
    with served(engine) as address:
        yield from watched(Reader(browser, address))


def bring(page: Page, sound: FilePayload) -> None:
    page.get_by_label("Fichier audio ou vidéo").set_input_files(sound)
    page.get_by_role("button", name="Écouter et distinguer les voix").click()


def speakers(engine: Engine) -> list[str | None]:
    return [segment.speaker for segment in engine.debate("soir").segments]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_recording_is_brought_and_a_voice_named_with_one_click_and_undone(
    editor: Reader, engine: Engine, sound: FilePayload, scripts: bool
) -> None:
    page = editor.open(PAGE, scripts=scripts)
    bring(page, sound)
    expect(page.get_by_text("L'enregistrement est écouté : 2 voix distinguées.")).to_be_visible()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Voix 2"))
    card.get_by_role("button", name="Jean Petit").click()
    notice = page.get_by_role("status").filter(has_text="C'est enregistré.")
    expect(notice).to_contain_text("Jean Petit toute la voix entendue à 00:10")
    expect(card.get_by_role("button", name="Jean Petit")).to_have_attribute("aria-pressed", "true")
    expect(card).to_contain_text("nommée par une personne")
    assert speakers(engine)[1::2] == ["Jean Petit", "Jean Petit"]
    notice.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("La correction 1 n'est plus parmi celles de ce débat.")).to_be_visible()
    assert engine.corrections("soir") == []


def test_excerpts_play_one_at_a_time_and_stop_at_their_end(editor: Reader, engine: Engine, sound: FilePayload) -> None:
    page = editor.open(PAGE)
    bring(page, sound)
    first, second = (
        page.get_by_role("button", name="Écouter à 00:00"),
        page.get_by_role("button", name="Écouter à 00:10"),
    )
    first.focus()
    page.keyboard.press("Enter")
    audio = page.locator("audio")
    expect(audio).to_have_js_property("paused", False)
    end = float(first.get_attribute("data-end") or "nan")
    audio.evaluate("(media, end) => { media.currentTime = end - 0.4 }", end)
    expect(audio).to_have_js_property("paused", True)
    assert end - 0.2 <= float(audio.evaluate("media => media.currentTime")) < end + 1
    second.click()
    expect(audio).to_have_count(1)
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(second).to_have_attribute("aria-expanded", "true")


def test_without_a_script_an_excerpt_is_read_and_heard_in_the_reader(
    editor: Reader, engine: Engine, sound: FilePayload
) -> None:
    page = editor.open(PAGE, scripts=False)
    bring(page, sound)
    page.get_by_role("link", name="00:10").first.click()
    expect(page.locator("audio[controls][src='/d/soir/media#t=10']")).to_have_count(1)
    expect(page.locator("#here")).to_be_visible()


def test_how_far_the_listening_is_is_told_and_it_can_be_stopped(
    editor: Reader, engine: Engine, listener: Listener, sound: FilePayload
) -> None:
    listener.free.clear()
    page = editor.open(PAGE)
    bring(page, sound)
    expect(page.locator("#bring .stage")).to_have_text("Chargement du modèle")
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator("#bring .problem")).to_have_text("Arrêté : le débat est comme avant.")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert (engine.debate("soir").media, speakers(engine)) == (None, [None] * len(SAID))
    listener.free.set()
    page.get_by_role("button", name="Écouter et distinguer les voix").click()
    expect(page.get_by_text("2 voix distinguées")).to_be_visible()


def test_a_file_over_the_limit_is_not_sent(editor: Reader, listener: Listener, sound: FilePayload) -> None:
    page = editor.open(PAGE)
    page.locator("#bring").evaluate("form => { form.dataset.most = 10 }")
    bring(page, sound)
    expect(page.locator("#bring .problem")).to_contain_text("Ce fichier dépasse 2000 Mo")
    assert listener.listened == []


def _shifted(_path: Path) -> RecordingShifted:
    return RecordingShifted(shift="12 s later", shift_fr="12 s plus tard")


def test_a_shift_that_is_found_is_applied_with_one_click(
    editor: Reader, engine: Engine, listener: Listener, sound: FilePayload
) -> None:
    listener.free.clear()
    listener.error = _shifted
    page = editor.open(PAGE)
    bring(page, sound)
    expect(page.locator("#bring .stage")).to_have_text("Chargement du modèle")
    listener.free.set()
    expect(page.locator("#bring .problem")).to_contain_text("12 s plus tard")
    apply = page.get_by_role("button", name="Appliquer ce décalage et écouter")
    expect(apply).to_be_focused()
    listener.error = None
    apply.click()
    expect(page.get_by_text("2 voix distinguées")).to_be_visible()
    assert [options.align for _content, options in listener.listened] == [False, True]


def test_a_page_of_voices_is_accessible_and_fits(
    editor: Reader, engine: Engine, sound: FilePayload, tmp_path: Path
) -> None:
    (tmp_path / "soir.wav").write_bytes(sound["buffer"])
    engine.hear("soir", tmp_path / "soir.wav")
    engine.name_voice("soir", "SPEAKER_00", "Ada Martin")
    page = editor.open(PAGE)
    page.get_by_role("button", name="Écouter à 00:00").click()
    page.locator("summary", has_text="Voix nommées à la main").click()
    expect(page.locator("audio")).to_be_visible()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme="light")
        assert grave_findings(page) == []
        page.emulate_media(color_scheme="dark")
        assert grave_findings(page, *OF_COLOURS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
