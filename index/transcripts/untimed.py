"""A text without any time, where a person says how fast people speak (``--words-per-minute``).

    Ada Martin: Bonjour à tous.
    Jean Petit : Merci.

Times are counted in words from 0 and noted as estimated. A passage begins at each name that the file uses as a label;
in a file without names, after an empty line, or at each line when none is empty.
"""

from index.transcripts.pieces import pieces_of, starts_by_words
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import labels_of


def looks_like(source: Source) -> bool:
    """Any text, where the speed is given, but none of a structured format or with the arrows of captions."""
    structured = source.looks_like_json or source.looks_like_xml or source.looks_like_html or "-->" in source.text
    return source.options.words_per_minute is not None and not structured


def read(source: Source) -> Reading:
    reading = Reading()
    pieces = pieces_of(source.lines, labels_of([line for line in source.lines if line.strip()]))
    pace = source.options.words_per_minute or 1
    seconds = sum(piece.words for piece in pieces) * 60 / pace
    starts = starts_by_words(pieces, 0.0, seconds)
    for piece, start, end in zip(pieces, starts, [*starts, seconds][1:], strict=True):
        reading.cues.append(Cue(start, end, piece.text, piece.speaker, piece.line))
    reading.note(NoteKind.TIMES_ESTIMATED, None, f"{pace} / min")
    return reading
