"""Editors of transcripts: autoEdit 2, digital-paper-edit (autoEdit 3, slate-transcript-editor), and the draft-js of
react-transcript-editor (github.com/OpenNewsLabs/autoEdit_2, github.com/bbc/digital-paper-edit-client,
github.com/bbc/react-transcript-editor).

    {"title": "...", "text": [{"speaker": "Ada", "paragraph": [{"line": [{"text": "There", "startTime": 13.02,
                                                                           "endTime": 13.17}, ...]}]}]}
    {"words": [{"id": 0, "start": 13.02, "end": 13.17, "text": "There"}, ...],
     "paragraphs": [{"id": 0, "start": 13.02, "end": 23.82, "speaker": "Ada"}]}
    {"blocks": [{"text": "There is", "data": {"speaker": "Ada", "start": 13.02, "words": [{"start": 13.02, "end": 13.17,
                                                                          "punct": "There"}, ...]}}], "entityMap": {}}

A block's text is taken as its editor left it, and is cut only where its words still say it.
"""

import re
from collections.abc import Iterator

from index.transcripts.asr.cues import Turns, WordList, add_segment, add_words
from index.transcripts.asr.json_fields import (
    Fields,
    Times,
    document,
    either,
    entries,
    expect,
    fields,
    has,
    sample,
    seconds,
    speaker_name,
    string,
    times,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Reading
from index.transcripts.source import Source

_TO_BE_NAMED = re.compile(r"TBC\b.*", re.IGNORECASE)


def looks_like_autoedit(source: Source) -> bool:
    """By texts that hold a paragraph."""
    texts = sample(document(source).get("text"))
    return any(isinstance(either(text, "paragraph", "paragraphs"), list) for text in texts)


def read_autoedit(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like_autoedit(source), "“text[].paragraph”")
    body = document(source)
    reading = Reading(title=string(body.get("title")), language=language_code(body.get("language")))
    words = WordList(reading)
    for text in entries(body["text"]):
        for word in _lines(text):
            when = times(word, "startTime", "endTime") if "startTime" in word else times(word)
            words.add(word.get("text"), when, _speaker(text.get("speaker")))
    add_words(reading, words)
    return reading


def looks_like_paper_edit(source: Source) -> bool:
    """By words with an id, or words beside paragraphs that have times and no text."""
    body = _transcript(source)
    paragraphs = has(body.get("paragraphs"), "start", "end") and not has(body.get("paragraphs"), "text")
    return has(body.get("words"), "start", "end", "text", "id") or (
        paragraphs and has(body.get("words"), "start", "end", "text")
    )


def read_paper_edit(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like_paper_edit(source), "“words”, “paragraphs”")
    body, outer = _transcript(source), document(source)
    reading = Reading(title=string(either(outer, "title", "transcriptTitle")))
    turns = Turns((times(one), _speaker(one.get("speaker"))) for one in entries(body.get("paragraphs")))
    words = WordList(reading)
    for word in entries(body.get("words")):
        words.add(word.get("text"), times(word), turns.at(times(word)))
    add_words(reading, words)
    return reading


def looks_like_draft(source: Source) -> bool:
    """By blocks with data beside an entityMap."""
    return "entityMap" in document(source) and has(document(source).get("blocks"), "text", "data")


def read_draft(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like_draft(source), "“blocks”, “entityMap”")
    reading = Reading()
    for number, block in enumerate(entries(document(source)["blocks"]), start=1):
        data = fields(block.get("data"))
        spoken = WordList(reading, f"segment {number}, word", optional=True)
        for word in entries(data.get("words")):
            spoken.add(either(word, "punct", "text", "word"), times(word))
        words = spoken.words()
        start = words[0].start if words else seconds(data.get("start"))
        when = Times(start, words[-1].end if words else None, end_given=False)
        add_segment(reading, number, block.get("text"), when, _speaker(data.get("speaker")), words)
    return reading


def _lines(text: Fields) -> Iterator[Fields]:
    """The words of a paragraph, which older files put into lines."""
    for entry in entries(either(text, "paragraph", "paragraphs")):
        yield from entries(either(entry, "line", "words")) or [entry]


def _transcript(source: Source) -> Fields:
    body = document(source)
    return fields(body.get("transcript")) or body


def _speaker(value: object) -> str | None:
    """ "TBC 0" is what the editors write for a speaker to be named."""
    name = speaker_name(value)
    return None if name is None or _TO_BE_NAMED.fullmatch(name) else name
