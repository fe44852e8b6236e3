"""A side file as diarization writes it: RTTM, a line a turn. NIST, The 2009 (RT-09) Rich Transcription Meeting
Recognition Evaluation Plan, appendix A.

    ;; type file channel start length <NA> <NA> name <NA>
    SPEAKER debat 1 104.500 2.800 <NA> <NA> Ada_Martin <NA>

Only SPEAKER lines are read, since the others tell words and sounds; all of them have to be of one recording.
"""

from collections.abc import Iterator

from index.speakers.side import Mark, Unusable, no_time, somebody
from index.times import decimal_seconds
from index.transcripts.research.nist import is_time, lines_of, spelled
from index.transcripts.research.rttm import RTTM_TYPES

_LEAST_COLUMNS = 8
_HEAD = 10_000


def looks_like(text: str) -> bool:
    """By the first line that is no comment: a type and a time, where a table has the names of its columns."""
    _number, fields = next(_lines(text[:_HEAD]), (0, [""]))
    return fields[0] in RTTM_TYPES and ("<NA>" in fields or (len(fields) > 3 and is_time(fields[3])))


def read(text: str) -> Iterator[Mark]:
    """Raises Unusable."""
    turns = [(number, fields) for number, fields in _lines(text) if fields[0] == "SPEAKER"]
    if not turns:
        raise Unusable(1, "it has no SPEAKER line", "elle n'a aucune ligne SPEAKER")
    for number, fields in turns:
        if len(fields) < _LEAST_COLUMNS:
            raise Unusable(number, f"it has {len(fields)} columns", f"elle a {len(fields)} colonnes")
        if (recording := fields[1]) != turns[0][1][1]:
            reason, reason_fr = "is a second recording", "est un second enregistrement"
            raise Unusable(number, f"“{recording}” {reason}", f"« {recording} » {reason_fr}")
        yield _mark(fields, number)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    return lines_of(text.split("\n"), comments=(";;", "#"))


def _mark(fields: list[str], number: int) -> Mark:
    start, length = decimal_seconds(fields[3]), decimal_seconds(fields[4])
    if start is None or length is None:
        raise no_time(number, fields[3] if start is None else fields[4])
    return Mark(start, round(start + length, 6), somebody(spelled(fields[7]) or ""))
