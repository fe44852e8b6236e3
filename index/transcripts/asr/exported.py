"""What ``qdq export --format json`` wrote, back as it was: the layout of Whisper with what we know besides.

    {"generator": "qui-dit-quoi", "title": "…", "language": "fr", "date": "2024-11-19", "url": null, "media": null,
     "participants": [{"name": "Ada Martin", "role": "avocate", "aliases": []}],
     "segments": [{"start": 0.1, "end": 2.5, "text": "Bonjour.", "speaker": "Ada Martin",
                   "words": [{"word": "Bonjour.", "start": 0.1, "end": 0.6}]}]}

Nothing is cut or joined again, unlike what a recogniser writes. ``words`` stands only where their times are known.
"""

import datetime
from contextlib import suppress

from index.transcripts.asr.cues import add_whole_segment
from index.transcripts.asr.json_fields import Fields, document, entries, expect, seconds, string, times
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading, Word
from index.transcripts.source import Source
from index.types import Participant

GENERATOR = "qui-dit-quoi"


def looks_like(source: Source) -> bool:
    return source.looks_like_json and document(source).get("generator") == GENERATOR


def read(source: Source) -> Reading:
    body = document(source)
    expect(isinstance(body.get("segments"), list), "“segments”")
    reading = Reading(
        title=string(body.get("title")),
        language=language_code(body.get("language")),
        url=string(body.get("url")) or None,
        media=string(body.get("media")) or None,
        names_apart=True,
        participants=tuple(_participant(entry) for entry in entries(body.get("participants")) if _name(entry)),
    )
    with suppress(ValueError):
        reading.date = datetime.date.fromisoformat(string(body.get("date")))
    for number, segment in enumerate(entries(body.get("segments")), start=1):
        speaker = string(segment.get("speaker")) or None
        add_whole_segment(reading, number, segment.get("text"), times(segment), speaker, _words(segment))
    return reading


def _participant(entry: Fields) -> Participant:
    listed = entry.get("aliases")
    aliases = tuple(filter(None, map(string, listed))) if isinstance(listed, list) else ()
    return Participant(_name(entry), string(entry.get("role")), aliases)


def _name(entry: Fields) -> str:
    return string(entry.get("name"))


def _words(segment: Fields) -> tuple[Word, ...]:
    return tuple(
        Word(start, seconds(word.get("end")), string(word.get("word")))
        for word in entries(segment.get("words"))
        if (start := seconds(word.get("start"))) is not None and string(word.get("word"))
    )
