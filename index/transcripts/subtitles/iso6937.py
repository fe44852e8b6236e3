"""ISO 6937, the Latin characters of teletext subtitles, which Python has not: an accent is a byte before its letter.

    b"caf\\xc2e" -> "café"

Where EBU Tech 3264 differs from the standard ($ at A4, # at A6), as it says; https://tech.ebu.ch/docs/tech/tech3264.pdf
"""

import re
import unicodedata

_ACCENTS = dict(
    enumerate("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0327\u0332\u030b\u0328\u030c", 0xC1)
)
_SIGNS = dict(enumerate("\xa0¡¢£$¥#§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿", 0xA0))
_LETTERS = dict(enumerate("―¹®©™♪¬¦\ufffd\ufffd\ufffd\ufffd⅛⅜⅝⅞ΩÆĐªĦ\ufffdĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ\xad", 0xD0))
_CHARACTERS = _ACCENTS | _SIGNS | _LETTERS
_ACCENTED = re.compile(b"([\xc1-\xcf])([A-Za-z ])")


def decode(data: bytes) -> str:
    """What is no character becomes U+FFFD."""
    letters_first = _ACCENTED.sub(rb"\2\1", data)
    text = "".join(chr(byte) if byte < 0x80 else _CHARACTERS.get(byte, "\ufffd") for byte in letters_first)
    return unicodedata.normalize("NFC", text)
