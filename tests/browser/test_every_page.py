"""What holds on every page: nothing grave for whoever cannot see or point, and no scrolling sideways."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import OF_COLOURS, grave_findings
from tests.browser.places import PLACES
from tests.browser.reader import HEIGHT, NARROW, PHONE, WIDE, Reader

each_page = pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)


@each_page
def test_axe_finds_nothing_grave_and_a_phone_needs_no_scrolling_sideways(reader: Reader, path: str) -> None:
    page = reader.open(path)
    found: list[str] = []
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme="light")
        found += [f"{width}, light: {finding}" for finding in grave_findings(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{width}, dark: {finding}" for finding in grave_findings(page, *OF_COLOURS)]
    assert found == []
    assert _overflow(page) == 0
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert _overflow(page) == 0


@each_page
def test_a_page_is_in_the_language_of_the_browser_until_its_reader_chooses(reader: Reader, path: str) -> None:
    page = reader.open(path, language="en")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Français").click()
    expect(html).to_have_attribute("lang", "fr")
    page.goto("/debates")
    expect(html).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="English").click()
    expect(html).to_have_attribute("lang", "en")


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
