"""Reading a transcript at a moment of it, in the browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import ASKED, TRUE_QUOTE, asking, reading, verifying
from tests.browser.reader import Reader
from tests.conftest import DEBATE, KEMPF


@pytest.mark.parametrize("scripts", [True, False])
def test_the_link_of_a_passage_lands_on_its_words_marked(reader: Reader, scripts: bool) -> None:
    page = reader.open(reading(t="220,240"), scripts=scripts)
    mark = page.locator("mark").first
    expect(mark).to_be_in_viewport()
    turn = page.locator("article", has=mark)
    expect(turn.first).to_contain_text(KEMPF)
    expect(page.locator("mark").filter(has_text="plein de bandeaux de cookies")).to_have_count(1)


def test_a_verified_quote_leads_to_its_place(reader: Reader) -> None:
    page = reader.open(verifying(TRUE_QUOTE, speaker=KEMPF))
    page.locator("article").get_by_role("link", name="Dans la transcription").click()
    expect(page.locator("mark").first).to_be_in_viewport()
    assert TRUE_QUOTE in " ".join(page.locator("mark").all_inner_texts())


def test_the_transcript_is_there_word_for_word(reader: Reader) -> None:
    page = reader.open(reading(), scripts=False)
    stored = page.request.get(f"/v1/debates/{DEBATE}/segments").json()["segments"]
    shown = " ".join(page.locator("article p").all_inner_texts())
    assert shown.split() == " ".join(segment["text"] for segment in stored).split()


@pytest.mark.parametrize("scripts", [True, False])
def test_words_are_found_in_the_transcript_one_after_the_other(reader: Reader, scripts: bool) -> None:
    page = reader.open(reading(), scripts=scripts)
    page.get_by_label("Chercher dans la transcription").fill("RGPD")
    page.get_by_label("Chercher dans la transcription").press("Enter")
    places = page.locator(".found li")
    expect(places.first).to_contain_text("RGPD")
    places.last.get_by_role("link").click()
    expect(page.locator("#here")).to_be_in_viewport()
    expect(page.locator("#here")).to_contain_text("RGPD")


def test_a_chapter_and_the_timeline_lead_to_their_moment_and_back_again(reader: Reader) -> None:
    page = reader.open(reading())
    moment = page.locator(".transcript .moment").first
    page.locator("details.chapters li a").nth(2).click()
    expect(moment).to_be_in_viewport()
    expect(moment).to_be_focused()
    page.locator(".timeline svg").click(position={"x": 3, "y": 10})
    expect(page.locator("article.turn").first).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#here")).to_be_in_viewport()


def test_from_a_marked_moment_one_goes_on_to_correct_and_to_the_other_language(reader: Reader) -> None:
    page = reader.open(reading(t="220,240"))
    page.get_by_role("link", name="Corriger les locuteurs").click()
    expect(page.get_by_label(f"Choisir le tour de 03:40, {KEMPF}")).to_be_in_viewport()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Transcript")).to_be_visible()
    expect(page.locator("#here")).to_be_in_viewport()


def test_the_passages_of_an_answer_are_marked_with_their_numbers(reader: Reader) -> None:
    page = reader.open(asking(ASKED))
    quotes = page.locator("article.card blockquote mark").all_inner_texts()
    page.get_by_role("link", name="Dans la transcription").first.click()
    expect(page.locator(".cited-list li")).to_have_count(len(quotes))
    for n, quote in enumerate(quotes, start=1):
        marked = page.locator(f".transcript mark[data-n='{n}'], .transcript mark[data-n='{n}'] ~ mark")
        assert quote[:30] in " ".join(marked.all_inner_texts())
