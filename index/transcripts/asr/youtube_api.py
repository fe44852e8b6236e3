"""Lists of youtube-transcript-api (JSONFormatter, github.com/jdepoix/youtube-transcript-api).

    [{"text": "Hey there", "start": 0.0, "duration": 1.54}, ...]
    {"video_id": "...", "language_code": "en", "snippets": [{"text": "Hey there", "start": 0.0, "duration": 1.54}, ...]}

Times are seconds. A file of several videos is refused: their times start again.
"""

from index.transcripts.asr.cues import add_segment
from index.transcripts.asr.json_fields import document, entries, expect, has, times_lasting
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading, Unreadable
from index.transcripts.source import Source


def looks_like(source: Source) -> bool:
    """By entries with a duration, and without the fields of Lhotse and Whisper."""
    listed = _snippets(source)
    return has(listed, "text", "start", "duration") and not has(listed, "recording_id") and not has(listed, "end")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure, and for several videos."""
    expect(looks_like(source), "“[].text”, “[].start”, “[].duration”")
    if isinstance(source.json, list) and sum(isinstance(one, list) for one in source.json) > 1:
        count = len(source.json)
        raise Unreadable(
            f"{count} transcripts in one file: give one file a video",
            reason_fr=f"{count} transcriptions dans un fichier : donnez un fichier par vidéo",
        )
    reading = Reading(language=language_code(document(source).get("language_code")))
    for number, one in enumerate(entries(_snippets(source)), start=1):
        add_segment(reading, number, one.get("text"), times_lasting(one))
    return reading


def _snippets(source: Source) -> object:
    """The list itself, or that of an object with its video, or the only one of a list of lists."""
    if isinstance(source.json, list):
        return source.json[0] if source.json and isinstance(source.json[0], list) else source.json
    return document(source).get("snippets")
