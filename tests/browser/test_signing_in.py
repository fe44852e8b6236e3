"""Where keys are asked for, in the browser: signing in, then all that a page does, with and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from rag.engine import Engine
from tests.browser.accessibility import OF_COLOURS, grave_findings
from tests.browser.places import ASKED, asking, reading
from tests.browser.reader import HEIGHT, NARROW, PHONE, WIDE, Reader, watched
from tests.browser.serving import served
from tests.conftest import DEBATE
from tests.suite_files import srt

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False])


@pytest.fixture
def keys(own_engine: Engine) -> Keys:
    return Keys(own_engine.settings.home)


@pytest.fixture
def guest(browser: Browser, own_engine: Engine, keys: Keys) -> Iterator[Reader]:
    """On a server over ``own_engine`` that asks for keys; watched as ``reader`` is."""
    with served(own_engine, Access(keys, Mode.KEYS)) as address:
        yield from watched(Reader(browser, address))


def enter(page: Page, secret: str) -> None:
    page.get_by_label("Clef").fill(secret)
    page.get_by_role("button", name="Entrer").click()


@with_and_without_scripts
def test_signing_in_asking_and_signing_out(guest: Reader, keys: Keys, scripts: bool) -> None:
    page = guest.open(asking(ASKED), scripts=scripts)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    enter(page, "qdq_wrong")
    expect(page.get_by_role("alert")).to_contain_text("inconnue, révoquée ou expirée")
    guest.forgive("401")
    enter(page, keys.add("Réda")[1])
    expect(page.get_by_role("heading", name="Réponse")).to_be_visible()
    expect(page.get_by_text("Clef : Réda")).to_be_visible()
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("qdq_session", True, "Strict")
    expect(page.get_by_role("link", name="Apporter")).to_have_count(0)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    assert page.context.cookies() == []
    page.goto("/debates")
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()


@with_and_without_scripts
def test_bringing_correcting_and_deleting(
    guest: Reader, own_engine: Engine, keys: Keys, tmp_path: Path, scripts: bool
) -> None:
    file = tmp_path / "petit.srt"
    file.write_text(srt(["Le budget doit doubler.", "Je refuse."]), "utf-8")
    page = guest.open("/debates", scripts=scripts)
    enter(page, keys.add("desk", KeyScope.WRITE)[1])
    page.locator("#files").set_input_files(file)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.locator("a[href='/d/petit']").first.click()
    assert {one.id for one in own_engine.debates()} == {DEBATE, "petit"}
    page.get_by_role("link", name="Corriger les locuteurs").click()
    page.locator("input.choose").first.check()
    page.get_by_label("Qui parle dans les tours choisis ?").fill("Ada Martin")
    page.get_by_role("button", name="Appliquer", exact=True).click()
    expect(page.locator(".notice.done")).to_contain_text("C'est enregistré.")
    assert own_engine.debate("petit").segments[0].speaker == "Ada Martin"
    page.locator(".notice.done").get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status").filter(has_text="n'est plus parmi")).to_be_visible()
    assert own_engine.debate("petit").segments[0].speaker is None
    page.goto("/debates/petit/delete")
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert [one.id for one in own_engine.debates()] == [DEBATE]


def test_a_link_from_another_site_needs_no_second_key(guest: Reader, keys: Keys) -> None:
    page = guest.open("/")
    enter(page, keys.add("Réda")[1])
    expect(page.get_by_text("Clef : Réda")).to_be_visible()
    elsewhere = "http://elsewhere.example/"
    page.route(elsewhere, lambda route: route.fulfill(body=f"<a href='{guest.address}{reading()}'>lire</a>"))
    page.goto(elsewhere)
    page.get_by_role("link", name="lire").click()
    expect(page.locator("h2#transcript")).to_be_visible()
    guest.forgive(elsewhere)


def test_axe_finds_nothing_grave_where_people_sign_in(guest: Reader, keys: Keys) -> None:
    page = guest.open("/")
    secret = keys.add("Un nom de clef qui est long, et qui va à la ligne")[1]
    for heading in ("Se connecter", ""):
        if not heading:
            enter(page, secret)
            expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
        found: list[str] = []
        for width in (WIDE, PHONE, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme="light")
            found += grave_findings(page)
            page.emulate_media(color_scheme="dark")
            found += grave_findings(page, *OF_COLOURS)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert found == []
