"""The examples of docs/formats.md: a heading that is the name of a format, a fenced block, and what is noted of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from index.read_options import AS_IT_IS, ReadOptions

PAGE = Path(__file__).parents[1] / "docs" / "formats.md"

_SECTION = re.compile(r"^### (.+)\n((?:(?!#{2,3} ).*\n)*)", re.MULTILINE)
_FENCED = re.compile(r"^```\w+(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_LABELS = re.compile(r"\(here `(.+)` and `(.+)`\)")
_NAMED = re.compile(r"Ada[ _]Martin")


@dataclass(frozen=True, slots=True)
class Example:
    """``text`` is to be read with ``options``; ``speakers`` are those of the two sentences that every example says."""

    name: str
    text: str
    options: ReadOptions
    speakers: tuple[str | None, str | None]
    notes: tuple[str, ...]


def headings() -> list[str]:
    return [match[1] for match in _SECTION.finditer(PAGE.read_text("utf-8"))]


def examples() -> list[Example]:
    sections = _SECTION.findall(PAGE.read_text("utf-8"))
    return [_example(name, body, block) for name, body in sections if (block := _FENCED.search(body))]


def _example(name: str, body: str, block: re.Match[str]) -> Example:
    labels = _LABELS.search(body)
    named = ("Ada Martin", "Jean Petit") if _NAMED.search(block[2]) else (None, None)
    return Example(
        name,
        block[2],
        _options(block[1].split()),
        (labels[1], labels[2]) if labels else named,
        tuple(re.findall(r"^Noted: (.+)$", body, re.MULTILINE)),
    )


def _options(words: list[str]) -> ReadOptions:
    """Those of ``qdq add``: ["--fps", "25"]."""
    given = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    pace, rate = given.pop("--words-per-minute", None), given.pop("--fps", None)
    assert not given
    return ReadOptions(words_per_minute=pace, frames_per_second=rate) if words else AS_IT_IS
