"""Saying who speaks, in the browser: the next answer follows, and what was said can be taken back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.places import ASKED, asking, reading
from tests.browser.reader import Reader
from tests.conftest import DEBATE, KEMPF, PAVLEAS

COOKIES = "plein de bandeaux de cookies"
OF_PAVLEAS = "Que pense Pavléas du RGPD ?"


def cited(page: Page, question: str) -> Locator:
    """The card of Kempf's words on cookies, in the answer."""
    page.goto(asking(question))
    return page.locator("article.card").filter(has_text=COOKIES)


def turn(page: Page) -> Locator:
    return page.locator("article.turn").filter(has_text=COOKIES)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_turn_given_to_somebody_else_changes_the_next_answers_until_it_is_undone(
    editor: Reader, scripts: bool
) -> None:
    page = editor.open(asking(ASKED), scripts=scripts)
    before = page.locator("main").inner_text()
    expect(cited(page, ASKED)).to_have_count(1)
    page.goto(reading(t="230,240"))
    page.get_by_role("link", name="Corriger les locuteurs").click()
    page.get_by_label(f"Choisir le tour de 03:40, {KEMPF}").check()
    page.get_by_label("Qui parle dans les tours choisis ?").fill(PAVLEAS)
    page.get_by_role("button", name="Appliquer", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="C'est enregistré.")).to_be_in_viewport()
    expect(turn(page).locator("h3")).to_contain_text(f"{PAVLEAS} corrigé par une personne")
    expect(cited(page, ASKED)).to_have_count(0)
    card = cited(page, OF_PAVLEAS)
    expect(card.locator("h3")).to_contain_text(f"{PAVLEAS} corrigé par une personne")
    page.goto(reading(correct="1"))
    page.locator("summary", has_text="Corrections faites").click()
    page.get_by_role("button", name="Annuler la correction 1").click()
    expect(page.get_by_role("status").filter(has_text="La correction est annulée.")).to_be_visible()
    expect(turn(page).locator("h3 .speaker")).to_have_text(KEMPF)
    page.goto(asking(ASKED))
    assert page.locator("main").inner_text() == before


def test_the_least_certain_turns_are_settled_with_the_keyboard_and_taken_back(editor: Reader) -> None:
    page = editor.open(f"/d/{DEBATE}/check")
    turns = page.locator("fieldset")
    expect(turns).to_have_count(4)
    words = turns.first.locator("blockquote").inner_text()
    name = turns.first.locator(".speaker").first.inner_text()
    turns.first.get_by_role("radio").last.focus()
    page.keyboard.press("1")
    expect(turns.first.get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    notice = page.get_by_role("status").filter(has_text="C'est enregistré.")
    expect(notice).to_contain_text(name)
    notice.get_by_role("button").click()
    expect(page.get_by_role("status").filter(has_text="La correction est annulée.")).to_be_visible()
    expect(page.locator("fieldset").filter(has_text=words)).to_have_count(1)


def test_a_person_is_renamed_everywhere_and_named_as_before_again(editor: Reader) -> None:
    page = editor.open("/people")
    person = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=KEMPF))
    person.locator("summary").click()
    person.get_by_role("textbox").or_(person.get_by_role("combobox")).fill("J.-B. Kempf")
    person.get_by_role("button").click()
    notice = page.get_by_role("status").filter(has_text="J.-B. Kempf")
    expect(notice).to_be_visible()
    page.goto(asking(ASKED))
    expect(page.locator("article.card h3").first).to_contain_text("J.-B. Kempf")
    page.go_back()
    page.get_by_role("status").get_by_role("button", name="Annuler").click()
    page.goto(asking(ASKED))
    expect(page.locator("article.card h3").first).to_contain_text(KEMPF)
