"""Numbers written in digits or in words, French or English.

("vingt", "deux") -> 22        ("100", "000") -> 100000        ("soixante", "dix") -> 70        ("rien",) -> None
"""

import re
from collections.abc import Sequence

_FRENCH = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = {
    **dict(zip("vingt trente quarante cinquante soixante".split(), range(20, 70, 10), strict=True)),
    **dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)),
    **{"vingts": 20, "une": 1, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90},
}
_SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(_FRENCH.split())},
    **{word: value for value, word in enumerate(_ENGLISH.split())},
    **_TENS,
}
_HUNDREDS = frozenset({"cent", "cents", "hundred"})
_LARGE = {
    "mille": 10**3,
    "thousand": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "milliard": 10**9,
    "milliards": 10**9,
    "billion": 10**9,
    "billions": 10**9,
}
_AND = frozenset({"et", "and"})
_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
NUMBER_WORDS = frozenset({*_SMALL, *_HUNDREDS, *_LARGE}) - {"un", "une"}
"""« un » is an article more often than not."""
_UNITS = {"pourcent": "%", "percent": "%", "euro": "€", "euros": "€", "dollar": "$", "dollars": "$"}


def is_number(word: str) -> bool:
    return word in NUMBER_WORDS or any(character.isdigit() for character in word)


def amount(words: Sequence[str]) -> tuple[float, str] | None:
    """The value with its unit, "" for none; None for what is no number."""
    counted, unit = list(words), ""
    if counted[-2:] in (["pour", "cent"], ["per", "cent"]):
        counted, unit = counted[:-2], "%"
    elif counted and (counted[-1] in _UNITS or counted[-1] in _UNITS.values()):
        unit = _UNITS.get(counted[-1], counted[-1])
        counted.pop()
    value = _value(counted)
    return None if value is None else (value, unit)


def _value(words: Sequence[str]) -> float | None:
    if _GROUPS.fullmatch(" ".join(words)):
        return float("".join(words))
    total, current, told = 0.0, 0.0, False
    for word in words:
        if word in _AND and told:
            continue
        told = True
        if word in ("vingt", "vingts") and current % 100 == 4:
            current += 76
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in _HUNDREDS:
            current = max(current, 1) * 100
        elif word in _LARGE:
            total, current = total + max(current, 1) * _LARGE[word], 0
        elif word.replace(",", ".", 1).replace(".", "", 1).isdecimal() and not current:
            current = float(word.replace(",", "."))
        else:
            return None
    return total + current if told else None
