"""Lines that begin with their time: the layout of the debate, and its relatives.

    Mardi 19 novembre 2024, SMART TECH reçoit Ada Martin (avocate)
    Category
    🗞
    NewsTranscription
    00:00Pour ce grand rendez-vous
    1:02:03Merci.

Also ``[00:20] text``, ``(00:20) text``, ``00:20 - 00:25 text``, ``[00:00.000 --> 00:07.000] text`` (Whisper on a
terminal), and a time on one line with its text on the next (copied from YouTube). A line without a time after a line
with text belongs to it, and is noted. ``Name:`` before a text is left to speaker_prefix.py.
None of these has a standard.
"""

import re

from index.transcripts.report import Cue, Reading
from index.transcripts.source import Source
from index.transcripts.text.passages import Opening, first_lines, read_passages
from index.transcripts.timestamps import stamped

_CAPTION = re.compile(r"\s*[\d:.,]+\s*(?:-+>|,\s*\d+:\d)")
"""A line from a time to a time, as SubRip and SBV have it."""
_LEAST_SHARE = 0.2
_FEWEST_WORDS_A_TIME = 1 / 500


def looks_like(source: Source) -> bool:
    """A fifth of the lines, and at least one, begin with a time, or one in 500 words stands alone on its line; no
    line goes from a time to a time, as those of captions."""
    lines = first_lines(source)
    found = [stamp for stamp in map(stamped, lines) if stamp is not None]
    if not found or any(map(_CAPTION.match, lines)):
        return False
    alone = sum(not stamp.text for stamp in found)
    words = sum(len(line.split()) for line in lines)
    return len(found) >= _LEAST_SHARE * max(len(lines) - 6, 1) or (
        alone == len(found) and alone >= _FEWEST_WORDS_A_TIME * words
    )


def read(source: Source) -> Reading:
    """A passage at each line that begins with a time."""
    frames = source.options.frames_per_second

    def opening(line: str, _last: Cue | None) -> Opening | None:
        stamp = stamped(line, frames)
        return Opening(stamp.start, stamp.end, text=stamp.text) if stamp else None

    return read_passages(source.lines, opening)
