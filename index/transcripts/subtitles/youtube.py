"""Captions as YouTube's own interface gives them: XML in three versions (srv1, srv2, srv3 or ytt) and json3.

    <transcript><text start="1.5" dur="2">Bonjour &amp;#224; tous</text></transcript>
    <timedtext format="3"><body><p t="1500" d="2000"><s>Bonjour</s><s t="400"> à</s></p></body></timedtext>
    {"events": [{"tStartMs": 1500, "dDurationMs": 2000, "segs": [{"utf8": "Bonjour"}, {"utf8": " à", "tOffsetMs": 9}]}]}

Words of what was recognised have times from the start of their line. Windows, pens and the events that only break a
line say nothing. By hand: no library keeps the words' times. YouTube documents none of them; see
https://github.com/arcusmaximus/YTSubConverter and https://github.com/jdepoix/youtube-transcript-api.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from index.transcripts.asr.json_fields import document, entries, seconds
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable, Word
from index.transcripts.source import Source, line_of
from index.transcripts.subtitles.markup import cleaned, untagged
from index.transcripts.xml_elements import text_of

_XML = re.compile(r"<timedtext[\s>]|<transcript(?:\s[^<>]*)?>\s*<(?:text\s|/transcript)")
_JSON = re.compile(r'"wireMagic"|"tStartMs"')
_INVISIBLE = str.maketrans("", "", "\u200b\u2060\ufeff")
"""With which YTSubConverter pads its lines."""


def looks_like_xml(source: Source) -> bool:
    """By its root element."""
    return source.looks_like_xml and _XML.search(source.text[:10_000]) is not None


def looks_like_json(source: Source) -> bool:
    """By names of fields that only YouTube has."""
    return source.looks_like_json and _JSON.search(source.text[:10_000]) is not None


def read_xml(source: Source) -> Reading:
    """Seconds in srv1 (``start``, ``dur``), else milliseconds (``t``, ``d``)."""
    root = source.xml
    if root is None:
        raise Unreadable("no XML", 1, "pas de XML")
    reading = Reading()
    for line_break in root.iter("br"):
        line_break.text = "\n"
    for element in root.iter("text", "p"):
        times = seconds(element.get("start")), seconds(element.get("dur"))
        if element.get("start") is None:
            times = seconds(element.get("t"), 1000), seconds(element.get("d"), 1000)
        _add(reading, *times, list(_pieces(element)), line_of(element), f"<{element.tag}>")
    return reading


def read_json(source: Source) -> Reading:
    """Times are milliseconds. Raises Unreadable for a document without events."""
    events = document(source).get("events")
    if not isinstance(events, list):
        raise Unreadable("JSON without a list “events”", 1, "JSON sans liste « events »")
    reading = Reading()
    for number, event in enumerate(entries(events), start=1):
        if not isinstance(event.get("segs"), list):
            continue  # a window or a pen
        pieces = [(seconds(part.get("tOffsetMs"), 1000), str(part.get("utf8", ""))) for part in entries(event["segs"])]
        times = seconds(event.get("tStartMs"), 1000), seconds(event.get("dDurationMs"), 1000)
        _add(reading, *times, pieces, None, f"event {number}")
    return reading


def _pieces(element: etree._Element) -> Iterator[tuple[float | None, str]]:
    """The text with, for each ``<s t="400">``, its seconds after the start."""
    yield None, element.text or ""
    for child in element:
        yield seconds(child.get("t"), 1000), text_of(child)
        yield None, child.tail or ""


def _add(
    reading: Reading,
    start: float | None,
    length: float | None,
    pieces: list[tuple[float | None, str]],
    line: int | None,
    place: str,
) -> None:
    """A cue, unless it only breaks a line or says what the one before says at the same time, in another pen."""
    pieces = [(offset, text.translate(_INVISIBLE)) for offset, text in pieces]
    raw = "".join(text for _, text in pieces)
    if raw and not raw.strip("\n"):
        return
    if start is None:
        reading.note(NoteKind.BAD_TIME, line, f"{place} {raw.strip()}")
        return
    timed = any(offset is not None for offset, _ in pieces)
    spoken = [(start + (offset or 0.0), untagged(text)) for offset, text in pieces] if timed else []
    words = tuple(Word(at, None, text, line=line) for at, text in spoken if text)
    end = None if length is None else start + length
    cue = Cue(start, end, cleaned(raw, reading, line), None, line, words)
    if reading.cues and replace(reading.cues[-1], line=line) == cue and cue.text:
        reading.note(NoteKind.REPEAT_MERGED, line, cue.text)
    else:
        reading.cues.append(cue)
