"""Asking, in the browser: the answer, its cards, what can be taken away from them, and where they lead."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.places import ABSTAINED, ASKED, asking
from tests.browser.reader import PHONE, Reader
from tests.conftest import DEBATE, KEMPF


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Votre question")
    box.fill(question)
    box.press("Enter")


def cards(page: Page) -> Locator:
    return page.get_by_role("region", name="Passages").get_by_role("article")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_on_what_kempf_thinks_gets_his_own_words(reader: Reader, scripts: bool) -> None:
    page = reader.open("/", scripts=scripts)
    ask(page, ASKED)
    expect(page.get_by_role("heading", name="Réponse")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["q"] == [ASKED]
    names = cards(page).locator("h3 .speaker").all_inner_texts()
    assert len(names) >= 3
    assert set(names) == {KEMPF}
    quotes = cards(page).locator("blockquote mark").all_inner_texts()
    assert any("bandeaux de cookies" in quote for quote in quotes)
    spoken = page.request.get(f"/v1/debates/{DEBATE}/segments").json()["segments"]
    told = " ".join(segment["text"] for segment in spoken)
    assert [quote for quote in quotes if quote not in told] == []


def test_what_is_left_empty_stays_out_of_the_address(reader: Reader) -> None:
    page = reader.open("/")
    ask(page, ASKED)
    expect(page.get_by_role("heading", name="Réponse")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query, keep_blank_values=True) == {"q": [ASKED]}
    page.locator("summary", has_text="Filtrer").click()
    page.get_by_label("Propos de").fill("Kempf")
    ask(page, ASKED)
    expect(page.get_by_label("Propos de")).to_have_value("Kempf")
    assert parse_qs(urlsplit(page.url).query, keep_blank_values=True) == {"q": [ASKED], "speaker": ["Kempf"]}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1100, PHONE])
def test_a_citation_leads_to_its_moment_marked_in_view(reader: Reader, scripts: bool, width: int) -> None:
    page = reader.open(asking(ASKED), scripts=scripts, width=width)
    card = cards(page).filter(has_text="plein de bandeaux de cookies")
    expect(card.locator(".where time").first).to_have_text("03:50")
    quote = card.locator("blockquote mark").inner_text()
    card.get_by_role("link", name="Dans la transcription").click()
    assert urlsplit(page.url).path == f"/d/{DEBATE}"
    mark = page.locator("#here")
    expect(mark).to_be_in_viewport()
    marked = "".join(page.locator(".transcript mark").all_inner_texts())
    assert quote in marked


def test_a_quote_is_copied_with_its_source_and_a_link_that_opens(reader: Reader) -> None:
    page = reader.open(asking(ASKED), permissions=["clipboard-read", "clipboard-write"])
    card = cards(page).filter(has_text="plein de bandeaux de cookies")
    card.get_by_role("button", name="Copier la citation").click()
    expect(page.locator("#copied")).to_have_text("Citation copiée")
    held = page.evaluate("navigator.clipboard.readText()")
    quote, link = card.locator("blockquote mark").inner_text(), f"{reader.address}/d/{DEBATE}?t=230,240"
    title = page.request.get(f"/v1/debates/{DEBATE}").json()["title"]
    assert held == f"« {quote} » — {KEMPF}, {title}, 03:50, {link}"
    page.goto(link)
    expect(page.locator("#here")).to_be_in_viewport()


def test_the_address_of_an_answer_can_be_sent_to_somebody(reader: Reader) -> None:
    page = reader.open("/")
    ask(page, ASKED)
    expect(cards(page).first).to_be_visible()
    other = reader.open(page.url)
    assert other.locator("main").inner_text() == page.locator("main").inner_text()


def test_an_example_is_answered(reader: Reader) -> None:
    page = reader.open("/")
    page.get_by_role("region", name="Par exemple").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Réponse")).to_be_visible()


def test_what_nobody_says_is_told_as_clearly_with_the_nearest_passages_apart(reader: Reader) -> None:
    page = reader.open(asking(ABSTAINED))
    expect(page.get_by_role("heading", name="Personne ne le dit ici")).to_be_visible()
    expect(cards(page)).to_have_count(0)
    nearest = page.locator("details.nearest article")
    expect(nearest.first).to_be_hidden()
    page.locator("details.nearest summary").click()
    expect(nearest.first).to_be_visible()


def test_an_english_reader_asks_in_english_and_reads_french_quotes(reader: Reader) -> None:
    page = reader.open("/", language="en")
    box = page.get_by_label("Your question")
    box.fill("What does Kempf think about GDPR?")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Answer", exact=True)).to_be_visible()
    quotes = page.get_by_role("article").locator("blockquote")
    expect(quotes.filter(has_text="RGPD").first).to_have_attribute("lang", "fr")


def test_filters_hold_for_the_answer(reader: Reader) -> None:
    page = reader.open("/")
    page.locator("summary", has_text="Filtrer").click()
    page.get_by_label("Propos de").fill("Pavléas")
    ask(page, "Que faut-il penser du RGPD ?")
    expect(page.get_by_label("Propos de")).to_have_value("Pavléas")
    names = page.get_by_role("article").locator("h3 .speaker").all_inner_texts()
    assert set(names) == {"Constantin Pavléas"}


def test_the_keyboard_alone_asks_and_reaches_the_transcript(reader: Reader) -> None:
    page = reader.open("/")
    expect(page.get_by_label("Votre question")).to_be_focused()
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    link = cards(page).first.get_by_role("link", name="Dans la transcription")
    expect(link).to_be_visible()
    _tab_to(page, link)
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#here")).to_be_focused()
    expect(page.locator("#here")).to_be_in_viewport()


def _tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach it")


def test_an_answer_is_taken_away_as_a_file(reader: Reader) -> None:
    page = reader.open(asking(ASKED))
    quotes = cards(page).locator("blockquote mark").all_inner_texts()
    files = {}
    for name in ("Markdown", "JSON", "CSV", "EDL", "SRT"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = download.value.path().read_text("utf-8")
    assert [one["quote"] for one in json.loads(files["JSON"])["citations"]] == quotes
    assert all(quote in files["Markdown"] and quote in files["CSV"] for quote in quotes)
    assert "-->" in files["SRT"]
    assert "TITLE" in files["EDL"]
