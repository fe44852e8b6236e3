"""How a name sounds to French ears, and whether two spellings may be one name.

« Scaleway » and « Skelway » have the same consonants and one other vowel; « Martin » and « Martine », « Italie » and
« Italien », « Austria » and « Australia » are others. Limits: names alone, no ordinary words; names of fewer than five
letters or three consonants change with each letter and are never one.
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from index.words.lexical import fold

LEAST_LETTERS = 5
_LEAST_CONSONANTS = 3
_TWO_VOWELS = 8
"""Sounds from which on two vowels may differ."""
_STEM = 3
"""Sounds that a stem may differ in before the words are looked at."""
_SWAPPED = 6
"""Letters from which on two may have changed places."""
_TYPED = 9
"""Letters from which on one letter may be another one, whatever its sound."""
_SOUNDS = tuple(
    (re.compile(written), heard)
    for written, heard in (
        ("œ", "e"),
        (r"ch(?=[rl])", "k"),
        (r"t?s?ch|sh", "ʃ"),
        ("ph", "f"),
        (r"ck|cqu?|qu|q", "k"),
        (r"ç|s?c(?=[eiyéèêëî])", "s"),
        ("c", "k"),
        (r"gu(?=[eiyéèê])", "g"),
        ("x", "ks"),
        ("z", "s"),
        (r"^ou(?=[aeiéè])", "v"),
        ("w", "v"),
        ("h", ""),
        (r"e?au", "o"),
        (r"[ae][iy]|[éèêë]", "E"),
        ("y", "i"),
    )
)
_MARKS = re.compile(r"[\u0300-\u036f]")
_DOUBLED = re.compile(r"(.)\1+")
_NASAL_END = re.compile(r"(?<=[aeiouE])[nm]$")
_SILENT_END = re.compile(r"(?<=..)(?:e|[std]{1,2})$")
_SCHWA = re.compile(r"(?<=[^aeiouE])e(?=[^aeiouE][aeiouE])")
_VOWELS = re.compile(r"[aeiouE~]")
_ALIKE = str.maketrans("bdgvjm", "ptkfʃn")


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """ "Scaleway" -> "skalvE", "Pavlias" -> "pavlia"; a "~" for a nasal end, which « Simone » has not."""
    heard = unicodedata.normalize("NFC", word.lower())
    for written, said in _SOUNDS:
        heard = written.sub(said, heard)
    heard = _MARKS.sub("", unicodedata.normalize("NFD", heard))
    heard = _NASAL_END.sub("n~", _DOUBLED.sub(r"\1", heard))
    return _SCHWA.sub("", _SILENT_END.sub("", heard))


def consonants(word: str) -> str:
    """Under which spellings of one name meet: the first vowel, if it begins with one, and the consonants, those that
    are easily confused made alike: "Blackwell" -> "plkfl"."""
    heard = sound(word)
    first = heard[0] if _VOWELS.match(heard) else ""
    return first + _VOWELS.sub("", heard).translate(_ALIKE)


def nearness(one: str, other: str) -> int | None:
    """How many sounds differ, none to two, where the two may be one name; None where they may not."""
    if not (may_be_misheard(one) and may_be_misheard(other)) or _inflected(fold(one), fold(other)):
        return None
    first, second = sound(one), sound(other)
    if consonants(one) != consonants(other) or (first[0], first[-1]) != (second[0], second[-1]):
        return None
    distance = OSA.distance(first, second)
    if distance and len(first) != len(second) and not distinct(one):
        return None
    shorter = min(len(first), len(second))
    return distance if distance <= (2 if shorter >= _TWO_VOWELS else 1) else None


def stem_near(term: str, word: str) -> bool:
    """Whether ``term``, a folded stem, may be that of a word near ``word``: its end and its accents are not known."""
    return OSA.distance(sound(term), sound(fold(word)), score_cutoff=_STEM) <= _STEM


def mistyped(one: str, other: str) -> bool:
    """Whether two long words differ in one letter, or shorter ones in the order of two, and not at their ends."""
    first, second = fold(one), fold(other)
    least = _SWAPPED if sorted(first) == sorted(second) else _TYPED
    if min(len(first), len(second)) < least or _inflected(first, second):
        return False
    return first[0] == second[0] and first[-2:] == second[-2:] and OSA.distance(first, second, score_cutoff=1) <= 1


def distinct(word: str) -> bool:
    """Whether it has so many consonants that no other name has the same: « Skelway », not « Olivier » (Oliver)."""
    return len(_VOWELS.sub("", sound(word))) > _LEAST_CONSONANTS


def may_be_misheard(word: str) -> bool:
    """Long enough, letters alone, and no acronym."""
    if len(word) < LEAST_LETTERS or not word.isalpha() or word.isupper():
        return False
    return len(_VOWELS.sub("", sound(word))) >= _LEAST_CONSONANTS


def _inflected(one: str, other: str) -> bool:
    """One is the other with an ending: « Michel » and « Michelle »; not « Blackwel » and « Blackwell »."""
    shorter, longer = sorted((one, other), key=len)
    ending = longer[len(shorter) :]
    return longer.startswith(shorter) and ending not in ("", shorter[-1])
