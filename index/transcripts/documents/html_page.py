"""Transcripts in HTML: that of the Podcast Namespace, and any page whose text is in one of the layouts of text.

    <cite>Ada Martin:</cite>
    <time>0:20</time>
    <p>Bonjour à tous.</p>

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
A paragraph without a time of its own belongs to the one before, and is noted. Line numbers are those of the markup.
"""

import re

from lxml import etree

from index.transcripts.documents.html_blocks import Block, blocks_of, page_of
from index.transcripts.documents.text_inside import Inside
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.timestamps import stamped

_TIME = re.compile(r"<time\b[^>]{0,200}>\s*[\[(]?\d{1,3}:\d", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:body|div|p|br|li|td|h[1-6]|pre)\b", re.IGNORECASE)
_SPEECH = frozenset({"cite", "time"})


def looks_like_podcast(source: Source) -> bool:
    """By its elements cite and time."""
    return source.looks_like_html and _TIME.search(source.text) is not None and "<cite" in source.text.lower()


def looks_like(source: Source) -> bool:
    """It begins like a page, and has blocks: a text that begins with <i> keeps its lines."""
    return source.looks_like_html and _BLOCK.search(source.text) is not None


def read_podcast(source: Source) -> Reading:
    """A passage for each text, with the cite and the time before it. Raises Unreadable for what is no page."""
    root = page_of(source)
    reading = Reading(title=_title(root), language=language_code(root.get("lang")))
    speaker: str | None = None
    start: float | None = None
    for block in blocks_of(root, _SPEECH):
        if block.tag == "cite":
            speaker, start = block.text.rstrip(" :") or None, None
        elif block.tag == "time":
            start = _start(block, reading)
        elif start is not None:
            reading.cues.append(Cue(start, None, block.text, speaker, block.line))
            start = None
        else:
            _without_time(block, speaker, reading)
    return reading


def unwrap(source: Source) -> Inside:
    """The lines of the page: blocks of text, and rows of tables with tabs between their cells."""
    root = page_of(source)
    return Inside(
        tuple((block.line, block.text) for block in blocks_of(root)), _title(root), language_code(root.get("lang"))
    )


def _start(block: Block, reading: Reading) -> float | None:
    stamp = stamped(block.text)
    if stamp is None:
        reading.note(NoteKind.BAD_TIME, block.line, block.text)
    return stamp.start if stamp else None


def _without_time(block: Block, speaker: str | None, reading: Reading) -> None:
    """Text of the same speaker goes on; that of another begins, as an estimate, where the one before does."""
    if not reading.cues:
        reading.note(NoteKind.DROPPED_LINE, block.line, block.text)
    elif speaker == reading.cues[-1].speaker:
        reading.join(block.line, block.text)
    else:
        reading.note(NoteKind.TIME_ESTIMATED, block.line, block.text)
        reading.cues.append(Cue(reading.cues[-1].start, None, block.text, speaker, block.line))


def _title(root: "etree._Element") -> str:
    return " ".join((root.findtext(".//title") or "").split())
