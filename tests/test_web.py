"""What every page has: its sentences, its language, its headers, its errors; and who may change something."""

import re
import string
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from fastapi.testclient import TestClient

import api.web
from api.serving.app import create_app
from api.serving.server import listening, names_of
from api.web.choices import MOST, debates_offered, names_offered
from api.web.rendering import STATIC, asset
from api.web.texts import say_in, sentences
from api.web.voices import certainty, colours, numbered
from index.errors import Language
from index.local import LocalStore
from index.types import Attribution, DebateSummary, Origin, Participant
from index.writing.build import Details
from rag.asked import Catalogue
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

WEB = Path(api.web.__file__).parent
PAGES = ["/", "/?q=budget", "/verify", "/verify?quote=budget"]


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine))


def _forms(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else [text["one"], text["other"]]


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    french, english = sentences("fr"), sentences("en")
    assert set(french) == set(english)
    for key in french:
        places = [
            {name for form in _forms(texts[key]) for _, name, _, _ in string.Formatter().parse(form) if name}
            for texts in (french, english)
        ]
        assert places[0] == places[1], key


def test_every_sentence_that_is_asked_for_is_there() -> None:
    files = (path for path in WEB.rglob("*") if path.suffix in (".py", ".html"))
    sources = "".join(path.read_text("utf-8") for path in files)
    asked = set(re.findall(r'say\("([a-z_]+\.[a-z_]+)"', sources))
    assert asked <= set(sentences("fr"))
    made = set(re.findall(r'say\("([a-z_]+)\." ~', sources)) | {"speaker"}
    unused = {key for key in sentences("fr") if key not in sources and key.split(".")[0] not in made}
    assert not unused


class Spoken(HTMLParser):
    """The language of each piece of text, by the nearest element that says it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            above = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attrs).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] != "title":
            self.texts.append((data, self.open[-1][1]))


VOID = {"meta", "link", "input", "br", "img", "rect", "path"}
TITLE = "The city budget and its critics"


def test_a_title_is_told_in_its_own_language(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    said = "<v Ada Martin>The city budget is much too small for all our schools."
    (tmp_path / "budget.vtt").write_text(f"WEBVTT\n\n00:01.000 --> 00:09.000\n{said}\n", "utf-8")
    engine.add(tmp_path / "budget.vtt", Details(title=TITLE, language="en"))
    for path in (
        *("/d/budget", "/d/budget/check", "/d/budget/cut?first=0&last=0", "/people", "/debates", "/verify"),
        *("/debates/budget/edit", "/debates/budget/delete", "/verify?quote=The+city+budget", "/?q=city+budget"),
    ):
        page = client.get(path, headers={"Accept-Language": "fr"})
        told = [language for text, language in Spoken(page.text).texts if TITLE in text]
        assert (page.status_code, {*told}) == (200, {"en"}), path


def test_every_origin_is_said_in_words() -> None:
    for language in get_args(Language):
        said = {
            say_in(language)(certainty(Attribution("Ada", origin, confidence)))
            for origin in Origin
            for confidence in (0.5, 0.9, 1.0)
        }
        assert len(said) == 3 + 3 * 3


def test_no_line_of_a_french_sentence_begins_with_its_sign() -> None:
    forms = [form for text in sentences("fr").values() for form in _forms(text)]
    assert not [form for form in forms if re.search(r" [:;?!»%]|« ", form)]
    assert say_in("fr")("read.found", n=1, wanted="a ?") == "«\N{NBSP}a ?\N{NBSP}»\N{NBSP}: 1 fois"
    assert say_in("en")("read.found", n=1, wanted="a ?") == "“a ?”: 1 time"


def test_french_counts_nothing_in_the_singular() -> None:
    assert [say_in("fr")("verify.more", n=n) for n in (0, 1, 2)] == [
        "et 0 autre fois",
        "et 1 autre fois",
        "et 2 autres fois",
    ]
    assert [say_in("en")("verify.more", n=n) for n in (0, 1)] == ["and 0 more times", "and 1 more time"]


def test_each_person_of_a_debate_has_a_colour_and_the_announced_come_first() -> None:
    debate = DebateSummary("d", "D", (Participant("Zoé"), Participant("Ada")), None, None, "fr", 1, 1, 1, 1.0)
    catalogue = Catalogue("g", (debate,), {"Bob": frozenset("d"), "Ada": frozenset("d"), "Eve": frozenset("e")})
    assert colours(catalogue) == {"d": {"Zoé": 1, "Ada": 2, "Bob": 3}}
    assert colours(catalogue, {"d", "x"}) == colours(catalogue)
    assert colours(catalogue, {"x"}) == {}
    assert numbered([str(n) for n in range(10)])["9"] == 2


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_and_loads_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)|\son\w+=|\sstyle=|<style", response.text)
    assert all(one.startswith("/") for one in re.findall(r'(?:src|href)="([^"#]+)"', response.text))


def test_a_page_speaks_the_language_that_was_chosen_last_else_the_browser_s(client: TestClient) -> None:
    def title(path: str, accepted: str) -> str:
        found = re.search("<title>(.*) · ", client.get(path, headers={"Accept-Language": accepted}).text)
        assert found is not None
        return found[1]

    assert title("/verify", "fr-FR,en") == "Vérifier une citation"
    assert title("/verify", "de") == "Check a quote"
    assert title("/verify?lang=en", "fr") == "Check a quote"
    assert title("/verify", "fr") == "Check a quote"
    assert title("/verify?lang=xx", "fr") == "Check a quote"


def test_an_error_is_a_page_with_its_sentence(client: TestClient) -> None:
    response = client.get("/verify?quote=budget&debate=<b>x</b>", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "&lt;b&gt;x&lt;/b&gt;" in response.text
    assert "<b>x" not in response.text


def test_static_files_are_kept_for_good_under_an_address_of_their_content(client: TestClient) -> None:
    response = client.get(asset("style.css"))
    assert response.content == (STATIC / "style.css").read_bytes()
    assert "immutable" in response.headers["cache-control"]
    assert client.get(asset("style.css"), headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    for path in ("style.css", "style.css?v=", "style.css?v=0123456789ab", f"{asset('style.css')[8:]}&x=1"):
        assert client.get(f"/static/{path}").headers["cache-control"] == "no-cache"
    assert client.get("/static/none.css?v=0").status_code == 404
    assert client.get("/static/../rendering.py").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 404),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_the_page_of_another_site_changes_nothing(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.delete("/v1/debates/nobody", headers=headers).status_code == status
    assert client.get("/v1/debates", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8199", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1:8199", 200),
        ("[::1]:8199", 200),
        ("Debats.lan", 200),
        ("evil.example:8199", 421),
        ("localhost.evil.example", 421),
        ("localhost@evil.example", 421),
        ("[", 421),
        ("", 421),
    ],
)
def test_a_server_of_its_own_machine_answers_to_its_own_names(engine: Engine, host: str, status: int) -> None:
    with listening("127.0.0.1", 0) as (bound, _address):
        client = TestClient(create_app(engine, names_of(bound, "Debats.lan")))
    for method in ("GET", "POST"):
        response = client.request(method, "/v1/debates", headers={"Host": host})
        assert (response.status_code == 421) == (status == 421)
        assert ("urn:qui-dit-quoi:request-misdirected" in response.text) == (status == 421)


def test_a_server_that_others_reach_may_have_any_name(engine: Engine) -> None:
    with listening("0.0.0.0", 0) as (bound, _address):
        assert names_of(bound, "0.0.0.0") is None
    headers = {"Host": "debats.example"}
    assert TestClient(create_app(engine)).get("/v1/debates", headers=headers).status_code == 200


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "fr"}
MULTIPART = {"Content-Type": "multipart/form-data"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "detail"),
    [
        ("GET", "/nowhere", {}, 404, "Rien à cette adresse."),
        ("GET", "/static/nothing.css", {}, 404, "Rien à cette adresse."),
        ("DELETE", "/verify", {}, 405, "Cette méthode n'est pas permise ici."),
        ("POST", "/debates", MULTIPART, 400, "La requête est illisible."),
        ("GET", "/d/nobody/media", {}, 404, "Aucun débat « nobody » dans l'index."),
        ("POST", "/debates", {"Origin": "null"}, 403, "Cette demande vient de la page d'un autre site"),
    ],
)
def test_whoever_reads_pages_is_told_on_a_page_and_a_program_in_json(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int, detail: str
) -> None:
    shown = client.request(method, path, headers=BROWSER | headers)
    assert (shown.status_code, shown.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f'role="alert">{detail}' in shown.text.replace("&#39;", "'")
    for accepted in ("*/*", "application/json", "text/html;q=0.4, application/problem+json"):
        response = client.request(method, path, headers=BROWSER | headers | {"Accept": accepted})
        assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
        assert response.json()["detail"].startswith(detail)
        assert response.headers.get("allow") == shown.headers.get("allow")


def test_the_service_answers_programs_only(client: TestClient) -> None:
    response = client.get("/v1/nowhere", headers=BROWSER)
    assert (response.status_code, response.json()["detail"]) == (404, "Rien à cette adresse.")


class _Broken(Engine):
    """Has an error that nobody thought of."""

    def catalogue(self) -> Catalogue:
        raise ZeroDivisionError


def test_what_nobody_expected_is_a_page_too(home: Path, encoder: HashEncoder) -> None:
    engine = _Broken(LocalStore(home), encoder, Settings(home=home))
    client = TestClient(create_app(engine), raise_server_exceptions=False)
    shown = client.get("/debates", headers=BROWSER)
    assert (shown.status_code, "Erreur inattendue" in shown.text) == (500, True)
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    response = client.get("/debates")
    assert (response.status_code, response.json()["detail"]) == (500, "Unexpected: see the server's log.")
    assert response.headers["x-frame-options"] == "DENY"
    engine.close()


@pytest.mark.parametrize("path", [*PAGES, "/debates", "/people", "/watches", "/nowhere"])
def test_a_page_answers_head_as_it_answers_get(client: TestClient, path: str) -> None:
    head, get = client.head(path, headers=BROWSER), client.get(path, headers=BROWSER)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("path", [*PAGES, "/docs", "/redoc", "/openapi.json", "/v1/debates", "/nowhere", "/healthz"])
def test_every_answer_is_what_it_says_and_is_shown_in_no_frame(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert len(headers.get_list("content-security-policy")) == len(headers.get_list("x-content-type-options")) == 1


def test_what_was_sent_is_not_lost_by_a_link_to_the_other_language(client: TestClient) -> None:
    assert 'class="language"' in client.get("/debates").text
    assert 'class="language"' in client.get("/d/nobody", headers=BROWSER).text
    for answer in (client.post("/debates"), client.post("/debates/nobody/delete"), client.post("/", headers=BROWSER)):
        assert answer.status_code in (404, 405, 422)
        assert "<main" in answer.text
        assert 'class="language"' not in answer.text


def test_a_form_offers_everything_as_long_as_a_page_holds_it() -> None:
    def catalogue(size: int) -> Catalogue:
        ids = [f"d{n:03}" for n in range(size)]
        debates = tuple(DebateSummary(id_, id_, (), None, None, "fr", 1, 1, 1, 1.0) for id_ in ids)
        speakers = {f"N{n:03}": frozenset(ids[: 1 + n % 7]) for n in range(size)}
        return Catalogue("g", debates, speakers)

    few, many = catalogue(MOST), catalogue(MOST + 50)
    assert debates_offered(few) == few.debates
    assert debates_offered(many) == []
    assert [one.id for one in debates_offered(many, "d007")] == ["d007"]
    assert names_offered(few) == sorted(few.speakers)
    named = names_offered(many)
    assert named == sorted(named)
    assert len(named) == MOST
    assert min(len(many.speakers[name]) for name in named) >= max(
        len(debates) for name, debates in many.speakers.items() if name not in named
    )


def test_a_quote_that_cannot_be_checked_says_why_beside_the_form(client: TestClient) -> None:
    response = client.get("/verify?quote=…&speaker=Ada&lang=fr")
    assert response.status_code == 422
    assert "ne contient aucun mot" in response.text
    assert 'value="Ada"' in response.text


def test_a_quote_of_no_such_debate_is_kept_in_the_form(client: TestClient) -> None:
    response = client.get("/verify?quote=le+budget&debate=nope&lang=fr")
    assert response.status_code == 404
    assert "Aucun débat « nope »" in response.text
    assert ">le budget</textarea>" in response.text


def test_words_that_nobody_is_known_to_say_confirm_nothing(engine: Engine) -> None:
    """Not by the heading nor by the colour, where somebody was asked about; the name is as it was written."""
    client = TestClient(create_app(engine))
    (engine.settings.home.parent / "d.srt").write_text(srt(["Le budget doit doubler."]), "utf-8")
    engine.add(engine.settings.home.parent / "d.srt")

    def verdict(speaker: str) -> tuple[str, ...]:
        page = client.get("/verify", params={"quote": "Le budget doit doubler", "speaker": speaker, "lang": "fr"}).text
        found = re.search(r'class="verdict (\S+)".*?<h2 id="verdict">(.*?)</h2>\s*<p>(.*?)</p>', page, re.S)
        assert found is not None
        return found.groups()

    assert verdict("") == ("verdict-exact", "Mot pour mot", "Locuteur inconnu, d, 00:00.")
    engine.correct("d", 0, 0, "d'Ormesson")
    assert verdict("d'Ormesson") == ("verdict-exact", "Mot pour mot", "d&#39;Ormesson, d, 00:00.")
    engine.correct("d", 0, 0, None)
    heading, said = "Mot pour mot, mais la transcription ne dit pas qui parle", "Locuteur inconnu, d, 00:00."
    assert verdict("Ada") == ("verdict-unnamed", heading, f"{said} Rien ne permet de vérifier que c&#39;est Ada.")


def test_who_asks_before_the_model_is_there_is_told_and_asks_again(engine: Engine) -> None:
    app = create_app(engine)
    client = TestClient(app)
    (engine.settings.home.parent / "d.srt").write_text(srt(["Le budget doit doubler."]), "utf-8")
    engine.add(engine.settings.home.parent / "d.srt")
    app.state.warming = SimpleNamespace(done=False)
    response = client.get("/?q=budget&lang=fr")
    assert response.status_code == 503
    assert '<meta http-equiv="refresh"' in response.text
    assert "Le modèle se charge" in response.text
    app.state.warming.done = True
    response = client.get("/?q=budget&lang=fr")
    assert response.status_code == 200
    assert "doit doubler" in response.text
