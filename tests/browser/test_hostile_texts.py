"""Texts that would run if a page took them for its own: they are shown as they are, and nothing runs."""

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from index.types import Participant
from index.writing.build import Details
from tests.browser.reader import Reader, watched
from tests.browser.serving import opened, served
from tests.fakes import HashEncoder

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
ADDRESS = "javascript:alert(1)"
HOSTILE = (SCRIPT, IMAGE, ADDRESS)

NAME = f"Ada {SCRIPT}"
TITLE = f"Débat {IMAGE} {SCRIPT} {ADDRESS}"
CUES = tuple(f"Le budget de la culture {text} doit doubler, {ADDRESS} partout." for text in HOSTILE)


@pytest.fixture(scope="module")
def hostile_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / f"{IMAGE.replace('/', '')}.json"
    segments = [
        {"start": 10 * at, "end": 10 * at + 9, "text": text, "speaker": (NAME, IMAGE, ADDRESS)[at]}
        for at, text in enumerate(CUES)
    ]
    file.write_text(json.dumps({"segments": segments}), "utf-8")
    details = Details(
        id="hostile",
        title=TITLE,
        url='https://elsewhere.example/"><svg/onload=alert(1)>',
        participants=(Participant(NAME, role=SCRIPT), Participant(IMAGE, aliases=(ADDRESS,))),
    )
    with opened(folder / "home", HashEncoder()) as engine:
        engine.add(file, details)
        with served(engine) as address:
            yield address


@pytest.fixture
def reader(browser: Browser, hostile_site: str) -> Iterator[Reader]:
    yield from watched(Reader(browser, hostile_site))


def _assert_harmless(page: Page) -> None:
    """No element and no link came out of a text."""
    assert page.locator("img[src=x], [onerror], [onload], svg[onload], script:not([src^='/static/'])").count() == 0
    addresses = page.locator("[href], [src], [action], [formaction]").evaluate_all(
        "all => all.flatMap(one => ['href', 'src', 'action', 'formaction'].map(name => one.getAttribute(name)))"
    )
    assert [one for one in addresses if one and one.strip().lower().startswith(("javascript:", "data:"))] == []


def test_the_words_of_a_transcript_its_title_and_its_speakers_are_only_shown(reader: Reader) -> None:
    page = reader.open(f"/verify?{urlencode({'quote': CUES[0], 'speaker': NAME})}")
    expect(page.get_by_label("La citation")).to_have_value(CUES[0])
    card = page.locator("article").first
    expect(card.locator("blockquote")).to_have_text(CUES[0].removesuffix("."))
    expect(card).to_contain_text(TITLE)
    expect(card).to_contain_text(NAME)
    _assert_harmless(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_asked_for_is_only_shown(reader: Reader, text: str) -> None:
    page = reader.open(f"/verify?{urlencode({'quote': text, 'speaker': text})}")
    expect(page.get_by_label("La citation")).to_have_value(text)
    _assert_harmless(page)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/?{urlencode({'q': 'Que dit-on du budget de la culture ?'})}",
        f"/?{urlencode({'q': f'Que dit Ada du budget {SCRIPT} {IMAGE} ?', 'debate': 'hostile'})}",
        f"/?{urlencode({'q': 'Que pense chacun du budget de la culture ?'})}",
        "/debates",
        "/debates/hostile/delete",
        "/people",
        "/d/hostile",
        "/d/hostile?correct=1",
        "/d/hostile/check",
        f"/d/hostile?{urlencode({'find': 'javascript:alert(1)'})}",
    ],
)
def test_no_page_about_them_runs_them(reader: Reader, path: str) -> None:
    page = reader.open(path)
    _assert_harmless(page)
    for summary in page.locator("summary").all():
        summary.click()
    _assert_harmless(page)


def test_the_reader_shows_every_character(reader: Reader) -> None:
    page = reader.open("/d/hostile")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert " ".join(page.locator("article.turn p").all_inner_texts()).split() == " ".join(CUES).split()
    assert page.locator("article.turn h3 .speaker").all_inner_texts()[:2] == [NAME, IMAGE]


def test_a_question_is_given_back_as_it_was_asked(reader: Reader) -> None:
    question = f"Que dit {NAME} de {IMAGE} ?"
    page = reader.open("/")
    page.get_by_label("Votre question").fill(question)
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{question} · Qui dit quoi")
    expect(page.get_by_label("Votre question")).to_have_value(question)
    _assert_harmless(page)


def test_a_name_that_is_typed_for_a_turn_is_only_shown(reader: Reader) -> None:
    page = reader.open("/d/hostile?correct=1")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Qui parle dans les tours choisis ?").fill(f"Zoé {IMAGE}")
    page.get_by_role("button", name="Appliquer", exact=True).click()
    expect(page.locator("article.turn h3 .speaker").first).to_have_text(f"Zoé {IMAGE}")
    _assert_harmless(page)
    page.get_by_role("status").get_by_role("button", name="Annuler").click()
    expect(page.locator("article.turn h3 .speaker").first).to_have_text(NAME)


def test_the_name_of_a_file_is_only_shown(reader: Reader) -> None:
    page = reader.open("/debates")
    name = f"{IMAGE} {SCRIPT}.srt".replace("/", "")
    page.get_by_label("Fichiers", exact=True).set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": b"1\n00:00:01,000 --> 00:00:05,000\nBonjour.\n"}
    )
    item = page.locator("#queue > li")
    expect(item.locator("h3")).to_have_text(name)
    _assert_harmless(page)
    item.get_by_role("button", name="Ajouter", exact=True).click()
    expect(item).to_contain_text("Lu comme SubRip")
    expect(item.locator("h3")).to_have_text(name)
    _assert_harmless(page)


@pytest.mark.parametrize("path", ["/verify?quote=a&debate=", "/d/"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_debate_that_is_none_is_told_and_not_run(reader: Reader, path: str, text: str) -> None:
    page = reader.open(path + quote(text, safe=""))
    _assert_harmless(page)
    reader.forgive("404")
