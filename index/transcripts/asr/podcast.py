"""The JSON of the Podcast Namespace ("transcripts", github.com/Podcastindex-org/podcast-namespace).

    {"version": "1.0.0", "segments": [{"speaker": "Ada", "startTime": 0.5, "endTime": 0.75, "body": "I"}, ...]}

Times are seconds. Passages of one word each are words.
"""

from index.transcripts.asr.cues import add_segment, join_single_words
from index.transcripts.asr.json_fields import document, entries, expect, has, speaker_name, times
from index.transcripts.report import Reading
from index.transcripts.source import Source


def looks_like(source: Source) -> bool:
    """By segments with startTime and body."""
    return has(document(source).get("segments"), "startTime", "body")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“segments[].startTime”, “segments[].body”")
    reading = Reading()
    for number, one in enumerate(entries(document(source)["segments"]), start=1):
        when = times(one, "startTime", "endTime")
        add_segment(reading, number, one.get("body"), when, speaker_name(one.get("speaker")))
    join_single_words(reading)
    return reading
