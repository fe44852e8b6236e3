"""Texts that would run if a page took them for its own: they are shown as they are, and nothing runs."""

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from index.build import Details
from index.types import Participant
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


@pytest.mark.parametrize("path", ["/verify?quote=a&debate=", "/d/"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_debate_that_is_none_is_told_and_not_run(reader: Reader, path: str, text: str) -> None:
    page = reader.open(path + quote(text, safe=""))
    _assert_harmless(page)
    reader.forgive("404")
