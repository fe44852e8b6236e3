"""Whose voice a voice is, among those who were enrolled. Pure.

The similarity is the cosine of two means over stretches of speech, by the encoder that ships (CAM++). Of six people
who read aloud, halves of what one says are at .94 to .97, those of two people at .42 to .68; with noise at 10 dB
against none, two people were at .89 and .97 to themselves and at most at .67 to others. In far-field meetings of a
minute, with others talking in between, one person is at .45 to .93 and two are at up to .90: there it cannot be told,
and so a name is given only where a recording is as clear as the first, and to one voice of a debate. Thirteen people
are few: the probability is a careful guess, not a measured one.
"""

from collections.abc import Mapping
from math import exp

from index.types import Vectors

LEAST = 0.95
"""Probability below which nobody is recognised."""
_EVEN, _STEEPNESS = 0.8, 40.0
"""The similarity at which it is as likely one person as two, and how many nats one unit of it is worth."""


def probability(similarity: float) -> float:
    """That two voices are one person's, in [0, 1].

    >>> probability(0.8), round(probability(0.94), 3), round(probability(0.68), 3)
    (0.5, 0.996, 0.008)
    """
    return 1 / (1 + exp(-_STEEPNESS * (similarity - _EVEN)))


def recognised(voices: Mapping[str, Vectors], known: Mapping[str, Vectors]) -> dict[str, tuple[str, float]]:
    """By the label of a voice, who it is and how sure that is: nobody twice, each the nearest voice. Vectors are of
    length 1."""
    pairs = sorted(
        ((float(vector @ theirs), voice, name) for voice, vector in voices.items() for name, theirs in known.items()),
        reverse=True,
    )
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for similarity, voice, name in pairs:
        sure = probability(similarity)
        if sure >= LEAST and voice not in found and name not in taken:
            found[voice] = name, round(min(sure, 0.999), 3)
            taken.add(name)
    return found
