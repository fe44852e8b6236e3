"""AssemblyAI: a transcript of its API, or its sentences or paragraphs ("Get transcript", assemblyai.com/docs).

    {"id": "...", "status": "completed", "language_code": "en_us", "text": "Smoke from ...",
     "words": [{"text": "Smoke", "start": 250, "end": 650, "confidence": 0.97, "speaker": "A"}, ...],
     "utterances": [{"speaker": "A", "text": "Smoke from ...", "start": 250, "end": 26950, "confidence": 0.9,
                     "words": [...]}]}

Times are whole milliseconds. Utterances are taken where they hold every word, else sentences, paragraphs or words.
"""

from typing import Any

from index.transcripts.asr.cues import WordList, add_segment, add_words, covers
from index.transcripts.asr.json_fields import (
    Fields,
    document,
    either,
    entries,
    expect,
    sample,
    speaker_name,
    times,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading
from index.transcripts.source import Source

_PASSAGES = ("utterances", "sentences", "paragraphs")


def looks_like(source: Source) -> bool:
    """Whole milliseconds with a confidence tell it from the other lists of words."""
    body = document(source)
    return any(_is_timed(entry) for key in (*_PASSAGES, "words") for entry in sample(body.get(key)))


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“words”, “utterances”")
    body = document(source)
    reading = Reading(language=language_code(either(body, "language_code", "language")))
    listed = entries(body.get("words"))
    passages = next(
        (found for key in _PASSAGES if (found := entries(body.get(key))) and covers(found, "text", listed)), []
    )
    for number, passage in enumerate(passages, start=1):
        words = _words(reading, entries(passage.get("words")), f"segment {number}, word", optional=True)
        when = times(passage, per=1000)
        add_segment(reading, number, passage.get("text"), when, speaker_name(passage.get("speaker")), words.words())
    if not passages:
        add_words(reading, _words(reading, listed, "word"))
    return reading


def _is_timed(entry: Fields) -> bool:
    return (
        {"text", "start", "end", "confidence"} <= entry.keys()
        and not {"id", "type"} & entry.keys()
        and _is_whole(entry["start"])
        and _is_whole(entry["end"])
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(reading: Reading, spoken: list[Fields], what: str, *, optional: bool = False) -> WordList:
    words = WordList(reading, what, optional=optional)
    for word in spoken:
        words.add(word.get("text"), times(word, per=1000), speaker_name(word.get("speaker")))
    return words
