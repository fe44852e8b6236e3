"""Which encoding of one byte a letter: Windows-1252, ISO-8859-15 or Mac Roman for the languages of Western Europe.

    b"c\\x9cur" -> cp1252      b"c\\xbdur" -> iso8859-15      b"c\\xcfur" -> mac_roman      ("cœur")

Each is tried on what is not ASCII and judged by how well it fits its neighbours: a small é inside a word fits, a
capital after a small letter or a sign inside a word does not. charset-normalizer, which counts letters, needs more text
than a short passage has; it is asked where none of the three fits. ISO-8859-1 is a part of Windows-1252.
"""

import re
from functools import cache

WESTERN = ("cp1252", "iso8859-15", "mac_roman")
_MOST_RUNS = 5_000
_RUN = re.compile(rb"[\x80-\xff]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_FEWEST_BYTES = 30
"""Beyond ASCII, for letters to be counted."""
_LEAST_FIT = 0.5
"""On average, of a Western text."""
_LONGEST_RUN = 2.5
"""On average: Western words have a letter or two beyond ASCII, Russian ones nothing else."""
_MOST_BY_CHANCE = 4

_SMALL = dict.fromkeys("éèàêç", 3.0) | dict.fromkeys("ùâîôûëïœ", 2.0) | dict.fromkeys("üöäßñáíóúãõåøæìòÿ", 1.0)
_CAPITAL = dict.fromkeys("ÉÈÀÊÇŒ", 1.5) | dict.fromkeys("ÂÎÔÛÙËÏÜÖÄÑÁÍÓÚÅØÆŸ", 0.5)
_SIGNS = dict.fromkeys("«»’“”…–—€\xa0°", 2.0) | dict.fromkeys("‘„‹›•·©®™²³½¼¾§£¿¡×ºª", 0.5)
_WORDS_OF_ONE_LETTER = frozenset("àÀôÔyY")
_BAD = -3.0
_WORST = -6.0


def single_byte_encoding(data: bytes) -> str:
    """The likeliest encoding of ``data``, which holds bytes beyond ASCII and is not UTF-8."""
    runs = _runs(data)
    scores = {encoding: sum(_score(*_decoded(run, encoding)) for run in runs) for encoding in WESTERN}
    best = max(WESTERN, key=lambda encoding: scores[encoding])
    count = sum(len(middle) for _before, middle, _after in runs)
    foreign = scores[best] < _LEAST_FIT * count or count > _LONGEST_RUN * len(runs)
    return (_by_statistics(data) if foreign and count >= _FEWEST_BYTES else None) or best


def is_chance_utf8(data: bytes) -> bool:
    """Whether ``data`` is UTF-8 by chance only: Mac Roman's « d’être » holds two bytes that are an Armenian letter."""
    runs = _runs(data)
    if sum(len(middle) for _before, middle, _after in runs) > _MOST_BY_CHANCE:
        return False
    text = data.decode("utf-8", "replace")
    strange = all(_is_strange(text, one.start()) for one in _NOT_ASCII.finditer(text))
    encoding = single_byte_encoding(data)
    return strange and sum(_score(*_decoded(run, encoding)) for run in runs) > 0


def _is_strange(text: str, at: int) -> bool:
    """A letter of another script than Latin and Greek that touches a Latin one."""
    beside = (text[max(at - 1, 0) : at], text[at + 1 : at + 2])
    foreign = "\u0400" <= text[at] < "\u2000"
    return foreign and any(part.isascii() and part.isalpha() for part in beside)


def _runs(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """The first pieces that are not ASCII, with two bytes on each side."""
    found = []
    for match in _RUN.finditer(data):
        begin, end = match.span()
        found.append((data[max(begin - 2, 0) : begin], match[0][:200], data[end : end + 2]))
        if len(found) == _MOST_RUNS:
            break
    return found


def _decoded(run: tuple[bytes, bytes, bytes], encoding: str) -> tuple[str, int, int]:
    """A piece as text, and where in it the bytes beyond ASCII begin and end."""
    before, middle, after = (part.decode(encoding, "replace") for part in run)
    return before + middle + after, len(before), len(before) + len(middle)


def _score(text: str, begin: int, end: int) -> float:
    padded = f" {text} "
    return sum(_fit(padded[at], padded[at + 1], padded[at + 2]) for at in range(begin, end))


@cache
def _fit(before: str, character: str, after: str) -> float:
    """How well ``character`` stands between its neighbours."""
    alone = not before.isalpha() and not after.isalpha()
    if character in _SMALL:
        if alone and character not in _WORDS_OF_ONE_LETTER and before not in "'’-":
            return _BAD
        shouted = before.isupper() and after.isupper()
        return _BAD if shouted or before.isdigit() else _SMALL[character]
    if character in _CAPITAL:
        odd = before.islower() or (alone and character not in _WORDS_OF_ONE_LETTER)
        return _BAD if odd else _CAPITAL[character]
    if character in _SIGNS:
        return _sign(before, character, after)
    return _WORST if character == "\ufffd" or character < "\xa0" else _BAD


def _sign(before: str, character: str, after: str) -> float:
    inside = before.isalpha() and after.isalpha()
    if character == "’":
        return 4.0 if before.isalpha() else 0.5
    if character == "\xa0":
        return 0.0 if inside or before.isspace() or after.isspace() else 2.0
    if inside and character not in "–—·":
        return _BAD
    if (character == "«" and after.isalpha()) or (character == "»" and before.isalpha()):
        return 0.5  # lawful, and what Mac Roman makes of « Ça »
    opens, closes = character in "“‘„‹", character in "”›"
    return _BAD if (opens and before.isalpha()) or (closes and after.isalpha()) else _SIGNS[character]


def _by_statistics(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    found = from_bytes(data[:200_000]).best()
    return found.encoding if found is not None else None
