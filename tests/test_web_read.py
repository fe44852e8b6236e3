"""The page of a debate: its text to the letter, what is marked in it, its parts, and hostile texts."""

import html
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from index.build import Details
from index.types import joined_text
from index.windows import pieces
from rag.engine import Engine
from tests.conftest import DEBATE

RUN = re.compile(r'<span data-start="([\d.]+)" data-end="([\d.]+)">(.*?)</span>')


@pytest.fixture(scope="module")
def debate(debate_engine: Engine) -> TestClient:
    return TestClient(create_app(debate_engine))


def paragraphs(page: str) -> list[str]:
    """The text of each paragraph of a transcript."""
    return [html.unescape(re.sub("<[^>]*>", "", one)) for one in re.findall(r'<p lang="\w\w">(.*?)</p>', page)]


def marked(page: str, kind: str = "moment") -> list[str]:
    return [
        html.unescape(one).strip() for one in re.findall(rf'<mark class="[^"]*{kind}[^"]*"[^>]*>(.*?)</mark>', page)
    ]


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [("?t=220,240", 220, 240), ("?t=226", 226, 227), ("?t=0,1", 0, 1), ("?t=240,220", 220, 240)],
)
def test_the_page_marks_the_moment_and_nothing_else(
    debate: TestClient, debate_engine: Engine, moment: str, first: int, last: int
) -> None:
    page = debate.get(f"/d/{DEBATE}{moment}").text
    there = [part for part in pieces(debate_engine.debate(DEBATE).segments) if part.start < last and part.end > first]
    assert marked(page) == [part.text for part in there]
    assert page.count("<mark ") == len(there)
    assert re.findall(r"<mark [^>]*autofocus>(.*?) ?</mark>", page) == [
        html.escape(there[0].text, quote=True).replace("&#x27;", "&#39;")
    ]


def test_the_paragraphs_are_the_text(debate: TestClient, debate_engine: Engine) -> None:
    page = debate.get(f"/d/{DEBATE}").text
    assert " ".join(paragraphs(page)) == joined_text(debate_engine.debate(DEBATE).segments)
    assert "<mark" not in page
    assert "autofocus" not in page


def test_the_page_escapes_what_it_shows(engine: Engine, tmp_path: Path) -> None:
    client = TestClient(create_app(engine))
    (tmp_path / "a.txt").write_text("00:00Oui & <script>alert(1)</script>\n", "utf-8")

    engine.add(tmp_path / "a.txt", Details(title="<b>T</b>"))
    page = client.get("/d/a").text
    assert "Oui &amp; &lt;script&gt;alert(1)&lt;/script&gt;</span></p>" in page
    assert re.search("<h1[^>]*>&lt;b&gt;T&lt;/b&gt;</h1>", page)
    assert "<script>" not in page
    assert "<b>" not in page
    assert client.get("/d/a?t=x").status_code == 422
