"""Proper names and figures in a text, by how they are written: substrings, nothing is normalised.

    « On parle de Mistral et de NVIDIA, il y a 100 000 GPU. » -> Mistral, NVIDIA; 100 000 GPU

Limits: a transcript without capitals has no names; a name that only begins sentences is not told from another word.
"""

import re

from index.words.lexical import fold, is_stop_word
from index.words.sentences import sentence_spans

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:\s(?:(?:de|du|des|la|le|of|van|von)\s)?{_CAPITAL})*")
_ELISION = re.compile(r"^(?:[CDJLMNST]|Qu|qu)['’]")
_MANY = r"(?:dizaines?|centaines?|milliers?|millions?|milliards?|dozens?|hundreds?|thousands?|billions?)"
_UNIT = rf"(?:\s?[%€$£°]|\s(?:pour\s?cent|percent|mille|thousand|{_MANY}))"
_SMALL = "et|ou|and|or|à|to|qui|who|en|in|dans|par|sur|pour|for|on|mais|but|au|aux|is|est|que|that"
_COUNTED = rf"(?:\s(?:d['’]|de\s|of\s)?(?!(?:{_SMALL})\b)[^\W\d_]{{2,}})"
_FIGURE = re.compile(
    rf"\d+(?:[\s.,]\d{{3}})*(?:[.,]\d+)?{_UNIT}?{_COUNTED}?"
    rf"|\b{_MANY}\s(?:de|of)\s(?:{_MANY}\s(?:de\s|d['’]|of\s))?[^\W\d_]{{2,}}"
)


def names_in(text: str) -> list[str]:
    """Capitalised words inside sentences, those that belong together as one, and acronyms; in order, each once."""
    found: dict[str, None] = {}
    for begin, end in sentence_spans(text):
        for match in _NAME.finditer(text, begin, end):
            name = _bare(text, match, begin)
            if name:
                found.setdefault(name)
    return list(found)


def figures_in(text: str) -> list[str]:
    """Numbers with what they count; in order, each once."""
    return list(dict.fromkeys(match[0].strip() for match in _FIGURE.finditer(text)))


def _bare(text: str, match: re.Match[str], begin: int) -> str:
    """Without elision, and without the word that begins the sentence, unless it is an acronym."""
    name = match[0]
    if match.start() == begin or text[max(0, match.start() - 2) : match.start()].strip(" ") in (
        "«",
        "“",
        '"',
        "-",
        "–",
    ):
        first, _, rest = name.partition(" ")
        name = name if len(first) > 1 and first.isupper() else rest
    elided = _ELISION.match(name)
    name = name[elided.end() :] if elided else name
    first = name.split(" ")[0]
    single = " " not in name
    if not name or (single and (len(name) < 2 or (is_stop_word(fold(first)) and not first.isupper()))):
        return ""
    return name.rstrip("'’-")
