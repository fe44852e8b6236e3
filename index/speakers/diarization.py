"""A side file as JSON: what pyannote, WhisperX and their kin give of who speaks when.

    [{"start": 0.5, "end": 7.25, "speaker": "SPEAKER_00"}, …]
    {"segments": [{"start": …, "end": …, "speaker": …, "text": …}]}        WhisperX, and what ``qdq export`` writes
    {"diarization": [{"start": …, "end": …, "speaker": …}]}                pyannoteAI

Times are seconds, or written as "MM:SS"; without an ``end`` a name holds until the next.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.speakers.side import Mark, Unusable, no_time, somebody
from index.transcripts.asr.json_fields import seconds
from index.transcripts.report import Unreadable
from index.transcripts.source import parsed_json

_LISTS = ("segments", "diarization")
_GAP = re.compile(r"[\s,]*")


def looks_like(text: str) -> bool:
    """Any JSON: it begins with a bracket."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def read(text: str) -> Iterator[Mark]:
    """Raises Unusable."""
    try:
        document = parsed_json(text)
    except Unreadable as error:
        raise Unusable(error.line or 1, error.reason, error.reason) from error
    if isinstance(document, dict):
        document = next((document[name] for name in _LISTS if name in document), None)
    if not isinstance(document, list):
        raise Unusable(1, "it has no list “segments”", "il n'a pas de liste « segments »")
    for number, entry in enumerate(document):
        try:
            yield _mark(entry)
        except ValueError as error:
            raise no_time(_line(text, number), error) from error


def _mark(entry: Any) -> Mark:
    """Raises ValueError with what is no time."""
    if not isinstance(entry, dict):
        raise ValueError(entry)
    end, speaker = entry.get("end"), entry.get("speaker")
    name = str(speaker) if isinstance(speaker, str | int) else ""
    return Mark(_time(entry.get("start")), None if end is None else _time(end), somebody(name))


def _time(value: Any) -> float:
    found = seconds(value)
    if found is None:
        raise ValueError(value)
    return found


def _line(text: str, number: int) -> int:
    """On which line the entry ``number`` (from 0) of the list begins; 1 where that cannot be told."""
    opening = re.compile(rf'(?:"(?:{"|".join(_LISTS)})"\s*:|\A[\s\ufeff]*)\s*\[').search(text)
    at = opening.end() if opening else 0
    decoder = json.JSONDecoder()
    for _entry in range(number if opening else 0):
        at = _gap_after(text, at)
        at = decoder.raw_decode(text, at)[1]
    return text.count("\n", 0, _gap_after(text, at)) + 1


def _gap_after(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at
