"""Checking a quote, in the browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import FALSE_QUOTE, TRUE_QUOTE
from tests.browser.reader import Reader
from tests.conftest import KEMPF


def _check(page: Page, quote: str) -> None:
    page.get_by_label("La citation").fill(quote)
    page.get_by_label("Attribuée à").fill(KEMPF)
    page.get_by_role("button", name="Vérifier").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_true_quote_is_found_word_for_word_and_leads_to_its_moment(reader: Reader, scripts: bool) -> None:
    page = reader.open("/verify", scripts=scripts)
    _check(page, TRUE_QUOTE)
    expect(page.get_by_role("heading", level=2)).to_have_text("Mot pour mot")
    card = page.locator("article")
    expect(card).to_have_count(1)
    expect(card).to_contain_text(KEMPF)
    expect(card.locator("time")).to_have_text("06:38")
    assert TRUE_QUOTE in card.locator("blockquote").inner_text()


def test_a_false_quote_is_refused_and_the_changed_word_is_told(reader: Reader) -> None:
    page = reader.open("/verify")
    _check(page, FALSE_QUOTE)
    expect(page.get_by_role("heading", level=2).first).to_have_text("Altérée")
    nearest = page.locator("article").first
    expect(nearest.locator("blockquote mark")).to_have_text("renforcé")
    expect(nearest.locator("del")).to_have_text("affaibli")
    expect(nearest.locator("ins")).to_have_text("renforcé")


def test_the_address_of_a_verdict_can_be_sent_to_somebody(reader: Reader) -> None:
    page = reader.open("/verify")
    _check(page, TRUE_QUOTE)
    expect(page.locator("article")).to_have_count(1)
    other = reader.open(page.url)
    assert other.locator("main").inner_text() == page.locator("main").inner_text()
