"""Whether two words may be one word, heard or written otherwise: a silent ending, a name that a recogniser misheard.

« réglementations » is « réglementation » to the ear, « Skelway » is Scaleway; « juger » is not « juge », « Irak » is
not « Iran ».
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from rag.quotes.reading import folded

_LEAST = 3
"""Letters: shorter words change with each letter."""
_NAME_CONSONANTS = 4
_NAME_EDITS = 0.4
"""Of the letters."""
_VERB_ENDINGS = re.compile(r"(?:er|ez|ées?|és|é|ai)$")
_PAST_ENDINGS = re.compile(r"(?:aient|ais|ait|aies?)$")
_SOUNDS = tuple(
    (re.compile(written), heard)
    for written, heard in (
        (r"sch|sh|ch", "ʃ"),
        (r"ph", "f"),
        (r"qu|q|ck|cc(?=[aou])", "k"),
        (r"sc(?=[eiy])|ç|c(?=[eiyéèê])|t(?=ion)", "s"),
        (r"c", "k"),
        (r"ge(?=[ao])|g(?=[eiyéèê])", "j"),
        (r"gu(?=[eiyéèê])", "g"),
        (r"h", ""),
        (r"eau|au|ô", "o"),
        (r"ai|ei|ê|ë", "è"),
        (r"y", "i"),
        (r"w", "v"),
        (r"[îï]", "i"),
        (r"[ûùü]", "u"),
        (r"[âà]", "a"),
        (r"œ", "e"),
        (r"([^\Waeiouéè])\1", r"\1"),
    )
)
_CONSONANT_SOUNDS = tuple(
    (re.compile(written), heard)
    for written, heard in ((r"ph", "f"), (r"qu|ck|[cqk]", "k"), (r"[yj]", "i"), (r"w", "v"), (r"z", "s"), (r"h", ""))
)
_VOWELS = re.compile(r"[aeiou]")
_DOUBLED = re.compile(r"(.)\1")


def same_sound(one: str, other: str) -> bool:
    """Whether two French words sound the same, roughly; where one has no accents, whatever those of the other."""
    if min(len(one), len(other)) < _LEAST:
        return False
    plain = one.isascii() or other.isascii()
    return _sound(one) == _sound(other) or (plain and _sound(folded(one)) == _sound(folded(other)))


def same_name(one: str, other: str) -> bool:
    """Whether two capitalised words are spellings of one name: the same consonants, at least four, the same end, and
    few letters that differ."""
    if not (one[:1].isupper() and other[:1].isupper()):
        return False
    first, second = _plain_sounds(one), _plain_sounds(other)
    if _bare(first) != _bare(second) or len(_bare(first)) < _NAME_CONSONANTS:
        return False
    edits = DamerauLevenshtein.distance(folded(one), folded(other))
    return first[:1] == second[:1] and first[-2:] == second[-2:] and edits <= _NAME_EDITS * max(len(one), len(other))


@lru_cache(maxsize=50_000)
def _sound(word: str) -> str:
    word = unicodedata.normalize("NFC", word.lower())
    word = _ending_heard(word)
    for written, heard in _SOUNDS:
        word = written.sub(heard, word)
    return word


def _ending_heard(word: str) -> str:
    """« parlaient » -> « parlè », « parler » -> « parlé », « parlent » -> « parl », « grands » -> « gran »."""
    if _PAST_ENDINGS.search(word) and len(word) > 4:
        return _PAST_ENDINGS.sub("è", word)
    if _VERB_ENDINGS.search(word) and len(word) > 4:
        return _VERB_ENDINGS.sub("é", word)
    if word.endswith("ent") and len(word) > 5:
        return word[:-3]
    word = word[:-1] if word[-1] in "sx" else word
    if word.endswith("e"):
        return word[:-1]
    return word[:-1] if word[-1:] in ("t", "d", "p") and len(word) > _LEAST else word


def _plain_sounds(word: str) -> str:
    word = folded(word)
    for written, heard in _CONSONANT_SOUNDS:
        word = written.sub(heard, word)
    return _DOUBLED.sub(r"\1", word)


def _bare(sounds: str) -> str:
    """The consonants."""
    return _VOWELS.sub("", sounds)
