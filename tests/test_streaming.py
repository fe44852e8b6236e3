"""``POST /v1/ask?stream=true`` on a real server and a real connection."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import anyio
import httpx
import pytest
import uvicorn
from anyio import CancelScope
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.serving.events import event, streamed
from api.serving.server import listening
from index.local import LocalStore
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.types import Done, Found
from tests.chat_server import Played, Reply, in_turn, playing, streams
from tests.fakes import HashEncoder
from tests.suite_files import srt
from tests.test_generate import HONEST, INVENTED, LABELS, QUESTION, SAID

Event: TypeAlias = tuple[str, dict[str, Any]]
Serving: TypeAlias = Callable[..., tuple[httpx.Client, Played]]


@pytest.fixture
def serving(home: Path, tmp_path: Path) -> Iterator[Serving]:
    """A client of our server, whose language model answers ``reply``."""
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    (tmp_path / "who.tsv").write_text(LABELS, "utf-8")
    with ExitStack() as stack:

        def serve(reply: Reply | None, **given: Any) -> tuple[httpx.Client, Played]:
            played = stack.enter_context(playing(in_turn(reply or streams(""))))
            told = {"llm_url": played.url, "llm_model": "petit"} if reply else {}
            settings = Settings(home=home, **{"abstain_below": 0.0, **told, **given})
            engine = Engine(LocalStore(home), HashEncoder(), settings, Records.of(home, settings))
            stack.callback(engine.close)
            engine.add(tmp_path / "d.srt", Details(speakers=tmp_path / "who.tsv"))
            bound, address = stack.enter_context(listening("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning", access_log=False))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
            thread.start()
            stack.callback(thread.join)
            stack.callback(setattr, server, "should_exit", True)
            return stack.enter_context(httpx.Client(base_url=address, timeout=60)), played

        yield serve


def events(lines: Iterator[str]) -> Iterator[Event]:
    """As a browser reads them, comments left out."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
        else:
            assert line in ("", ": ")


def asked(client: httpx.Client, **body: Any) -> list[Event]:
    with client.stream("POST", "/v1/ask?stream=true", json={"question": QUESTION, **body}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        return list(events(response.iter_lines()))


def test_quotes_then_checked_sentences_then_the_whole(serving: Serving) -> None:
    client, _played = serving(streams(INVENTED + HONEST))
    found = asked(client)
    assert [name for name, _ in found] == ["passages", "sentence", "sentence", "done"]
    (_, quotes), (_, first), (_, second), (_, whole) = found
    assert first == {
        "text": "Ada Martin demande que « Le budget de la culture doit doubler » [1].",
        "citations": [1],
    }
    assert whole["generated"]["sentences"] == [first, second]
    assert (whole["generated"]["sentences_kept"], whole["generated"]["sentences_removed"]) == (2, 7)
    assert whole["citations"] == quotes["citations"]
    assert whole["answer"].endswith(quotes["answer"])
    assert (quotes["id"], quotes["generated"]) == (None, None)
    assert client.get(f"/v1/answers/{whole['id']}").json()["answer"] == whole
    plain = client.post("/v1/ask", json={"question": QUESTION}).json()
    told = {"answer", "citations", "generated", "notice", "confidence", "abstained", "speaker", "question"}
    assert {name: plain[name] for name in told} == {name: whole[name] for name in told}
    assert set(plain) == set(whole) == set(quotes)


def test_without_a_model_the_quotes_are_the_answer(serving: Serving) -> None:
    client, played = serving(None)
    (_, quotes), (name, whole) = asked(client)
    assert (name, quotes["answer"], whole["notice"]) == ("done", whole["answer"], None)
    assert asked(client, generate=True)[-1][1]["notice"].startswith("Le modèle de langage n'a pas pu répondre : aucun")
    assert played.bodies == []


def test_a_model_that_is_left_unheard_is_not_asked(serving: Serving) -> None:
    client, played = serving(streams(HONEST))
    assert [name for name, _ in asked(client, generate=False)] == ["passages", "done"]
    assert played.bodies == []


def test_the_quotes_are_there_while_the_model_says_nothing(serving: Serving) -> None:
    """And once the reader has gone the model is left."""
    client, played = serving(streams("", then="trickle"), llm_answer_seconds=600)
    with client.stream("POST", "/v1/ask?stream=true", json={"question": QUESTION}) as response:
        name, quotes = next(events(response.iter_lines()))
        assert (name, quotes["citations"][0]["text"]) == ("passages", f"{SAID[0]} {SAID[1]}")
        assert not played.left.is_set()
    assert played.left.wait(60)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"question": " ?"}, 422, "question-empty"),
        ({"debate": "nope"}, 404, "debate-unknown"),
        ({"speaker": "Nobody"}, 422, "speaker-unknown"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem_before_any_event(
    serving: Serving, body: dict[str, str], status: int, kind: str
) -> None:
    client, _played = serving(None)
    response = client.post("/v1/ask?stream=true", json={"question": QUESTION, **body})
    assert (response.status_code, response.json()["type"]) == (status, f"urn:qui-dit-quoi:{kind}")


class _Failing(Engine):
    """Finds the quotes, and then something breaks."""

    def steps(self, *args: Any, **kwargs: Any) -> Any:
        for step in super().steps(*args, **kwargs):
            if isinstance(step, Found):
                yield step
            if isinstance(step, Done):
                raise RuntimeError("out of tea")


def test_what_goes_wrong_in_the_middle_is_an_event(engine: Engine, home: Path, encoder: HashEncoder) -> None:
    failing = _Failing(LocalStore(home), encoder, Settings(home=home))
    response = TestClient(create_app(failing)).post("/v1/ask?stream=true", json={"question": QUESTION})
    (first, _), (last, problem) = events(iter(response.text.split("\n")))
    assert (first, last, problem["status"]) == ("passages", "error", 500)
    assert "out of tea" not in response.text
    failing.close()


def test_an_event_is_one_line_of_data_whatever_it_holds() -> None:
    document = {"text": "« é »\n\r\n\u2028data: x\x85\n\nevent: y"}
    name, data, *rest = event("sentence", document).splitlines()
    assert (name, json.loads(data.removeprefix("data: ")), rest) == ("event: sentence", document, [""])
    assert "« é »" in data


def test_what_is_told_step_by_step_is_closed_in_a_thread_also_when_nobody_waits_any_more() -> None:
    """Closing may wait for work to end: not where all requests would wait with it."""
    closed: list[int] = []

    def steps() -> Iterator[str]:
        try:
            while True:
                yield "x"
        finally:
            closed.append(threading.get_ident())

    async def listen() -> None:
        response = streamed(steps(), "en", str)  # type: ignore[arg-type]
        with CancelScope() as scope:
            async for _part in response.body_iterator:
                scope.cancel()

    anyio.run(listen)
    assert len(closed) == 1 and closed[0] != threading.get_ident()
