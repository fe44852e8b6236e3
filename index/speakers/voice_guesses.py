"""What the text alone tells of the voices that a recording told apart: one name for all that a voice says, or none.

The text guesses segment by segment, and may give one voice to several people. Where the sound says that it is one
person, the guesses are added up; a name counts only if it is this voice's more than any other name, and no other
voice's. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from index.types import Attribution, Origin, Segment

_LEAST_WORDS = 50
"""Of a voice, to tell anything of it."""
_LEAST_SHARE = 0.4
"""Of the words of a voice, each counted by how sure its guess is."""
_CLEARLY = 2.0
"""Times as much as the next name of the voice, and as any other voice has of the name. On ten debates cut to 5 and 20
minutes, with perfect voices, each name that this leaves was right."""


def one_name_each(
    segments: Sequence[Segment], guesses: Mapping[int, Attribution], taken: Mapping[str, str]
) -> dict[int, Attribution]:
    """``guesses`` of the text by the index of a segment whose speaker is open -> those that agree with the voices;
    ``taken`` are the names of voices by their label, which are nobody else's."""
    support: dict[str, dict[str, float]] = {}
    words: Counter[str] = Counter()
    for index, one in guesses.items():
        voice, count = segments[index].voice, len(segments[index].text.split())
        if voice and voice not in taken:
            words[voice] += count
            names_of = support.setdefault(voice, defaultdict(float))
            if one.speaker:
                names_of[one.speaker] += count * one.confidence
    names = {voice: _name(voice, support, words[voice], set(taken.values())) for voice in support}
    found: dict[int, Attribution] = {}
    for index in guesses:
        name, sure = names.get(segments[index].voice or "", (None, 0.0))
        if name:
            found[index] = Attribution(name, Origin.SUGGESTED, sure)
    return found


def _name(
    voice: str, support: Mapping[str, Mapping[str, float]], words: int, taken: set[str]
) -> tuple[str | None, float]:
    """And how sure it is: its share of all that is guessed of the voice."""
    theirs = support[voice]
    name = max(theirs, key=lambda name: (theirs[name], name), default="")
    if not name or name in taken or words < _LEAST_WORDS:
        return None, 0.0
    others = [share for other, share in theirs.items() if other != name]
    elsewhere = [shares.get(name, 0.0) for other, shares in support.items() if other != voice]
    clear = theirs[name] >= max(_LEAST_SHARE * words, _CLEARLY * max([*others, *elsewhere, 0.0]))
    return (name, round(theirs[name] / sum(theirs.values()), 3)) if clear else (None, 0.0)
