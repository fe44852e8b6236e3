"""Names of people that only the text says: « Bonjour Ada Martin », « monsieur Roy », « je m'appelle Léa Bel ».

Most of them are of people who are spoken of; ``name_cues`` tells who of them also speaks. Without capitals nothing is
found.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from index.speakers.names import close, name_parts, same_person
from index.types import Segment
from index.words.lexical import fold

_LONGEST = 40
"""So many names are tried, those said most often."""
_CAPITAL = r"(?:[DLO]['’](?=[A-ZÀ-ÖØ-Þ]))?[A-ZÀ-ÖØ-Þ]\w*[a-zß-ÿ]\w*(?:-[A-ZÀ-ÖØ-Þ][\w'’]+)*"
_PAIR = re.compile(
    rf"(?<![\w'’-])({_CAPITAL})\s+((?:(?:de|du|des|le|la|van|von|der|De|Le|La)\s+)?{_CAPITAL})(?![\w'’-])"
)
_POLITE = re.compile(
    rf"\b(?:[Mm]onsieur|[Mm]adame|M\.|Mme\.?|Mr\.?|Mrs\.?|Ms\.?)\s+((?:(?:Le|La|De|Du)\s+)?{_CAPITAL}(?:\s+d(?:e\s+|['’]){_CAPITAL})?)"
)
_NO_GIVEN = frozenset(
    """
    le la les un une des ce cette ces mon ma mes et ou mais donc alors bonjour bonsoir merci oui non madame monsieur
    pour avec dans sur vous nous je tu il elle on que qui si quand est the a an this that and or but so hello thanks
    president mme mr mrs ms saint sainte etats union conseil parti front europe france
    """.split()
)


def names_in_text(segments: Sequence[Segment], known: Sequence[str]) -> list[str]:
    """Full names, and surnames behind "monsieur" that no full name has, without those of ``known``; the most often
    said first."""
    counts: dict[str, int] = {}
    for segment in segments:
        for name in _said(segment.text):
            counts[name] = counts.get(name, 0) + 1
    surnames = {name_parts(name)[-1] for name in known}
    wanted: list[str] = []
    for name in sorted(counts, key=lambda name: (-len(name_parts(name)), -counts[name], name)):
        if name_parts(name)[-1] not in surnames and not any(_alike(name, other) for other in (*known, *wanted)):
            wanted.append(name)
    return sorted(wanted, key=lambda name: (-counts[name], name))[:_LONGEST]


def _said(text: str) -> Iterator[str]:
    for given, surname in _PAIR.findall(text):
        if fold(given) not in _NO_GIVEN and fold(surname) not in _NO_GIVEN:
            yield f"{given} {surname}"
    yield from _POLITE.findall(text)


def _alike(name: str, other: str) -> bool:
    """Whether two spellings may be of one person; a surname alone is that of anyone who has it."""
    if same_person(name, other):
        return True
    here, there = name_parts(name), name_parts(other)
    return close(here[-1], there[-1]) and (1 in (len(here), len(there)) or here[0] == there[0])


def full_names(surnames: Iterable[str], segments: Sequence[Segment]) -> dict[str, str]:
    """For a surname that is once said behind a first name, though written small, the full name: « Guy verhofstadt »."""
    found: dict[str, str] = {}
    text = " ".join(segment.text for segment in segments)
    for surname in surnames:
        for given, word in re.findall(rf"(?<![\w'’-])({_CAPITAL})\s+([^\W\d_]+)", text):
            same = word[0].islower() and close(fold(word), fold(surname))
            if same and fold(given) not in _NO_GIVEN:
                found[surname] = f"{given} {word.capitalize()}"
                break
    return found
