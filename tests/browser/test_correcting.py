"""Saying who speaks, in the browser: the next answer changes, and undoing brings it back."""

import pytest
from playwright.sync_api import Page, expect

from index.writing.labelling import uncertain
from rag.engine import Engine
from tests.browser.places import ASKED, asking, reading
from tests.browser.reader import Reader
from tests.conftest import DEBATE, KEMPF, PAVLEAS

QUESTION = "Que pense Kempf du RGPD ?"
CHECK = f"/d/{DEBATE}/check"


def _quoted(engine: Engine) -> list[tuple[str | None, float]]:
    return [(one.speaker, one.start) for one in engine.ask(QUESTION).citations]


def _name(page: Page, name: str) -> None:
    page.get_by_label("Qui parle dans les tours choisis").fill(name)
    page.get_by_role("button", name="Appliquer").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_turn_that_is_named_changes_the_next_answer_and_is_undone(
    editor: Reader, own_engine: Engine, scripts: bool
) -> None:
    before = _quoted(own_engine)
    speaker, start = before[0]
    assert speaker == KEMPF
    page = editor.open(reading(t=str(int(start) + 1)), scripts=scripts)
    page.get_by_role("link", name="Corriger les locuteurs").click()
    turn = page.locator("article", has=page.locator("#here"))
    turn.get_by_role("checkbox").check()
    _name(page, "Pavléas")
    notice = page.get_by_role("status").filter(has_text="C'est enregistré.")
    expect(notice).to_contain_text(PAVLEAS)
    expect(notice).to_be_in_viewport()
    expect(page.locator("article", has=page.locator("#here"))).to_contain_text("corrigé par une personne")
    assert (speaker, start) not in _quoted(own_engine)
    notice.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("La correction 1 n'est plus parmi celles de ce débat.")).to_be_visible()
    assert _quoted(own_engine) == before


def test_the_answer_is_given_under_the_other_name_until_that_is_undone(editor: Reader) -> None:
    page = editor.open(asking(ASKED))
    cookies, before = "plein de bandeaux de cookies", page.locator("main").inner_text()
    page.goto(reading(t="230,240", correct="1"))
    page.get_by_label(f"Choisir le tour de 03:40, {KEMPF}").check()
    _name(page, PAVLEAS)
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    page.goto(asking(ASKED))
    expect(page.get_by_role("article").filter(has_text=cookies)).to_have_count(0)
    page.goto(asking("Que pense Pavléas du RGPD ?"))
    card = page.get_by_role("article").filter(has_text=cookies)
    expect(card.locator("h3")).to_contain_text(f"{PAVLEAS} corrigé par une personne")
    page.goto(reading(correct="1"))
    page.locator("summary", has_text="Corrections faites").click()
    page.get_by_role("button", name="Annuler la correction 1").click()
    expect(page.get_by_text("La correction 1 n'est plus parmi celles de ce débat.")).to_be_visible()
    page.goto(asking(ASKED))
    assert page.locator("main").inner_text() == before


@pytest.mark.parametrize("scripts", [True, False])
def test_a_tick_is_not_lost_for_want_of_a_name(editor: Reader, own_engine: Engine, scripts: bool) -> None:
    page = editor.open(reading(correct="1", t="230,240"), scripts=scripts)
    box = page.get_by_label(f"Choisir le tour de 03:40, {KEMPF}")
    box.check()
    page.get_by_role("button", name="Appliquer").click()
    expect(box).to_be_checked()
    expect(page.get_by_label("Qui parle dans les tours choisis")).to_be_focused()
    page.get_by_role("button", name="Locuteur inconnu").click()
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    assert {one.speaker for one in own_engine.corrections(DEBATE)} == {None}
    page.get_by_label("Chercher dans la transcription").fill("tech")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.locator("#speaker")).to_be_visible()


def test_turns_are_chosen_from_one_to_another_and_counted(editor: Reader, own_engine: Engine) -> None:
    page = editor.open(reading(correct="1"))
    boxes = page.locator("input.choose")
    boxes.nth(1).click()
    expect(page.locator("#chosen")).to_have_text("1 tour choisi")
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_have_text("4 tours choisis")
    _name(page, "Zoé Roux")
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    assert {one.act for one in own_engine.corrections(DEBATE)} == {1}
    assert {one.speaker for one in own_engine.corrections(DEBATE)} == {"Zoé Roux"}
    expect(page.locator("#chosen")).to_be_empty()


def test_nothing_chosen_is_told(editor: Reader, own_engine: Engine) -> None:
    page = editor.open(reading(correct="1"))
    _name(page, "Pavléas")
    expect(page.get_by_role("alert")).to_have_text("Aucun tour n'est choisi : cochez-en au moins un.")
    assert own_engine.corrections(DEBATE) == []


def test_the_least_certain_turns_are_answered_with_one_key_each(editor: Reader, own_engine: Engine) -> None:
    turns = uncertain(own_engine.attribution(DEBATE))
    page = editor.open(CHECK)
    expect(page.get_by_role("group")).to_have_count(min(len(turns), 5))
    guesses = page.locator("fieldset label:first-child .speaker").all_inner_texts()
    page.get_by_role("radio", name="je ne sais pas").first.focus()
    page.keyboard.press("1")
    page.keyboard.press("1")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    made = {one.start: one.speaker for one in own_engine.corrections(DEBATE)}
    assert [made.get(turn.start) for turn in turns[:2]] == guesses[:2]
    assert len({one.act for one in own_engine.corrections(DEBATE)}) == 1


def test_a_name_that_is_typed_is_an_answer(editor: Reader, own_engine: Engine) -> None:
    page = editor.open(CHECK)
    page.get_by_label("Son nom").first.fill("Zoé Roux")
    expect(page.get_by_role("radio", name="quelqu'un d'autre").first).to_be_checked()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    assert [one.speaker for one in own_engine.corrections(DEBATE)] == ["Zoé Roux"]


def test_a_turn_is_cut_where_somebody_else_begins(editor: Reader, own_engine: Engine) -> None:
    segment = own_engine.debate(DEBATE).segments[30]
    word = segment.text.split()[2]
    page = editor.open(f"/d/{DEBATE}/cut?first=30&last=30")
    page.get_by_text(word, exact=True).first.click()
    page.get_by_role("button", name="Couper ici").click()
    expect(page.get_by_role("status").get_by_text("Tour coupé")).to_be_visible()
    now = own_engine.debate(DEBATE).segments
    assert f"{now[30].text} {now[31].text}" == segment.text


def test_a_person_is_renamed_everywhere_and_is_found_again(editor: Reader, own_engine: Engine) -> None:
    page = editor.open("/people")
    person = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=PAVLEAS))
    person.get_by_text("Renommer ou réunir").click()
    person.get_by_label("S'appelle").fill("Maître Pavléas")
    person.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("status")).to_contain_text(f"« {PAVLEAS} » s'appelle maintenant « Maître Pavléas »")
    assert {one.speaker for one in own_engine.ask("Que dit Pavléas de la réglementation ?").citations} == {
        "Maître Pavléas"
    }
    page.get_by_role("status").get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("heading", name=PAVLEAS)).to_be_visible()
