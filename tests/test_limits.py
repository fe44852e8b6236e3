"""The limits of a request, each at its edge, on a server as it is run. Nothing sleeps: what is slow waits until the
test lets it go, and times that are up are those of settings."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.errors import problem_response
from api.serving.app import create_app
from api.serving.limits import connections
from api.serving.limits.deadline import InTime
from api.serving.limits.kinds import Kind, body_limit, kind_of, seconds_for
from api.serving.limits.rate import Counts, FewAMinute
from api.serving.limits.waiting import places_of
from index.errors import SettingsInvalid
from index.local import LocalStore
from index.pieces.tokens import Tokens
from index.types import Progress, Vectors
from rag.engine import Engine
from rag.settings import Settings, load_settings
from tests.fakes import HashEncoder
from tests.live import SECONDS, live
from tests.suite_files import srt

SRT = srt(["Le budget de la culture doit doubler."])
QUESTION = {"question": "Que dit-on du budget ?"}


class Held(HashEncoder):
    """Holds each question, and each passage that is added, until ``free`` is set; ``here`` is passed by each."""

    def __init__(self) -> None:
        super().__init__()
        self.here = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        self._hold()
        return super().embed_questions(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self._hold()
        return super().embed_passages(texts, progress)

    def _hold(self) -> None:
        if not self.free.is_set():
            self.here.release()
            assert self.free.wait(SECONDS)


@pytest.fixture
def held() -> Held:
    return Held()


@contextmanager
def serving(home: Path, held: Held, mode: Mode = Mode.ALONE, **settings: Any) -> Iterator[httpx.Client]:
    """One debate of one sentence; what is held goes on when the test ends."""
    path = home.parent / "d.srt"
    path.write_text(SRT, "utf-8")
    engine = Engine(LocalStore(home), held, Settings(home=home, **settings))
    engine.add(path)
    with ExitStack() as stack:
        stack.callback(engine.close)
        address = stack.enter_context(live(engine, access=Access(Keys(home), mode)))
        stack.callback(held.free.set)
        yield stack.enter_context(httpx.Client(base_url=address, timeout=SECONDS))


def add(client: httpx.Client, name: str = "e.srt", **query: Any) -> httpx.Response:
    return client.post("/v1/debates", files={"file": (name, SRT)}, params=query)


def kind(response: httpx.Response) -> str:
    found: str = response.json()["type"].removeprefix("urn:qui-dit-quoi:")
    return found


def raw(client: httpx.Client, *parts: bytes) -> bytes:
    """What is sent by hand, and all that comes back until the server closes."""
    url = client.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=SECONDS) as connection:
        for part in parts:
            connection.sendall(part)
        found = b""
        while more := connection.recv(65_536):
            found += more
    return found


HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"


# bodies


def _scope(method: str, path: str, query: bytes = b"", **more: Any) -> Scope:
    return {"type": "http", "method": method, "path": path, "query_string": query, "headers": [], **more}


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("POST", "/v1/ask", b"", Kind.QUESTION),
        ("POST", "/mcp", b"", Kind.QUESTION),
        ("POST", "/signin", b"", Kind.OTHER),
        ("DELETE", "/mcp", b"", Kind.OTHER),
        ("GET", "/", b"q=x", Kind.QUESTION),
        ("HEAD", "/", b"q=x", Kind.QUESTION),
        ("GET", "/", b"", Kind.OTHER),
        ("HEAD", "/verify", b"quote=x", Kind.QUESTION),
        ("GET", "/v1/debates", b"", Kind.OTHER),
        ("POST", "/v1/debates", b"", Kind.CHANGE),
        ("DELETE", "/v1/debates/d", b"", Kind.CHANGE),
        ("POST", "/d/d/media", b"", Kind.CHANGE),
        ("POST", "/v1/debates/d/media", b"stream=true", Kind.RECORDING),
        ("DELETE", "/v1/debates/d/media", b"", Kind.CHANGE),
        ("POST", "/d/d/recording", b"", Kind.RECORDING),
        ("GET", "/d/d/media", b"", Kind.MEDIA),
        ("GET", "/healthz", b"", Kind.FREE),
        ("GET", "/metrics", b"", Kind.FREE),
        ("GET", "/static/style.css", b"", Kind.FREE),
    ],
)
def test_a_request_is_of_a_kind(method: str, path: str, query: bytes, expected: Kind) -> None:
    assert kind_of(_scope(method, path, query)) is expected


def test_a_route_takes_so_many_bytes() -> None:
    settings = Settings(max_file_mb=2, max_body_kb=10, max_files=5, max_media_mb=7)
    paths = ("/v1/ask", "/v1/debates", "/debates", "/v1/debates/d/media")
    limits = {path: body_limit(_scope("POST", path), settings).most for path in paths}
    assert limits == dict(zip(paths, (10_000, 6_010_000, 10_010_000, 7_010_000), strict=True))


def test_so_many_seconds_for_a_kind() -> None:
    settings = Settings(request_seconds=7, change_seconds=70, llm_answer_seconds=5)
    assert [seconds_for(one, settings)[0] for one in Kind] == [7, 70, 70, 70, 7, 7]
    with_model = settings.model_copy(update={"llm_url": "http://127.0.0.1:1/v1"})
    assert seconds_for(Kind.QUESTION, with_model)[0] == 12


def padded(size: int) -> bytes:
    """A question of ``size`` bytes."""
    body = json.dumps(QUESTION).encode()
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(("size", "status"), [(1_000, 200), (1_001, 413)])
def test_a_body_at_its_edge_declared_and_not(home: Path, held: Held, size: int, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    with serving(home, held, max_body_kb=1) as client:
        body = padded(size)
        declared = client.post("/v1/ask", content=body, headers=headers)
        chunked = client.post("/v1/ask", content=iter([body[:600], body[600:]]), headers=headers)
        assert [declared.status_code, chunked.status_code] == [status, status]
        if status == 413:
            detail = "The request has more than 1 kB: send less at once, or raise the limit with QDQ_MAX_BODY_KB."
            for response in (declared, chunked):
                assert response.json()["detail"] == detail
                assert kind(response) == "request-too-large"


def test_what_never_ends_is_cut_off_while_it_comes(home: Path, held: Held) -> None:
    """The answer comes although the body goes on."""
    with serving(home, held, max_body_kb=1) as client:
        chunk = b"800\r\n" + b"x" * 2_048 + b"\r\n"
        found = raw(client, HEAD, b"Transfer-Encoding: chunked\r\n\r\n", chunk)
        assert found.startswith(b"HTTP/1.1 413 ")
        assert client.post("/v1/ask", json=QUESTION).status_code == 200


def test_a_form_of_a_page_is_cut_off_too(home: Path, held: Held) -> None:
    with serving(home, held, max_body_kb=1) as client:
        form = {"names": ["x" * 600, "y" * 600], "person": "z"}
        page = client.post("/people/rename", data=form, headers={"Accept": "text/html", "Accept-Language": "fr"})
        assert page.status_code == 413
        assert "plus de 1 kB" in page.text


@pytest.mark.parametrize(("count", "status"), [(2, 200), (3, 413)])
def test_a_form_has_so_many_files(home: Path, held: Held, count: int, status: int) -> None:
    with serving(home, held, max_files=2) as client:
        files = [("files", (f"{number}.srt", SRT)) for number in range(count)]
        page = client.post("/debates", files=files, headers={"Accept": "text/html", "Accept-Language": "fr"})
        assert page.status_code == status
        assert ("trop de fichiers : 2 au plus" in page.text) == (status == 413)


def test_long_texts_are_refused(home: Path, held: Held) -> None:
    long = "x" * 2_001
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/ask", {"question": "x" * 1_001}),
        ("POST", "/v1/ask", QUESTION | {"speaker": long}),
        ("POST", "/v1/ask", QUESTION | {"debate": long}),
        ("POST", "/v1/compare", {"topic": "x" * 1_001}),
        ("POST", "/v1/compare", {"topic": "budget", "people": ["x"] * 13}),
        ("POST", "/v1/compare", {"topic": "budget", "people": [long]}),
        ("POST", "/v1/verify", {"quote": "x" * 10_001}),
        ("POST", "/v1/verify", {"quote": "budget", "debate": long}),
        ("POST", "/v1/people/rename", {"names": [long], "person": "x"}),
        ("POST", "/v1/people/rename", {"names": ["x"] * 101, "person": "x"}),
        ("PATCH", "/v1/debates/d", {"title": long}),
        ("PATCH", "/v1/debates/d", {"language": long}),
        ("PATCH", "/v1/debates/d", {"participants": [{"name": "x", "aliases": [long]}]}),
        ("PATCH", "/v1/debates/d/turns", {"first": 0, "last": 0, "speaker": long}),
    ]
    paths = (
        *(f"/v1/search?q={'x' * 1_001}", f"/v1/search?q=x&speaker={long}", f"/v1/search?q=x&debate={long}"),
        *(f"/v1/ask/export?q=x&format=md&speaker={long}", f"/?q=x&speaker={long}", f"/?q=x&from={long}"),
        *(f"/verify?quote=x&speaker={long}", f"/debates?search={long}", f"/people?q={long}", f"/people?done={long}"),
    )
    with serving(home, held) as client:
        found = {
            f"{method} {path} {list(body)}": client.request(method, path, json=body) for method, path, body in bodies
        }
        found |= {path[:40]: client.get(path) for path in paths}
        for field in ("title", "url", "media", "language", "columns"):
            found[field] = client.post("/v1/debates", files={"file": ("f.srt", SRT)}, data={field: long})
        assert {name: one.status_code for name, one in found.items() if one.status_code != 422} == {}


# places and time


def test_changes_have_their_own_places(home: Path, held: Held) -> None:
    with serving(home, held, max_changes=1) as client, ThreadPoolExecutor(1) as pool:
        held.free.clear()
        first = pool.submit(add, client)
        assert held.here.acquire(timeout=SECONDS)
        refused = add(client, "f.srt")
        assert (refused.status_code, kind(refused), refused.headers["Retry-After"]) == (503, "server-busy", "2")
        assert refused.json()["detail"] == "1 changes are already waiting here: try again in 2 seconds."
        assert client.delete("/v1/debates/d").status_code == 503
        for path in ("/v1/debates", "/healthz", "/readyz", "/metrics", "/static/style.css"):
            assert client.get(path).status_code == 200, path
        assert 'qdq_places_taken{kind="change"} 1.0' in client.get("/metrics").text
        held.free.set()
        assert first.result().status_code == 201
        assert client.delete("/v1/debates/d").status_code == 204


def test_a_refusal_does_not_wait_for_the_body(home: Path, held: Held) -> None:
    with serving(home, held, max_waiting=1) as client, ThreadPoolExecutor(1) as pool:
        held.free.clear()
        first = pool.submit(client.post, "/v1/ask", json=QUESTION)
        assert held.here.acquire(timeout=SECONDS)
        assert raw(client, HEAD, b"Content-Length: 900\r\n\r\n").startswith(b"HTTP/1.1 503 ")
        held.free.set()
        assert first.result().status_code == 200


def test_all_else_has_its_places_and_a_quarter_of_them_for_players() -> None:
    assert places_of(Settings(max_waiting=3, max_changes=2, max_requests=40)) == {
        Kind.QUESTION: 3,
        Kind.CHANGE: 2,
        Kind.RECORDING: 4,
        Kind.MEDIA: 10,
        Kind.OTHER: 40,
    }
    assert places_of(Settings(max_requests=1))[Kind.MEDIA] == 1


def test_a_question_whose_time_is_up_keeps_its_place_until_it_ends(home: Path, held: Held) -> None:
    """A thread cannot be killed: work stays bounded."""
    with serving(home, held, max_waiting=1, request_seconds=0.2) as client:
        held.free.clear()
        late = client.post("/v1/ask", json=QUESTION)
        assert (late.status_code, kind(late)) == (503, "request-late")
        assert late.json()["detail"].startswith("No answer within 0.2 seconds (limit QDQ_REQUEST_SECONDS).")
        assert kind(client.post("/v1/ask", json=QUESTION)) == "server-busy"
        held.free.set()
        answers = (client.post("/v1/ask", json=QUESTION).status_code for _ in range(1_000))
        assert 200 in answers


def test_a_change_whose_time_is_up_is_made_all_the_same(home: Path, held: Held) -> None:
    with serving(home, held, max_changes=1, change_seconds=0.2) as client:
        held.free.clear()
        assert kind(add(client)) == "request-late"
        held.free.set()
        listed = (len(client.get("/v1/debates").json()["debates"]) for _ in range(1_000))
        assert 2 in listed


class Telling(Held):
    """Tells its progress while it holds a debate."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        while progress and not self.free.wait(0.01):
            progress("embed", 0, 1)
        return super().embed_passages(texts, progress)


def test_events_whose_time_is_up_end_with_an_error_and_take_the_debate_back(home: Path) -> None:
    held = Telling()
    with serving(home, held, max_changes=1, change_seconds=1.0) as client:
        held.free.clear()
        name, data = add(client, stream=True).text.rstrip().split("\n\n")[-1].split("\n")
        assert name == "event: error"
        assert json.loads(data.removeprefix("data: "))["type"] == "urn:qui-dit-quoi:request-late"
        over = (client.delete("/v1/debates/x").status_code for _ in range(10_000))
        assert 404 in over  # its place is free again
        assert [one["id"] for one in client.get("/v1/debates").json()["debates"]] == ["d"]


def _arrives(parts: Sequence[int], seconds: float) -> int:
    """The status for a recording of so many bytes a part, ``seconds`` between them, where a change has 100."""

    async def run() -> int:
        loop, now, found = asyncio.get_running_loop(), [0.0], list[Message]()
        monotonic = loop.time
        loop.time = lambda: now[0]  # type: ignore[method-assign]
        left = list(parts)

        async def receive() -> Message:
            now[0] += seconds
            for _ in range(5):
                await asyncio.sleep(0)  # what is due is done
            return {"type": "http.request", "body": bytes(left.pop(0)), "more_body": bool(left)}

        async def send(message: Message) -> None:
            found.append(message)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            while (await receive())["more_body"]:
                pass
            await _fine(scope, receive, send)

        scope = _scope("POST", "/v1/debates/d/media")
        scope["headers"] = [(b"transfer-encoding", b"chunked")]
        settings = Settings(change_seconds=100, request_seconds=60)
        await InTime(app, problem_response, settings)(scope, receive, send)
        loop.time = monotonic  # type: ignore[method-assign]
        status: int = found[0]["status"]
        return status

    return asyncio.run(run())


def test_a_recording_on_a_slow_line_arrives_and_one_that_drips_does_not() -> None:
    assert _arrives([5_000_000] * 10, 50.0) == 200
    assert _arrives([1] * 10, 50.0) == 408
    assert _arrives([5_000_000] * 2, 61.0) == 408  # nothing comes


def test_a_body_that_does_not_come_is_not_waited_for(home: Path, held: Held) -> None:
    with serving(home, held, request_seconds=0.2) as client:
        found = raw(client, HEAD, b"Content-Length: 900\r\n\r\n", b'{"question"')
        assert found.startswith(b"HTTP/1.1 408 ")
        assert b"did not arrive within 0.2 seconds (limit QDQ_REQUEST_SECONDS)" in found
        assert client.post("/v1/ask", json=QUESTION).status_code == 200


def test_a_head_that_does_not_come_is_not_waited_for(home: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with serving(home, held) as client:
        for parts in ((), (b"GET / HT",), (HEAD,)):
            assert _until_closed(client, *parts) == b""
        assert client.get("/healthz").status_code == 200


def test_nobody_takes_all_connections_alone(home: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SHARE", 50)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 10 * SECONDS)
    with serving(home, held) as client, ExitStack() as stack:
        url = client.base_url

        def connected() -> socket.socket:
            address = (url.host, url.port or 80)
            return stack.enter_context(socket.create_connection(address, timeout=SECONDS))

        for _own in range(20):
            connected()  # this machine may
        assert client.get("/healthz").status_code == 200
        monkeypatch.setattr(connections, "is_trusted", lambda *_: False)
        with suppress(ConnectionResetError):
            assert connected().recv(1) == b""
        assert client.get("/healthz").status_code == 200  # on the connection that it has


def test_an_answer_that_nobody_takes_is_not_kept(
    home: Path, held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "STALL_SECONDS", 0.2)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "long.mp3").write_bytes(bytes(30_000_000))
    with serving(home, held, media_folder=tmp_path / "media") as client:
        assert client.patch("/v1/debates/d", json={"media": "long.mp3"}).status_code == 200
        url = client.base_url
        with socket.create_connection((url.host, url.port or 80), timeout=SECONDS) as connection:
            connection.sendall(b"GET /d/d/media HTTP/1.1\r\nHost: x\r\n\r\n")
            places = (client.get("/metrics").text for _ in range(10_000))
            assert next((True for text in places if 'kind="media"} 1.0' in text), False)
            assert next((True for text in places if 'kind="media"} 0.0' in text), False)  # without a byte being read


def _until_closed(client: httpx.Client, *parts: bytes) -> bytes:
    try:
        return raw(client, *parts)
    except ConnectionResetError:
        return b""


# so many a minute


def _asks(app: FewAMinute, client: str | None, key: str | None = None, path: str = "/v1/debates") -> tuple[int, Any]:
    """The status of one request, and its headers."""
    found: list[Message] = []

    async def send(message: Message) -> None:
        found.append(message)

    async def receive() -> Message:
        raise AssertionError

    caller = type("Caller", (), {"id": key})() if key else None
    scope = _scope("GET", path, client=(client, 1) if client else None, state={"caller": caller})
    asyncio.run(app(scope, receive, send))
    return found[0]["status"], {name.decode(): value.decode() for name, value in found[0]["headers"]}


async def _fine(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _limited(now: Callable[[], float] = lambda: 100.0, **settings: Any) -> FewAMinute:
    from api.web.pages import refused

    return FewAMinute(_fine, refused, Settings(**settings), now)


def test_one_request_too_many_is_told_when_to_come_back() -> None:
    now = [100.0]
    app = _limited(lambda: now[0], requests_per_minute=2)
    assert _asks(app, "192.0.2.1") == (
        200,
        {"ratelimit-policy": '"requests";q=2;w=60', "ratelimit": '"requests";r=1;t=60'},
    )
    now[0] = 130.5
    assert _asks(app, "192.0.2.1")[0] == 200
    status, headers = _asks(app, "192.0.2.1")
    assert (status, headers["retry-after"], headers["ratelimit"]) == (429, "30", '"requests";r=0;t=30')
    assert _asks(app, "192.0.2.2")[0] == 200
    assert _asks(app, "192.0.2.1", path="/healthz") == (200, {})
    now[0] = 160.0
    assert _asks(app, "192.0.2.1")[0] == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("192.0.2.1", "k1"), ("192.0.2.2", "k1"), True),
        (("192.0.2.1", "k1"), ("192.0.2.1", "k2"), False),
        (("192.0.2.1", None), ("::ffff:192.0.2.1", None), True),
        (("2001:db8::1", None), ("2001:db8::ffff:2", None), True),
        (("2001:db8::1", None), ("2001:db8:0:1::1", None), False),
        (("127.0.0.1", None), ("::1", None), True),
    ],
)
def test_who_is_counted_as_one(one: tuple[str, str | None], other: tuple[str, str | None], same: bool) -> None:
    app = _limited(requests_per_minute=1)
    assert _asks(app, *one)[0] == 200
    assert _asks(app, *other)[0] == (429 if same else 200)


@pytest.mark.parametrize(
    ("client", "key", "given", "limit"),
    [
        ("127.0.0.1", None, None, None),
        ("::1", None, None, None),
        (None, None, None, None),
        ("127.0.0.1", "k", None, 600),
        ("192.0.2.1", None, None, 600),
        ("127.0.0.1", None, 5, 5),
        ("192.0.2.1", "k", 0, None),
    ],
)
def test_by_default_only_this_machine_without_a_key_is_not_counted(
    client: str | None, key: str | None, given: int | None, limit: int | None
) -> None:
    headers = _asks(_limited(requests_per_minute=given), client, key)[1]
    assert headers.get("ratelimit-policy") == (limit and f'"requests";q={limit};w=60')


def test_keys_are_counted_by_themselves_and_wrong_ones_by_nobody_here(home: Path) -> None:
    engine, keys = Engine(LocalStore(home), HashEncoder(), Settings(home=home, requests_per_minute=2)), Keys(home)
    one, other = (keys.add(name)[1] for name in ("one", "other"))
    client = TestClient(create_app(engine, access=Access(keys, Mode.KEYS)))

    def asked(secret: str) -> int:
        return client.get("/v1/debates", headers={"Authorization": f"Bearer {secret}"}).status_code

    assert [asked(one) for _ in range(3)] == [200, 200, 429]
    assert asked(other) == 200
    assert [client.get("/v1/debates").status_code for _ in range(3)] == [401, 401, 401]
    engine.close()


def test_a_store_of_counts_forgets_and_stays_small() -> None:
    now = [0.0]
    counts = Counts(lambda: now[0], most=3)
    assert [counts.incr("a", 60), counts.incr("a", 60), counts.get("a"), counts.get("b")] == [1, 2, 2, 0]
    now[0] = 60.0
    assert (counts.get("a"), counts.incr("a", 60)) == (0, 1)
    for name in "bcdef":
        counts.incr(name, 60)
    assert len(counts._known) <= 3


def test_who_asks_is_whoever_is_connected_unless_a_proxy_is_trusted(home: Path, held: Held) -> None:
    def asked(client: httpx.Client, address: str) -> str | None:
        headers = client.get("/v1/debates", headers={"X-Forwarded-For": address}).headers
        return str(headers["RateLimit"]) if "RateLimit" in headers else None

    with serving(home, held, Mode.INSECURE) as client:
        assert asked(client, "192.0.2.1") is None
    with serving(home, held, Mode.INSECURE, trusted_proxies=("127.0.0.0/8",)) as client:
        assert asked(client, "192.0.2.1") == '"requests";r=599;t=60'
        assert asked(client, "192.0.2.2, 192.0.2.1") == '"requests";r=598;t=60'  # the first may be anybody's word


@pytest.mark.parametrize("given", ["*", "proxy.example", "127.0.0.1/33"])
def test_a_proxy_is_an_address(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("QDQ_TRUSTED_PROXIES", given)
    with pytest.raises(SettingsInvalid, match="QDQ_TRUSTED_PROXIES"):
        load_settings()


# other sites


@pytest.mark.parametrize(
    "given", ["https://a.example, http://b.example:81", '["https://a.example", "http://b.example:81"]']
)
def test_origins_are_a_list(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("QDQ_CORS_ORIGINS", given)
    assert load_settings().cors_origins == ("https://a.example", "http://b.example:81")


@pytest.mark.parametrize("given", ["*", "a.example", "https://a.example/", "null", "https://u@a.example", "[1"])
def test_an_origin_is_a_site(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("QDQ_CORS_ORIGINS", given)
    with pytest.raises(SettingsInvalid, match="QDQ_CORS_ORIGINS"):
        load_settings()


@pytest.fixture
def open_to(engine: Engine, home: Path) -> TestClient:
    """A server whose API pages of https://a.example may use."""
    mine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, cors_origins=("https://a.example",)))
    return TestClient(create_app(mine), raise_server_exceptions=False)


FROM_A = {"Origin": "https://a.example", "Sec-Fetch-Site": "cross-site"}
FROM_B = {"Origin": "https://b.example", "Sec-Fetch-Site": "cross-site"}


def test_pages_of_a_listed_site_may_use_the_api_without_cookies(open_to: TestClient) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    allowed = open_to.options("/v1/ask", headers=FROM_A | asks)
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (200, "https://a.example")
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    answer = open_to.post("/v1/ask", json=QUESTION, headers=FROM_A)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "https://a.example")
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
    assert open_to.options("/v1/ask", headers=FROM_B | asks).status_code == 400


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/people/rename", FROM_B, 403),
        ("/v1/people/rename", FROM_A, 422),  # an empty form, which is read
        ("/people/rename", FROM_A, 403),
        ("/v1/people/rename", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/v1/people/rename", {"Origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_stay_refused(
    open_to: TestClient, path: str, headers: dict[str, str], status: int
) -> None:
    answer = open_to.post(path, data={}, headers=headers)
    assert answer.status_code == status
    assert ("Access-Control-Allow-Origin" in answer.headers) == (headers is FROM_A and path.startswith("/v1/"))


def test_nobody_else_reads_the_api_by_default(engine: Engine) -> None:
    client = TestClient(create_app(engine))
    assert "Access-Control-Allow-Origin" not in client.get("/v1/debates", headers=FROM_A).headers
    assert client.options("/v1/ask", headers=FROM_A | {"Access-Control-Request-Method": "POST"}).status_code == 405
