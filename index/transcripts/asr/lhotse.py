"""Lhotse's supervisions ("SupervisionSegment", lhotse.readthedocs.io).

    [{"id": "s1", "recording_id": "r1", "start": 0.1, "duration": 0.3, "text": "Hello", "language": "english",
      "speaker": "Ada", "alignment": {"word": [["Hello", 0.1, 0.3]]}}, ...]

Times are seconds. A file of several recordings is refused: their times start again.
"""

from index.transcripts.asr.cues import WordList, add_segment
from index.transcripts.asr.json_fields import (
    Fields,
    entries,
    expect,
    fields,
    has,
    key,
    lasting,
    seconds,
    speaker_name,
    string,
    times_lasting,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading, Unreadable, Word
from index.transcripts.source import Source


def looks_like(source: Source) -> bool:
    """By entries with a recording, a start and a duration."""
    return has(source.json, "recording_id", "start", "duration")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure, and for several recordings."""
    expect(looks_like(source), "“[].recording_id”, “[].start”, “[].duration”")
    listed = entries(source.json)
    recordings = {key(one.get("recording_id")) for one in listed if string(one.get("text"))}
    if len(recordings) > 1:
        count = len(recordings)
        raise Unreadable(
            f"supervisions of {count} recordings in one file: give one file a recording",
            reason_fr=f"supervisions de {count} enregistrements dans un fichier : donnez un fichier par enregistrement",
        )
    reading = Reading(language=language_code(*(one.get("language") for one in listed)))
    for number, one in enumerate(listed, start=1):
        text = one.get("text") if one.get("text") is not None else ""
        words = _aligned(reading, number, one)
        add_segment(reading, number, text, times_lasting(one), speaker_name(one.get("speaker")), words)
    return reading


def _aligned(reading: Reading, number: int, supervision: Fields) -> list[Word]:
    words = WordList(reading, f"segment {number}, word", optional=True)
    listed = fields(supervision.get("alignment")).get("word")
    for item in listed if isinstance(listed, list) else []:
        text, start, duration = item[:3] if isinstance(item, list) and len(item) >= 3 else (None, None, None)
        when = lasting(
            seconds(start), seconds(duration), begin_given=start is not None, length_given=duration is not None
        )
        words.add(text, when)
    return words.words()
