"""More questions at once than the settings allow: the rest are told to come back. Nothing sleeps: a question waits in
the encoder until the test lets it go."""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.serving.limits.waiting import RETRY_SECONDS
from api.serving.server import _spare_collections, listening
from index.local import LocalStore
from index.pieces.tokens import Tokens
from index.types import Vectors
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

_SECONDS = 60
"""After which a test that waits for something fails."""
QUESTION = {"question": "Que dit-on du budget ?"}
Begun: TypeAlias = Callable[[str], "Future[httpx.Response]"]


class Held(HashEncoder):
    """Holds each question that it reads until ``free`` is set; ``reading`` is passed by each that came so far."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = threading.Semaphore(0)
        self.free = threading.Event()

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        self.reading.release()
        assert self.free.wait(_SECONDS)
        return super().embed_questions(texts)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def client(held: Held, home: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """Of a server that lets two questions wait."""
    (tmp_path / "d.srt").write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    engine = Engine(LocalStore(home), held, Settings(home=home, max_waiting=2))
    engine.add(tmp_path / "d.srt")
    with ExitStack() as stack:
        stack.callback(engine.close)
        bound, address = stack.enter_context(listening("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, server, "should_exit", True)
        stack.callback(held.free.set)
        yield stack.enter_context(httpx.Client(base_url=address, timeout=_SECONDS))


@pytest.fixture
def begun(client: httpx.Client, held: Held) -> Iterator[Begun]:
    """Asks beside the test, and comes back once the question is being answered."""
    with ThreadPoolExecutor(4) as pool:

        def begin(path: str) -> "Future[httpx.Response]":
            asked = pool.submit(client.post, path, json=QUESTION)
            assert held.reading.acquire(timeout=_SECONDS)
            return asked

        yield begin
        held.free.set()


def test_one_question_too_many_is_told_to_come_back(client: httpx.Client, begun: Begun, held: Held) -> None:
    two = [begun("/v1/ask"), begun("/v1/ask?stream=true")]
    told = {
        "type": "urn:qui-dit-quoi:server-busy",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "2 questions are already waiting here: try again in 2 seconds.",
    }
    for path, body in (
        *(("/v1/ask", QUESTION), ("/v1/ask?stream=true", QUESTION)),
        *(("/v1/compare", {"topic": "budget"}), ("/v1/verify", {"quote": "le budget"})),
    ):
        refused = client.post(path, json=body)
        assert (refused.status_code, refused.json()) == (503, told)
        assert refused.headers["Retry-After"] == str(RETRY_SECONDS)
        assert refused.headers["Content-Type"] == "application/problem+json"
    for path in ("/v1/search?q=budget", "/v1/ask/export?q=budget&format=md"):
        assert client.get(path).json() == told
    held.free.set()
    assert [one.result().status_code for one in two] == [200, 200]
    assert client.post("/v1/ask", json=QUESTION).status_code == 200


@pytest.mark.parametrize(
    ("path", "said"), [("/?q=budget", "2 questions attendent"), ("/verify?quote=x", "recommencez dans")]
)
def test_a_page_says_it_to_people(client: httpx.Client, begun: Begun, path: str, said: str) -> None:
    for _question in range(2):
        begun("/v1/ask")
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "2")
    assert page.headers["Content-Type"].startswith("text/html") and said in page.text


def test_what_asks_nothing_is_served_meanwhile(client: httpx.Client, begun: Begun) -> None:
    for _question in range(2):
        begun("/v1/ask")
    for path in ("/", "/healthz", "/verify", "/v1/debates", "/d/d", "/openapi.json"):
        assert client.get(path).status_code == 200, path


def test_a_question_that_fails_makes_room_again(client: httpx.Client, begun: Begun) -> None:
    begun("/v1/ask")
    for _question in range(3):
        assert client.post("/v1/ask", json={"question": "?"}).status_code == 422
        assert client.post("/v1/ask", json={}).status_code == 422
    begun("/v1/ask")
    assert client.post("/v1/ask", json=QUESTION).status_code == 503


def test_what_is_to_be_done_once_the_model_is_there(home: Path) -> None:
    engine, called = Engine(LocalStore(home), HashEncoder(), Settings(home=home)), threading.Event()
    app = create_app(engine, warm=called.set)
    with TestClient(app) as client:
        assert called.wait(_SECONDS)
        assert client.get("/healthz").status_code == 200
    engine.close()


def test_what_was_loaded_is_not_searched_for_garbage_again() -> None:
    _spare_collections()
    try:
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
