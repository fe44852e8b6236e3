"""Words looked for in a text, whatever their case, accents, ligatures or apostrophes, and where exactly they stand."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from index.words.lexical import fold

_SAME = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"} | {"\u00ad": ""})
_AROUND = 45
"""Characters of a snippet on either side."""

Hit = tuple[int, int]
"""The characters from the first to before the last."""


@dataclass(frozen=True)
class Folded:
    """``text`` folded; ``places[i]`` is where its character ``i`` comes from, None where each is in its place."""

    text: str
    length: int
    places: npt.NDArray[np.int64] | None

    @classmethod
    def of(cls, text: str) -> "Folded":
        forms = {character: _folded(character) for character in set(text)}
        folded = "".join(map(forms.__getitem__, text))
        if all(len(form) == 1 for form in forms.values()):
            return cls(folded, len(text), None)
        sizes = np.fromiter((len(forms[character]) for character in text), np.int64, len(text))
        return cls(folded, len(text), np.repeat(np.arange(len(text)), sizes))

    def place(self, at: int) -> int:
        """Where the folded character ``at`` comes from."""
        if at >= len(self.text):
            return self.length
        return at if self.places is None else int(self.places[at])


def hits(folded: Folded, wanted: str) -> list[Hit]:
    """Where ``wanted`` stands, in order, none over another; nothing where nothing is wanted."""
    wanted = " ".join("".join(map(_folded, wanted)).split())
    found: list[Hit] = []
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        stop = at + len(wanted)
        begin, end = folded.place(at), max(folded.place(stop), folded.place(stop - 1) + 1)
        if not found or begin >= found[-1][1]:
            found.append((begin, end))
        at = folded.text.find(wanted, stop)
    return found


def snippet(text: str, hit: Hit) -> tuple[str, str, str]:
    """What stands before a hit, the hit, what stands after it: whole words, to the letter."""
    begin, end = hit
    before, after = text[max(begin - _AROUND, 0) : begin], text[end : end + _AROUND]
    return (
        before if begin <= _AROUND else before.partition(" ")[2],
        text[begin:end],
        after if end + _AROUND >= len(text) else after.rpartition(" ")[0],
    )


@cache
def _folded(character: str) -> str:
    return fold(character.translate(_SAME)).translate(_SAME)
