"""Tags of captions -> plain text, voices and words with times. Whatever is taken away is noted.

    <v Ada>Oui <i>bien</i> sûr</v>       -> ("Ada", "Oui bien sûr"), noted: <i> </i>
    <v Ada>Oui.</v> Non.                 -> ("Ada", "Oui."), (None, "Non.")
    on<00:00:01.000><c> y va</c>         -> words "on", "y va" at 1 s

WebVTT: https://www.w3.org/TR/webvtt1/#webvtt-cue-text-parsing-rules; SubRip borrows tags of HTML, and ``{\\an8}``
from ASS. A tag that nobody knows may be somebody's words (``<rires>``) and stays.
"""

import html
import re
from collections.abc import Iterator

from index.times import parse_time
from index.transcripts.report import NoteKind, Reading, Word

_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_NAMES = "b|i|u|s|c|v|lang|ruby|rt|rp|font|span|em|strong|small|big|sub|sup|a|p|div|center"
_TAG = re.compile(
    rf"</?(?:{_NAMES})(?:[\s./][^<>]*)?>|</>"
    r"|<\w{1,8}:\d[\d:.]{0,16}\s?>"  # a time, right or wrong
    r"|</?(?:c|v|lang)(?:\.[^\s<>]*)?(?=[ \t])|<\d[\d:.]{3,16}(?=[ \t])"  # one that nobody closed
    r"|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]([^<>]*))?>|</v>", re.IGNORECASE)
_STAMP = re.compile(r"<((?:\d{1,3}:)?[0-5]\d:[0-5]\d\.\d{3})>")


def cleaned(raw: str, reading: Reading, line: int | None) -> str:
    """``raw`` without its tags, which are noted, and with its entities read."""
    return html.unescape(without(_TAG, _BREAK.sub("\n", raw), reading, line)).strip()


def without(pattern: re.Pattern[str], raw: str, reading: Reading, line: int | None) -> str:
    """``raw`` without what ``pattern`` finds in it, and a note of that."""
    found: dict[str, None] = {}

    def take(tag: re.Match[str]) -> str:
        found[tag[0].strip()] = None
        return ""

    text = pattern.sub(take, raw)
    if found:
        reading.note(NoteKind.MARKUP_REMOVED, line, " ".join(found))
    return text


def untagged(raw: str) -> str:
    """What a reader of ``raw`` sees, with single spaces and no notes: to compare, and where tags have been used."""
    return " ".join(html.unescape(_TAG.sub("", _BREAK.sub("\n", raw))).split())


def is_stamped(raw: str) -> bool:
    """Whether words of ``raw`` carry times."""
    return _STAMP.search(raw) is not None


def voices(payload: str) -> list[tuple[str | None, str]]:
    """The text under each voice, its tags left in; after ``</v>`` the voice around it speaks, or nobody known. At
    least one part, perhaps empty."""
    return [(voice, text) for voice, text in _spoken(payload) if text.strip()] or [(None, "")]


def _spoken(payload: str) -> Iterator[tuple[str | None, str]]:
    around: list[str | None] = [None]
    at = 0
    for tag in _VOICE.finditer(payload):
        yield around[-1], payload[at : tag.start()]
        at = tag.end()
        if not tag[0].startswith("</"):
            around.append(html.unescape(tag[1] or "").strip() or None)
        elif len(around) > 1:
            around.pop()
    yield around[-1], payload[at:]


def timed_words(raw: str, start: float, speaker: str | None, line: int) -> tuple[Word, ...]:
    """The pieces between the times inside ``raw``, the first at ``start``; none when there are no such times."""
    first, *rest = _STAMP.split(raw)
    if not rest:
        return ()
    stamps = [start, *(parse_time(stamp) for stamp in rest[::2])]
    pieces = zip(stamps, map(untagged, [first, *rest[1::2]]), strict=True)
    return tuple(Word(at, None, text, speaker, line) for at, text in pieces if at is not None and text)
