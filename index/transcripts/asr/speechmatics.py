"""Speechmatics: json-v2, and the older v1 ("Transcript formats", docs.speechmatics.com).

    {"format": "2.9", "metadata": {"transcription_config": {"language": "en"}}, "results": [
      {"type": "word", "start_time": 2.04, "end_time": 2.31, "alternatives": [{"content": "Yeah", "speaker": "S1"}]},
      {"type": "punctuation", "start_time": 2.31, "end_time": 2.31, "attaches_to": "previous",
       "alternatives": [{"content": ".", "speaker": "S1"}]}]}
    {"format": "1.0", "job": {"lang": "en"}, "speakers": [{"name": "F4", "time": "13.05", "duration": "39.19"}],
     "words": [{"name": "There", "time": "13.05", "duration": "0.18"}, {"name": ".", "time": "21.42", ...}]}

Speaker UU is nobody; where channels are told apart instead of speakers, they stand for them. An entity is one word, in
its written form. Real-time messages are not read.
"""

import re

from index.transcripts.asr.cues import Turns, WordList, add_words, in_time
from index.transcripts.asr.json_fields import (
    Fields,
    document,
    entries,
    expect,
    fields,
    first,
    has,
    key,
    speaker_name,
    times,
    times_lasting,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading
from index.transcripts.source import Source

_MARK = re.compile(r"[^\w\s]+")


def looks_like(source: Source) -> bool:
    """By results with a type and alternatives, or words with a name and a time."""
    body = document(source)
    return has(body.get("results"), "type", "alternatives") or has(body.get("words"), "name", "time")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“results[].type”, “words[].name”")
    body = document(source)
    reading = Reading()
    settings = fields(fields(body.get("metadata")).get("transcription_config"))
    reading.language = language_code(settings.get("language"), fields(body.get("job")).get("lang"))
    if "results" in body:
        _read_second(reading, entries(body["results"]))
    else:
        _read_first(reading, body)
    return reading


def _read_second(reading: Reading, results: list[Fields]) -> None:
    """One list of words a channel, since the words of a speaker may overlap those of another."""
    channels: dict[str, WordList] = {}
    for result in results:
        channel = key(result.get("channel", ""))
        words = channels.setdefault(channel, WordList(reading))
        best = first(result.get("alternatives"))
        if result.get("type") == "punctuation":
            words.punctuate(best.get("content"), key(result.get("attaches_to")))
        elif result.get("type") != "speaker_change":
            speaker = speaker_name(best.get("speaker")) or speaker_name(result.get("channel"))
            words.add(best.get("content"), times(result, "start_time", "end_time"), speaker)
    for words in channels.values():
        add_words(reading, words)
    if len(channels) > 1:
        in_time(reading)


def _read_first(reading: Reading, body: Fields) -> None:
    turns = Turns(
        (times_lasting(turn, "time"), speaker_name(turn.get("name"))) for turn in entries(body.get("speakers"))
    )
    words = WordList(reading)
    for word in entries(body.get("words")):
        name, when = word.get("name"), times_lasting(word, "time")
        if isinstance(name, str) and _MARK.fullmatch(name):
            words.punctuate(name)
        else:
            words.add(name, when, turns.at(when))
    add_words(reading, words)
