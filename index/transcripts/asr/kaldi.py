"""BBC Kaldi: what the BBC's recogniser writes, bare or in the answer of its service (read as the adapter "bbc-kaldi" of
github.com/bbc/react-transcript-editor does).

    {"retval": {"punct": "There is ...",
      "words": [{"start": 13.02, "end": 13.17, "word": "there", "punct": "There", "index": 0}, ...],
      "segmentation": {"segments": [{"start": 13.01, "duration": 6.75, "speaker": {"@id": "S12", "gender": "F"}}]}}}
"""

from index.transcripts.asr.cues import Turns, WordList, add_words
from index.transcripts.asr.json_fields import (
    Fields,
    document,
    either,
    entries,
    expect,
    fields,
    has,
    speaker_name,
    times,
    times_lasting,
)
from index.transcripts.report import Reading
from index.transcripts.source import Source


def looks_like(source: Source) -> bool:
    """By words that stand with and without punctuation."""
    return has(_body(source).get("words"), "word", "punct", "start")


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“words[].punct”")
    body = _body(source)
    segments = entries(fields(body.get("segmentation")).get("segments"))
    turns = Turns((times_lasting(one), speaker_name(fields(one.get("speaker")).get("@id"))) for one in segments)
    reading = Reading()
    words = WordList(reading)
    for word in entries(body.get("words")):
        when = times(word)
        words.add(either(word, "punct", "word"), when, turns.at(when))
    add_words(reading, words)
    return reading


def _body(source: Source) -> Fields:
    body = document(source)
    return fields(body.get("retval")) or body
