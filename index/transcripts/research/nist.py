"""What the formats of NIST's scoring tool sclite share (``ctm.py``, ``rttm.py``, ``stm.py``): lines in columns, with
comments behind ";;". https://github.com/usnistgov/SCTK/blob/master/doc/infmts.htm

Words become cues (``words.py``), each speaker's or else each channel's by themselves. Of alternatives the first is
read. Signs around a word go (``(word)`` may be left out, ``word(2)`` is said in another way), what %stands for a sound
stays. A file may hold several recordings: a debate is one, so the first is read and the others are noted; sounds that
are no words are left out. By hand: no library for these formats is kept up.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.times import decimal_seconds
from index.transcripts.report import NoteKind, Reading, Word
from index.transcripts.source import Source
from index.transcripts.tally import Tally
from index.transcripts.words import cues_of

_LOOKED_AT = 200
"""Lines by which a format is told."""
_MOST = 0.6
"""Of those lines that must fit."""
_LINE_HEAD = 1_000
"""Characters of a line that are looked at: any file is, and its lines may be endless."""
_NOBODY = frozenset(["", "?", "-", "<na>", "null", "unknown", "unknow", "inter_segment_gap", "excluded_region"])
_NO_WORDS = frozenset(["non-lex", "noise", "breath", "laugh", "cough", "sneeze", "lipsmack"])
_ALTERNATIVES = ("<alt_begin>", "<alt>", "<alt_end>")
_NO_WORD = re.compile(r"<[^<>]*>|\{[^{}]*\}|@|\(\)")
_OPTIONAL = re.compile(r"\([^()]+\)")
_VARIANT = re.compile(r"(?<=[^\W\d_])\(\d+\)$")


@dataclass(frozen=True, slots=True)
class WordLine:
    """A line of CTM or RTTM as it is written: ``kind`` is "lex", say; ``speaker`` "" where the line names none."""

    line: int
    recording: str
    channel: str
    start: str
    length: str
    text: str
    kind: str
    speaker: str


def lines_of(lines: Sequence[str], comments: tuple[str, ...] = (";;",)) -> Iterator[tuple[int, list[str]]]:
    """The lines that are no comments, with their numbers, in columns."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith(comments):
            yield number, line.split()


def mostly(source: Source, fits: Callable[[list[str]], bool]) -> bool:
    """Whether most of the first lines fit, by how they begin, and one at least."""
    heads = (line[:_LINE_HEAD].split() for line in source.lines)
    found = [fits(fields) for fields in islice((head for head in heads if head and head[0][:2] != ";;"), _LOOKED_AT)]
    return bool(found) and sum(found) >= _MOST * len(found)


def is_time(text: str) -> bool:
    """Whether ``text`` is seconds, or the star that stands for them where alternatives begin and end."""
    return text == "*" or decimal_seconds(text) is not None


def said(token: str) -> str:
    """The word, without what stands around it; "" for a sign that is no word: "<sil>", "{SMACK}", "@"."""
    if _NO_WORD.fullmatch(token):
        return ""
    return _VARIANT.sub("", token[1:-1] if _OPTIONAL.fullmatch(token) else token)


def spelled(text: str) -> str | None:
    """A name as people write it, "Ada_Martin" as "Ada Martin"; "spk_01" stays, "<NA>" is nobody."""
    if text.casefold() in _NOBODY:
        return None
    return text if any(map(str.isdigit, text)) else text.replace("_", " ")


def first_recording(recordings: Iterable[tuple[str, int]], reading: Reading) -> str | None:
    """Which of them is read: the one that comes first. The others are noted, each once."""
    first: str | None = None
    others = Tally()
    for recording, line in recordings:
        first = first or recording
        if recording != first:
            others.add(recording, line)
    others.tell(reading, NoteKind.OTHER_RECORDING)
    return first


def add_words(rows: list[WordLine], reading: Reading) -> None:
    """The words of the first recording as cues, a track for each speaker, or each channel where nobody is named."""
    first = first_recording(((row.recording, row.line) for row in rows), reading)
    rows = list(_first_alternatives([row for row in rows if row.recording == first], reading))
    several = len({row.channel for row in rows}) > 1
    tracks: dict[tuple[str, str | None], list[Word]] = {}
    left_out = Tally()
    for row in rows:
        speaker = spelled(row.speaker) or (f"channel {row.channel}" if several else None)
        if row.kind.lower() in _NO_WORDS or not said(row.text):
            left_out.add(row.text, row.line)
        elif word := _word(row, speaker, reading):
            tracks.setdefault((row.channel, speaker), []).append(word)
    left_out.tell(reading, NoteKind.LEFT_OUT)
    reading.cues.extend(heapq.merge(*map(cues_of, tracks.values()), key=lambda cue: cue.start))


def _first_alternatives(rows: list[WordLine], reading: Reading) -> Iterator[WordLine]:
    """Without the lines that open, part and close alternatives, nor the second and further ones."""
    removed = Tally()
    part = 0
    for row in rows:
        sign = row.text.lower()
        if sign in _ALTERNATIVES:
            removed.add(row.text, row.line)
            part = {_ALTERNATIVES[0]: 1, _ALTERNATIVES[1]: part + 1}.get(sign, 0)
        elif part < 2:
            yield row
    removed.tell(reading, NoteKind.MARKUP_REMOVED)


def _word(row: WordLine, speaker: str | None, reading: Reading) -> Word | None:
    start, length = decimal_seconds(row.start), decimal_seconds(row.length)
    if start is None:
        reading.note(NoteKind.BAD_TIME, row.line, f"{row.start} {row.text}")
        return None
    if length is None:
        reading.note(NoteKind.END_UNREADABLE, row.line, row.length)
    return Word(start, None if length is None else round(start + length, 6), said(row.text), speaker, row.line)
