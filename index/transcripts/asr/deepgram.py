"""Deepgram: the response to a recorded file ("Pre-Recorded Audio", developers.deepgram.com/reference).

    {"metadata": {...}, "results": {
      "channels": [{"detected_language": "en", "alternatives": [{"transcript": "Yeah. As ...", "words": [
        {"word": "yeah", "start": 0.08, "end": 0.32, "punctuated_word": "Yeah.", "speaker": 0}, ...]}]}],
      "utterances": [{"start": 0.08, "end": 3.22, "channel": 0, "speaker": 0, "transcript": "Yeah. ...", "words": []}]}}

Utterances are taken where they hold every word, else words, else the sentences of paragraphs. Of several channels each
is a speaker, unless speakers are named. The messages of a live connection are not read.
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


def looks_like(source: Source) -> bool:
    """By its channels with alternatives."""
    return has(fields(document(source).get("results")).get("channels"), "alternatives")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“results.channels[].alternatives[]”")
    results = fields(document(source)["results"])
    channels = entries(results["channels"])
    uttered: dict[str, list[Fields]] = {}
    for one in entries(results.get("utterances")):
        uttered.setdefault(key(one.get("channel") or 0), []).append(one)
    reading = Reading()
    for number, channel in enumerate(channels):
        label = f"Channel {number}" if len(channels) > 1 else None
        _add_channel(reading, first(channel.get("alternatives")), uttered.get(key(number), []), label)
        languages = first(channel.get("alternatives")).get("languages")
        spoken = languages[0] if isinstance(languages, list) and languages else None
        reading.language = reading.language or language_code(channel.get("detected_language"), spoken)
    if len(channels) > 1:
        in_time(reading)
    return reading


def _add_channel(reading: Reading, best: Fields, uttered: list[Fields], label: str | None) -> None:
    words = entries(best.get("words"))
    if covers(uttered, "transcript", words):
        _add_utterances(reading, uttered, label)
    elif words:
        add_words(reading, _words(reading, words, "word", label))
    else:
        _add_paragraphs(reading, entries(fields(best.get("paragraphs")).get("paragraphs")), label)


def _add_utterances(reading: Reading, uttered: list[Fields], label: str | None) -> None:
    for number, one in enumerate(uttered, start=1):
        words = _words(reading, entries(one.get("words")), f"segment {number}, word", label, optional=True)
        add_segment(
            reading, number, one.get("transcript"), times(one), speaker_name(one.get("speaker")) or label, words.words()
        )


def _add_paragraphs(reading: Reading, paragraphs: list[Fields], label: str | None) -> None:
    sentences = [(paragraph, one) for paragraph in paragraphs for one in entries(paragraph.get("sentences"))]
    for number, (paragraph, one) in enumerate(sentences, start=1):
        add_segment(reading, number, one.get("text"), times(one), speaker_name(paragraph.get("speaker")) or label)


def _words(reading: Reading, spoken: list[Fields], what: str, label: str | None, *, optional: bool = False) -> WordList:
    words = WordList(reading, what, optional=optional)
    for word in spoken:
        speaker = speaker_name(word.get("speaker")) or label
        words.add(either(word, "punctuated_word", "word"), times(word), speaker)
    return words
