"""The sentences of the pages, from ``texts/fr.toml`` and ``texts/en.toml``: the same keys in both.

A sentence with two forms, ``one`` and ``other``, is chosen by ``n``: in French one form holds for 0 and 1
(https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html).
"""

import datetime
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from index.errors import Language

Say: TypeAlias = Callable[..., str]
"""``say("verify.title")``, ``say("verify.more", n=3)``."""

_FOLDER = Path(__file__).parent / "texts"


@cache
def sentences(language: Language) -> dict[str, str | dict[str, str]]:
    """Every sentence by its key, "section.name"."""
    text = (_FOLDER / f"{language}.toml").read_text("utf-8")
    content = tomllib.loads(unbroken(text) if language == "fr" else text)
    return {f"{section}.{name}": text for section, texts in content.items() for name, text in texts.items()}


def unbroken(french: str) -> str:
    """With a no-break space where a line must not end: before a high sign and within « ».

    >>> unbroken("Qui ? « Ada » : 99 %, dit-elle !").replace("\N{NO-BREAK SPACE}", "~")
    'Qui~? «~Ada~»~: 99~%, dit-elle~!'
    """
    return re.sub(r" (?=[:;?!»%])|(?<=«) ", "\N{NO-BREAK SPACE}", french)


def say_in(language: Language) -> Say:
    """The sentence of a key in ``language``, its places filled. Raises KeyError for a key that is none."""

    def say(key: str, **values: Any) -> str:
        text = sentences(language)[key]
        if isinstance(text, dict):
            single = abs(values["n"]) < 2 if language == "fr" else values["n"] == 1
            text = text["one" if single else "other"]
        return text.format(**values) if values else text

    return say


_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def long_date(date: datetime.date, language: Language) -> str:
    """A day in words.

    >>> long_date(datetime.date(2024, 11, 1), "fr")
    '1er novembre 2024'
    >>> long_date(datetime.date(2024, 11, 19), "en")
    '19 November 2024'
    """
    day = "1er" if date.day == 1 and language == "fr" else str(date.day)
    return f"{day} {_MONTHS[language][date.month - 1]} {date.year}"
