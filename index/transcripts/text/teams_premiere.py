"""A line from a time to a time, the speaker on the next, then the text: old Teams transcripts, Premiere, Resolve.

    0:0:3.120 --> 0:0:5.430       00:00:00:00 - 00:00:04:12       [00:00:00:00 - 00:00:04:12]
    Ada Martin                    Ada Martin                      Ada Martin
    Bonjour.                      Bonjour.                        Bonjour.

Where the second line is not a name nearly everywhere, all lines are text. Padded times with an arrow are SubRip's.
None of these has a standard.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.transcripts.report import Cue, Reading
from index.transcripts.source import Source
from index.transcripts.speaker_name import looks_like_name
from index.transcripts.text.passages import Opening, first_lines, read_passages
from index.transcripts.timestamps import clock_seconds

_TIME = r"\d{1,3}:\d{1,2}:\d{1,2}(?:[.,:;]\d{1,9})?"
_LINE = re.compile(rf"\s*(?P<open>\[\s*)?(?P<start>{_TIME})\s*(?P<sign>-->|[-–—])\s*(?P<end>{_TIME})(?(open)\s*\])\s*")
_UNPADDED = re.compile(r":\d(?!\d)")
_MOSTLY = 0.8


def looks_like(source: Source) -> bool:
    """At least a line from a time to a time in ten, without an arrow or with times that are not padded."""
    lines = first_lines(source)
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    arrows = [match for match in found if match["sign"] == "-->" and not match["open"]]
    if arrows and not any(_UNPADDED.search(match["start"] + " " + match["end"]) for match in arrows):
        return False
    return 0 < len(lines) <= 10 * len(found)


def read(source: Source) -> Reading:
    """A passage at each line of two times, whose speaker is on the line below where nearly all have one."""
    frames = source.options.frames_per_second

    def opening(line: str, _last: Cue | None) -> Opening | None:
        match = _LINE.fullmatch(line)
        start = clock_seconds(match["start"], frames) if match else None
        return Opening(start, clock_seconds(match["end"], frames)) if match and start is not None else None

    reading = read_passages(source.lines, opening)
    bodies = [reading.more.get(at, []) for at in range(len(reading.cues))]
    if _begin_with_names(bodies):
        reading.cues = [_named(cue, body) for cue, body in zip(reading.cues, bodies, strict=True)]
        reading.more = {at: body[1:] if reading.cues[at].speaker else body for at, body in enumerate(bodies)}
    return reading


def _begin_with_names(bodies: Sequence[Sequence[str]]) -> bool:
    named = sum(len(body) > 1 and looks_like_name(body[0]) for body in bodies)
    return named > 0 and named >= _MOSTLY * len(bodies)


def _named(cue: Cue, body: Sequence[str]) -> Cue:
    return replace(cue, speaker=body[0]) if len(body) > 1 and looks_like_name(body[0]) else cue
