"""``POST /v1/debates?stream=true``, and what is said of a file in a form."""

import asyncio
import json
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.errors import problem_response
from api.progress import Pace
from api.serving.app import create_app
from api.serving.limits.bodies import SmallBody
from api.serving.server import listening
from index.local import LocalStore
from index.pieces.tokens import Tokens
from index.types import Participant, Progress, Vectors, joined_text
from index.writing.build import Details
from index.writing.metadata import beside, participants_in
from rag.engine import Engine
from rag.settings import Settings
from tests.brought import FILES, SAID
from tests.fakes import HashEncoder

NAME, CONTENT = FILES["SubRip"]


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), raise_server_exceptions=False)


def events(text: str) -> list[tuple[str, Any]]:
    """Comments left out."""
    found = [part.split("\n") for part in text.split("\n\n") if part.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in found]


def sent(client: TestClient, name: str = NAME, content: bytes = CONTENT, *, stream: bool = True, **form: Any) -> Any:
    language = form.pop("accept", "en")
    return client.post(
        "/v1/debates",
        params={"stream": stream},
        files={"file": (name, content)},
        data=form,
        headers={"Accept-Language": language},
    )


@pytest.mark.parametrize("format_", FILES)
def test_the_progress_and_then_what_is_answered_without_streaming(
    client: TestClient, engine: Engine, format_: str
) -> None:
    name, content = FILES[format_]
    response = sent(client, name, content)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    *progress, (last, added) = events(response.text)
    told = {"stage": "embed", "label": "Indexing", "done": len(SAID), "total": len(SAID), "left": None}
    assert progress == [("progress", told)]
    assert (last, added["debate"], added["replaced"]) == ("added", name[0], False)
    assert joined_text(engine.debate(name[0]).segments) == SAID
    plain = sent(client, name, content, stream=False)
    assert (plain.status_code, plain.json()) == (201, added | {"replaced": True})


def test_a_stage_is_named_in_the_language_of_the_request(client: TestClient) -> None:
    (_, told), _added = events(sent(client, accept="fr").text)
    assert told["label"] == "Indexation"


@pytest.mark.parametrize(
    ("content", "form", "status", "kind"),
    [
        (b"", {}, 422, "file-empty"),
        (b"Bonjour.", {}, 422, "times-missing"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), {}, 422, "file-binary"),
        (b"x" * 1_000_001, {}, 413, "file-too-large"),
        (CONTENT, {"url": "nowhere"}, 422, "field-invalid"),
        (CONTENT, {"id": "Été"}, 422, "debate-id-invalid"),
        (CONTENT, {"participants": ", avocate"}, 422, "field-invalid"),
        (CONTENT, {"id": "there", "overwrite": "false"}, 409, "debate-present"),
    ],
)
def test_what_is_wrong_with_a_file_is_the_status(
    home: Path, encoder: HashEncoder, tmp_path: Path, content: bytes, form: dict[str, Any], status: int, kind: str
) -> None:
    (tmp_path / "there.srt").write_bytes(CONTENT)
    engine = Engine(LocalStore(home), encoder, Settings(home=home, max_file_mb=1))
    before = engine.add(tmp_path / "there.srt", Details(title="Avant")).debate
    for stream in (True, False):
        response = sent(TestClient(create_app(engine)), NAME, content, stream=stream, **form)
        assert (response.status_code, response.json()["type"]) == (status, f"urn:qui-dit-quoi:{kind}")
    assert [one.id for one in engine.debates()] == ["there"]
    assert engine.debate("there") == before
    engine.close()


def test_a_debate_is_replaced_unless_that_is_refused(client: TestClient, engine: Engine) -> None:
    assert sent(client, overwrite="false").status_code == 200
    refused = sent(client, title="Autre", overwrite="false", accept="fr")
    assert refused.json()["detail"] == (
        "a.srt deviendrait le débat « a », qui est déjà là (« a ») : rien n'a été changé. Demandez de le remplacer, ou "
        "donnez un autre identifiant."
    )
    for response in (sent(client, title="Autre"), sent(client, title="Autre", overwrite="true")):
        _, (last, added) = events(response.text)
        assert (last, added["replaced"]) == ("added", True)
    assert engine.debate("a").title == "Autre"


@pytest.mark.parametrize(
    "given", [["Ada Martin, avocate, auteure", "Jean Petit"], ["Ada Martin,avocate, auteure\r\n\r\n Jean  Petit \n"]]
)
def test_participants_are_told_one_by_one_or_a_line_each(client: TestClient, engine: Engine, given: list[str]) -> None:
    assert sent(client, participants=given).status_code == 200
    expected = (Participant("Ada Martin", "avocate, auteure"), Participant("Jean Petit"))
    assert engine.debate("a").participants == expected == participants_in("\n".join(given))


def test_participants_of_the_form_come_before_those_of_the_metadata(client: TestClient, engine: Engine) -> None:
    about = b"title: Le soir\nparticipants: [Zed]\n"
    files = {"file": (NAME, CONTENT), "metadata": ("a.yaml", about)}
    assert client.post("/v1/debates", files=files, data={"participants": "Ada Martin"}).status_code == 201
    found = engine.debate("a")
    assert (found.title, found.participants) == ("Le soir", (Participant("Ada Martin"),))


def test_files_go_together_by_their_names() -> None:
    names = ["a.srt", "a.b.vtt", "a.speakers.rttm", "a.yml", "a.b.speakers.tsv", "B.yaml", "b.txt"]
    assert beside("a.srt", names) == ("a.speakers.rttm", "a.yml")
    assert beside("a.b.vtt", names) == ("a.b.speakers.tsv", None)
    assert beside("b.txt", names) == (None, None)


class _Failing(HashEncoder):
    """Begins, and then something breaks."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if progress:
            progress("embed", 1, 2)
        raise RuntimeError("out of tea")


def test_what_goes_wrong_in_the_middle_is_an_event_and_adds_nothing(home: Path) -> None:
    engine = Engine(LocalStore(home), _Failing(), Settings(home=home))
    response = sent(TestClient(create_app(engine)))
    (first, told), (last, problem) = events(response.text)
    assert (first, told["done"], last, problem["status"]) == ("progress", 1, "error", 500)
    assert "out of tea" not in response.text
    assert engine.debates() == []
    engine.close()


class _Endless(HashEncoder):
    """Is at work, and says so, until somebody stops it."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = threading.Event()

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        assert progress is not None
        try:
            while not self.stopped.wait(0.01):
                progress("tokens", 1, 2)
        finally:
            self.stopped.set()
        raise AssertionError("nobody else stops it")


def test_a_client_that_leaves_takes_its_debate_back(home: Path) -> None:
    encoder = _Endless()
    engine = Engine(LocalStore(home), encoder, Settings(home=home))
    with ExitStack() as stack:
        stack.callback(engine.close)
        bound, address = stack.enter_context(listening("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(create_app(engine), log_level="warning", access_log=False, lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, server, "should_exit", True)
        files = {"file": (NAME, CONTENT)}
        with (
            httpx.Client(base_url=address, timeout=60) as client,
            client.stream("POST", "/v1/debates?stream=true", files=files) as response,
        ):
            assert next(response.iter_lines()) == "event: progress"
            assert not encoder.stopped.is_set()
        assert encoder.stopped.wait(60)
        assert httpx.get(f"{address}/v1/debates").json() == {"debates": []}


@pytest.mark.parametrize(("length", "status"), [("4000000", 422), ("4000001", 413), ("9" * 30, 413)])
def test_a_form_that_says_it_is_far_too_large_is_refused(
    home: Path, encoder: HashEncoder, length: str, status: int
) -> None:
    engine = Engine(LocalStore(home), encoder, Settings(home=home, max_file_mb=1))
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": length}
    response = TestClient(create_app(engine)).post("/v1/debates", content=b"--x--\r\n", headers=headers)
    assert response.status_code == status
    assert ("urn:qui-dit-quoi:request-too-large" in response.text) == (status == 413)
    engine.close()


def test_what_is_refused_for_its_length_is_not_read() -> None:
    sent_back: list[Any] = []

    async def send(message: Any) -> None:
        sent_back.append(message)

    async def unread(*_: Any) -> Any:
        raise AssertionError

    headers = [(b"content-length", b"4000001")]
    scope = {"type": "http", "method": "POST", "path": "/v1/debates", "headers": headers, "query_string": b""}
    asyncio.run(SmallBody(unread, problem_response, Settings(max_file_mb=1))(scope, unread, send))
    assert sent_back[0]["status"] == 413


def test_what_is_left_is_told_from_what_was_done() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert pace.left("embed", 10, 100) is None
    now = 0.9
    assert pace.left("embed", 20, 100) is None
    now = 2.0
    assert pace.left("embed", 30, 100) == 7  # 20 in 2 s, 70 remain
    assert pace.left("tokens", 30, 100) is None  # another stage begins
    now = 4.0
    assert pace.left("tokens", 30, 100) is None  # nothing was done meanwhile
    assert pace.left("tokens", 100, 100) == 0
    assert pace.left("load", 0, 0) is None
