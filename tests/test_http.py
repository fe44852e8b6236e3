"""The HTTP service: what each route answers, and how each error leaves."""

import html
import json
import re
import threading
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.routes.answers import EXAMPLE
from api.routes.watches import EXAMPLE as WATCH
from api.serving.app import create_app
from eval.shipped import SPEAKERS, TRANSCRIPT
from index.errors import ModelUnavailable, QdqError
from index.local import LocalStore
from index.times import format_range
from index.types import Progress
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.conftest import DEBATE, KEMPF
from tests.fakes import HashEncoder
from tests.listening import Listener

SRT = (
    "1\n00:00:01,000 --> 00:00:05,000\nLe nucléaire est nécessaire.\n\n"
    "2\n00:00:05,000 --> 00:00:09,500\nLes éoliennes coûtent cher.\n"
)
LABELS = "start\tspeaker\n0\tAda Martin\n5\tJean Petit\n"
PROBLEM = "application/problem+json"
CITATION_FIELDS = set(
    """
    n debate title speaker attribution attribution_confidence start end quote text score permalink video_url context
    """.split()
)
RGPD = "Que pense Kempf du RGPD ?"
GDPR = "What does Kempf think about GDPR?"
BLOCKCHAIN = "Que pense Kempf de la blockchain ?"
PASTA = "Comment faire cuire des pâtes ?"


@pytest.fixture(scope="session")
def debate(debate_engine: Engine) -> TestClient:
    """The shipped debate with the real model."""
    return TestClient(create_app(debate_engine), raise_server_exceptions=False)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """An empty index with the fake encoder. An unexpected error comes back as a 500, as it would to a client."""
    return TestClient(create_app(engine), raise_server_exceptions=False)


def ask(client: TestClient, question: str, **fields: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def upload(client: TestClient, name: str = "vif.srt", text: str | bytes = SRT, **form: str) -> tuple[int, Any]:
    response = client.post("/v1/debates", files={"file": (name, text)}, data=form)
    return response.status_code, response.json()


def spoken(client: TestClient, **between: float) -> list[dict[str, Any]]:
    """The segments of the shipped debate."""
    response = client.get(f"/v1/debates/{DEBATE}/segments", params=between)
    assert response.status_code == 200, response.text
    segments: list[dict[str, Any]] = response.json()["segments"]
    return segments


def joined(segments: list[dict[str, Any]]) -> str:
    return " ".join(segment["text"] for segment in segments)


@pytest.mark.parametrize(("question", "mark", "colon"), [(RGPD, "« {} »", " :\n"), (GDPR, "“{}”", ":\n")])
def test_the_question_of_the_front_page(debate: TestClient, question: str, mark: str, colon: str) -> None:
    answer = ask(debate, question)
    fields = (
        "question answer abstained confidence speaker citations took_ms kind sections complete heard generated "
        "notice id trace"
    )
    assert set(answer) == set(fields.split())
    assert (answer["kind"], answer["sections"], answer["complete"]) == ("opinion", [], None)
    assert (answer["generated"], answer["notice"], answer["id"]) == (None, None, None)
    assert (answer["question"], answer["abstained"], answer["speaker"]) == (question, False, KEMPF)
    citations = answer["citations"]
    assert [citation["n"] for citation in citations] == [1, 2, 3, 4, 5]
    assert {citation["speaker"] for citation in citations} == {KEMPF}
    spans = [(citation["start"], citation["end"]) for citation in citations[:3]]
    assert (230.0, 240.0) in spans
    assert any(start >= 377 and end <= 412 for start, end in spans)
    moment = format_range(*spans[0])
    assert answer["answer"].startswith(f"{KEMPF}{colon}{mark.format(citations[0]['quote'])} [1] ({KEMPF}, {moment})")


@pytest.mark.parametrize("question", [RGPD, GDPR, BLOCKCHAIN, PASTA])
def test_every_citation_is_in_the_transcript_at_its_moment(debate: TestClient, question: str) -> None:
    whole = joined(spoken(debate))
    for citation in ask(debate, question, top_k=10)["citations"]:
        assert set(citation) == CITATION_FIELDS
        assert citation["quote"] in citation["text"]
        assert citation["text"] in whole
        assert citation["context"] is None or citation["context"]["text"] in whole
        there = spoken(debate, **{"from": citation["start"], "to": citation["end"]})
        assert citation["text"] in joined(there)
        assert {segment["speaker"] for segment in there} == {citation["speaker"]}
        assert (citation["debate"], citation["attribution"], citation["video_url"]) == (DEBATE, "labelled", None)
        assert citation["permalink"] == f"/d/{DEBATE}?t={floor(citation['start'])},{ceil(citation['end'])}"
        marked = re.findall(r"<mark[^>]*>(.*?)</mark>", debate.get(citation["permalink"]).text)
        assert citation["text"] in html.unescape(" ".join(map(str.strip, marked)))


@pytest.mark.parametrize(
    ("question", "speaker", "opening"),
    [
        (BLOCKCHAIN, KEMPF, f"Aucun propos de {KEMPF} trouvé là-dessus dans ces débats."),
        (PASTA, None, "Rien de trouvé dans ces débats qui réponde à cette question."),
        ("Que pense Thierry Breton du RGPD ?", None, "Thierry Breton n'est pas parmi les personnes identifiées"),
    ],
)
def test_what_nobody_said_is_not_answered(debate: TestClient, question: str, speaker: str, opening: str) -> None:
    answer = ask(debate, question)
    assert (answer["abstained"], answer["speaker"]) == (True, speaker)
    assert answer["confidence"] < 0.3
    assert answer["answer"].startswith(opening)


@pytest.mark.parametrize("question", [RGPD, BLOCKCHAIN, PASTA])
def test_search_ranks_as_ask_does_and_never_abstains(debate: TestClient, question: str) -> None:
    found = debate.get("/v1/search", params={"q": question, "top_k": 7}).json()
    answer = ask(debate, question, top_k=7)
    assert set(found) == {"query", "speaker", "passages"}
    assert (found["query"], found["speaker"]) == (question, answer["speaker"])
    assert len(found["passages"]) == 7
    assert found["passages"] == answer["citations"]
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_debates_and_their_segments(debate: TestClient) -> None:
    one = debate.get(f"/v1/debates/{DEBATE}").json()
    assert debate.get("/v1/debates").json() == {"debates": [one]}
    assert (one["id"], one["date"], one["segments"]) == (DEBATE, "2024-11-19", len(spoken(debate)))
    assert one["words"] == len(joined(spoken(debate)).split())
    starts = [segment["start"] for segment in spoken(debate, **{"from": 220, "to": 240})]
    assert starts == [220.0, 226.0, 230.0, 237.0]
    every = [segment["start"] for segment in spoken(debate)]
    assert [segment["start"] for segment in spoken(debate, **{"from": 240})] == [
        start for start in every if start >= 240
    ]
    assert [segment["start"] for segment in spoken(debate, to=240)] == [start for start in every if start < 240]


def test_upload_ask_replace_and_forget(client: TestClient) -> None:
    fields = {"id": "energie", "title": "Débat sur l'énergie", "date": "2024-01-02", "language": "fr"}
    fields["url"] = "https://www.youtube.com/watch?v=abc"
    files = {"file": ("vif.srt", SRT), "speakers": ("vif.tsv", LABELS)}
    added = client.post("/v1/debates", files=files, data=fields)
    report = {
        "format": "SubRip",
        "encoding": "utf-8",
        "segments": 2,
        "words": 8,
        "first": 1.0,
        "last": 9.5,
        "notes": [],
    }
    report["speakers"] = ["Ada Martin", "Jean Petit"]
    expected = {"debate": "energie", "title": "Débat sur l'énergie", "replaced": False, "report": report}
    expected |= {"voices": {}, "lost_corrections": 0}
    assert (added.status_code, added.json()) == (201, expected)
    listed = client.get("/v1/debates").json()["debates"]
    assert [(one["id"], one["date"], one["url"]) for one in listed] == [("energie", "2024-01-02", fields["url"])]
    first = ask(client, "Que dit Ada Martin du nucléaire ?")["citations"][0]
    assert (first["quote"], first["speaker"]) == ("Le nucléaire est nécessaire.", "Ada Martin")
    assert first["video_url"] == "https://www.youtube.com/watch?v=abc&t=1s"
    again = client.post("/v1/debates", files=files, data=fields)
    assert (again.status_code, again.json()) == (201, expected | {"replaced": True})
    assert len(client.get("/v1/debates").json()["debates"]) == 1
    forgotten = client.delete("/v1/debates/energie")
    assert (forgotten.status_code, forgotten.content) == (204, b"")
    assert [client.delete("/v1/debates/energie").status_code, client.get("/v1/debates/energie").status_code] == [
        404,
        404,
    ]
    assert client.get("/v1/debates").json() == {"debates": []}


def test_an_upload_says_how_it_is_read(client: TestClient) -> None:
    """Metadata in a YAML, the pace of a text without times, the columns of a table, strictness."""
    about = ("soir.yaml", b"title: Le soir\nlanguage: fr\nparticipants: [{name: Ada Martin, role: avocate}]\n")
    files = {"file": ("soir.txt", b"Ada Martin : Bonjour.\nJean Petit : Merci."), "metadata": about}
    assert client.post("/v1/debates", files=files).status_code == 422
    added = client.post("/v1/debates", files=files, data={"words_per_minute": 60})
    assert (added.status_code, added.json()["title"], added.json()["report"]["last"]) == (201, "Le soir", 2.0)
    assert client.get("/v1/debates/soir").json()["participants"][0] == {
        "name": "Ada Martin",
        "role": "avocate",
        "aliases": [],
    }
    table = {"file": ("t.csv", b"quand;quoi\n00:01;Bonjour.\n00:01;\n")}
    added = client.post("/v1/debates", files=table, data={"columns": "start=quand,text=2"})
    assert (added.status_code, added.json()["report"]["words"]) == (201, 1)
    assert [note["kind"] for note in added.json()["report"]["notes"]] == ["empty_cue"]
    strict = client.post("/v1/debates", files=table, data={"columns": "start=quand,text=2", "strict": True})
    wrong = client.post("/v1/debates", files=table, data={"columns": "quand"}, headers={"Accept-Language": "fr"})
    assert (strict.status_code, strict.json()["type"]) == (422, "urn:qui-dit-quoi:mending-refused")
    assert (wrong.status_code, "start=…" in wrong.json()["detail"]) == (422, True)
    bad = client.post("/v1/debates", files=files | {"metadata": ("soir.yaml", b"titre: Le soir")})
    assert (bad.status_code, bad.json()["detail"]) == (
        422,
        "soir.yaml cannot be used (unknown: titre). Fields allowed: title, date, url, media, language, participants.",
    )


def test_the_times_of_words_are_given_back(client: TestClient) -> None:
    words = [{"word": " Bonjour", "start": 1.0, "end": 1.6}, {"word": " Ada.", "start": 1.7, "end": 2.5}]
    document = {"language": "fr", "segments": [{"start": 1.0, "end": 2.5, "text": " Bonjour Ada.", "words": words}]}
    assert client.post("/v1/debates", files={"file": ("mots.json", json.dumps(document))}).status_code == 201
    times = [{"text": "Bonjour", "start": 1.0, "end": 1.6}, {"text": "Ada.", "start": 1.7, "end": 2.5}]
    for wanted, expected in ((True, times), (False, [])):
        (segment,) = client.get("/v1/debates/mots/segments", params={"words": wanted}).json()["segments"]
        assert segment["words"] == expected
    exported = client.get("/v1/debates/mots/export", params={"format": "json"}).json()
    assert [word["word"] for word in exported["segments"][0]["words"]] == ["Bonjour", "Ada."]


@pytest.mark.parametrize("name", ["../../etc/passwd.srt", "..\\..\\etc\\passwd.srt", "/etc/passwd.srt", "passwd"])
def test_a_file_name_only_names_the_debate(client: TestClient, name: str) -> None:
    status, added = upload(client, name)
    assert (status, added["debate"], added["title"]) == (201, "passwd", "passwd")


class GatedEncoder(HashEncoder):
    """Loads when ``gate`` opens, or fails then."""

    def __init__(self, failure: QdqError | None = None) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.failure = failure

    def load(self, progress: Progress | None = None) -> None:
        self.gate.wait(60)
        if self.failure is not None:
            raise self.failure


@pytest.mark.parametrize(
    ("failure", "status"), [(None, 200), (ModelUnavailable(model="m", reason="r", setting="QDQ_MODEL"), 503)]
)
def test_ready_once_the_model_is_loaded(home: Path, failure: QdqError | None, status: int) -> None:
    encoder = GatedEncoder(failure)
    engine = Engine(LocalStore(home), encoder, Settings(home=home))
    with TestClient(create_app(engine)) as client:
        assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (200, {"status": "ok"})
        loading = client.get("/readyz", headers={"Accept-Language": "fr"})
        assert (loading.status_code, loading.json()) == (503, {"status": "chargement du modèle"})
        encoder.gate.set()
        seen = loading
        for _ in range(5_000):
            seen = client.get("/readyz")
            if seen.json() != {"status": "loading the model"}:
                break
    engine.close()
    assert seen.status_code == status
    assert seen.json().get("type", seen.json()["status"]) == ("urn:qui-dit-quoi:model-unavailable" if failure else "ok")


def _question(**fields: Any) -> dict[str, Any]:
    return {"json": {"question": "a"} | fields}


def _file(data: bytes, **form: str) -> dict[str, Any]:
    return {"files": {"file": ("a.txt", data)}, "data": form}


def _raw(body: str) -> dict[str, Any]:
    return {"content": body, "headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize(
    ("method", "path", "request_parts", "status", "kind"),
    [
        ("GET", "/v1/debates/nope", {}, 404, "debate-unknown"),
        ("DELETE", "/v1/debates/nope", {}, 404, "debate-unknown"),
        ("GET", "/v1/debates/nope/segments", {}, 404, "debate-unknown"),
        ("POST", "/v1/ask", _question(debate="nope"), 404, "debate-unknown"),
        ("GET", "/v1/nope", {}, 404, None),
        ("PUT", "/v1/ask", {}, 405, None),
        ("POST", "/v1/ask", _question(question=""), 422, "question-empty"),
        ("POST", "/v1/ask", _question(question=" ?! "), 422, "question-empty"),
        ("POST", "/v1/ask", _question(question="a" * 10_000), 422, "question-too-long"),
        ("POST", "/v1/ask", _question(speaker="Zorro"), 422, "speaker-unknown"),
        *(("POST", "/v1/ask", _question(top_k=wrong), 422, None) for wrong in (0, 51, "x", "5", 1.5, True)),
        *(("GET", "/v1/search", {"params": {"q": "a", "top_k": wrong}}, 422, None) for wrong in (0, 51, "x", 1.5)),
        ("POST", "/v1/ask", _question(extra=1), 422, None),
        *(("POST", "/v1/ask", _question(date_from=wrong), 422, None) for wrong in ("2024-13-01", 0, "0", 1700000000)),
        ("GET", "/v1/ask/export?format=md&q=a&from=1700000000", {}, 422, None),
        ("POST", "/v1/ask", _question(generate=0), 422, None),
        ("POST", "/v1/ask", _raw("{nope"), 422, None),
        ("POST", "/v1/ask", _raw('{"question": "a \\ud800"}'), 422, None),
        ("POST", "/v1/ask", _raw('{"question": "a", "debate": "\\ud800"}'), 422, None),
        ("POST", "/v1/ask", {}, 422, None),
        ("GET", "/v1/search", {}, 422, None),
        ("GET", "/v1/search", {"params": {"q": ""}}, 422, "question-empty"),
        ("POST", "/v1/debates", {"data": {"title": "T"}}, 422, None),
        ("POST", "/v1/debates", _file(b""), 422, "file-empty"),
        ("POST", "/v1/debates", _file(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), 422, "file-binary"),
        ("POST", "/v1/debates", _file(b"no time\nanywhere"), 422, "times-missing"),
        ("POST", "/v1/debates", _file(b"00:00Oui\n", id="Not A Slug"), 422, "debate-id-invalid"),
        ("POST", "/v1/debates", _file(b"00:00Oui\n", language="french"), 422, "field-invalid"),
        ("POST", "/v1/debates", _file(b"00:00Oui\n", url="javascript:alert(1)"), 422, "field-invalid"),
        ("POST", "/v1/debates", _file(b"00:00Oui\n", url="http://[abc"), 422, "field-invalid"),
        ("POST", "/v1/debates", _file(b"00:00Oui\n", date="hier"), 422, None),
    ],
)
def test_errors_leave_as_problems(
    client: TestClient, method: str, path: str, request_parts: dict[str, Any], status: int, kind: str | None
) -> None:
    response = client.request(method, path, **request_parts)
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"] == (f"urn:qui-dit-quoi:{kind}" if kind else "about:blank")
    assert client.get("/v1/debates").json() == {"debates": []}


@pytest.mark.parametrize(
    ("method", "path", "french", "english"),
    [
        ("GET", "/v1/debates/nope", "Aucun débat « nope » dans l'index. Débats présents : –.", "No debate “nope”"),
        ("GET", "/v1/search?q=", "La question est vide : posez-la en une phrase", "The question is empty: ask it"),
        ("GET", "/v1/search", "La requête est invalide (q", "The request is invalid (q"),
    ],
)
def test_errors_speak_the_language_of_the_request(
    client: TestClient, method: str, path: str, french: str, english: str
) -> None:
    for accepted, expected in [("fr", french), ("fr-CA, en;q=0.5", french), ("en, fr;q=0.5", english), ("", english)]:
        response = client.request(method, path, headers={"Accept-Language": accepted})
        assert response.json()["detail"].startswith(expected), accepted


def test_a_method_that_an_address_does_not_have_is_told_all_that_it_has(client: TestClient) -> None:
    for path, methods in [
        ("/v1/debates", "GET, POST"),
        ("/v1/debates/x", "DELETE, GET, PATCH"),
        ("/v1/ask", "POST"),
        ("/mcp", "POST"),
    ]:
        response = client.put(path)
        assert (response.status_code, response.headers["allow"]) == (405, methods)


def test_a_whole_number_may_be_spelled_with_a_point(client: TestClient) -> None:
    assert ask(client, "a", top_k=5.0)["abstained"]


def test_a_route_that_is_none_is_refused_in_french_too(client: TestClient) -> None:
    said = [client.get("/nope", headers={"Accept-Language": name}).json()["detail"] for name in ("fr", "en")]
    assert said[0] != said[1]


VTT = """WEBVTT - Le climat
Language: fr

00:00:01.000 --> 00:00:05.000
<v Ada Martin>Le nucléaire est nécessaire.

00:00:05.000 --> 00:00:09.500
<v Jean Petit>Les éoliennes coûtent cher.
"""


@pytest.mark.parametrize(
    ("export_format", "media_type", "content"),
    [
        ("vtt", "text/vtt; charset=utf-8", VTT),
        ("srt", "application/x-subrip", SRT),
        (
            "txt",
            "text/plain; charset=utf-8",
            "Le climat\n\n00:00:01 Ada Martin: Le nucléaire est nécessaire.\n"
            "00:00:05 Jean Petit: Les éoliennes coûtent cher.\n",
        ),
    ],
)
def test_a_debate_is_given_back_as_a_file(
    client: TestClient, export_format: str, media_type: str, content: str
) -> None:
    files = {"file": ("vif.srt", SRT), "speakers": ("who.tsv", LABELS)}
    assert client.post("/v1/debates", files=files, data={"title": "Le climat"}).status_code == 201
    response = client.get("/v1/debates/vif/export", params={"format": export_format})
    assert (response.status_code, response.text) == (200, content)
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"] == f'attachment; filename="vif.{export_format}"'


def test_an_export_names_what_is_wrong(client: TestClient) -> None:
    assert upload(client)[0] == 201
    unknown = client.get("/v1/debates/nope/export", params={"format": "srt"})
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, PROBLEM)
    for params in ({"format": "docx"}, {}):
        response = client.get("/v1/debates/vif/export", params=params)
        assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)
        assert response.json()["errors"][0]["field"] == "query.format"


def _examples(parts: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    return {name: schema["examples"][0] for name, schema in parts if "examples" in schema}


def _as_documented(client: TestClient, document: dict[str, Any], method: str, path: str) -> int:
    """Send the examples of an operation; fails where something required has none."""
    operation = document["paths"][path][method]
    parameters = operation.get("parameters", [])
    sent = _examples([(parameter["name"], parameter["schema"]) for parameter in parameters])
    assert {parameter["name"] for parameter in parameters if parameter["required"]} <= set(sent)
    query = {part["name"]: sent[part["name"]] for part in parameters if part["in"] == "query" and part["name"] in sent}
    body: dict[str, Any] = {}
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = document["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]]
        if kind == "application/json":
            body = {"json": schema["examples"][0]}
        else:
            body = {"data": _examples(list(schema["properties"].items()))}
            if path == "/v1/debates":
                body["files"] = {"file": ("vif.srt", SRT)}
                assert set(body["data"]) == {"title", "date", "url", "media", "language", "participants"}
    return client.request(method, path.format(**sent), params=query, **body).status_code


def test_every_example_of_the_documentation_works(
    home: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = Records(home, days=1, token=lambda: EXAMPLE)
    engine = Engine(LocalStore(home), encoder, Settings(home=home), records, hear=Listener())
    engine.hear(engine.add(TRANSCRIPT, Details(speakers=SPEAKERS)).debate.id, TRANSCRIPT)
    monkeypatch.setattr(engine.watching, "_token", lambda: WATCH)
    with TestClient(create_app(engine)) as client:
        document = client.get("/openapi.json").json()
        operations = [(method, path) for path, methods in document["paths"].items() for method in methods]
        operations.sort(key=lambda operation: (operation[0] == "delete", -len(operation[1])))
        for made in ("/v1/watches", "/v1/ask"):  # what the others ask for
            operations.insert(0, operations.pop(operations.index(("post", made))))
        assert next((True for _ in range(5_000) if client.get("/readyz").status_code == 200), False)
        answered = {f"{method} {path}": _as_documented(client, document, method, path) for method, path in operations}
    assert answered == {
        "post /v1/ask": 200,
        "get /v1/answers/{answer}": 200,
        "get /v1/answers/{answer}/export": 200,
        "get /v1/ask/export": 200,
        "delete /v1/answers/{answer}": 204,
        "get /v1/search": 200,
        "post /v1/verify": 200,
        "get /v1/debates": 200,
        "post /v1/debates": 201,
        "get /v1/debates/{debate}": 200,
        "patch /v1/debates/{debate}": 200,
        "delete /v1/debates/{debate}": 204,
        "get /v1/debates/{debate}/segments": 200,
        "get /v1/debates/{debate}/report": 200,
        "get /v1/debates/{debate}/export": 200,
        "get /v1/debates/{debate}/chapters": 200,
        "get /v1/debates/{debate}/turns": 200,
        "patch /v1/debates/{debate}/turns": 200,
        "post /v1/debates/{debate}/turns/split": 200,
        "get /v1/debates/{debate}/uncertain": 200,
        "get /v1/debates/{debate}/corrections": 200,
        "delete /v1/debates/{debate}/corrections/{act}": 200,
        "get /v1/debates/{debate}/voices": 200,
        "patch /v1/debates/{debate}/voices/{voice}": 200,
        "post /v1/debates/{debate}/media": 200,
        "delete /v1/debates/{debate}/media": 204,
        "post /v1/compare": 200,
        "get /v1/people": 200,
        "post /v1/people/rename": 200,
        "delete /v1/people/rename/{renamed}": 200,
        "post /v1/watches": 201,
        "get /v1/watches": 200,
        "get /v1/watches/{watch}": 200,
        "delete /v1/watches/{watch}": 204,
        "get /v1/watches/{watch}/findings": 200,
        "get /v1/watches/{watch}/feed": 200,
        "get /healthz": 200,
        "get /metrics": 200,
        "get /readyz": 200,
    }
