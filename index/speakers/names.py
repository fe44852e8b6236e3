"""Names of people: comparing them, and finding the one that a person meant.

« Kempf », « Kemf », « KEMPF », « J.-B. Kempf », « Jean-Baptiste Kempf » are one person; « Bernard Kempf » is not him.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from index.words.lexical import fold

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
_MOST_EDITS = 2
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
    allowed = 1 if len(name) <= 6 else _MOST_EDITS
    distance = DamerauLevenshtein.distance(word, name, score_cutoff=allowed)
    return heard == wanted or (heard[0] == wanted[0] and distance <= allowed)


@dataclass(frozen=True)
class KnownNames:
    """Names that may be asked for, to be found by any of their parts. ``parts`` are those of each, ``bearing`` who has
    a part, ``sounding`` the parts by the sound with which they begin."""

    parts: Mapping[str, list[str]]
    bearing: Mapping[str, Sequence[str]]
    sounding: Mapping[str, Sequence[str]]

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, names: tuple[str, ...]) -> "KnownNames":
        """Kept: there may be thousands, and they are the same for each question."""
        parts = {name: name_parts(name) for name in names}
        bearing: dict[str, dict[str, None]] = {}
        for name, found in parts.items():
            for part in found:
                bearing.setdefault(part, {})[name] = None
        sounding: dict[str, list[str]] = {}
        for part in bearing:
            sounding.setdefault(_sound(part)[:1], []).append(part)
        return cls(parts, {part: tuple(found) for part, found in bearing.items()}, sounding)

    def begun_by(self, word: str) -> list[str]:
        """Those, in their order, whose mention may begin with ``word`` (folded): it is one of their parts, to the
        letter or nearly, or an initial."""
        found = {name for part in self._parts_like(word) for name in self.bearing[part]}
        return [name for name in self.parts if name in found] if found else []

    def _parts_like(self, word: str) -> set[str]:
        if len(word) == 1:
            return {part for part in self.bearing if part.startswith(word)}
        heard = _sound(word)
        among = self.sounding.get(heard[:1], ())
        near = extract(word, among, scorer=DamerauLevenshtein.distance, score_cutoff=_MOST_EDITS, limit=None)
        likely = {part for part, _distance, _at in near} | {part for part in among if _sound(part) == heard}
        return {part for part in likely if close(word, part)}


@lru_cache(maxsize=50_000)
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
