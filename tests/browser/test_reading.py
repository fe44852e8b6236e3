"""Reading a transcript at a moment of it, in the browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.places import TRUE_QUOTE, reading, verifying
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
