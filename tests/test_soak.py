"""The load script: what its clients do, what it counts, and when it finds fault. No time is asserted."""

import http.server
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from eval.bench import overload
from eval.bench.figures import held_mb
from eval.bench.mix import ADD, ASK, REMOVE, Mix, Taken, failures, long_words, made_srt, summary
from eval.bench.overload import overloaded
from eval.bench.server import Client, Server
from eval.bench.soak import faults_of, growth, soaked
from index.transcripts import read_transcript

SENTENCES = [f"Le sujet {'abcdefghijklmnopqrstuvwxyz'[at] * 6} demande une longue réponse." for at in range(26)] * 2


class _Debates(http.server.BaseHTTPRequestHandler):
    """Keeps which debates there are; refuses to remove one that is not, and, once ``refuse`` is set, every question."""

    protocol_version = "HTTP/1.1"
    log: list[tuple[str, str, str]]
    there: set[str]
    refuse: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/v1/debates":
            name = body.split('filename="')[1].split(".srt")[0]
            self.there.add(name)
            self._end(201, "POST", body)
        else:
            self._end(503 if self.refuse.is_set() else 200, "POST", body)

    def do_GET(self) -> None:
        self._end(200, "GET", "")

    def do_DELETE(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        status = 204 if name in self.there else 404
        self.there.discard(name)
        self._end(status, "DELETE", "")

    def _end(self, status: int, method: str, body: str) -> None:
        self.log.append((method, self.path, body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def handler() -> type[_Debates]:
    return type("Handler", (_Debates,), {"log": [], "there": set(), "refuse": threading.Event()})


@pytest.fixture
def url(handler: type[_Debates]) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _After:
    """Set once it was looked at ``times`` times."""

    def __init__(self, times: int) -> None:
        self._left = times

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_of_twenty_requests_eighteen_ask_and_what_is_added_goes_again(url: str, handler: type[_Debates]) -> None:
    mix = Mix(7, SENTENCES)
    mix.run(url, _After(1_000))  # type: ignore[arg-type]
    found = summary(mix.taken)
    changes = [one.kind for one in mix.taken if one.kind in (ADD, REMOVE)]
    assert 870 <= int(str(found["ask"]["requests"])) <= 930
    assert changes == [ADD, REMOVE] * (len(changes) // 2) and len(changes) > 20
    assert failures(mix.taken) == 0 and {one.status for one in mix.taken} == {200, 201, 204}
    assert handler.there == set()
    questions = {body for _method, path, body in handler.log if path == "/v1/ask"}
    assert len(questions) > 700  # of some 3,000 that there are


def test_what_is_added_is_read_as_it_was_written(tmp_path: Any) -> None:
    path = tmp_path / "soak.srt"
    path.write_text(made_srt(SENTENCES[:5]), "utf-8")
    assert [segment.text for segment in read_transcript(path).segments] == SENTENCES[:5]


def test_a_server_that_is_away_has_failed() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(OSError):
        client.ask("rien")
    taken = [Taken(ASK, 0, 1.0), Taken(ASK, 500, 1.0), Taken(ASK, 404, 1.0), Taken(ADD, 201, 1.0)]
    assert failures(taken) == 2
    assert summary(taken)["ask"] == {"requests": 3, "statuses": {"0": 1, "500": 1, "404": 1}, "ms": {}}


def test_clients_at_once_on_a_server(url: str) -> None:
    report = soaked(Server(url, os.getpid()), SENTENCES, clients=4, seconds=0.6)
    assert report["failures"] == 0 and report["requests"] == sum(one["requests"] for one in report["kinds"].values())
    assert len(report["memory_mb"]) == (60 if held_mb() is not None else 0)


def test_growth_is_of_the_end_over_what_follows_the_warm_up() -> None:
    assert growth([1.0] * 12 + [100.0] * 12 + [500.0] * 24 + [104.0] * 12) == 0.04
    assert growth([]) is None


def test_an_overload_counts_what_was_refused_and_what_failed(
    url: str, handler: type[_Debates], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overload, "_CALIBRATED", 0.2)
    monkeypatch.setattr(overload, "_SENDERS", 8)
    flooded = overload._flooded

    def refused(*given: Any) -> list[Taken]:
        handler.refuse.set()
        try:
            return flooded(*given)
        finally:
            handler.refuse.clear()

    monkeypatch.setattr(overload, "_flooded", refused)
    report = overloaded(url, SENTENCES, 0.2, 0.5)
    assert set(report["statuses"]) == {"503"} and report["failures"] == 0 and report["answered_ms"] == {}
    assert report["recovered_seconds"] < overload._MOST_WAIT


def test_every_fault_is_told() -> None:
    fine = {"failures": 0, "memory_growth": 0.05, "overload": {"failures": 0, "recovered_seconds": 5.0}}
    assert faults_of(fine) == []
    wrong = {"failures": 2, "memory_growth": 0.051, "overload": {"failures": 1, "recovered_seconds": 5.1}}
    assert faults_of(wrong) == [
        "2 requests failed",
        "memory grew by 5.1%",
        "1 requests of the overload failed",
        "recovered after 5.1 s",
    ]
    assert faults_of(fine | {"memory_growth": None}) == []


def test_long_words_once_each() -> None:
    assert long_words(["La culture, la Culture !", "l'économie demain, demain"]) == ["culture", "demain"]
