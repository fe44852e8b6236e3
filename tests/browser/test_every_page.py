"""What holds on every page: nothing grave for whoever cannot see or point, and no scrolling sideways."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import grave_findings
from tests.browser.places import PLACES
from tests.browser.reader import HEIGHT, NARROW, PHONE, WIDE, Reader

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

each_page = pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)


@each_page
def test_axe_finds_nothing_grave_wide_and_on_a_phone_light_and_dark(reader: Reader, path: str) -> None:
    page = reader.open(path)
    found: list[str] = []
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {finding}" for finding in grave_findings(page)]
    assert found == []


@each_page
def test_a_phone_needs_no_scrolling_sideways(reader: Reader, path: str) -> None:
    page = reader.open(path, width=PHONE)
    assert _overflow(page) == 0
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert _overflow(page) == 0


@each_page
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_in_the_language_of_the_browser_and_goes_to_the_other(
    reader: Reader, path: str, language: str
) -> None:
    page = reader.open(path, language=language)
    assert page.locator("html").get_attribute("lang") == language
    page.get_by_role("link", name="English" if language == "fr" else "Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "fr" else "fr")


@each_page
def test_the_first_stop_of_the_keyboard_leads_to_the_content(reader: Reader, path: str) -> None:
    page = reader.open(path)
    first = page.locator("a[href], button, input, select, textarea, summary, [tabindex]").first
    first.focus()
    expect(first).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@each_page
def test_a_page_says_the_same_without_scripts(reader: Reader, path: str) -> None:
    assert reader.open(path, scripts=False).locator("h1").inner_text() == reader.open(path).locator("h1").inner_text()


def _overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))
