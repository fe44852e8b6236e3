"""EBU STL (.stl), the binary subtitles of broadcasting: a block of 1024 bytes (GSI) on the file, then blocks of 128
(TTI), each a subtitle or a part of one.

    GSI: "850" "STL25.01" … title, language, character table, start of the programme
    TTI: group, number, more blocks?, in and out as hours, minutes, seconds, frames, comment?, 112 bytes of text

Times count from the start of the programme that the GSI gives, when no subtitle comes before it. Notes count TTI
blocks as lines. Colours, boxes and italics are bytes between the characters, and are not text. By hand: no maintained
library of Python reads it. EBU Tech 3264, https://tech.ebu.ch/docs/tech/tech3264.pdf
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from index.times import format_time
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.source import Source
from index.transcripts.subtitles import iso6937
from index.transcripts.timestamps import FRAMES_PER_SECOND

_GSI, _TTI = 1024, 128
_FORMAT = re.compile(rb"STL(\d\d)\.\d\d")
_RATES = {23: 24000 / 1001, 29: 30000 / 1001}
_TABLES: dict[bytes, Callable[[bytes], str]] = {
    b"00": iso6937.decode,
    b"01": partial(str, encoding="iso8859-5", errors="replace"),
    b"02": partial(str, encoding="iso8859-6", errors="replace"),
    b"03": partial(str, encoding="iso8859-7", errors="replace"),
    b"04": partial(str, encoding="iso8859-8", errors="replace"),
}
_LANGUAGES = {b"07": "da", b"08": "de", b"09": "en", b"0A": "es", b"0F": "fr", b"15": "it", b"1D": "nl", b"1E": "no"}
_LANGUAGES |= {b"20": "pl", b"21": "pt", b"27": "fi", b"28": "sv", b"2A": "nl"}
_LAST, _FIRST_RESERVED = 0xFF, 0xF0
_CONTROLS = bytes.maketrans(bytes([*range(0x20), 0x8A]), b" " * 0x20 + b"\n")
_NO_CHARACTERS = bytes([*range(0x80, 0x8A), *range(0x8B, 0xA0)])


@dataclass(frozen=True, slots=True)
class _Subtitle:
    """``block`` counts from 1; ``times`` are bytes, ``texts`` those of each block of the subtitle."""

    block: int
    number: bytes
    times: bytes
    texts: list[bytes]


def looks_like(source: Source) -> bool:
    """By the "disk format code" of the GSI block, which holds the frames per second."""
    return _FORMAT.fullmatch(source.data[3:11]) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable for a file without a block of text. Frames count as the file says."""
    data = source.data
    form = _FORMAT.fullmatch(data[3:11])
    if form is None or len(data) < _GSI + _TTI:
        raise Unreadable(
            "no block of text after the first 1024 bytes", 1, "aucun bloc de texte après les 1024 premiers octets"
        )
    reading = Reading()
    reading.title, reading.language = _title(data), _LANGUAGES.get(data[14:16].upper())
    if data[12:14] not in _TABLES:
        reading.note(NoteKind.BAD_LINE, None, f"CCT {data[12:14]!r}")
    decode = _TABLES.get(data[12:14], iso6937.decode)
    rate = _RATES.get(int(form[1]), float(form[1]) or FRAMES_PER_SECOND)
    for subtitle in _subtitles(data, reading):
        _add(reading, subtitle, rate, decode)
    _count_from_start(reading, _start(data[256:264], rate))
    return reading


def _title(data: bytes) -> str:
    page = data[0:3].decode("ascii", "replace")
    return (
        data[16:48].decode(f"cp{page}" if page in ("437", "850", "860", "863", "865") else "cp850", "replace").strip()
    )


def _subtitles(data: bytes, reading: Reading) -> Iterator[_Subtitle]:
    """Those with text, whole; comments, data of users and what is cut off are noted."""
    held: _Subtitle | None = None
    for at in range(_GSI, len(data), _TTI):
        block, number = data[at : at + _TTI], (at - _GSI) // _TTI + 1
        if not block.strip(b"\0 \x1a\x8f"):
            continue  # filled up to the end of a disk's block
        if len(block) < _TTI or block[15] == 1 or _FIRST_RESERVED <= block[3] < _LAST:
            kind = "comment" if block[15:16] == b"\1" else f"{len(block)} bytes"
            reading.note(NoteKind.DROPPED_BLOCK, number, f"TTI {number}, {kind}")
            continue
        if held is not None and held.number != block[1:3]:
            yield held
            held = None
        held = held or _Subtitle(number, block[1:3], block[5:13], [])
        held.texts.append(block[16:])
        if block[3] == _LAST:
            yield held
            held = None
    if held is not None:
        yield held


def _add(reading: Reading, subtitle: _Subtitle, rate: float, decode: Callable[[bytes], str]) -> None:
    end = _seconds(subtitle.times[4:], rate)
    text = decode(b"".join(subtitle.texts).translate(_CONTROLS, _NO_CHARACTERS)).strip()
    start = reading.readable(_seconds(subtitle.times[:4], rate), end, subtitle.block, text)
    if start is None:
        return
    if "\ufffd" in text:
        reading.note(NoteKind.CHARACTERS_REPLACED, subtitle.block, text)
    reading.cues.append(Cue(start, end, text, line=subtitle.block))


def _seconds(timecode: bytes, rate: float) -> float | None:
    hours, minutes, seconds, frames = timecode
    if hours > 99 or minutes > 59 or seconds > 59:
        return None
    return (hours * 60 + minutes) * 60 + seconds + frames / rate


def _start(digits: bytes, rate: float) -> float:
    """Of the programme, "10000000" in many a file; 0 when it is not given."""
    parts = [digits[at : at + 2] for at in range(0, 8, 2)]
    return _seconds(bytes(map(int, parts)), rate) or 0.0 if all(map(bytes.isdigit, parts)) else 0.0


def _count_from_start(reading: Reading, start: float) -> None:
    if start and all(cue.start >= start for cue in reading.cues):
        reading.note(NoteKind.TIMES_SHIFTED, None, f"{format_time(start)} → 0")
        ends = [None if cue.end is None else max(cue.end - start, 0.0) for cue in reading.cues]
        reading.cues = [
            replace(cue, start=cue.start - start, end=end) for cue, end in zip(reading.cues, ends, strict=True)
        ]
