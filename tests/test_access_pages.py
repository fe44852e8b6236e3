"""Signing in on the pages with a key: the session, the token of every form, and what a key may see and do there."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

import api.web
from api.access.database import DATABASE
from api.access.forms import token_in
from api.access.keys import DAY, Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from api.access.sessions import IDLE_SECONDS, MOST_SECONDS, Sessions, is_token, token
from api.access.slowing import MOST
from api.serving.app import create_app
from api.web.signin_page import own_path
from rag.engine import Engine
from tests.fakes import Clock
from tests.suite_files import srt
from tests.test_access import client_of, ran

READER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en"}
COOKIE = "qdq_session"
TEMPLATES = Path(api.web.__file__).parent / "templates"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(home: Path, clock: Clock) -> Keys:
    return Keys(home, now=clock)


@pytest.fixture
def app(engine: Engine, keys: Keys, tmp_path: Path) -> FastAPI:
    """Asks for keys; on one debate, "d"."""
    (tmp_path / "d.srt").write_text(srt(["Le budget de la culture doit doubler.", "Je refuse."]), "utf-8")
    engine.add(tmp_path / "d.srt")
    return create_app(engine, access=Access(keys, Mode.KEYS))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return _reader(app)


def _reader(app: FastAPI, scheme: str = "http") -> TestClient:
    client = client_of(app)
    client.base_url, client.follow_redirects = client.base_url.copy_with(scheme=scheme), False
    client.headers.update(READER)
    return client


def sign_in(client: TestClient, secret: str, next_path: str = "/") -> Response:
    return client.post("/signin", data={"key": secret, "next": next_path})


def field(page: str) -> str:
    """The token of a page's forms: one for all of them."""
    found = set(re.findall(r'name="csrf" value="([^"]+)"', page)) | set(
        re.findall(r'name="csrf-token" content="([^"]+)"', page)
    )
    assert len(found) == 1
    return str(found.pop())


def test_whoever_has_not_signed_in_is_led_there_and_back(client: TestClient, keys: Keys) -> None:
    _key, secret = keys.add("a")
    asked = client.get("/d/d?t=1,2&find=budget é")
    place = urlsplit(asked.headers["location"])
    assert (asked.status_code, place.path) == (303, "/signin")
    wanted = parse_qs(place.query)["next"][0]
    form = client.get(asked.headers["location"])
    assert form.status_code == 200
    assert re.search(r'<input id="key" name="key" type="password" autocomplete="current-password"', form.text)
    back = sign_in(client, f" {secret}\n", wanted)
    assert (back.status_code, back.headers["location"]) == (303, "/d/d?t=1,2&find=budget%20%C3%A9")
    page = client.get(back.headers["location"])
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "Key: a" in page.text


def test_the_cookie_is_for_this_server_and_no_script(client: TestClient, app: FastAPI, keys: Keys, home: Path) -> None:
    _key, secret = keys.add("a")
    cookie = sign_in(client, secret).headers["set-cookie"]
    value = re.match(r"qdq_session=([A-Za-z0-9_-]{43}); HttpOnly; Path=/; SameSite=strict$", cookie)
    assert value, cookie
    assert value[1].encode() not in (home / DATABASE).read_bytes()
    secure = _reader(app, "https")
    cookie = sign_in(secure, secret).headers["set-cookie"]
    assert re.match(r"__Host-qdq=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=strict; Secure$", cookie), cookie
    assert secure.get("/").status_code == 200
    proxied = _reader(app)
    proxied.headers["X-Forwarded-Proto"] = "https"
    assert sign_in(proxied, secret).headers["set-cookie"].startswith("__Host-qdq=")
    client.cookies.clear()
    assert client.get("/", headers={"Cookie": f"__Host-qdq={value[1]}"}).status_code == 303  # not over http


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(client: TestClient, keys: Keys) -> None:
    _key, secret = keys.add("a")
    sign_in(client, secret)
    first = client.cookies[COOKIE]
    sign_in(client, secret)
    assert client.cookies[COOKIE] != first
    assert Sessions(keys).key(first) is None
    assert client.get("/").status_code == 200


def test_a_wrong_key_gets_the_form_again(client: TestClient, keys: Keys) -> None:
    told = [sign_in(client, "qdq_wrong", "/people") for _ in range(MOST.amount + 1)]
    assert [one.status_code for one in told] == [401] * MOST.amount + [429]
    assert 'role="alert">This key is unknown, revoked or expired' in told[0].text
    assert 'name="next" value="/people"' in told[0].text and "qdq_wrong" not in told[0].text
    assert int(told[-1].headers["retry-after"]) > 0 and "set-cookie" not in told[0].headers
    assert sign_in(client, keys.add("a")[1]).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        *(
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "",
            " /d",
        ),
        *("/\n/evil.example", "javascript:alert(1)", "d/x", "/d\r\nSet-Cookie: x=1", "/" + "x" * 3000, "/a\\b", "\x00"),
    ],
)
def test_nobody_is_led_to_another_server(client: TestClient, keys: Keys, path: str) -> None:
    assert own_path(path) == "/"
    assert 'name="next" value="/"' in client.get("/signin", params={"next": path}).text
    answer = sign_in(client, keys.add("a")[1], path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@given(st.text(max_size=30))
def test_what_is_taken_for_a_path_of_ours_is_one(text: str) -> None:
    for path in (text, "/" + text, "//" + text):
        found = own_path(path)
        assert found == "/" or found == path
        assert re.match(r"/(?![/\\])", found + " ") and not re.search(r"[\\\s]", found.replace("\xa0", ""), re.ASCII)


def test_a_session_ends_when_it_lies_idle_when_it_is_old_and_with_its_key(
    client: TestClient, keys: Keys, clock: Clock
) -> None:
    sessions = Sessions(keys)
    key, secret = keys.add("a", days=30)
    idle, revoked = sessions.begin(key), sessions.begin(key)
    clock.now += IDLE_SECONDS - 1
    assert sessions.key(revoked) == keys.all()[0]
    clock.now += 1
    assert (sessions.key(idle), bool(sessions.key(revoked))) == (None, True)
    began = clock.now
    sign_in(client, secret)
    while client.get("/people").status_code == 200:
        clock.now += IDLE_SECONDS / 2
    assert clock.now - began == MOST_SECONDS
    sign_in(client, secret)
    assert client.get("/people").status_code == 200
    keys.revoke("a")
    assert client.get("/people").status_code == 303
    expiring, _secret = keys.add("b", days=1)
    value = sessions.begin(expiring)
    for _ in range(3):  # the session is prolonged beyond the end of its key
        clock.now += DAY / 4
        assert sessions.key(value) == keys.of_id(expiring.id) is not None
    clock.now += DAY / 4
    assert sessions.key(value) is None


def test_a_key_has_no_end_of_sessions(keys: Keys) -> None:
    key, _secret = keys.add("a")
    values = [Sessions(keys).begin(key) for _ in range(103)]
    assert len(keys.database.rows("SELECT 1 FROM sessions")) == 100
    assert Sessions(keys).key(values[-1])


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(client: TestClient, keys: Keys) -> None:
    sign_in(client, keys.add("a")[1])
    copied = client.cookies[COOKIE]
    assert client.post("/signout").status_code == 403
    out = client.post("/signout", data={"csrf": field(client.get("/").text)})
    assert (out.status_code, out.headers["location"], COOKIE in client.cookies) == (303, "/signin", False)
    assert client.get("/", headers={"Cookie": f"{COOKIE}={copied}"}).status_code == 303


CHANGES = [
    ("POST", "/debates/d/delete"),
    ("POST", "/people/rename"),
    ("POST", "/d/d/speakers"),
    ("POST", "/nowhere"),
    ("PUT", "/nowhere"),
    ("POST", "/v1/ask"),
    ("POST", "/v1/debates"),
    ("PATCH", "/v1/debates/d"),
    ("DELETE", "/v1/debates/d"),
    ("POST", "/mcp"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_nothing_is_changed_by_a_cookie_alone(client: TestClient, keys: Keys, method: str, path: str) -> None:
    sign_in(client, keys.add("a", KeyScope.ADMIN)[1])
    mine, other = client.cookies[COOKIE], Sessions(keys).begin(keys.all()[0])
    urlencoded, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x--\r\n'
    right = token(mine)
    for headers, body in (
        ({}, ""),
        ({"X-CSRF-Token": token(other)}, ""),
        ({"X-CSRF-Token": "é"}, ""),
        ({"X-CSRF-Token": right[:-1]}, ""),
        ({"X-CSRF-Token": "." + right.partition(".")[2]}, ""),
        ({"Content-Type": urlencoded}, f"csrf={token(other)}"),
        ({"Content-Type": urlencoded}, f"title=csrf&csrf={right}"),
        ({"Content-Type": urlencoded}, f"csrf={right}x"),
        ({"Content-Type": multipart}, part.format("csrf", token(other))),
        ({"Content-Type": multipart}, part.format("title", right)),
        ({"Content-Type": "text/plain"}, f"csrf={right}"),
        ({"Content-Type": "application/json"}, f'{{"csrf": "{right}"}}'),
    ):
        sent = {name.encode(): value.encode() for name, value in {**headers, "Accept": "*/*"}.items()}
        refused = client.request(method, f"{path}?csrf={right}", headers=sent, content=body)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:qui-dit-quoi:token-missing"), (headers, body)
    assert client.get("/v1/debates").json()["debates"] != []
    let_through = client.request(method, path, headers={"X-CSRF-Token": right})
    assert "token-missing" not in let_through.text


def test_a_key_that_is_sent_needs_no_token(app: FastAPI, keys: Keys) -> None:
    headers = {"Authorization": f"Bearer {keys.add('a', KeyScope.WRITE)[1]}"}
    assert client_of(app).delete("/v1/debates/d", headers=headers).status_code == 204


@pytest.mark.parametrize("cut", [1, 7, 100, 5000])
def test_the_body_is_whole_for_whoever_reads_it_after_the_token(cut: int) -> None:
    body = f"csrf={token('x')}&title=".encode() + b"y" * 20_000
    pieces = [body[at : at + cut] for at in range(0, len(body), cut)]
    left = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    left[-1]["more_body"] = False

    async def receive() -> dict[str, object]:
        return left.pop(0)

    scope = {"headers": [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]}

    async def main() -> bytes:
        found, again = await token_in(scope, receive)
        assert is_token(found, "x")
        assert len(left) == len(pieces) - -(-4096 // cut)
        message = await again()
        read = bytes(message["body"])
        while message["more_body"]:
            message = await again()
            read += message["body"]
        return read

    assert ran(main) == body


def test_a_token_is_of_one_session_and_never_the_same() -> None:
    assert len({token("a") for _ in range(50)}) == 50
    assert is_token(token("a"), "a") and not is_token(token("a"), "b")
    assert not any(is_token(text, "a") for text in ("", ".", "a.b", "é.é", "\ud800"))


def test_every_form_that_posts_begins_with_the_token() -> None:
    forms = 0
    for path in TEMPLATES.glob("*.html"):
        for form in re.finditer(r'<form\b[^>]*method="post"[^>]*>(.*?)</form>', _plain(path.read_text("utf-8")), re.S):
            if path.name == "signin.html" or 'id="correct"' in form[0]:
                continue
            forms += 1
            assert form[1].lstrip().startswith("CSRF"), (path.name, form[0][:200])
    assert forms >= 12
    assert 'CSRF("correct")' in _plain((TEMPLATES / "correct.html").read_text("utf-8"))


def _plain(template: str) -> str:
    """Without what Jinja fills, so that tags end where they do."""
    marked = re.sub(r"\{\{ csrf_field\((.*?)\) \}\}", r"CSRF(\1)", template)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", marked, flags=re.S)


def test_what_is_chosen_outside_of_the_form_comes_after_the_token(client: TestClient, keys: Keys) -> None:
    sign_in(client, keys.add("a", KeyScope.WRITE)[1])
    page = client.get("/d/d?correct=1").text
    fields = re.findall(r'<input[^>]*form="correct"[^>]*>', page)
    assert 'name="csrf"' in fields[0] and len(fields) > 1


def test_the_forms_work_for_whoever_is_signed_in(client: TestClient, engine: Engine, keys: Keys) -> None:
    sign_in(client, keys.add("a", KeyScope.WRITE)[1])
    form = client.get("/debates/d/edit").text
    seen = re.search(r'name="seen" value="([^"]+)"', form)
    assert seen
    sent = {"csrf": field(form), "title": "Autre titre", "language": "fr"}
    assert client.post("/debates/d/edit", data=sent).status_code == 303
    assert engine.debate("d").title == "Autre titre"
    files = {"csrf": (None, field(form)), "files": ("e.srt", srt(["Une seconde transcription."]))}
    brought = client.post("/debates", files=files)
    assert (brought.status_code, [one.id for one in engine.debates()]) == (200, ["d", "e"])


def test_a_key_that_only_reads_sees_no_way_to_change_and_is_told(client: TestClient, keys: Keys) -> None:
    sign_in(client, keys.add("lectrice")[1])
    for path in ("/", "/debates", "/people", "/d/d", "/verify?quote=budget", "/?q=budget"):
        page = client.get(path)
        assert page.status_code == 200
        actions = set(re.findall(r'(?:action|href)="([^"?#]+)[^"]*"', page.text))
        assert not [one for one in actions if re.search(r"/(edit|delete|check|cut|speakers|rename|part|undo)$", one)], (
            path
        )
        assert re.findall(r'<form[^>]*method="post"[^>]*>', page.text) == [
            '<form class="signed-in" action="/signout" method="post">'
        ]
    for path in ("/debates/d/edit", "/debates/d/delete", "/d/d/check", "/d/d?correct=1"):
        refused = client.get(path)
        assert refused.status_code == 403
        assert "The key “lectrice” does not allow this: the scope “write” is needed." in refused.text
    sent = client.post("/debates/d/delete", data={"csrf": field(client.get("/").text)})
    assert (sent.status_code, "the scope “write” is needed" in sent.text) == (403, True)
    asked = client.post(
        "/v1/ask", json={"question": "Le budget ?"}, headers={"X-CSRF-Token": field(client.get("/").text)}
    )
    assert asked.status_code == 200


def test_a_link_from_elsewhere_comes_again_with_its_cookie(client: TestClient, keys: Keys) -> None:
    """A browser leaves a strict cookie out when another site leads here."""
    page = client.get("/d/d?t=1,2", headers={"Sec-Fetch-Site": "cross-site"})
    assert (page.status_code, '<meta http-equiv="refresh" content="0">' in page.text) == (200, True)
    assert 'href="/d/d?t=1,2"' in page.text and "budget" not in page.text
    assert client.get("/d/d?t=1,2", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert client.post("/signin", data={"key": "x"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_nobody_signs_in_where_nobody_is_asked(engine: Engine, home: Path) -> None:
    client = _reader(create_app(engine))
    _key, secret = Keys(home).add("a")
    assert client.get("/signin").headers["location"] == "/"
    answer = sign_in(client, secret)
    assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/", False)
    assert "csrf" not in client.get("/debates").text


def test_a_form_that_was_open_too_long_leads_to_signing_in(client: TestClient) -> None:
    refused = client.post("/debates/d/delete")
    assert (refused.status_code, 'href="/signin"' in refused.text) == (401, True)
