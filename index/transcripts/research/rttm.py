"""NIST RTTM where it holds words. The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, appendix A.

    ;; type file channel start length word kind speaker confidence
    LEXEME debat 1 1.05 0.11 Bonjour lex Ada_Martin <NA>

Times are seconds. What becomes of the words is said in ``nist.py``. One that tells only who speaks is a side file, and
read by ``index/speakers/rttm.py``.
"""

from index.transcripts.report import NoteKind, Reading, Unreadable
from index.transcripts.research.nist import WordLine, add_words, lines_of, mostly
from index.transcripts.source import Source

RTTM_TYPES = frozenset(
    "SEGMENT NOSCORE NO_RT_METADATA LEXEME NON-LEX NON-SPEECH FILLER EDIT IP SU CB A/P SPEAKER SPKR-INFO".split()
)
"""What a line can be: its first column."""


def looks_like(source: Source) -> bool:
    """A type in the first column, and eight to ten columns, in most lines."""
    return mostly(source, lambda fields: fields[0] in RTTM_TYPES and 8 <= len(fields) <= 10)


def read(source: Source) -> Reading:
    """Raises Unreadable for one that tells who speaks and not what is said."""
    reading = Reading()
    rows: list[WordLine] = []
    for number, fields in lines_of(source.lines):
        if fields[0] == "LEXEME" and len(fields) > 7:
            _type, recording, channel, start, length, text, kind, speaker = fields[:8]
            rows.append(WordLine(number, recording, channel, start, length, text, kind, speaker))
        elif fields[0] not in RTTM_TYPES or fields[0] == "LEXEME":
            reading.note(NoteKind.BAD_LINE, number, " ".join(fields))
    if not rows:
        raise Unreadable(
            "it holds speakers and no words: give it with --speakers to a transcript",
            1,
            "il contient des locuteurs et aucun mot : donnez-le avec --speakers à une transcription",
        )
    add_words(rows, reading)
    return reading
