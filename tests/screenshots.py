"""Every page in light, in dark and on a phone, on the shipped debate, to be looked at:

python -m tests.screenshots [FOLDER] [--only NAME]
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.shipped import SPEAKERS, TRANSCRIPT
from index.encoding.open import encoder_for
from index.writing.build import Details
from rag.settings import load_settings
from tests.browser.chromium import MISSING, browsing, find_chromium
from tests.browser.places import PLACES
from tests.browser.reader import PHONE, WIDE, Reader
from tests.browser.serving import opened, served


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    name: str
    width: int
    dark: bool = False
    language: str = "fr"


LOOKS = (
    Look("light", WIDE),
    Look("dark", WIDE, dark=True),
    Look("phone", PHONE),
    Look("phone-dark", PHONE, dark=True),
    Look("english", WIDE, language="en"),
)


def photograph(reader: Reader, folder: Path, names: list[str]) -> Iterator[Path]:
    """The files, PAGE-LOOK.png each; the whole height of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for look in LOOKS:
            page = reader.open(PLACES[name], language=look.language, width=look.width, dark=look.dark)
            path = folder / f"{name}-{look.name}.png"
            page.screenshot(path=path, full_page=True)
            reader.leave()
            yield path


@contextmanager
def _shipped_debate() -> Iterator[str]:
    """The address of a server over a new index of it."""
    encoder = encoder_for(cache=load_settings().cache)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), encoder) as engine:
        engine.add(TRANSCRIPT, Details(speakers=SPEAKERS))
        with served(engine) as address:
            yield address


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", choices=PLACES, help="one page")
    given = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(MISSING)
    with _shipped_debate() as address, browsing(chromium) as browser:
        names = [given.only] if given.only else list(PLACES)
        for path in photograph(Reader(browser, address), given.folder, names):
            print(path)


if __name__ == "__main__":
    main()
