"""What a language model words from the quotes, as the page shows it while it comes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.encoding.encoder import Encoder
from index.local import LocalStore
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.browser.places import ABSTAINED, ASKED, asking
from tests.browser.reader import Reader, watched
from tests.browser.serving import served
from tests.chat_server import Body, Played, Reply, playing, refuses, streams
from tests.conftest import KEMPF

TRUE = f"{KEMPF} estime que le RGPD a renforcé la position de Google sur la publicité [1]."
INVENTED = "Il chiffre le coût à 99 millions [1]."
HOSTILE = f"{KEMPF} dit <img src=x onerror=alert(1)> [2]."


@dataclass
class Writer:
    """A model that says what a test has it say."""

    reply: Reply

    def __call__(self, _body: Body) -> Reply:
        return self.reply


@pytest.fixture
def writer() -> Writer:
    return Writer(streams(f"{TRUE} {INVENTED} {HOSTILE}"))


@pytest.fixture
def worded(browser: Browser, model: Encoder, debate_home: Path, home: Path, writer: Writer) -> Iterator[Reader]:
    """Reads the shipped debate, on a server that asks ``writer``."""
    shutil.copytree(debate_home, home)
    with playing(writer) as played, _site(home, model, played) as address:
        yield from watched(Reader(browser, address))


@contextmanager
def _site(home: Path, model: Encoder, played: Played) -> Iterator[str]:
    settings = Settings(home=home, llm_url=played.url, llm_model="petit")
    engine = Engine(LocalStore(home), model, settings, Records.of(home, settings))
    try:
        with served(engine) as address:
            yield address
    finally:
        engine.close()


def _sentences(page: Page) -> Locator:
    return page.locator("#worded .sentences")


def test_checked_sentences_come_under_the_quotes_with_numbers_that_lead_to_the_same_cards(worded: Reader) -> None:
    page = worded.open(asking(ASKED))
    expect(page.locator("#worded [role=status]")).to_contain_text("Rédigé par le modèle de langage petit")
    expect(page.locator("#worded [role=status]")).to_contain_text("2 phrases du modèle ont été retirées")
    assert _sentences(page).inner_text().strip() == TRUE
    _sentences(page).get_by_role("link", name="[1]").click()
    expect(page.locator("article:target h3")).to_contain_text("[1]")
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert "a renforcé la position de Google" in download.value.path().read_text("utf-8").split("\n")[2]


@pytest.mark.parametrize("reply", [refuses(500), streams("")], ids=["refuses", "empty"])
def test_a_model_that_does_not_answer_is_told_and_the_quotes_stay(worded: Reader, writer: Writer, reply: Reply) -> None:
    writer.reply = reply
    page = worded.open(asking(ASKED))
    expect(page.locator("#worded [role=status]")).to_contain_text("Réponse par citations seules.")
    assert _sentences(page).inner_text() == ""
    expect(page.get_by_role("article").first).to_be_visible()


def test_a_server_that_goes_away_is_told(worded: Reader) -> None:
    page = worded.open("/")
    page.route("**/v1/ask?stream=true", lambda route: route.abort())
    page.goto(asking(ASKED))
    expect(page.locator("#worded [role=status]")).to_contain_text("n'a pas pu rédiger de réponse")
    worded.forgive("Failed to load resource")


def test_sentences_of_other_quotes_than_the_page_shows_are_not_shown(worded: Reader) -> None:
    """As when a debate is added in between."""
    page = worded.open("/")
    page.route("**/v1/ask?stream=true", lambda route: route.continue_(post_data='{"question": "Que dit Pavléas ?"}'))
    page.goto(asking(ASKED))
    expect(page.locator("#worded [role=status]")).to_contain_text("Les débats ont changé entre-temps")
    assert _sentences(page).inner_text() == ""


def test_nothing_is_asked_of_a_model_where_nobody_says_it_or_without_scripts(worded: Reader) -> None:
    expect(worded.open(asking(ABSTAINED)).locator("#worded")).to_have_count(0)
    expect(worded.open(asking(ASKED), scripts=False).locator("#worded")).to_be_hidden()
