"""Bringing debates, in the browser."""

import mimetypes

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.brought import FILES, SAID
from tests.browser.places import asking
from tests.browser.reader import Reader
from tests.conftest import DEBATE

_DROP = """files => {
    const data = new DataTransfer()
    for (const [name, text] of files) data.items.add(new File([text], name))
    dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }))
}"""


def payloads(*names: str) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": mimetypes.guess_type(name)[0] or "text/plain", "buffer": content}
        for name, content in FILES.values()
        if not names or name in names
    ]


def list_titles(page: Page) -> list[str]:
    return page.locator("#list h3").all_inner_texts()


def _read(page: Page, debate: str) -> str:
    page.goto(f"/d/{debate}")
    return " ".join(" ".join(page.locator("article p").all_inner_texts()).split())


@pytest.mark.parametrize("scripts", [True, False])
def test_five_formats_are_brought_with_their_reports_and_can_be_read(editor: Reader, scripts: bool) -> None:
    page = editor.open("/debates", scripts=scripts)
    page.get_by_label("Fichiers", exact=True).set_input_files(payloads())
    page.get_by_role("button", name="Tout ajouter" if scripts else "Ajouter", exact=True).click()
    for format_name, (name, _content) in FILES.items():
        report = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))
        report = report if scripts else page.locator("main").locator("section, article, li").filter(has_text=name).last
        _assert_told(report, format_name)
    for name, _content in FILES.values():
        assert _read(page, name[0]) == SAID


def _assert_told(report: Locator, format_name: str) -> None:
    expect(report).to_contain_text(f"Lu comme {format_name}")
    expect(report).to_contain_text("2 segments, 7 mots")


def test_what_is_brought_is_asked_at_once_and_leaves_once_that_is_confirmed(editor: Reader) -> None:
    page = editor.open("/debates")
    page.get_by_label("Fichiers", exact=True).set_input_files(payloads("a.srt"))
    item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="a.srt"))
    item.get_by_label("Titre").fill("Le débat du soir")
    item.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("#list h3").filter(has_text="Le débat du soir")).to_be_visible()
    page.goto(asking("Qui remercie pour l'accueil ?", debate="a"))
    expect(page.get_by_role("article").first.locator(".title")).to_have_text("Le débat du soir")
    page.goto("/debates")
    page.get_by_role("link", name="supprimer : Le débat du soir").click()
    page.get_by_role("button", name="Supprimer").click()
    expect(page.locator(".notice")).to_contain_text("est supprimé")
    assert not any("Le débat du soir" in title for title in list_titles(page))
    assert len(list_titles(page)) == 1


def test_files_that_are_chosen_before_the_script_has_come_wait_as_well(editor: Reader) -> None:
    page = editor.open("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/debates*.js*", hold)
    page.goto("/debates", wait_until="commit")
    page.get_by_label("Fichiers", exact=True).set_input_files(payloads("a.srt"))
    held.pop().continue_()
    item = page.locator("#queue > li")
    expect(item.get_by_role("heading", name="a.srt")).to_be_visible()
    expect(item.get_by_role("button", name="Ajouter", exact=True)).to_be_visible()


def test_dropped_files_wait_to_be_added_and_a_debate_is_replaced_only_when_that_is_said(editor: Reader) -> None:
    page = editor.open("/debates")
    page.evaluate(_DROP, [[f"{DEBATE}.srt", FILES["SubRip"][1].decode()]])
    item = page.locator("#queue > li")
    expect(item).to_contain_text("serait remplacé")
    add = item.get_by_role("button", name="Ajouter", exact=True)
    add.click()
    expect(item.get_by_role("alert")).to_be_visible()
    editor.forgive("409")
    item.get_by_label("Le remplacer").check()
    item.get_by_role("button", name="Réessayer").click()
    expect(item).to_contain_text("Remplacé :")
    assert _read(page, DEBATE) == SAID


def test_of_two_files_of_one_name_none_is_sent_until_one_is_chosen(editor: Reader) -> None:
    page = editor.open("/debates")
    text = FILES["SubRip"][1].decode()
    page.evaluate(_DROP, [["a.srt", text], ["b.srt", text], ["a.srt", text + "\n"]])
    item = page.locator("#queue > li").filter(has=page.get_by_role("heading", name="a.srt"))
    expect(item.get_by_role("alert")).to_contain_text("Plusieurs fichiers s'appellent a.srt")
    add = item.get_by_role("button", name="Ajouter", exact=True)
    expect(add).to_have_count(0)
    page.get_by_label("Fichiers", exact=True).set_input_files(payloads("a.srt"))
    expect(add).to_have_count(1)
    add.click()
    expect(page.locator("#queue")).to_contain_text("Ajouté :")


def test_a_file_that_is_none_is_refused_in_words(editor: Reader) -> None:
    page = editor.open("/debates")
    broken: FilePayload = {"name": "image.srt", "mimeType": "text/plain", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(300)}
    page.get_by_label("Fichiers", exact=True).set_input_files(broken)
    item = page.locator("#queue > li")
    item.get_by_role("button", name="Ajouter", exact=True).click()
    expect(item.get_by_role("alert")).to_contain_text("image.srt")
    editor.forgive("422")
