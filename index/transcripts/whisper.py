"""Whisper's JSON in its dialects: openai-whisper, faster-whisper, whisper-timestamped and WhisperX ("segments",
seconds, perhaps "speaker"), and whisper.cpp ("transcription", milliseconds)."""

import math
import re
from typing import Any

from index.times import parse_time
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.source import Source

_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_LANGUAGE = re.compile(r"[a-z]{2}")


def looks_like(source: Source) -> bool:
    return _JSON.match(source.text) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable for what is no JSON, or another JSON."""
    document = source.json
    entries = _entries(document)
    if entries is None:
        raise Unreadable("JSON without a list “segments” or “transcription”")
    reading = Reading()
    if isinstance(document, dict):
        _describe(reading, document)
    for number, entry in enumerate(entries, start=1):
        _add(reading, number, entry)
    return reading


def _entries(document: Any) -> list[Any] | None:
    if isinstance(document, dict):
        document = document.get("segments", document.get("transcription"))
    return document if isinstance(document, list) and all(isinstance(entry, dict) for entry in document) else None


def _describe(reading: Reading, document: dict[str, Any]) -> None:
    result = document.get("result")
    language = document.get("language") or (result.get("language") if isinstance(result, dict) else None)
    reading.title, reading.description = _string(document.get("title")), _string(document.get("description"))
    reading.language = code if _LANGUAGE.fullmatch(code := _string(language).lower()) else None


def _string(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _add(reading: Reading, number: int, entry: dict[str, Any]) -> None:
    start, end = _times(entry)
    text = entry.get("text")
    if start is None or not isinstance(text, str):
        reading.note(NoteKind.BAD_TIME, None, f"segment {number}")
        return
    if end is None and _has_end(entry):
        reading.note(NoteKind.END_UNREADABLE, None, f"segment {number}")
    reading.cues.append(Cue(start, end, text, _string(entry.get("speaker")) or None))


def _times(entry: dict[str, Any]) -> tuple[float | None, float | None]:
    offsets, clock = entry.get("offsets"), entry.get("timestamps")
    if isinstance(offsets, dict):
        start, end = _seconds(offsets.get("from")), _seconds(offsets.get("to"))
        return (None if start is None else start / 1000), (None if end is None else end / 1000)
    if isinstance(clock, dict):
        return _seconds(clock.get("from")), _seconds(clock.get("to"))
    return _seconds(entry.get("start")), _seconds(entry.get("end"))


def _has_end(entry: dict[str, Any]) -> bool:
    """Whether an end is given at all, readable or not."""
    where = entry.get("offsets") or entry.get("timestamps") or {}
    return entry.get("end") is not None or (isinstance(where, dict) and where.get("to") is not None)


def _seconds(value: Any) -> float | None:
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
