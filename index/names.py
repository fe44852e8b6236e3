"""Names of people: comparing them, and finding the one that a person meant.

« Kempf », « Kemf », « KEMPF », « J.-B. Kempf », « Jean-Baptiste Kempf » are one person; « Bernard Kempf » is not him.
"""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from index.lexical import fold

PARTICLES = frozenset(
    """
    de du des d le la les l van von der den di da del della el al ben bin y e et
    """.split()
)
HONORIFICS = frozenset(
    """
    m mr mrs ms mme mlle monsieur madame mademoiselle maitre me dr docteur doctor pr professeur professor
    president presidente ministre senateur senatrice depute deputee sir lord lady general minister senator judge
    """.split()
)
_PARTS = re.compile(r"[^\W_]+")


def name_parts(name: str) -> list[str]:
    """Folded words of a name without honorifics: "M. Jean-Baptiste Kempf" -> ["jean", "baptiste", "kempf"]."""
    parts = _PARTS.findall(fold(name))
    kept = [part for part in parts if part not in HONORIFICS]
    return kept or parts


def same_person(one: str, other: str) -> bool:
    """Whether a label can stand for a full name: the same parts, a surname alone, or initials and a surname.

    >>> same_person("J.-B. Kempf", "Jean-Baptiste Kempf"), same_person("Bernard Kempf", "Jean-Baptiste Kempf")
    (True, False)
    """
    shorter, longer = sorted((name_parts(one), name_parts(other)), key=lambda parts: sum(map(len, parts)))
    if not longer or set(shorter) == set(longer):
        return bool(longer) or one == other
    if not shorter or shorter[-1] != longer[-1] or shorter[-1].isdigit():
        return False
    return _abbreviates(shorter[:-1], longer[:-1])


def _abbreviates(given: Sequence[str], full: Sequence[str]) -> bool:
    """Each given name, in order, is one of ``full`` or its initial ("j b", "jb"); particles may be left out."""
    initials = "".join(name[0] for name in full)
    if "".join(given) == initials[: len("".join(given))]:
        return True
    rest = iter(full)
    return all(any(name == part or (len(part) == 1 and name.startswith(part)) for name in rest) for part in given)


def close(word: str, name: str) -> bool:
    """Whether ``word`` (folded) is ``name`` (folded) misspelt or misheard: Kemf for Kempf, Pavlias for Pavléas.

    The same sound, one edit for names of 4 to 6 letters, or two for longer ones; always the same first sound.
    """
    if word == name:
        return True
    if min(len(word), len(name)) < 4:
        return False
    heard, wanted = _sound(word), _sound(name)
    allowed = 1 if len(name) <= 6 else 2
    distance = DamerauLevenshtein.distance(word, name, score_cutoff=allowed)
    return heard == wanted or (heard[0] == wanted[0] and distance <= allowed)


def _sound(word: str) -> str:
    """Spellings of one sound made alike, roughly, for French ears."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return word


_SOUNDS = (
    ("qu", "k"),
    ("ck", "k"),
    ("ch", "s"),
    ("ph", "f"),
    ("pf", "f"),
    ("q", "k"),
    ("c", "k"),
    ("y", "i"),
    ("z", "s"),
    ("w", "v"),
)


def canonical(label: str, names: Iterable[str]) -> str:
    """The one of ``names`` that ``label`` (a full name, a surname, a first name) stands for, or ``label`` when none
    or several do."""
    known = list(names)
    candidates = [name for name in known if same_person(label, name)]
    exact = [name for name in candidates if set(name_parts(name)) == set(name_parts(label))]
    given = [name for name in known if name_parts(label) == name_parts(name)[:1]]
    chosen = exact or candidates or given
    return chosen[0] if len(chosen) == 1 else label
