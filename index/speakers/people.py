"""One person, several names: what people said of that, and what can be told from the names themselves.

« KEMPF Jean-Baptiste », « Jean-Baptiste KEMPF » and « J.-B. Kempf » become the one full name of the index that they can
stand for. A surname alone stands for a participant of its own debate (``index/speakers``) and for nobody elsewhere.
"""

from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from index.speakers.names import name_parts, same_person


def unified(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """For each of ``names`` that is another spelling of exactly one of ``known``: that one."""
    spelled = list(dict.fromkeys(known))
    found: dict[str, str] = {}
    for name in names:
        if name in spelled or len(name_parts(name)) < 2:
            continue
        fitting = [other for other in spelled if _fuller(other, name) and same_person(name, other)]
        if len(fitting) == 1:
            found[name] = fitting[0]
    return found


def person_of(name: str, renames: Mapping[str, str]) -> str:
    """The name that ``name`` goes by, through any number of renames; a circle ends where it began."""
    seen = {name}
    while (following := renames.get(name)) is not None and following not in seen:
        name = following
        seen.add(name)
    return name


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that may be one person, for somebody to decide: a part of a name, and the whole."""
    ordered = sorted(dict.fromkeys(names), key=lambda name: (len(name_parts(name)), name))
    near: dict[Hashable, list[int]] = {}
    for at, name in enumerate(ordered):
        for key in _keys(name):
            near.setdefault(key, []).append(at)
    pairs = {pair for found in near.values() for pair in combinations(found, 2)}
    named = ((ordered[one], ordered[other]) for one, other in sorted(pairs))
    return [(one, other) for one, other in named if not one.isdigit() and same_person(one, other)]


def _keys(name: str) -> tuple[Hashable, ...]:
    """Names of one person share a surname, or all their parts: only those are compared, among thousands."""
    parts = name_parts(name)
    return (parts[-1], frozenset(parts)) if parts else ()


def _fuller(one: str, other: str) -> bool:
    """Whether ``one`` says at least as much as ``other``."""
    return sum(map(len, name_parts(one))) >= sum(map(len, name_parts(other)))
