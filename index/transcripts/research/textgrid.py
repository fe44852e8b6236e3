"""Praat TextGrid: tiers of intervals. https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html

    File type = "ooTextFile"          "ooTextFile"      <- the long form, and the short one
    Object class = "TextGrid"         "TextGrid"
    xmin = 0                          0
    ...
            text = "Bonjour"          "Bonjour"

Praat reads of either form only the free-standing numbers, the texts in quotes and the flags in <>, and so does this:
one reader for both. Which tiers are speech is for ``tiers.py``; tiers of points and empty intervals are no speech.
Signs of Praat's old alphabet (``\\e'``) become letters. The binary form is refused. By hand: praatio cuts the file
at "item [", wherever it stands, gives no lines, and knows neither comments nor the old alphabet.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.times import decimal_seconds
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.research.tiers import Tier, leave_out, speech
from index.transcripts.source import Source

_HEADER = re.compile(r'\s*(?:File type\s*=\s*)?"ooTextFile[^"\n]*"\s+(?:Object class\s*=\s*)?"TextGrid[^"\n]*"')
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*+")|(?P<number>(?<!\S)[-+]?[\d.][\d.eE+-]*(?!\S))|(?P<comment>(?<!\S)!.*)|(?P<open>")|\n"""
)
_INTERVALS, _POINTS = "IntervalTier", "TextTier"
_TIER_NUMBERS = 3
"""That follow the name of a tier: from, to, how many."""
_MARKS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", ",": "\u0327"}
_OLD_LETTERS = {"ss": "ß", "ae": "æ", "oe": "œ", "AE": "Æ", "OE": "Œ", "o/": "ø", "O/": "Ø"}
_OLD_SIGN = re.compile(r"""\\(?:([A-Za-z])(['`^"~,])|(ss|ae|oe|AE|OE|o/|O/))""")


@dataclass(slots=True)
class _Draft:
    """A tier while it is read; ``each`` numbers stand before each of its texts."""

    name: str
    line: int
    each: int
    cues: list[Cue] = field(default_factory=list)
    told: Reading = field(default_factory=Reading)


def looks_like(source: Source) -> bool:
    """By the two texts at its head, in the long form or the short one."""
    return _HEADER.match(source.text) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable for a text whose quotes are not closed. The sizes that a file announces are not relied on."""
    reading = Reading()
    groups = _groups(source.text)
    for _name in range(2):  # "ooTextFile", "TextGrid"
        next(groups, None)
    drafts: list[_Draft] = []
    for numbers, text, line in groups:
        if text in (_INTERVALS, _POINTS) and len(numbers) in (0, _TIER_NUMBERS):
            _numbers, name, _line = next(groups, ((), "", line))
            drafts.append(_Draft(name, line, 2 if text == _INTERVALS else 1))
        elif drafts:
            _add(drafts[-1], numbers, text, line)
    for draft in drafts:
        if draft.each == 1 and draft.cues:
            leave_out(reading, draft.name, draft.line, len(draft.cues))
    intervals = (draft for draft in drafts if draft.each > 1)
    speech((Tier(draft.name, draft.line, tuple(draft.cues), tuple(draft.told.notes)) for draft in intervals), reading)
    return reading


def _groups(text: str) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Each text in quotes with the free-standing numbers before it, and its line."""
    line = 1
    numbers: list[str] = []
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "open":
            raise Unreadable(
                "a text whose quotes are not closed", line, "un texte dont les guillemets ne sont pas fermés"
            )
        if token.lastgroup == "number":
            numbers.append(token[0])
        elif token.lastgroup == "text":
            yield tuple(numbers), token[0][1:-1].replace('""', '"'), line
            numbers = []
        line += token[0].count("\n")


def _add(draft: _Draft, numbers: tuple[str, ...], text: str, line: int) -> None:
    """The first text of a tier has the tier's own numbers before its times."""
    times = [decimal_seconds(number) for number in numbers[-draft.each :]]
    expected = (draft.each, draft.each + _TIER_NUMBERS)
    start, end = times[0] if times else None, times[-1] if times else None
    if len(numbers) not in expected or start is None or end is None:
        draft.told.note(NoteKind.BAD_TIME, line, text)
    elif text.strip():
        draft.cues.append(Cue(start, end, _modern(text), None, line))


def _modern(text: str) -> str:
    """Praat's old alphabet in Unicode: "\\e'" -> "é"."""
    if "\\" not in text:
        return text
    return _OLD_SIGN.sub(
        lambda sign: _OLD_LETTERS.get(sign[3]) or unicodedata.normalize("NFC", sign[1] + _MARKS[sign[2]]), text
    )
