"""A time for a section of several speakers, as Google Meet exports it.

    00:00:00
    Ada Martin: Bonjour.
    Jean Petit: Bonjour à tous.
    00:05:00
    Ada Martin: Reprenons.

Within a section the times are estimated after the number of words, and noted.
"""

from collections.abc import Iterator, Sequence

from index.transcripts.passages import SAMPLE, before_the_first, is_furniture
from index.transcripts.pieces import Piece, pieces_of, starts_by_words
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.segments import WORDS_PER_SECOND
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import Labels, labels_of
from index.transcripts.stamp import stamped


def looks_like(source: Source) -> bool:
    """Times stand alone on their lines, and there are more lines with a name than lines with a time."""
    lines = [line for line in source.lines[:SAMPLE] if line.strip()]
    stamps = [stamp for stamp in map(stamped, lines) if stamp]
    if not stamps or any(stamp.text for stamp in stamps):
        return False
    labels = _labels(lines)
    return sum(labels.split(line) is not None for line in lines) > len(stamps)


def read(source: Source) -> Reading:
    reading = Reading()
    labels = _labels(source.lines)
    for number, start, following, lines in _sections(source, reading):
        _add(reading, number, start, following, pieces_of(lines, labels, number + 1))
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


def _add(reading: Reading, number: int, start: float, following: float | None, pieces: list[Piece]) -> None:
    """The cues of one section; the last lasts as long as its words take."""
    spoken = sum(piece.words for piece in pieces) / WORDS_PER_SECOND
    seconds = spoken if following is None else max(following - start, 0.0)
    for piece, begin in zip(pieces, starts_by_words(pieces, start, seconds), strict=True):
        reading.cues.append(Cue(begin, None, piece.text, piece.speaker, piece.line))
    if len(pieces) > 1:
        reading.note(NoteKind.TIMES_ESTIMATED, number, f"{len(pieces)} passages")
