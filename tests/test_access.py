"""Keys, and the gate before every route: who is let in, for what, and what the others are told."""

import json
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import MemoryStorage
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from api.access import slowing
from api.access.database import DATABASE
from api.access.keys import DAY, Keys
from api.access.policy import Access, Mode, access_of
from api.access.scopes import READING_METHODS, Caller, KeyScope, needed
from api.access.slowing import MOST, Slowing
from api.serving.app import create_app
from api.serving.server import is_loopback, listening
from index.errors import FieldInvalid, KeyNameTaken, KeysNeeded, KeyUnknown, StoreDamaged, StoreNewer
from rag.engine import Engine
from rag.settings import Settings
from tests.conftest import Qdq
from tests.fakes import Clock
from tests.suite_files import srt

READ, WRITE, ADMIN = KeyScope
BEARER = 'Bearer realm="qui-dit-quoi"'


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(home: Path, clock: Clock) -> Keys:
    return Keys(home, now=clock)


@pytest.fixture
def asking(engine: Engine, keys: Keys, tmp_path: Path) -> TestClient:
    """Of a server that asks for keys, on one debate. Wrong ones do not wait."""
    (tmp_path / "d.srt").write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    engine.add(tmp_path / "d.srt")
    return client_of(create_app(engine, access=Access(keys, Mode.KEYS)))


def client_of(app: FastAPI) -> TestClient:
    app.state.slowing._sleep = _at_once
    return TestClient(app, raise_server_exceptions=False)


async def _at_once(seconds: float) -> None:
    """For a sleep."""


def ran(act: Callable[..., Awaitable[Any]], *values: object) -> Any:
    """What ``act`` returns, in a thread of its own: a browser of the same session leaves its loop running in this
    one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, act, *values).result()


def bearing(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_key_is_known_again_by_its_secret_alone(keys: Keys, home: Path) -> None:
    key, secret = keys.add("ci", WRITE, days=3, max_debates=5, max_mb=10)
    assert re.fullmatch(r"qdq_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", secret)
    assert secret.split("_")[1] == key.id
    assert (key.name, key.scope, key.max_debates, key.max_mb, key.used) == ("ci", WRITE, 5, 10, None)
    assert key.expires and (key.expires - key.created).days == 3
    assert keys.known(secret) == key
    other, other_secret = keys.add("other")
    assert (keys.known(other_secret), other.scope) == (other, READ)
    swapped = secret[:13] + other_secret[13:]
    for wrong in ("", "x", "é\ud800", secret[:-1], secret + "A", secret.upper(), secret.replace(key.id, "00000000")):
        assert keys.known(wrong) is None
    assert keys.known(swapped) is None
    assert secret.encode() not in (home / DATABASE).read_bytes()
    assert secret[13:].encode() not in (home / DATABASE).read_bytes()


def test_the_file_is_its_owner_s_alone(keys: Keys, home: Path) -> None:
    assert not keys.any() and not (home / DATABASE).exists()
    keys.add("a")
    assert stat.S_IMODE((home / DATABASE).stat().st_mode) == 0o600
    (home / DATABASE).chmod(0o644)
    keys.add("b")
    assert stat.S_IMODE((home / DATABASE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [DATABASE]


def test_what_is_revoked_or_expired_holds_no_more(keys: Keys, clock: Clock) -> None:
    (_one, first), (two, second), (_three, third) = keys.add("one"), keys.add("two", days=2), keys.add("three")
    assert keys.revoke("one").revoked is not None
    clock.now += 2 * DAY - 1
    assert [bool(keys.known(secret)) for secret in (first, second, third)] == [False, True, True]
    clock.now += 1
    assert [bool(keys.known(secret)) for secret in (first, second, third)] == [False, False, True]
    keys.revoke("three")
    assert not keys.any()
    assert keys.revoke(two.id).name == "two"
    for gone in ("one", "two", two.id, "", "nobody"):
        with pytest.raises(KeyUnknown):
            keys.revoke(gone)
    assert [(key.name, key.revoked is not None) for key in keys.all()] == [
        ("one", True),
        ("two", True),
        ("three", True),
    ]
    assert keys.add("one")[0].name == "one"  # its name is free again


def test_a_name_is_one_line_and_no_other_key_s(keys: Keys) -> None:
    key, _secret = keys.add("  Réda  ")
    assert key.name == "Réda"
    with pytest.raises(KeyNameTaken):
        keys.add("Réda")
    for name in ("", " ", "a\nb", "x" * 61, "0123abcd", "a\x1b[31m"):
        with pytest.raises(FieldInvalid):
            keys.add(name)


def test_of_its_use_the_day_is_kept(keys: Keys, clock: Clock, home: Path) -> None:
    _key, secret = keys.add("a")
    assert keys.known(secret) and keys.all()[0].used == "2023-11-14"
    written = (home / DATABASE).stat().st_mtime_ns
    assert keys.known(secret) and (home / DATABASE).stat().st_mtime_ns == written
    clock.now += DAY
    assert keys.known(secret) and keys.all()[0].used == "2023-11-15"


def test_a_file_that_is_something_else_lets_nobody_in(keys: Keys, home: Path, asking: TestClient) -> None:
    _key, secret = keys.add("a")
    with sqlite3.connect(home / DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreNewer):
        keys.known(secret)
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 500
    (home / DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(StoreDamaged):
        keys.add("b")
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 500
    (home / DATABASE).unlink()
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 401


def test_each_scope_includes_those_before_it() -> None:
    assert [scope.included for scope in KeyScope] == [{READ}, {READ, WRITE}, {READ, WRITE, ADMIN}]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        *(("GET", path, None) for path in ("/healthz", "/readyz", "/static/style.css", "/signin")),
        ("POST", "/signin", None),
        *(
            ("GET", path, READ)
            for path in ("/", "/docs", "/openapi.json", "/v1/debates", "/d/x", "/nowhere", "/people")
        ),
        *(("POST", path, READ) for path in ("/v1/ask", "/v1/compare", "/v1/verify", "/mcp", "/signout")),
        ("POST", "/v1/ask/", WRITE),
        ("POST", "/healthz", WRITE),
        ("DELETE", "/signin", WRITE),
        ("POST", "/static/style.css", WRITE),
        *((method, "/v1/debates/x", WRITE) for method in ("DELETE", "PATCH", "PUT", "POST")),
        *(("GET", path, WRITE) for path in ("/debates/x/edit", "/debates/x/delete", "/d/x/check", "/d/x/cut")),
        *(("GET", path, ADMIN) for path in ("/metrics", "/v1/keys", "/v1/keys/x")),
        ("POST", "/v1/keys", ADMIN),
        *((method, "/healthz", ADMIN) for method in ("TRACE", "CONNECT", "get", "LOCK", "")),
        ("GET", "", ADMIN),
    ],
)
def test_the_table_of_scopes(method: str, path: str, scope: KeyScope | None) -> None:
    assert needed(method, path) is scope


OPEN_PATHS = re.compile(r"/healthz|/readyz|/signin|/static/.*|/static-offline-docs/.*", re.DOTALL)


@given(st.text(max_size=8), st.text(max_size=20).map(lambda rest: "/" + rest))
def test_nothing_else_is_open_and_nothing_that_changes_needs_only_read(method: str, path: str) -> None:
    for one in (method, "GET", "POST", "DELETE"):
        scope = needed(one, path)
        assert (scope is None) <= bool(OPEN_PATHS.fullmatch(path))
        changing = one not in READING_METHODS and path not in (
            *("/signin", "/signout", "/v1/ask", "/v1/compare", "/v1/verify", "/mcp", "/mcp/"),
        )
        assert not changing or scope in (WRITE, ADMIN)


def _filled(path: str) -> str:
    """With something in its places."""
    return re.sub(r"\{[^}]+\}", "1", path)


PAGES = [
    *(("GET", path) for path in ("/", "/d/d", "/d/d/media", "/debates", "/people", "/verify", "/docs", "/nowhere")),
    *(("POST", path) for path in ("/debates", "/debates/d/delete", "/d/d/speakers", "/people/rename", "/nowhere")),
]


def test_no_route_is_reached_without_a_key(asking: TestClient) -> None:
    app = asking.app
    assert isinstance(app, FastAPI)
    ways = app.openapi()["paths"].items()
    routes = {(method.upper(), _filled(path)) for path, methods in ways for method in methods}
    assert len(routes) > 25
    for method, path in {*routes, *PAGES}:
        response = asking.request(method, path, headers={"Accept": "application/json"})
        closed = needed(method, path) is not None
        assert (response.status_code == 401) == closed, (method, path, response.status_code)


def test_whoever_has_no_key_is_told_how_to_get_in(asking: TestClient) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Cookie": "qdq_session=x"}, {"X-Api-Key": "qdq_"}):
        response = asking.get("/v1/debates", headers=headers)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BEARER)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["type"] == "urn:qui-dit-quoi:key-missing"
        assert "qdq keys add" in response.json()["detail"]
    assert asking.get("/healthz").json() == {"status": "ok"}


def test_a_wrong_key_gets_401_whatever_is_wrong_with_it(asking: TestClient, keys: Keys, clock: Clock) -> None:
    (key, secret), (_other, expired) = keys.add("a"), keys.add("b", days=1)
    keys.revoke("a")
    clock.now += DAY
    told = set()
    for wrong in ("", "x", secret, expired, f"qdq_{key.id}_{'x' * 43}", f"qdq_00000000_{'x' * 43}"):
        response = asking.get("/v1/debates", headers=bearing(wrong))
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, f'{BEARER}, error="invalid_token"')
        told.add(response.text)
    assert len(told) == 1


def test_a_key_may_do_what_its_scope_says(asking: TestClient, keys: Keys) -> None:
    read, write, admin = (bearing(keys.add(scope.value, scope)[1]) for scope in KeyScope)
    answer = asking.post("/v1/ask", json={"question": "Que dit-on du budget ?"}, headers=read)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    refused = asking.delete("/v1/debates/d", headers=read)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:qui-dit-quoi:scope-missing")
    assert refused.json()["detail"].startswith("The key “read” does not allow this: the scope “write” is needed.")
    assert refused.headers["WWW-Authenticate"] == f'{BEARER}, error="insufficient_scope", scope="write"'
    assert asking.get("/v1/keys", headers=write).status_code == 403
    assert asking.get("/v1/keys", headers=admin).status_code == 404
    assert asking.patch("/v1/debates/d", json={"title": "Autre"}, headers=write).json()["title"] == "Autre"
    assert asking.delete("/v1/debates/d", headers=admin).status_code == 204


def test_a_key_that_another_process_revokes_is_refused_at_once(asking: TestClient, keys: Keys, home: Path) -> None:
    _key, secret = keys.add("a")
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 200
    script = f"from pathlib import Path; from api.access.keys import Keys; Keys(Path({str(home)!r})).revoke('a')"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=Path(__file__).parents[1])
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 401


def test_routes_know_who_calls(engine: Engine, keys: Keys) -> None:
    seen: list[Caller | None] = []
    key, secret = keys.add("a", WRITE, max_debates=2)
    for access, headers in ((Access(keys, Mode.KEYS), bearing(secret)), (None, {})):
        app = create_app(engine, access=access)
        app.add_route("/v1/whose", _see(seen))
        assert client_of(app).get("/v1/whose", headers=headers).status_code == 200
    assert seen == [Caller(key.id, "a", frozenset({READ, WRITE}), 2, None), None]


def _see(seen: list[Caller | None]) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        seen.append(request.state.caller)
        return Response()

    return route


def test_no_socket_is_opened_without_a_key(engine: Engine, keys: Keys) -> None:
    app = create_app(engine, access=Access(keys, Mode.KEYS))

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    app.add_api_websocket_route("/ws", echo)
    with pytest.raises(WebSocketDisconnect), client_of(app).websocket_connect("/ws"):
        pass


def test_an_open_server_refuses_a_wrong_key_and_what_a_proxy_passes_on(engine: Engine, keys: Keys) -> None:
    client = client_of(create_app(engine))
    assert client.get("/v1/debates").status_code == 200
    assert client.get("/v1/debates", headers=bearing("wrong")).status_code == 401
    _key, secret = keys.add("a")
    read = Keys(engine.settings.home).add("b")[1]
    assert client.get("/v1/debates", headers=bearing(read)).status_code == 200
    assert client.delete("/v1/debates/d", headers=bearing(read)).status_code == 403
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        for path in ("/v1/debates", "/", "/healthz"):
            refused = client.get(path, headers={name: "203.0.113.9"})
            assert (refused.status_code, "QDQ_REQUIRE_KEY=true" in refused.text) == (403, True)
    insecure = client_of(create_app(engine, access=Access(keys, Mode.INSECURE)))
    assert insecure.get("/v1/debates", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
    asking = client_of(create_app(engine, access=Access(keys, Mode.KEYS)))
    headers = {"X-Forwarded-For": "203.0.113.9", **bearing(secret)}
    assert asking.get("/v1/debates", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("loopback", "require", "insecure", "mode"),
    [
        (True, False, False, Mode.ALONE),
        (True, True, False, Mode.KEYS),
        (False, False, False, Mode.KEYS),
        (False, True, False, Mode.KEYS),
        (True, True, True, Mode.INSECURE),
        (False, False, True, Mode.INSECURE),
    ],
)
def test_who_is_asked_for_a_key(home: Path, loopback: bool, require: bool, insecure: bool, mode: Mode) -> None:
    settings = Settings(home=home, require_key=require)

    def chosen() -> Mode:
        return access_of(settings, "http://x", loopback=loopback, insecure=insecure).mode

    if mode is Mode.KEYS:
        with pytest.raises(KeysNeeded):
            chosen()
        Keys(home).add("expired", days=0)
        with pytest.raises(KeysNeeded):
            chosen()
        Keys(home).add("a")
    assert chosen() is mode


@pytest.mark.parametrize(("host", "alone"), [("127.0.0.1", True), ("127.9.9.9", True), ("0.0.0.0", False)])
def test_only_a_loopback_is_reached_by_its_own_machine_alone(host: str, alone: bool) -> None:
    with listening(host, 0) as (bound, _address):
        assert is_loopback(bound) is alone


class Waits:
    """In place of a sleep: notes how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def test_wrong_keys_wait_longer_from_time_to_time_and_are_then_told_to_stop() -> None:
    waits = Waits()
    slow = Slowing(waits)
    told = [ran(slow.wrong, "192.0.2.7", "") for _ in range(MOST.amount + 2)]
    assert waits.seconds == [0.1, 0.2, 0.4, 0.8] + [1.0] * 8
    assert told[: MOST.amount] == [None] * MOST.amount
    assert all(one is not None and 1 <= one <= 60 for one in told[MOST.amount :])
    assert ran(slow.wrong, "192.0.2.8", "") is None
    assert waits.seconds[-1] == 0.1


def test_a_key_that_is_tried_from_many_addresses_is_slowed_down_too() -> None:
    waits = Waits()
    slow = Slowing(waits)
    told = [ran(slow.wrong, f"192.0.2.{number}", "0123abcd") for number in range(MOST.amount + 1)]
    assert waits.seconds[3:5] == [0.8, 1.0]
    assert told[-2] is None and told[-1] is not None


def test_one_customer_s_addresses_count_as_one() -> None:
    slow = Slowing(Waits())
    told = [ran(slow.wrong, f"2001:db8::{number:x}", "") for number in range(MOST.amount + 1)]
    assert told[-1] is not None
    assert ran(slow.wrong, "2001:db8:0:1::1", "") is None
    assert slowing._network("::ffff:192.0.2.1") != slowing._network("::ffff:192.0.2.2")


def test_counting_takes_no_more_memory_however_many_try() -> None:
    slow = Slowing(Waits())

    async def many() -> None:
        for number in range(20_000):
            await slow.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "")

    ran(many)
    storage = slow._counts.storage
    assert isinstance(storage, MemoryStorage) and len(storage.events) <= slowing._BINS


def test_no_more_wait_at_once_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slowing, "_AT_ONCE", 3)
    waiting = 0

    async def main() -> None:
        nonlocal waiting
        free = anyio.Event()

        async def wait(seconds: float) -> None:
            nonlocal waiting
            waiting += 1
            await free.wait()

        slow = Slowing(wait)
        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(slow.wrong, f"192.0.2.{number}", "")
            await anyio.wait_all_tasks_blocked()
            assert waiting == 3
            free.set()

    ran(main)


def test_the_right_key_passes_where_wrong_ones_are_refused(asking: TestClient, keys: Keys) -> None:
    key, secret = keys.add("a")
    wrong = [asking.get("/v1/debates", headers=bearing(f"qdq_{key.id}_{'x' * 43}")) for _ in range(MOST.amount + 1)]
    assert [one.status_code for one in wrong] == [401] * MOST.amount + [429]
    assert 1 <= int(wrong[-1].headers["Retry-After"]) <= 60
    assert wrong[-1].json()["type"] == "urn:qui-dit-quoi:keys-tried"
    assert asking.get("/v1/debates", headers=bearing(secret)).status_code == 200


def test_whoever_waits_holds_no_thread(engine: Engine, keys: Keys) -> None:
    """While more wrong keys wait than there are threads, a right one is answered."""
    import httpx

    _key, secret = keys.add("a")
    app = create_app(engine, access=Access(keys, Mode.KEYS))
    statuses: list[int] = []

    async def main() -> None:
        free = anyio.Event()

        async def wait(seconds: float) -> None:
            await free.wait()

        app.state.slowing._sleep = wait
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:

            async def wrong() -> None:
                statuses.append((await client.get("/v1/debates", headers=bearing("x"))).status_code)

            async with anyio.create_task_group() as group:
                for _ in range(50):
                    group.start_soon(wrong)
                while app.state.slowing._waiting < 50:
                    await anyio.lowlevel.checkpoint()
                assert (await client.get("/v1/debates", headers=bearing(secret))).status_code == 200
                assert statuses == []
                free.set()

    ran(main)
    assert sorted(statuses) == [401] * 10 + [429] * 40


def test_the_description_says_which_scope_each_route_needs(asking: TestClient, keys: Keys, engine: Engine) -> None:
    headers = bearing(keys.add("a")[1])
    document = asking.get("/openapi.json", headers=headers).json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/v1/debates"]["get"]["security"] == [{"bearer": ["read"]}]
    assert document["paths"]["/v1/debates"]["post"]["security"] == [{"bearer": ["write"]}]
    assert {"401", "403", "429"} <= set(document["paths"]["/v1/ask"]["post"]["responses"])
    assert "security" not in document["paths"]["/healthz"]["get"]
    assert asking.get("/docs", headers=headers).status_code == 200
    open_document = client_of(create_app(engine)).get("/openapi.json").json()
    assert open_document["paths"]["/v1/debates"]["get"]["security"] == [{}, {"bearer": ["read"]}]


def test_keys_are_made_listed_and_revoked_on_the_command_line(qdq: Qdq, home: Path) -> None:
    made = qdq("keys", "add", "Réda", "--scope", "write", "--expires", "30", "--max-debates", "2", "--max-mb", "5")
    assert (made.returncode, made.stderr) == (0, "Note it down: it is kept nowhere.\n")
    key = Keys(home).known(made.stdout.strip())
    assert key and (key.name, key.scope, key.max_debates, key.max_mb) == ("Réda", WRITE, 2, 5)
    told = json.loads(qdq("keys", "add", "bot", "--json").stdout)
    assert Keys(home).known(told["key"]) and (told["scope"], told["expires"]) == ("read", None)
    again = qdq("keys", "add", "bot")
    assert (again.returncode, again.stdout) == (1, "")
    assert "qdq keys revoke bot" in again.stderr
    listed = qdq("keys", "list").stdout.splitlines()
    assert [line.split()[1:3] for line in listed] == [["write", "Réda"], ["read", "bot"]]
    assert (
        listed[0].endswith("  0/2 debates, 0.0/5 MB")
        and made.stdout.strip() not in qdq("keys", "list", "--json").stdout
    )
    assert qdq("keys", "revoke", "bot").stdout.strip().endswith("(bot) is revoked.")
    assert Keys(home).known(told["key"]) is None
    assert [key["revoked"] is None for key in json.loads(qdq("keys", "list", "--json").stdout)["keys"]] == [True, False]
    assert qdq("keys", "revoke", "bot").returncode == 1


def test_nothing_is_served_to_others_without_a_key(qdq: Qdq) -> None:
    refused = qdq("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "qdq keys add" in refused.stderr and "--insecure" in refused.stderr and len(refused.stderr.splitlines()) == 1
    behind = qdq("serve", "--port", "0", "--json", env={"QDQ_REQUIRE_KEY": "true"})
    assert (behind.returncode, json.loads(behind.stdout)["type"]) == (1, "urn:qui-dit-quoi:keys-needed")
