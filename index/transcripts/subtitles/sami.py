"""SAMI (.smi, .sami), the captions of Windows Media: like HTML, a SYNC gives the moment, a P in it the text.

    <SAMI><HEAD><TITLE>Le débat</TITLE><STYLE TYPE="text/css"><!--
    .FRCC {Name: Français; lang: fr-FR;} .ENCC {Name: English; lang: en-US;}
    --></STYLE></HEAD><BODY>
    <SYNC Start=1000><P Class=FRCC>Bonjour<br>à tous<P Class=ENCC>Hello everyone
    <SYNC Start=2500><P Class=FRCC>&nbsp;

A passage lasts until the next P of its class, which may be empty; a P with ID=Source names who speaks. By hand, since
tags are rarely closed and pysubs2 does not say on which line something was dropped.
https://learn.microsoft.com/previous-versions/windows/desktop/dnacc/understanding-sami-1.0
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.subtitles.language_tracks import main_track
from index.transcripts.subtitles.markup import without

_POINT = re.compile(r"<(sync|p)\b([^<>]*)>", re.IGNORECASE)
_TIMED = re.compile(r"<sync\s[^<>]{0,200}start")
_ATTRIBUTE = re.compile(r"\b(start|end|class|id)[ \t]{0,9}=[ \t]{0,9}[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"\.([\w-]+)\s*\{[^{}]*?\blang[ \t]{0,9}:[ \t]{0,9}([a-zA-Z]{2})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<>]*)<", re.IGNORECASE)
_BREAK = re.compile(r"<br[^<>]*>", re.IGNORECASE)
_FRAME = re.compile(r"</?(?:p|sync|body|sami)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-z!][^<>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """``name`` is the class in lower case; an empty ``text`` ends the one before."""

    line: int
    start: float
    end: float | None
    name: str
    speaker: str | None
    text: str


def looks_like(source: Source) -> bool:
    """By its root element, or by a SYNC with a start where that is missing."""
    head = source.text[:100_000].lower()
    return source.text.lstrip("\ufeff \t\n").startswith("<") and (
        "<sami" in head[:1000] or _TIMED.search(head) is not None
    )


def read(source: Source) -> Reading:
    """The main language of several; times are milliseconds."""
    reading = Reading()
    first = _POINT.search(source.text)
    head = source.text[: first.start() if first else None]
    title = _TITLE.search(head)
    reading.title = html.unescape(title[1]) if title else ""
    classes: dict[str, list[_Paragraph]] = {}
    for paragraph in _paragraphs(source.text, reading):
        classes.setdefault(paragraph.name, []).append(paragraph)
    languages = {match[1].lower(): match[2].lower() for match in _LANGUAGE.finditer(head)}
    tracks: dict[str, list[Cue]] = {}
    for name, paragraphs in classes.items():
        tracks.setdefault(languages.get(name, name), []).extend(_cues(paragraphs))
    main, reading.cues = main_track({name: cues for name, cues in tracks.items() if cues}, reading)
    reading.language = main if main in languages.values() else None
    return reading


def _paragraphs(text: str, reading: Reading) -> Iterator[_Paragraph]:
    start: float | None = None
    end, name, speaker = None, "", None
    line, at = 1, 0
    for point, following in pairwise([*_POINT.finditer(text), None]):
        assert point is not None
        line, at = line + text.count("\n", at, point.start()), point.start()
        attributes = {key.lower(): value for key, value in _ATTRIBUTE.findall(point[2])}
        body = _text(text[point.end() : following.start() if following else None], reading, line)
        if point[1].lower() == "sync":
            start, end, name = _seconds(attributes.get("start")), _seconds(attributes.get("end")), ""
            if start is None:
                reading.note(NoteKind.BAD_TIME, line, point[0])
        else:
            name = attributes.get("class", "").lower()
        if attributes.get("id", "").lower() == "source":
            speaker = body or None
        elif start is not None and (body or point[1].lower() == "p"):
            yield _Paragraph(line, start, end, name, speaker, body)


def _seconds(milliseconds: str | None) -> float | None:
    match = re.fullmatch(r"(\d{1,10})(?:ms)?", milliseconds or "")
    return int(match[1]) / 1000 if match else None


def _text(raw: str, reading: Reading, line: int) -> str:
    return html.unescape(without(_TAG, _FRAME.sub("", _BREAK.sub("\n", raw)), reading, line)).strip()


def _cues(paragraphs: list[_Paragraph]) -> Iterator[Cue]:
    """Those with text, until the next moment of their class."""
    for paragraph, following in pairwise([*paragraphs, None]):
        assert paragraph is not None
        end = paragraph.end
        if end is None and following is not None and following.start > paragraph.start:
            end = following.start
        if paragraph.text:
            yield Cue(paragraph.start, end, paragraph.text, paragraph.speaker, paragraph.line)
