"""What a server tells of itself: ids of requests, lines of the log, figures, spans. Values, not shapes."""

import io
import json
import logging
import re
import sqlite3
import threading
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import ProxyTracerProvider, get_tracer_provider
from prometheus_client.parser import text_string_to_metric_families

from api.access.keys import Keys
from api.access.scopes import KeyScope
from api.serving.app import create_app
from api.serving.seen.logs import Lines, configure
from api.serving.seen.metrics import Metrics
from api.serving.seen.spans import tracer_of
from index.errors import SettingsInvalid, StoreDamaged
from index.local import LocalStore
from index.pieces.tokens import Tokens
from index.types import Vectors
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.live import SECONDS, live
from tests.suite_files import srt

WORD = "zyxwortel"
"""Stands in no line of the program."""
KEY = "qdq-key-of-nobody"
QUESTION = {"question": f"Que dit-on du budget {WORD} ?"}
STAGES = {"parse", "embed", "retrieve", "passages", "confidence", "compose"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What ``qdq serve`` would write to stderr, at its most talkative."""
    root, levels = logging.getLogger(), {}
    kept = root.handlers[:], root.level, threading.excepthook, logging.raiseExceptions
    for name in ("qdq", "uvicorn"):
        levels[name] = logging.getLogger(name).level
    stream = io.StringIO()
    configure(Settings(log_level="DEBUG"), stream)
    yield stream
    root.handlers[:], threading.excepthook, logging.raiseExceptions = kept[0], kept[2], kept[3]
    root.setLevel(kept[1])
    logging.captureWarnings(False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def told(stream: io.StringIO, logger: str = "qdq.requests") -> list[dict[str, Any]]:
    """Each line is one object."""
    every = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [one for one in every if one["logger"] == logger]


class Breaking(HashEncoder):
    """Fails with what it was given in the message, where ``broken`` is set."""

    broken = False

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        if self.broken:
            raise RuntimeError(f"cannot read {texts} with {KEY}")
        return super().embed_questions(texts)


@pytest.fixture
def encoder() -> Breaking:
    return Breaking()


@pytest.fixture
def added(engine: Engine, tmp_path: Path) -> Engine:
    path = tmp_path / "d.srt"
    path.write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    engine.add(path)
    return engine


@pytest.fixture
def client(added: Engine) -> TestClient:
    return TestClient(create_app(added))


# ids


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
def test_a_request_keeps_the_id_that_its_client_gives_it(client: TestClient, given: str) -> None:
    assert client.get("/v1/debates", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"}', "é", "a\tb", None])
def test_else_it_gets_one(client: TestClient, given: str | None) -> None:
    headers = [] if given is None else [(b"X-Request-ID", given.encode())]
    one, other = (client.get("/v1/debates", headers=headers).headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", one)
    assert one != other


@pytest.mark.parametrize(("path", "status"), [("/v1/debates/nope", 404), ("/nope", 404), ("/v1/search", 422)])
def test_a_problem_has_it_too(client: TestClient, path: str, status: int) -> None:
    response = client.get(path, headers={"X-Request-ID": "mine"})
    assert (response.status_code, response.headers["X-Request-ID"]) == (status, "mine")


# lines


def test_a_request_is_one_line(client: TestClient, lines: io.StringIO) -> None:
    response = client.post("/v1/ask", json=QUESTION, headers={"X-Request-ID": "mine"})
    (line,) = told(lines)
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") > 0
    stages = line.pop("stages")
    assert stages.keys() >= STAGES
    assert all(took >= 0 for took in stages.values())
    answer = response.json()
    assert line == {
        "level": "INFO",
        "logger": "qdq.requests",
        "message": "request",
        "request_id": "mine",
        "method": "POST",
        "route": "/v1/ask",
        "status": 200,
        "bytes": int(response.headers["Content-Length"]),
        "passages": len(answer["citations"]),
        "abstained": answer["abstained"],
    }


def test_a_route_is_told_as_it_is_written_and_a_strangers_path_not_at_all(
    client: TestClient, lines: io.StringIO
) -> None:
    for path in ("/v1/debates/d?x=1", f"/{WORD}", f"/v1/debates/{WORD}", "/static/style.css", f"/static/{WORD}"):
        client.get(path)
    client.request(WORD.upper(), "/v1/debates")
    found = [(line["method"], line["route"], line["status"]) for line in told(lines)]
    assert found == [
        ("GET", "/v1/debates/{debate}", 200),
        ("GET", "other", 404),
        ("GET", "/v1/debates/{debate}", 404),
        ("GET", "/static/{path}", 200),
        ("GET", "/static/{path}", 404),
        ("other", "/v1/debates", 405),
    ]


def test_who_asks_for_health_is_told_only_at_level_debug(client: TestClient, lines: io.StringIO) -> None:
    client.get("/healthz")
    assert [line["level"] for line in told(lines)] == ["DEBUG"]


def test_an_error_is_its_kind_and_its_stack_and_nothing_it_holds(
    client: TestClient, encoder: Breaking, lines: io.StringIO
) -> None:
    encoder.broken = True
    response = client.post("/v1/ask", json=QUESTION, headers={"X-Request-ID": "mine"})
    assert (response.status_code, response.headers["X-Request-ID"]) == (500, "mine")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    (line,) = told(lines, "qdq")
    assert (line["message"], line["request_id"]) == ("unexpected error on /v1/ask", "mine")
    assert [error["type"] for error in line["error"]] == ["RuntimeError"]
    assert line["error"][0]["stack"][-1].endswith("embed_questions")
    assert told(lines)[0]["status"] == 500
    assert WORD not in lines.getvalue() and KEY not in lines.getvalue()


def test_what_led_to_an_error_is_told_and_what_the_system_calls_it() -> None:
    try:
        try:
            sqlite3.connect(":memory:").execute(f"SELECT {WORD}")
        except sqlite3.Error as error:
            raise FileNotFoundError(2, WORD, WORD) from error
    except OSError as error:
        record = logging.LogRecord("qdq", logging.ERROR, "", 0, "no %s", ("luck",), (type(error), error, None))
    line = json.loads(Lines(as_json=True).format(record))
    assert line["message"] == "no luck"
    assert [one["type"] for one in line["error"]] == [
        "FileNotFoundError (2)",
        "sqlite3.OperationalError (SQLITE_ERROR)",
    ]
    assert WORD not in json.dumps(line)


def test_of_others_messages_nothing_is_filled_in(lines: io.StringIO) -> None:
    warnings.simplefilter("always")
    logging.getLogger("openai").debug("Request options: %s", WORD)
    logging.getLogger("openai").warning("Retrying %s\nbody: %s", WORD, WORD)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {WORD}")
    warnings.warn_explicit(f"{WORD} is old", DeprecationWarning, "/x/y.py", 7)
    thread = threading.Thread(target=int, args=(WORD,))
    thread.start()
    thread.join()
    found = [json.loads(line)["message"] for line in lines.getvalue().splitlines()]
    assert found == [
        "Retrying %s",
        "Task exception was never retrieved",
        "/x/y.py:7: DeprecationWarning",
        "unexpected error in a thread",
    ]
    assert WORD not in lines.getvalue()


def test_a_line_for_eyes() -> None:
    record = logging.LogRecord("qdq", logging.WARNING, "", 0, "two\nlines", None, None)
    line = Lines(as_json=False).format(record)
    assert re.fullmatch(r'\S+\+00:00 WARNING two\\nlines logger="qdq"', line)


# figures


def figures(client: TestClient | httpx.Client) -> dict[tuple[str, ...], float]:
    """By name and the values of labels."""
    response = client.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(response.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_figures_count_what_was_done(client: TestClient, encoder: Breaking) -> None:
    assert [client.post("/v1/ask", json=QUESTION).status_code for _ in range(2)] == [200, 200]
    abstained = client.post("/v1/ask", json={"question": "Comment cuire des pâtes ?"}).json()["abstained"]
    encoder.broken = True
    assert client.get("/v1/search", params={"q": "autre chose"}).status_code == 500
    for number in range(50):
        client.get(f"/stranger/{number}")
    found = figures(client)
    assert found["qdq_requests_total", "POST", "/v1/ask", "200"] == 3
    assert found["qdq_requests_total", "GET", "/v1/search", "500"] == 1
    assert found["qdq_requests_total", "GET", "other", "404"] == 50
    assert found["qdq_request_seconds_count", "/v1/ask"] == 3
    assert found["qdq_stage_seconds_count", "compose"] == 3
    assert sum(found.get(("qdq_answers_total", one), 0) for one in ("yes", "no")) == 3
    assert abstained is True and found["qdq_answers_total", "yes"] >= 1
    assert (found["qdq_debates",], found["qdq_model_loaded",]) == (1, 0)
    assert found["qdq_in_progress",] == 1  # this one
    assert found["qdq_places_taken", "question"] == 0
    assert found["process_resident_memory_bytes",] > 1e6
    assert len([name for name in found if name[0] == "qdq_requests_total"]) == 3


def test_figures_of_refusals_and_of_a_model_that_is_there(added: Engine, home: Path) -> None:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, requests_per_minute=2, max_body_kb=1))
    with TestClient(create_app(engine)) as client:
        assert client.post("/v1/ask", content=b" " * 1_001).status_code == 413
        assert client.post("/people/rename", headers={"Origin": "https://b.example"}).status_code == 403
        assert [client.get("/v1/debates").status_code for _ in range(2)] == [200, 429]
        assert next((True for _ in range(5_000) if client.get("/readyz").status_code == 200), False)
        found = figures(client)
    assert [found["qdq_refused_total", reason] for reason in ("large", "right", "rate")] == [1, 1, 1]
    assert found["qdq_requests_total", "POST", "/v1/ask", "413"] == 1
    assert found["qdq_model_loaded",] == 1
    engine.close()


def test_each_app_has_its_own_figures(added: Engine) -> None:
    one, other = (TestClient(create_app(added)) for _ in range(2))
    one.get("/v1/debates")
    assert ("qdq_requests_total", "GET", "/v1/debates", "200") in figures(one)
    assert ("qdq_requests_total", "GET", "/v1/debates", "200") not in figures(other)


def test_an_index_that_cannot_be_read_has_figures_all_the_same() -> None:
    def unreadable() -> Any:
        raise StoreDamaged(path="index.sqlite", reason="malformed")

    told_of = Metrics(unreadable, lambda: True, unreadable).text().decode()
    assert "qdq_model_loaded 1.0" in told_of
    assert "qdq_debates " not in told_of


# spans


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(added: Engine, spans: InMemorySpanExporter) -> TestClient:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return TestClient(create_app(added, tracer=provider.get_tracer("t")))


def _by_name(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_a_question_is_a_span_and_its_stages_lie_in_it(traced: TestClient, spans: InMemorySpanExporter) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    headers = {"traceparent": f"00-{trace}-{parent}-01", "X-Request-ID": "mine", "baggage": f"a={WORD}"}
    answer = traced.post("/v1/ask", json=QUESTION, headers=headers).json()
    found = _by_name(spans)
    assert found.keys() >= {"POST /v1/ask"} | STAGES
    request = found["POST /v1/ask"]
    assert request.parent is not None and request.context is not None
    assert (f"{request.context.trace_id:032x}", f"{request.parent.span_id:016x}") == (trace, parent)
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "qdq.request_id": "mine",
        "qdq.passages": len(answer["citations"]),
        "qdq.abstained": answer["abstained"],
    }
    for stage in STAGES:
        span = found[stage]
        assert span.parent is not None and span.context is not None and span.context.trace_id == int(trace, 16)
        assert (request.start_time or 0) <= (span.start_time or 0) <= (span.end_time or 0) <= (request.end_time or 0)
    assert found["parse"].parent.span_id == request.context.span_id  # type: ignore[union-attr]


def test_a_span_of_what_fails_says_so_and_no_more(
    traced: TestClient, encoder: Breaking, spans: InMemorySpanExporter
) -> None:
    encoder.broken = True
    assert traced.get("/v1/search", params={"q": WORD}).status_code == 500
    found = _by_name(spans)
    assert found["GET /v1/search"].status.status_code.name == "ERROR"
    assert all(span.events == () for span in found.values())
    assert WORD not in "".join(span.to_json() for span in found.values())


def test_without_anybody_to_send_them_to_there_are_no_spans() -> None:
    assert isinstance(get_tracer_provider(), ProxyTracerProvider)
    assert tracer_of(Settings()) is None


def test_whoever_starts_the_program_may_gather_spans_and_fastapis_own_are_off(
    added: Engine, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those would hold the whole address."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    tracer = tracer_of(Settings())
    assert tracer is not None
    assert TestClient(create_app(added, tracer=tracer)).get("/", params={"q": WORD}).status_code == 200
    names = [span.name for span in spans.get_finished_spans()]
    assert names.count("GET /") == 1 and set(names) <= {"GET /", "hear", *STAGES}
    assert WORD not in "".join(span.to_json() for span in spans.get_finished_spans())


def test_a_collector_needs_its_package() -> None:
    with pytest.raises(SettingsInvalid, match="QDQ_OTLP_URL: pip install"):
        tracer_of(Settings(otlp_url="http://127.0.0.1:4318/v1/traces"))


# nothing of what is asked is told


def _asked_in_every_way(client: httpx.Client, key: str = "") -> set[int]:
    """The statuses that came back, with a key or without one, and once with a wrong one."""
    headers = {"Authorization": f"Bearer {key}"} if key else {"Cookie": f"qdq={KEY}; qdq-session={KEY}"}
    page = {"Accept": "text/html", **headers}
    question = {**QUESTION, "speaker": None}
    asked = [
        *(client.get("/", params={"q": QUESTION["question"]}, headers=one) for one in (headers, page)),
        client.head("/", params={"q": WORD}, headers=headers),
        client.get(f"/{WORD}", headers=page),
        client.get(f"/d/{WORD}", headers=page),
        client.get("/d/d", params={"find": WORD, "t": WORD}, headers=page),
        client.get("/verify", params={"quote": WORD}, headers=page),
        client.get("/v1/search", params={"q": WORD}, headers=headers),
        client.get("/v1/ask/export", params={"q": WORD, "format": "md"}, headers=headers),
        client.post("/v1/ask", json=question, headers=headers),
        client.post("/v1/ask?stream=true", json=question, headers=headers),
        client.post("/v1/ask", json=question | {"debate": WORD}, headers=headers),
        client.post("/v1/ask", json=question | {"speaker": WORD}, headers=headers),
        client.post("/v1/ask", json={"question": WORD, "topk": WORD}, headers=headers),
        client.post("/v1/ask", content=f'{{"question": "{WORD}', headers=headers),
        client.post("/v1/compare", json={"topic": WORD}, headers=headers),
        client.post("/v1/verify", json={"quote": WORD}, headers=headers),
        client.post("/v1/debates", files={"file": (f"{WORD}.json", f'{{"{WORD}": 1')}, headers=headers),
        client.post(f"/v1/{WORD}", json={}, headers={"Origin": f"https://{WORD}.example", **headers}),
        client.request(WORD.upper(), f"/{WORD}", headers=headers),
        client.get("/v1/debates", headers={"Authorization": f"Bearer {KEY}"}),
        client.post("/signin", data={"key": KEY}, headers=page),
        client.get("/v1/debates", headers={"X-Request-ID": f"{WORD} {KEY}", "Host": WORD}),
    ]
    return {one.status_code for one in asked}


def _files_with(folder: Path, text: str) -> list[str]:
    """An answer is kept in its own file, by the settings."""
    found = [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
    return sorted(path.name for path in found if not path.name.startswith("answers.db"))


def test_no_question_stands_in_a_log_a_figure_a_span_or_a_file(
    added: Engine, home: Path, encoder: Breaking, lines: io.StringIO, spans: InMemorySpanExporter
) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    engine = Engine.open(home, Settings(home=home, keep_answers_days=1))
    engine = Engine(LocalStore(home), encoder, engine.settings, engine._records)
    _key, secret_key = Keys(home).add("Ada", KeyScope.WRITE)
    with live(engine, provider.get_tracer("t")) as address, httpx.Client(base_url=address, timeout=SECONDS) as client:
        assert _asked_in_every_way(client) >= {200, 401, 404, 422, 403}
        assert _asked_in_every_way(client, secret_key) >= {200, 404, 422, 403}
        encoder.broken = True
        assert 500 in _asked_in_every_way(client)
        told_of = lines.getvalue() + client.get("/metrics").text
    told_of += "".join(span.to_json() for span in spans.get_finished_spans())
    assert len(told(lines)) >= 40
    assert '"/v1/compare"' in told_of
    for secret in (WORD, WORD.upper(), KEY, secret_key, secret_key[-20:]):
        assert secret not in told_of
        assert _files_with(home, secret) == []
    engine.close()


def test_the_real_server_with_the_real_model_tells_nothing_of_a_question(
    debate_home: Path, cache: Path, tmp_path: Path
) -> None:
    """As a user starts it, at its most talkative."""
    import os
    import shutil
    import subprocess
    import sys

    home = tmp_path / "home"
    shutil.copytree(debate_home, home)
    variables = {"PATH": os.environ["PATH"], "QDQ_HOME": str(home), "QDQ_CACHE": str(cache), "QDQ_LOG_LEVEL": "DEBUG"}
    command = [sys.executable, "-m", "api.commands.main", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    head = "".join(process.stdout.readline() for _line in range(3))
    address = json.loads(head)["url"]
    with httpx.Client(base_url=address, timeout=SECONDS) as client:
        assert _asked_in_every_way(client) >= {200, 404, 422, 403}
        figures_told = client.get("/metrics").text
    process.terminate()
    _out, told_of = process.communicate(timeout=SECONDS)
    every = [json.loads(line) for line in told_of.splitlines()]
    assert {line["logger"] for line in every} == {"qdq.requests", "uvicorn.error"}
    assert sum(line["logger"] == "qdq.requests" for line in every) >= 20
    for secret in (WORD, WORD.upper(), KEY):
        assert secret not in told_of + figures_told
        assert _files_with(home, secret) == []
