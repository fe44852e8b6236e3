"""The page of a debate: its text to the letter, what is marked in it, its parts, what stands around it."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.web.reader.transcript import Transcript
from api.web.rendering import asset
from api.web.texts import unbroken
from index.local import LocalStore
from index.pieces.windows import pieces
from index.types import Debate, joined_text
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Circumstances, Records
from rag.settings import Settings
from rag.types import Answer
from tests.answers import cite, recording
from tests.conftest import DEBATE
from tests.fakes import HashEncoder
from tests.long_debate import long_debate, put
from tests.suite_files import EVENING, EVENING_SPEAKERS, srt

PAGE_WEIGHT = 150_000
"""Bytes as they are sent, with the style sheet and the script."""


@pytest.fixture(scope="module")
def debate(debate_engine: Engine) -> TestClient:
    return TestClient(create_app(debate_engine))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A debate of several parts, an index of the fake encoder. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("long")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    put(engine._store, long_debate(3_000))
    yield engine
    engine.close()


@pytest.fixture
def evening(engine: Engine, tmp_path: Path) -> TestClient:
    (tmp_path / "soir.srt").write_text(srt(EVENING), "utf-8")
    (tmp_path / "who.tsv").write_text(EVENING_SPEAKERS, "utf-8")
    engine.add(tmp_path / "soir.srt", Details(speakers=tmp_path / "who.tsv", url="https://video.example/soir"))
    return TestClient(create_app(engine), headers={"Accept-Language": "fr"})


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def paragraphs(page: str) -> list[str]:
    """The text of each paragraph of the transcript."""
    text = page[page.index('class="part"') :]
    return [plain(one) for one in re.findall(r'<p lang="\w\w">(.*?)</p>', text)]


def marked(page: str, kind: str = "moment") -> list[str]:
    return [plain(one).strip() for one in re.findall(rf'<mark class="[^"]*{kind}[^"]*"[^>]*>(.*?)</mark>', page)]


def landing(page: str) -> list[str]:
    """Where the browser goes, without a script."""
    return [plain(one).strip() for one in re.findall(r'tabindex="-1" autofocus>(.*?)</', page)]


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        ("?t=220,240", 220, 240),
        ("?t=226", 226, 227),
        ("?t=0,1", 0, 1),
        ("?t=240,220", 220, 240),
        ("?t=220.5", 220.5, 221.5),
    ],
)
def test_the_page_marks_the_moment_and_nothing_else(
    debate: TestClient, debate_engine: Engine, moment: str, first: float, last: float
) -> None:
    page = debate.get(f"/d/{DEBATE}{moment}").text
    parts = pieces(debate_engine.debate(DEBATE).segments)
    there = [part.text for part in parts if part.start < last and part.end > first]
    assert marked(page) == there
    assert page.count("<mark ") == len(there)
    assert landing(page) == there[:1]


@pytest.mark.parametrize(("moment", "at"), [("99999", -1), ("9999999,9999998", -1), ("930.5", -1), ("0,9999999", 0)])
def test_a_moment_at_which_nothing_is_said_leads_to_the_nearest(
    debate: TestClient, debate_engine: Engine, moment: str, at: int
) -> None:
    page = debate.get(f"/d/{DEBATE}?t={moment}").text
    assert landing(page) == [pieces(debate_engine.debate(DEBATE).segments)[at].text]


@pytest.mark.parametrize("asked", ["t=x", "t=-1", "t=1,2,3", "t=12345678", "t=nan", "hit=0", "part=-1", "hit=x"])
def test_an_address_that_means_nothing_says_so_on_a_page(debate: TestClient, asked: str) -> None:
    response = debate.get(f"/d/{DEBATE}?{asked}", headers={"Accept-Language": "fr"})
    assert response.status_code == 422
    assert asked.partition("=")[0] in plain(response.text)
    assert "<h1>Cela n&#39;a pas marché</h1>" in response.text


def test_a_debate_that_is_not_there_says_so_on_a_page(debate: TestClient) -> None:
    for path in ("/d/nope", "/d/nope/part/1", "/d/nope/chapters"):
        response = debate.get(path)
        assert response.status_code == 404
        assert "<h1>" in response.text


def test_a_debate_that_lasts_no_time_is_read_as_any_other(engine: Engine, tmp_path: Path) -> None:
    cues = [f"{at}\n00:00:0{at},000 --> 00:00:0{at},000\nPhrase numéro {at}.\n" for at in (2, 5, 7)]
    for name, said in {"un": cues[1:2], "trois": cues}.items():
        (tmp_path / f"{name}.srt").write_text("\n".join(said), "utf-8")
        engine.add(tmp_path / f"{name}.srt")
        client = TestClient(create_app(engine))
        for asked in ("", "?correct=1", "?find=phrase", "?find=phrase&hit=1", "/chapters", "/part/1", "/check"):
            assert client.get(f"/d/{name}{asked}").status_code == 200, asked
        assert landing(client.get(f"/d/{name}?t=5").text) == ["Phrase numéro 5."]
    page = client.get("/d/trois?t=4").text
    assert paragraphs(page) == ["Phrase numéro 2. Phrase numéro 5. Phrase numéro 7."]
    assert (marked(page), landing(page)) == ([], ["Phrase numéro 5."])
    assert "<path" not in page


def test_the_paragraphs_are_the_text_and_each_run_has_its_times(debate: TestClient, debate_engine: Engine) -> None:
    page = debate.get(f"/d/{DEBATE}").text
    segments = debate_engine.debate(DEBATE).segments
    assert " ".join(paragraphs(page)) == joined_text(segments)
    assert "<mark" not in page
    assert "autofocus" not in page
    runs = re.findall(r'<span data-start="([\d.]+)" data-end="([\d.]+)">(.*?)</span>', page)
    timed = {(float(start), float(end)) for start, end, _ in runs}
    assert timed == {(round(part.start, 2), round(part.end, 2)) for part in pieces(segments)}


def test_who_speaks_is_said_with_how_it_is_known_unless_the_transcript_names_them(
    evening: TestClient, engine: Engine
) -> None:
    heads = re.findall(r"<h3>(.*?)</h3>", evening.get("/d/soir").text, re.DOTALL)
    assert [" ".join(plain(head).split()) for head in heads] == [
        "Présentatrice 00:00",
        "Ada Martin 00:10",
        "Jean Petit 00:30",
        "Présentatrice 00:50",
    ]
    engine.correct("soir", 1, 1, "Jean Petit")
    engine.correct("soir", 2, 2, None)
    heads = re.findall(r"<h3>(.*?)</h3>", evening.get("/d/soir").text, re.DOTALL)
    assert [" ".join(plain(head).split()) for head in heads] == [
        "Présentatrice 00:00",
        "Jean Petit corrigé par une personne 00:10",
        "Locuteur inconnu 00:20",
        "Jean Petit 00:30",
        "Présentatrice 00:50",
    ]


def test_parts_follow_each_other_and_are_the_whole_text(long: Engine) -> None:
    client = TestClient(create_app(long))
    whole, path, count = [], "/d/long", 0
    while path:
        page = client.get(path).text
        whole += paragraphs(page)
        fragment = client.get(f"/d/long/part/{count + 1}").text
        assert paragraphs(fragment) == paragraphs(page)
        assert "<html" not in fragment
        before = re.search(r'rel="prev" href="([^"]*)"', fragment)
        assert (before is None) == (count == 0)
        following = re.search(r'rel="next" href="([^"]*)"', fragment)
        path, count = html.unescape(following[1]) if following else "", count + 1
    assert count == len(Transcript.of(long.debate("long")).parts) > 4
    assert " ".join(whole) == joined_text(long.debate("long").segments)
    assert paragraphs(client.get("/d/long?part=99").text) == paragraphs(client.get(f"/d/long/part/{count}").text)


def test_the_part_that_holds_the_moment_comes_first(long: Engine) -> None:
    client, segments = TestClient(create_app(long)), long.debate("long").segments
    for segment in segments[::250]:
        page = client.get(f"/d/long?t={segment.start:.1f},{segment.end:.1f}").text
        assert segment.text in " ".join(marked(page))
        assert landing(page) == [segment.text]
    page = client.get(f"/d/long?t={segments[-1].start:.1f}&part=1").text
    assert (landing(page), marked(page)) == ([], [])


def test_a_page_of_a_long_debate_is_light(long: Engine) -> None:
    client = TestClient(create_app(long))
    sent = [client.get(f"/d/long?part={part}&find=ba").headers for part in (1, 2, 3)]
    assert {headers["content-encoding"] for headers in sent} == {"gzip"}
    files = sum(int(client.get(asset(name)).headers["content-length"]) for name in ("style.css", "read.js"))
    assert max(int(headers["content-length"]) for headers in sent) + files < PAGE_WEIGHT


def test_events_are_not_held_back_to_be_compressed(evening: TestClient) -> None:
    response = evening.post("/v1/ask?stream=true", json={"question": "Que dit Ada du budget de la culture ?" * 20})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in response.headers
    assert evening.get("/d/soir").headers["content-encoding"] == "gzip"


def test_words_are_found_in_the_whole_debate_and_lead_to_their_part(long: Engine) -> None:
    client, debate = TestClient(create_app(long), headers={"Accept-Language": "en"}), long.debate("long")
    text = joined_text(debate.segments)
    word = max(debate.segments[1500].text.lower().strip(".").split(), key=len)
    count = text.lower().count(word)
    page = client.get("/d/long", params={"find": word.upper()}).text
    assert f"“{word.upper()}”: {count} time" in plain(page)
    listed = re.findall(r'<li><a href="([^"]*)".*?<mark>(.*?)</mark>', page)
    assert [said.lower() for _, said in listed] == [word] * min(count, 50)
    shown = []
    for number, (link, _) in enumerate(listed, start=1):
        there = client.get(html.unescape(link)).text
        assert f"hit={number}" in link
        assert [said.lower() for said in landing(there)] == [word]
        shown.append(re.search(r'data-part="(\d+)"', there)[1])  # type: ignore[index]
    assert shown == sorted(shown, key=int)


def test_what_is_said_everywhere_is_marked_so_many_times_in_a_part(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "aaa.txt").write_text("[00:00:01] " + "a " * 20_000, "utf-8")
    engine.add(tmp_path / "aaa.txt")
    client = TestClient(create_app(engine), headers={"Accept-Language": "fr"})
    page = client.get("/d/aaa?find=a&hit=15000").text
    assert unbroken("« a » : 20000 fois") in plain(page)
    assert "Les 1000 premiers sont marqués dans cette partie, qui en contient 19000 de plus." in plain(page)
    assert len(marked(page[page.index('class="part"') :], "hit")) == 1_001
    assert landing(page) == ["a"]
    assert " ".join(paragraphs(page)).endswith("a " * 99 + "a")


def hit_link(page: str, rel: str) -> str:
    """To the next hit or the one before; empty where there is none."""
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page[: page.index('class="transcript"')])
    return html.unescape(found[1]) if found else ""


def test_from_one_hit_to_the_next_and_back(evening: TestClient) -> None:
    text = " ".join(EVENING)
    page = evening.get("/d/soir?find=la").text
    count = text.lower().count("la")
    assert unbroken(f"« la » : {count} fois") in plain(page)
    assert len(marked(page, "hit")) == count
    assert landing(page) == []
    for number in range(1, count + 1):
        link = hit_link(page, "next")
        assert f"hit={number}" in link
        page = evening.get(link).text
        assert page.count('aria-current="true"') == 1
        assert len(landing(page)) == 1
    assert hit_link(page, "next") == ""
    assert f"hit={count - 1}" in hit_link(page, "prev")
    assert evening.get("/d/soir?find=la&hit=999").text.count("autofocus") == 1


def test_a_moment_that_is_followed_from_a_hit_is_where_one_lands(evening: TestClient) -> None:
    page = evening.get("/d/soir?find=la&hit=2&t=10&part=1&chapters=1").text
    for place in ("at", "chapter-list"):
        links = re.findall(r'<a class="at" href="([^"]*)"' if place == "at" else r'<li><a href="([^"]*)"><time>', page)
        assert links
        for link in map(html.unescape, links):
            assert "hit=" not in link
            start = float(re.findall(r"t=([\d.]+)", link)[0])
            assert EVENING[int(start) // 10].startswith(landing(evening.get(link).text)[0])
    assert "find=la" in re.findall(r'<a class="at" href="([^"]*)"', page)[0]


def test_what_is_not_said_is_found_no_times_and_nothing_is_asked_of_an_empty_box(evening: TestClient) -> None:
    assert unbroken("« zut » : 0 fois") in plain(evening.get("/d/soir?find=zut&hit=3").text)
    assert 'class="found"' not in evening.get("/d/soir?find=+").text
    assert evening.get("/d/soir", params={"find": "x" * 201}).status_code == 422


def test_the_passages_of_an_answer_are_marked_with_their_numbers(
    home: Path, evening: TestClient, engine: Engine
) -> None:
    records = Records(home, days=1)
    keeping = Engine(engine._store, HashEncoder(), Settings(home=home), records)
    cited = [
        cite(10, 20, EVENING[1], debate="soir"),
        cite(0, 5, "Ailleurs.", debate="autre"),
        cite(0, 5, "Disparu.", debate="soir"),
    ]
    answer = records.kept(Answer("?", "Oui.", False, 0.5, None, tuple(cited), 1.0), Circumstances("g", "f", {}, {}))
    client = TestClient(create_app(keeping))
    page = client.get(f"/d/soir?a={answer.id}&t=30").text
    assert marked(page, "passage") == [EVENING[1]]
    assert marked(page) == landing(page) == [EVENING[3]]
    assert page.count('data-n="1"') == 1
    assert page.count('<rect class="cited" x="100.0" y="0" width="100.0"') == 1
    assert f'<li value="1"><a href="/d/soir?t=10,20&amp;a={answer.id}">' in page
    for unknown in ("a=nope", "a=", "a=%00"):
        without = client.get(f"/d/soir?{unknown}").text
        assert (marked(without, "passage"), "cited-list" in without) == ([], False)
    records.close()


def test_the_timeline_and_the_times_are_those_of_the_debate(evening: TestClient) -> None:
    page = evening.get("/d/soir?t=30,40").text
    assert re.findall(r'<path class="voice-(\d)" fill="currentColor" d="([^"]*)"', page) == [
        ("1", "M0 10h100v12H0zM500 10h100v12H500z"),
        ("2", "M100 24h200v12H100z"),
        ("3", "M300 38h200v12H300z"),
    ]
    assert '<rect class="now" x="300.0" y="0" width="100.0"' in page
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page)
    assert [(plain(head), *(plain(cell) for cell in re.findall("<td>(.*?)</td>", cells))) for head, cells in rows] == [
        (name, "00:20", "33 %", str(sum(len(EVENING[at].split()) for at in said)))
        for name, said in [("Ada Martin", (1, 2)), ("Jean Petit", (3, 4)), ("Présentatrice", (0, 5))]
    ]


def test_the_chapters_of_a_short_debate_are_there_and_those_of_a_long_one_when_asked_for(
    debate: TestClient, debate_engine: Engine, long: Engine
) -> None:
    page = debate.get(f"/d/{DEBATE}").text
    chapters = debate_engine.chapters(DEBATE)
    listed = re.findall(r'<li><a href="([^"]*)"><time>[\d:]+</time> <span lang="fr">(.*?)</span></a>', page)
    assert [(html.unescape(link), plain(title)) for link, title in listed] == [
        (f"/d/{DEBATE}?t={one.start:.1f}".removesuffix(".0"), one.title) for one in chapters
    ]
    client = TestClient(create_app(long))
    link = re.search(r'<p class="load"><a href="([^"]*)">', client.get("/d/long?t=5").text)
    assert link is not None
    assert link[1] == "/d/long?t=5&amp;chapters=1"
    titles = [html.escape(one.title) for one in long.chapters("long")]
    for path in ("/d/long/chapters", "/d/long?chapters=1", "/d/long"):
        assert all(title in client.get(path).text for title in titles), path


def test_what_the_import_did_is_told_and_the_debate_can_be_taken_away(long: Engine, evening: TestClient) -> None:
    client = TestClient(create_app(long), headers={"Accept-Language": "fr"})
    page = client.get("/d/long").text
    assert re.findall("<li>(ligne .*?)</li>", page) == [f"ligne {n} : passage sans texte écarté" for n in range(1, 21)]
    assert "et 980 autres remarques" in page
    page = evening.get("/d/soir").text
    assert unbroken("Rien : le fichier a été lu tel quel.") in page
    assert 'href="https://video.example/soir" rel="noopener external"' in page
    for link in re.findall(r'href="(/v1/debates/soir/export[^"]*)"', page):
        assert evening.get(link).status_code == 200


def test_a_page_follows_the_index(evening: TestClient, engine: Engine) -> None:
    assert "Eve Roux" not in evening.get("/d/soir").text
    engine.correct("soir", 0, 0, "Eve Roux")
    assert "Eve Roux" in evening.get("/d/soir").text
    engine.remove("soir")
    assert evening.get("/d/soir").status_code == 404


HOSTILE = "<script>alert(1)</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} ${1} &lt;b&gt; ' javascript:alert(1) "


class Elements(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "data-load")}


def test_the_page_escapes_what_it_shows(engine: Engine) -> None:
    made = recording((0, 5, HOSTILE.strip(), HOSTILE), (5, 9, f"Oui {HOSTILE}oui", "Ada"))
    url = 'https://x.example/"><script>'
    put(engine._store, Debate("d", HOSTILE, made.segments, (), None, url, "fr", HOSTILE))
    client = TestClient(create_app(engine))
    for path in ("/d/d?t=0", "/d/d/part/1", "/d/d?chapters=1", "/d/d"):
        found = Elements(client.get(path, params={"find": HOSTILE.strip()}).text)
        assert found.names.isdisjoint({"img", "b"})
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}
        assert {one for one in found.addresses if not one.startswith(("/", "#"))} <= {url}
    assert paragraphs(client.get("/d/d").text) == [HOSTILE.strip(), f"Oui {HOSTILE}oui"]
