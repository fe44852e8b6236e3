"""Bytes -> text: UTF-8, UTF-16 and UTF-32 with or without a mark, else one of the encodings of one byte a letter."""

import codecs

from index.errors import FileBinary
from index.transcripts.single_byte import is_chance_utf8, single_byte_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WHOLE_TO_BROKEN = 4
_WIDE = 30
"""One NUL in so many bytes shows two bytes a character, as no letter but spaces may be Latin; in a short text, one in
five."""
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\x15\x1a\x1b\x85\x1c\x1d\x1e\x1f")
"""Those that a text may hold: \\x15 is the bullet of CHAT."""


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text of ``data`` with "\\n" line ends, and the name of its encoding. Raises FileBinary for what is no
    text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding, errors="replace" if encoding == "utf-8" and _mostly_utf8(data) else "strict")
        except UnicodeDecodeError:
            continue
        text = text.removesuffix("\0")  # with which WordPad ends an RTF
        if _is_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    raise FileBinary(path=path, reason=_kind(data))


def _mostly_utf8(data: bytes) -> bool:
    """Far more characters beyond ASCII are whole than broken: a UTF-8 file with a damaged byte, not Windows-1252."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return broken > 0 and whole >= _WHOLE_TO_BROKEN * broken


def _candidates(data: bytes) -> list[str]:
    """Encodings to try, the likeliest first."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    wide = _wide(data[:4096])
    if wide is not None:
        return [wide]
    if data.isascii():
        return ["utf-8"]
    one_byte = single_byte_encoding(data)
    return [one_byte] if is_chance_utf8(data) else ["utf-8", one_byte]


def _wide(sample: bytes) -> str | None:
    """Two bytes a character show as NULs in every other place of Latin text, four as NULs in three of four."""
    quarter = max(len(sample) // 4, 1)
    zeros = [sample[place::4].count(0) for place in range(4)]
    none, full = [count <= quarter // 10 for count in zeros], [count >= 0.9 * quarter for count in zeros]
    if full[2] and full[3] and none[0]:
        return "utf-32-le"
    if full[0] and full[1] and none[3]:
        return "utf-32-be"
    most = len(sample) // (_WIDE if len(sample) > 3 * _WIDE else 5)
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if odd > most and even <= odd // 8:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd <= even // 8 else None


def _is_text(text: str) -> bool:
    """No NUL, and next to no control characters."""
    sample = text[:65536]
    controls = sum(character < " " and character not in _TEXT_CONTROLS for character in sample)
    return "\0" not in text and controls <= len(sample) // 200


def _kind(data: bytes) -> str:
    """What a binary file seems to be, by its first bytes."""
    for mark, name in (
        (b"ID3", "MP3"),
        (b"RIFF", "WAV / AVI"),
        (b"OggS", "Ogg"),
        (b"fLaC", "FLAC"),
        (b"PK", "ZIP / DOCX"),
        (b"%PDF", "PDF"),
    ):
        if data.startswith(mark):
            return name
    return "MP4" if data[4:8] == b"ftyp" else "binary"
