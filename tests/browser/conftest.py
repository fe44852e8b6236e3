"""A real browser on a real server over the shipped debate with the real model; skipped where no browser is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index.encoding.encoder import Encoder
from rag.engine import Engine
from tests.browser.chromium import MISSING, browsing, find_chromium
from tests.browser.reader import Reader, watched
from tests.browser.serving import opened, served

expect.set_options(timeout=20_000)  # a machine may be busy; what is there is seen at once


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING)
    with browsing(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def site(
    browser: Browser, model: Encoder, debate_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the shipped debate with its side file. Not to be changed by a test."""
    with opened(tmp_path_factory.mktemp("site") / "home", model, debate_home) as engine, served(engine) as address:
        yield address


@pytest.fixture
def own_engine(browser: Browser, model: Encoder, debate_home: Path, home: Path) -> Iterator[Engine]:
    """The shipped debate in an index of this test, which may change it."""
    with opened(home, model, debate_home) as engine:
        yield engine


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    """Reads the shipped debate. Whatever goes wrong on any page fails the test."""
    yield from watched(Reader(browser, site))


@pytest.fixture
def editor(browser: Browser, own_engine: Engine) -> Iterator[Reader]:
    """Reads and changes ``own_engine``; watched as ``reader`` is."""
    with served(own_engine) as address:
        yield from watched(Reader(browser, address))
