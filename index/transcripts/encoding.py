"""Bytes -> text: UTF-8 and UTF-16 with or without a mark, else Windows-1252."""

import codecs

from index.errors import FileBinary

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WHOLE_TO_BROKEN = 4
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\x15\x1a\x1b\x85\x1c\x1d\x1e\x1f")
"""Those that a text may hold: \\x15 is the bullet of CHAT."""


def decode(data: bytes, path: str, formats: str) -> tuple[str, str]:
    """The text of ``data`` with "\\n" line ends, and the name of its encoding. Raises FileBinary for what is no
    text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding, errors="replace" if encoding == "utf-8" and _mostly_utf8(data) else "strict")
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    raise FileBinary(path=path, formats=formats, reason=_kind(data))


def _mostly_utf8(data: bytes) -> bool:
    """Far more characters beyond ASCII are whole than broken: a UTF-8 file with a damaged byte, not Windows-1252."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return broken > 0 and whole >= _WHOLE_TO_BROKEN * broken


def _candidates(data: bytes) -> list[str]:
    """Encodings to try, the likeliest first. Two bytes a character show as NULs in every other place of Latin text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even < odd // 8:
        return ["utf-16-le"]
    if even > len(sample) // 5 and odd < even // 8:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


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
