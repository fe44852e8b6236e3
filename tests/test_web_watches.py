"""The page of watches: one is added, shown with what it found, and removed, without JavaScript."""

import html
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.serving.app import create_app
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.test_watches import ADA, SAID, add

FRENCH = {"Accept-Language": "fr"}


@pytest.fixture
def engine(home: Path) -> Engine:
    settings = Settings(home=home, webhook_private="127.0.0.1")
    return Engine(LocalStore(home), HashEncoder(), settings, watches=home)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), headers=FRENCH, follow_redirects=False)


def read(text: str) -> str:
    """What is seen of a page's main part."""
    main = re.sub(r"(?s).*<main[^>]*>|</main>.*", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_a_watch_is_added_shown_with_what_it_found_and_removed(
    engine: Engine, client: TestClient, tmp_path: Path
) -> None:
    assert "Aucune veille pour l'instant" in read(client.get("/watches").text)
    added = client.post("/watches", data={"speaker": "martin", "topic": ""})
    assert (added.status_code, added.headers["location"]) == (303, "/watches?added=true")
    assert "La veille est en place." in read(client.get(added.headers["location"]).text)
    add(engine, tmp_path)
    (watch,) = engine.watching.all()
    assert (watch.speaker, watch.topic, watch.language) == ("martin", None, "fr")
    page = client.get("/watches").text
    assert f"Quand martin parle depuis le {watch.created.day}" in read(page)
    assert f"{SAID[0]} {ADA}, d , 00:00" in read(page)
    assert '<a href="/d/d?t=0,10">' in page
    feed = html.unescape(re.search(r'href="(/v1/watches/[^"]+)"', page)[1])  # type: ignore[index]
    assert client.get(feed).headers["content-type"] == "application/atom+xml"
    removed = client.post(f"/watches/{watch.id}/remove")
    assert removed.headers["location"] == "/watches?removed=true"
    assert engine.watching.all() == []
    gone = client.post(f"/watches/{watch.id}/remove")
    assert (gone.status_code, "Aucune veille" in read(gone.text)) == (404, True)


def test_the_secret_of_a_webhook_is_on_the_page_that_follows_and_on_no_other(
    engine: Engine, client: TestClient
) -> None:
    shown = client.post("/watches", data={"topic": "le budget", "webhook": " http://127.0.0.1:9/s3cret "})
    (watch,) = engine.watching.all()
    assert shown.status_code == 200
    assert f"montré cette fois seulement : {watch.secret}" in read(shown.text)
    later = client.get("/watches").text
    assert "http://127.0.0.1:9/…" in read(later)
    assert watch.secret not in later
    assert "s3cret" not in later


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "il faut une personne ou un sujet"),
        ({"topic": "le <budget>", "webhook": "https://10.0.0.1/"}, "Rien n'est envoyé à 10.0.0.1"),
        ({"topic": "le <budget>", "webhook": "ftp://a/"}, "le webhook doit être une adresse"),
    ],
)
def test_what_cannot_be_watched_is_told_with_the_fields_as_they_were(
    engine: Engine, client: TestClient, given: dict[str, str], message: str
) -> None:
    refused = client.post("/watches", data=given)
    assert refused.status_code == 422
    assert message in read(refused.text)
    assert engine.watching.all() == []
    for value in given.values():
        assert f'value="{html.escape(value)}"' in refused.text


def test_texts_of_others_are_texts(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    engine.watching.add("<b onclick=x>Ada</b>", "<script>alert(1)</script>")
    engine.watching.add(ADA, None)
    add(engine, tmp_path, ("<img src=x onerror=alert(1)> le budget",), who=ADA)
    page = client.get("/watches").text
    assert "<img src=x onerror=alert(1)> le budget" in read(page)
    assert "<script>alert(1)</script>" in html.unescape(page)
    for forbidden in ("<script>", "<img", "<b onclick"):
        assert forbidden not in page


def test_whoever_may_only_read_is_shown_no_form(engine: Engine, home: Path) -> None:
    keys = Keys(home)
    secret = keys.add("press")[1]
    engine.watching.add(ADA, None)
    client = TestClient(
        create_app(engine, access=Access(keys, Mode.KEYS)), headers={"Authorization": f"Bearer {secret}"}
    )
    page = client.get("/watches")
    assert (page.status_code, "<form" in page.text) == (200, False)
    assert client.post("/watches", data={"topic": "a"}).status_code == 403
