"""NIST CTM: a line a word. https://github.com/usnistgov/SCTK/blob/master/doc/infmts.htm

    ;; file channel start length word confidence type speaker
    debat 1 1.05 0.11 Bonjour 0.98 lex Ada_Martin

Times are seconds; the last three columns may be missing. What becomes of the words is said in ``nist.py``.
"""

from index.times import decimal_seconds
from index.transcripts.report import NoteKind, Reading
from index.transcripts.research.nist import WordLine, add_words, is_time, lines_of, mostly
from index.transcripts.source import Source


def looks_like(source: Source) -> bool:
    """Numbers in the third and fourth column, in most lines."""
    return mostly(source, lambda fields: len(fields) > 4 and is_time(fields[2]) and is_time(fields[3]))


def read(source: Source) -> Reading:
    reading = Reading()
    rows: list[WordLine] = []
    for number, fields in lines_of(source.lines):
        confidence = fields[5] if len(fields) > 5 else "1"
        if len(fields) < 5 or (decimal_seconds(fields[4]) is not None and decimal_seconds(confidence) is None):
            reading.note(NoteKind.BAD_LINE, number, " ".join(fields))  # a column is missing
            continue
        recording, channel, start, length, text = fields[:5]
        kind, speaker, *_rest = [*fields[6:8], "", ""]
        rows.append(WordLine(number, recording, channel, start, length, text, kind, speaker))
    add_words(rows, reading)
    return reading
