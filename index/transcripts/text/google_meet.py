"""A time for a section of several speakers, as Google Meet exports it.

    00:00:00
    Ada Martin: Bonjour.
    Jean Petit: Bonjour à tous.
    00:05:00
    Ada Martin: Reprenons.

Within a section the times are estimated after the number of words, and noted.
"""

from collections.abc import Iterator, Sequence

from index.transcripts.estimated_times import bounds_by_words
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.segments import WORDS_PER_SECOND
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import Labels, labels_of
from index.transcripts.text.passages import before_the_first, first_lines, is_furniture
from index.transcripts.text.untimed_turns import UntimedTurn, turns_of
from index.transcripts.timestamps import stamped


def looks_like(source: Source) -> bool:
    """Times stand alone on their lines, and there are more lines with a name than lines with a time."""
    lines = first_lines(source)
    stamps = [stamp for stamp in map(stamped, lines) if stamp]
    if not stamps or any(stamp.text for stamp in stamps):
        return False
    labels = _labels(lines)
    return sum(labels.split(line) is not None for line in lines) > len(stamps)


def read(source: Source) -> Reading:
    """The passages of each section, with times estimated between its time and the next one."""
    reading = Reading()
    labels = _labels(source.lines)
    for number, start, following, lines in _sections(source, reading):
        _add(reading, number, start, following, turns_of(lines, labels, number + 1))
    return reading


def _labels(lines: Sequence[str]) -> Labels:
    return labels_of([line for line in lines if line.strip() and not stamped(line)])


def _sections(source: Source, reading: Reading) -> Iterator[tuple[int, float, float | None, list[str]]]:
    """Number of the line with the time, the time, that of the next section, and the lines between, those that nobody
    said emptied."""
    lines = [_spoken(line, number, reading) for number, line in enumerate(source.lines, start=1)]
    stamps = [(number, stamped(line, source.options.frames_per_second)) for number, line in enumerate(lines, start=1)]
    times = [(number, stamp.start) for number, stamp in stamps if stamp and not stamp.text]
    for number, line in enumerate(lines[: times[0][0] - 1] if times else (), start=1):
        if line.strip():
            before_the_first(reading, number, line.strip())
    ends = [*times, (len(lines) + 1, None)][1:]
    for (number, start), (until, following) in zip(times, ends, strict=True):
        yield number, start, following, lines[number : until - 1]


def _spoken(line: str, number: int, reading: Reading) -> str:
    if not is_furniture(line.strip()):
        return line
    reading.note(NoteKind.DROPPED_LINE, number, line.strip())
    return ""


def _add(reading: Reading, number: int, start: float, following: float | None, turns: list[UntimedTurn]) -> None:
    """The cues of one section; the last lasts as long as its words take."""
    words = [turn.words for turn in turns]
    seconds = sum(words) / WORDS_PER_SECOND if following is None else max(following - start, 0.0)
    for turn, begin in zip(turns, bounds_by_words(words, start, seconds), strict=False):
        reading.cues.append(Cue(begin, None, turn.text, turn.speaker, turn.line))
    if len(turns) > 1:
        reading.note(NoteKind.TIMES_FROM_WORDS, number, f"{len(turns)} passages")
