"""Plain lists of passages: Podcast Namespace, the lists of youtube-transcript-api, and Lhotse's supervisions.

    {"version": "1.0.0", "segments": [{"speaker": "Ada", "startTime": 0.5, "endTime": 0.75, "body": "I"}, ...]}
    [{"text": "Hey there", "start": 0.0, "duration": 1.54}, ...]
    [{"id": "s1", "recording_id": "r1", "start": 0.1, "duration": 0.3, "text": "Hello", "language": "english",
      "speaker": "Ada", "alignment": {"word": [["Hello", 0.1, 0.3]]}}, ...]

See "transcripts" of github.com/Podcastindex-org/podcast-namespace, github.com/jdepoix/youtube-transcript-api
(JSONFormatter) and "SupervisionSegment" of lhotse.readthedocs.io. Passages of one word each are words. A file of
several videos or recordings is refused: their times start again.
"""

from index.transcripts.asr.fields import (
    Fields,
    document,
    entries,
    expect,
    fields,
    has,
    key,
    lasting,
    seconds,
    speaker_name,
    string,
    times,
    times_lasting,
)
from index.transcripts.asr.gather import WordList, add_segment, join_single_words
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading, Unreadable, Word
from index.transcripts.source import Source


def looks_like_podcast(source: Source) -> bool:
    return has(document(source).get("segments"), "startTime", "body")


def read_podcast(source: Source) -> Reading:
    expect(looks_like_podcast(source), "the Podcast Namespace's “segments” with startTime and body")
    reading = Reading()
    for number, one in enumerate(entries(document(source)["segments"]), start=1):
        when = times(one, "startTime", "endTime")
        add_segment(reading, number, one.get("body"), when, speaker_name(one.get("speaker")))
    join_single_words(reading)
    return reading


def looks_like_youtube(source: Source) -> bool:
    listed = _snippets(source)
    return has(listed, "text", "start", "duration") and not has(listed, "recording_id") and not has(listed, "end")


def read_youtube(source: Source) -> Reading:
    expect(looks_like_youtube(source), "a list with text, start and duration")
    if isinstance(source.json, list) and sum(isinstance(one, list) for one in source.json) > 1:
        raise Unreadable(f"{len(source.json)} transcripts in one file: give one file a video")
    reading = Reading(language=language_code(document(source).get("language_code")))
    for number, one in enumerate(entries(_snippets(source)), start=1):
        add_segment(reading, number, one.get("text"), times_lasting(one))
    return reading


def looks_like_lhotse(source: Source) -> bool:
    return has(source.json, "recording_id", "start", "duration")


def read_lhotse(source: Source) -> Reading:
    expect(looks_like_lhotse(source), "Lhotse's supervisions with recording_id, start and duration")
    listed = entries(source.json)
    recordings = {key(one.get("recording_id")) for one in listed if string(one.get("text"))}
    if len(recordings) > 1:
        raise Unreadable(f"supervisions of {len(recordings)} recordings in one file: give one file a recording")
    reading = Reading(language=language_code(*(one.get("language") for one in listed)))
    for number, one in enumerate(listed, start=1):
        text = one.get("text") if one.get("text") is not None else ""
        words = _aligned(reading, number, one)
        add_segment(reading, number, text, times_lasting(one), speaker_name(one.get("speaker")), words)
    return reading


def _snippets(source: Source) -> object:
    """The list itself, or that of an object with its video, or the only one of a list of lists."""
    if isinstance(source.json, list):
        return source.json[0] if source.json and isinstance(source.json[0], list) else source.json
    return document(source).get("snippets")


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
