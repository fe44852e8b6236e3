"""A debate of several parts in the browser: it goes on as one scrolls, and every list leads to its moment."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from api.web.reader.transcript import Transcript
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from tests.browser.reader import Reader, watched
from tests.browser.serving import served
from tests.fakes import HashEncoder
from tests.long_debate import SECONDS, long_debate, put

SEGMENTS = 2_400
STEP = SECONDS / SEGMENTS
DEBATE = long_debate(SEGMENTS)
PARTS = [str(part + 1) for part in range(len(Transcript.of(DEBATE).parts))]


_SCROLLED_TO_THE_END = """() => {
    scrollTo(0, document.documentElement.scrollHeight)
    return !document.querySelector(".more")
}"""


@pytest.fixture(scope="module")
def long_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("long")
    store = LocalStore(home)
    put(store, DEBATE)
    engine = Engine(store, HashEncoder(), Settings(home=home))
    with served(engine) as address:
        yield address
    engine.close()


@pytest.fixture
def long(browser: Browser, long_site: str) -> Iterator[Reader]:
    yield from watched(Reader(browser, long_site))


def parts(page: Page) -> list[str]:
    found: list[str] = page.locator(".part").evaluate_all("all => all.map(one => one.dataset.part)")
    return found


def words(page: Page) -> list[str]:
    return " ".join(page.locator("article p").all_text_contents()).split()


def test_scrolling_brings_the_rest_and_nothing_twice(long: Reader) -> None:
    page = long.open("/d/long")
    page.wait_for_function(_SCROLLED_TO_THE_END)  # on a fast machine two parts come at once
    assert parts(page) == PARTS
    assert words(page) == " ".join(segment.text for segment in DEBATE.segments).split()
    expect(page.locator(".more")).to_have_count(0)


def test_what_comes_before_is_put_above_without_moving_the_text(long: Reader) -> None:
    middle = DEBATE.segments[1300]
    page = long.open(f"/d/long?t={middle.start:g},{middle.end:g}")
    mark = page.locator("mark")
    expect(mark).to_be_in_viewport()
    there = parts(page)
    page.mouse.wheel(0, -40)
    page.locator(f"#part-{there[0]} article").first.evaluate("one => scrollTo(0, one.offsetTop - 200)")
    page.mouse.wheel(0, -20)
    expect(page.locator(f"#part-{int(there[0]) - 1}")).to_be_attached()
    expect(page.locator(f"#part-{there[0]} article").first).to_be_in_viewport()
    assert parts(page) == sorted(parts(page))


def test_the_timeline_leads_anywhere_in_it(long: Reader) -> None:
    page = long.open("/d/long")
    page.evaluate("window.same = true")
    box = page.locator(".timeline svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 15)
    moment = page.locator(".moment").first
    expect(moment).to_be_in_viewport()
    second = int(parse_qs(urlsplit(page.url).query)["t"][0])
    assert second == pytest.approx(0.75 * SECONDS, abs=SECONDS / 500)
    assert moment.inner_text().strip() == DEBATE.segments[int(second / STEP)].text
    assert page.evaluate("[window.same, document.activeElement.className]") == [True, "moment"]
    assert float(page.locator(".timeline .now").get_attribute("x") or 0) == pytest.approx(450, abs=2)
    page.go_back()
    # a function: a bare expression is compiled again at each look, which the page's policy refuses
    page.wait_for_function("() => window.same === undefined")
    expect(page.locator(".part").first).to_have_attribute("data-part", "1")


def test_chapters_come_when_they_are_opened_and_lead_to_their_text(long: Reader) -> None:
    page = long.open("/d/long", language="en")
    page.evaluate("window.same = true")
    page.locator("details.chapters summary").click()
    link = page.locator(".chapter-list a").last
    expect(link).to_be_visible(timeout=30_000)
    count = page.locator(".chapter-list li").count()
    expect(page.locator(".timeline g.chapters rect")).to_have_count(count)
    time = link.locator("time").inner_text()
    link.click()
    expect(page.locator(".moment").first).to_be_in_viewport()
    assert page.evaluate("window.same")
    assert time.startswith(page.locator("article", has=page.locator(".moment")).first.locator("time").inner_text()[:1])


@pytest.mark.parametrize("scripts", [True, False])
def test_found_words_are_walked_through(long: Reader, scripts: bool) -> None:
    word = max(DEBATE.segments[1700].text.lower().strip(".").split(), key=len)
    page = long.open("/d/long", scripts=scripts)
    page.get_by_role("searchbox").fill(word.upper())
    page.get_by_role("searchbox").press("Enter")
    page.locator("#found [rel=next]").click()
    hit = page.locator("#here")
    expect(hit).to_be_in_viewport()
    assert hit.inner_text().lower() == word
    page.locator("#found li a").last.click()
    expect(page.locator("#here")).to_be_in_viewport()
    assert page.locator("#here").inner_text().lower() == word


def test_the_parts_are_linked_without_scripts(long: Reader) -> None:
    page = long.open("/d/long", scripts=False)
    way = [*(("next", part) for part in PARTS[1:]), ("prev", PARTS[-2])]
    for direction, part in way:
        page.locator(f".more [rel={direction}]").click()
        expect(page.locator(f"#part-{part}")).to_be_attached()  # a click waits for no new page
        assert parts(page) == [part]
