"""Amazon Transcribe: the output of a batch job ("Data input and output", docs.aws.amazon.com/transcribe), or the bare
list of its items.

    {"jobName": "...", "results": {"language_code": "en-US", "transcripts": [{"transcript": "I've been."}],
     "speaker_labels": {"segments": [{"items": [{"start_time": "4.87", "speaker_label": "spk_0"}, ...]}]},
     "items": [{"id": 0, "type": "pronunciation", "start_time": "4.87", "end_time": "5.02", "speaker_label": "spk_0",
                "alternatives": [{"content": "I've"}]},
               {"id": 2, "type": "punctuation", "alternatives": [{"content": "."}]}, ...],
     "audio_segments": [{"id": 0, "transcript": "I've been.", "start_time": "4.87", "end_time": "5.17",
                         "speaker_label": "spk_0", "items": [0, 1, 2]}]}}

Older files give the speakers apart, by the start of each word; where channels are told apart, they stand for the
speakers. The first alternative is taken. Call Analytics and streams are not read.
"""

from index.transcripts.asr.cues import WordList, add_segment, add_words, covers, in_time
from index.transcripts.asr.json_fields import (
    Fields,
    document,
    either,
    entries,
    expect,
    fields,
    first,
    has,
    key,
    speaker_name,
    times,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading
from index.transcripts.source import Source

_PUNCTUATION = "punctuation"


def looks_like(source: Source) -> bool:
    """By its items with a type and alternatives, or its audio segments."""
    results = _results(source)
    return has(results.get("items"), "type", "alternatives") or has(results.get("audio_segments"), "transcript")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“results.items”, “results.audio_segments”")
    results = _results(source)
    reading = Reading(language=_language(results))
    items, segments = entries(results.get("items")), entries(results.get("audio_segments"))
    spoken = [item for item in items if item.get("type") != _PUNCTUATION]
    if covers(segments, "transcript", spoken):
        _add_segments(reading, segments, items, _speakers(results))
    else:
        add_words(reading, _words(reading, items, _speakers(results))[0])
    if "channel_labels" in results:
        in_time(reading)
    return reading


def _results(source: Source) -> Fields:
    if has(source.json, "type", "alternatives", "start_time"):
        return {"items": source.json}
    return fields(document(source).get("results"))


def _language(results: Fields) -> str | None:
    several = first(results.get("language_codes")).get("language_code")
    return language_code(
        results.get("language_code"), several, first(results.get("language_identification")).get("code")
    )


def _speakers(results: Fields) -> dict[str, str | None]:
    """The start of each word, as it is written -> its speaker, or its channel."""
    segments = entries(fields(results.get("speaker_labels")).get("segments"))
    channels = entries(fields(results.get("channel_labels")).get("channels"))
    parts = [(part, item) for part in (*channels, *segments) for item in entries(part.get("items"))]
    return {
        key(item.get("start_time")): speaker_name(
            either(item, "speaker_label") or either(part, "speaker_label", "channel_label")
        )
        for part, item in parts
    }


def _words(reading: Reading, items: list[Fields], speakers: dict[str, str | None]) -> tuple[WordList, dict[str, int]]:
    """The words, and the place of each by the id of its item."""
    words = WordList(reading)
    places: dict[str, int] = {}
    for position, item in enumerate(items):
        content = first(item.get("alternatives")).get("content")
        if item.get("type") == _PUNCTUATION:
            words.punctuate(content)
            continue
        label = speaker_name(either(item, "speaker_label", "channel_label"))
        known = len(words)
        words.add(content, times(item, "start_time", "end_time"), label or speakers.get(key(item.get("start_time"))))
        if len(words) > known:
            places[key(item.get("id", position))] = known
    return words, places


def _add_segments(
    reading: Reading, segments: list[Fields], items: list[Fields], speakers: dict[str, str | None]
) -> None:
    listed, places = _words(reading, items, speakers)
    words = listed.words()
    for number, segment in enumerate(segments, start=1):
        held = segment.get("items")
        own = [words[places[key(one)]] for one in held if key(one) in places] if isinstance(held, list) else []
        speaker = speaker_name(either(segment, "speaker_label", "channel_label"))
        add_segment(reading, number, segment.get("transcript"), times(segment, "start_time", "end_time"), speaker, own)
