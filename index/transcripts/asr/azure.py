"""Azure AI Speech: batch transcription, fast transcription, and the detailed results of the SDK
("Get batch transcription results", "Use the fast transcription API", learn.microsoft.com/azure/ai-services).

    {"recognizedPhrases": [{"recognitionStatus": "Success", "speaker": 1, "locale": "fr-FR", "offset": "PT0.07S",
      "duration": "PT1.59S", "offsetInTicks": 700000.0, "durationInTicks": 15900000.0, "nBest": [{"display": "Hello.",
      "words": [{"word": "hello", "offsetInTicks": 900000.0, "durationInTicks": 4800000.0}]}]}]}
    {"phrases": [{"offsetMilliseconds": 960, "durationMilliseconds": 640, "text": "Good afternoon.", "words": [...]}]}
    {"AudioFileResults": [{"SegmentResults": [{"Offset": 400000, "Duration": 13300000, "NBest": [...]}]}]}
    {"RecognitionStatus": "Success", "Offset": 400000, "Duration": 13300000, "NBest": [{"Display": "Hello."}]}

A tick is 100 nanoseconds. The first of the best results is taken, as displayed. Channels are not told apart.
"""

import re

from index.transcripts.asr.cues import WordList, add_segment, in_time
from index.transcripts.asr.json_fields import (
    Fields,
    Times,
    document,
    either,
    entries,
    expect,
    fields,
    first,
    has,
    key,
    lasting,
    seconds,
    speaker_name,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading, Word
from index.transcripts.source import Source

_ISO = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,9})?)S)?")
_TICKS = 1e7
_UNITS = {"Milliseconds": 1000.0, "InTicks": _TICKS, "InSeconds": 1.0}


def looks_like(source: Source) -> bool:
    """By phrases with an offset, and with results or a text."""
    return any(_is_phrase(_named(phrase)) for _, phrase in _phrases(source)[:50])


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“recognizedPhrases”, “phrases”, “NBest”")
    reading = Reading()
    channels = set()
    for number, (file, raw) in enumerate(_phrases(source), start=1):
        phrase = _named(raw)
        channels.add((file, key(either(phrase, "channel", "channelNumber"))))
        best = _named(first(phrase.get("nBest")))
        text = either(best, "display", "lexical") or either(phrase, "displayText", "text", "display") or ""
        speaker = either({**best, **phrase}, "speaker", "speakerId")
        words = _words(reading, phrase, best, number)
        add_segment(reading, number, text, _times(phrase), speaker_name(speaker), words)
        language = fields(phrase.get("primaryLanguage")).get("Language")
        reading.language = reading.language or language_code(phrase.get("locale"), language)
    if len(channels) > 1:
        in_time(reading)
    return reading


def _named(entry: Fields) -> Fields:
    """The older files write NBest and Offset where the newer ones write nBest and offset."""
    return {key[:1].lower() + key[1:]: value for key, value in entry.items()}


def _phrases(source: Source) -> list[tuple[int, Fields]]:
    """Each with the number of its file: older services write a file a channel."""
    body = _named(document(source))
    files = [_named(one).get("segmentResults") for one in entries(body.get("audioFileResults"))]
    single = either(body, "recognizedPhrases", "segmentResults", "phrases") or source.json
    lists = files or [single if isinstance(single, list) else [single]]
    return [(number, phrase) for number, one in enumerate(lists) for phrase in entries(one)]


def _is_phrase(phrase: Fields) -> bool:
    timed = any(f"offset{unit}" in phrase for unit in ("", *_UNITS))
    return timed and (has(phrase.get("nBest")) or "displayText" in phrase or "durationMilliseconds" in phrase)


def _words(reading: Reading, phrase: Fields, best: Fields, number: int) -> list[Word]:
    words = WordList(reading, f"segment {number}, word", optional=True)
    for listed in entries(either(best, "displayWords", "words") or phrase.get("words")):
        word = _named(listed)
        words.add(either(word, "displayText", "word", "text"), _times(word))
    return words.words()


def _times(entry: Fields) -> Times:
    return lasting(
        _time(entry, "offset"),
        _time(entry, "duration"),
        begin_given=_is_given(entry, "offset"),
        length_given=_is_given(entry, "duration"),
    )


def _is_given(entry: Fields, name: str) -> bool:
    return any(entry.get(f"{name}{unit}") is not None for unit in ("", *_UNITS))


def _time(entry: Fields, name: str) -> float | None:
    """In the finest unit that is given; without a unit it is ISO 8601, or ticks."""
    for unit, per in _UNITS.items():
        if entry.get(f"{name}{unit}") is not None:
            return seconds(entry[f"{name}{unit}"], per)
    value = entry.get(name)
    return _iso_seconds(value) if isinstance(value, str) and value.startswith("PT") else seconds(value, _TICKS)


def _iso_seconds(text: str) -> float | None:
    """Seconds of an ISO 8601 duration.

    >>> _iso_seconds("PT1M2.5S"), _iso_seconds("PT0S"), _iso_seconds("PT")
    (62.5, 0.0, None)
    """
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, rest = (float(group or 0) for group in match.groups())
    return (hours * 60 + minutes) * 60 + rest
