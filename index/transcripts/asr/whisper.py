"""Whisper in its dialects: openai-whisper, faster-whisper, whisper-timestamped and WhisperX ("segments", seconds),
OpenAI's verbose_json (words apart from the segments), Transformers ("chunks"), whisper.cpp ("transcription",
milliseconds, tokens), and any plain list of segments.

    {"language": "en", "segments": [{"start": 0.1, "end": 2.5, "text": " Hello there.", "speaker": "SPEAKER_00",
     "words": [{"word": "Hello", "start": 0.1, "end": 0.6, "score": 0.9, "speaker": "SPEAKER_00"}, ...]}]}
    {"result": {"language": "en"}, "transcription": [{"offsets": {"from": 100, "to": 2500}, "text": " Hello there.",
     "tokens": [{"text": " Hello", "offsets": {"from": 100, "to": 600}}, ...]}]}

See https://github.com/openai/whisper (transcribe.py), https://github.com/m-bain/whisperX,
https://github.com/ggml-org/whisper.cpp (examples/cli) and the OpenAI API reference, "Create transcription".
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.transcripts.asr.cues import WordList, add_segment, add_words, join_single_words
from index.transcripts.asr.json_fields import (
    Fields,
    Times,
    document,
    either,
    entries,
    expect,
    fields,
    has,
    key,
    sample,
    seconds,
    speaker_name,
    string,
    times,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, Reading, Word
from index.transcripts.source import Source
from index.transcripts.words import cut

_CONTROL = re.compile(r"\s*(?:\[_.*\]|<\|.*\|>)\s*")
_LISTS = ("segments", "transcription", "chunks")


def looks_like(source: Source) -> bool:
    """Any JSON: this is the last of the formats in JSON, and says what was expected."""
    return source.json is not None


def looks_like_whisperx(source: Source) -> bool:
    """Its words have a "score", and stand once more in "word_segments"."""
    segments = document(source).get("segments")
    return has(document(source).get("word_segments"), "word") or any(
        has(segment.get("words"), "word", "score") for segment in sample(segments)
    )


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    body = document(source)
    segments = source.json if isinstance(source.json, list) else either(body, *_LISTS)
    words = body.get("words") or body.get("word_segments")
    expect(
        segments == []
        or has(segments, "text")
        or has(segments, "words")
        or (not segments and has(words, "word", "start")),
        "“segments”, “transcription”, “chunks”",
    )
    reading = Reading(title=string(body.get("title")), description=string(body.get("description")))
    reading.language = language_code(body.get("language"), fields(body.get("result")).get("language"))
    for number, segment in enumerate(entries(segments), start=1):
        own = _words(reading, segment, number)
        speaker = speaker_name(segment.get("speaker"))
        add_segment(reading, number, segment.get("text"), _times(segment), speaker, own.words())
    if not segments:
        add_words(reading, _listed(reading, entries(words), "word"))
    elif not any(cue.words for cue in reading.cues) and has(words, "word", "start"):
        listed = _listed(reading, entries(words), "word", optional=True)
        reading.cues = list(_with_words(reading.cues, listed.words()))
    join_single_words(reading)
    return reading


def _times(entry: Fields) -> Times:
    pair = entry.get("timestamp")
    if isinstance(pair, list) and len(pair) == 2:
        return Times(seconds(pair[0]), seconds(pair[1]), end_given=pair[1] is not None)
    if isinstance(entry.get("offsets"), dict):
        return times(entry["offsets"], "from", "to", per=1000)
    if isinstance(entry.get("timestamps"), dict):
        return times(entry["timestamps"], "from", "to")
    return times(entry)


def _words(reading: Reading, segment: Fields, number: int) -> WordList:
    listed = segment.get("words") if "words" in segment else segment.get("tokens")
    spoken = [word for word in entries(listed) if not _CONTROL.fullmatch(key(word.get("text", "")))]
    return _listed(reading, spoken if has(listed) else [], f"segment {number}, word", optional=True)


def _listed(reading: Reading, spoken: list[Fields], what: str, *, optional: bool = False) -> WordList:
    """Where words bring the space before them, what comes without one belongs to the word before."""
    words = WordList(reading, what, optional=optional)
    texts = [either(word, "word", "text") for word in spoken]
    spaced = any(isinstance(text, str) and text.startswith(" ") for text in texts)
    for word, text in zip(spoken, texts, strict=True):
        continues = spaced and isinstance(text, str) and not text.startswith(" ")
        words.add(text, _times(word), speaker_name(word.get("speaker")), continues=continues)
    return words


def _with_words(cues: list[Cue], words: list[Word]) -> Iterator[Cue]:
    """Each cue with the words that start before the next one."""
    at = 0
    for number, cue in enumerate(cues, start=1):
        begin = at
        while at < len(words) and (number == len(cues) or words[at].start < cues[number].start):
            at += 1
        yield from cut(replace(cue, words=tuple(words[begin:at])))
