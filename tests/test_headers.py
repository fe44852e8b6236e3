"""What every answer tells a browser, also one that refuses or fails."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from api.serving.app import create_app
from api.serving.headers import SAFE
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder


@pytest.fixture
def client(home: Path) -> Any:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, max_body_kb=1, requests_per_minute=5))
    yield TestClient(create_app(engine))
    engine.close()


def test_refusals_have_the_headers_of_answers(client: TestClient) -> None:
    found = [
        client.get("/v1/debates"),
        client.post("/v1/ask", content=b" " * 1_001),
        client.get("/nowhere"),
        client.post("/v1/ask", json={}),
        client.post("/people/rename", headers={"Origin": "https://b.example"}),
        client.get("/v1/people"),
        client.get("/v1/debates"),
    ]
    assert [one.status_code for one in found] == [200, 413, 404, 422, 403, 200, 429]
    for one in found:
        assert {name: one.headers[name] for name in SAFE} == SAFE
        assert "Cache-Control" not in one.headers
        assert "Strict-Transport-Security" not in one.headers


def test_only_over_https_is_it_asked_for(home: Path) -> None:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    told = TestClient(create_app(engine), base_url="https://x").get("/healthz").headers
    assert told["Strict-Transport-Security"] == "max-age=31536000"
    engine.close()


@pytest.mark.parametrize("path", ["/v1/debates", "/v1/nowhere", "/openapi.json", "/metrics"])
def test_what_a_key_was_needed_for_is_not_kept_by_anybody_between(home: Path, path: str) -> None:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    keys = Keys(home)
    _key, secret = keys.add("Ada", KeyScope.ADMIN)
    client = TestClient(create_app(engine, access=Access(keys, Mode.KEYS)))
    given = {"Authorization": f"Bearer {secret}"}
    assert client.get(path, headers=given).headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/style.css", headers=given).headers.get("Cache-Control", "")
    engine.close()


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_documentation_loads_from_here_alone(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; script-src 'self' 'unsafe-inline'")
    assert "http" not in policy
