"""How much each voice of a debate speaks for being each person, from the names that are said.

For every time a name is said, the voice that has it is more likely than at a random moment to speak next, a little more
likely to have spoken just before, and nearly never the one who says it. Each is a factor; the logarithm of their
product, in nats, is the evidence: above 0 for, below 0 against.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.speakers.voices.mentions import Mention, Said, Word

Array = npt.NDArray[np.float64]

REACHES = (1, 9, 26)
"""A name counts for the voice that begins with the next word, within eight words more, within the 25 words after it."""
BEFORE_WORDS = 12
"""And a little for the voice that ended within so many."""
_PLACES = (0.5, 0.2, 0.3)
"""Of those who are called to speak, how many begin within each reach: counted on ten debates, where a random moment has
.01, .06 and .07 against .13, .11 and .15 behind a name."""
_CALLS = {Said.WHOLE: (0.1, 0.3, 0.6), Said.SURNAME: (0.1, 0.3, 0.6), Said.GIVEN: (0.03, 0.2, 0.6)}
"""Shares of the mentions that may call somebody to speak. How often people are called differs from debate to debate:
each share is tried, and the likelihoods averaged."""
_BEFORE = 0.25
"""Of that share, what falls to a voice that spoke before."""
_SAYS_OWN_NAME = {Said.WHOLE: 0.05, Said.SURNAME: 0.05, Said.GIVEN: 0.2}
"""How much rarer than other people's names."""
_LEAST_USUAL = 0.01
"""However rare, no place around a name tells more than this allows."""
_SAYS_I_AM = 20.0
"""How much likelier one's own name is than another's behind "je m'appelle"."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Numbers of voices around a mention, -1 for none: who says it, who begins behind it, within which of ``REACHES``,
    and who ended before it."""

    says: int
    follows: int
    reach: int
    before: int


@dataclass(frozen=True, slots=True)
class Cues:
    """``likelihood``: ``(voices, names)``, nats. ``around`` has one entry a mention."""

    likelihood: Array
    around: tuple[Neighbours, ...]


def cues(
    words: Sequence[Word], mentions: Sequence[Mention], voices: Sequence[str], names: int, noise: float = 0.0
) -> Cues:
    """What is said of each of ``names`` (their number), for each voice; ``noise`` is the share of pieces in a wrong
    voice, of which mending leaves about half, so that a voice may seem to say its own name."""
    number = {voice: at for at, voice in enumerate(voices)}
    speaks = np.array([number.get(word.voice or "", -1) for word in words], dtype=np.int64)
    around = tuple(_around(speaks, mention) for mention in mentions)
    usual = _Usual.of(speaks, around, len(voices), noise / 2)
    table = np.zeros((len(voices), names))
    for name in range(names):
        said = [(one, near) for one, near in zip(mentions, around, strict=True) if one.name == name]
        for voice in range(len(voices)):
            table[voice, name] = _evidence(said, voice, usual)
    return Cues(table, around)


@dataclass(frozen=True, slots=True)
class _Usual:
    """How often each voice has each place around a random word of somebody else; ``says``: around a name.
    ``follows``: ``(voices, reaches)``, the others ``(voices,)``; ``strays``: the share of words in a wrong voice."""

    says: Array
    follows: Array
    before: Array
    strays: float

    @classmethod
    def of(cls, speaks: npt.NDArray[np.int64], around: Sequence[Neighbours], voices: int, strays: float) -> "_Usual":
        within = np.array([_following(speaks, reach, voices) for reach in (0, *REACHES)]).T
        before = _following(speaks[::-1], BEFORE_WORDS, voices)
        spoken = np.array([_share(speaks == voice) for voice in range(voices)])
        uttered = np.array([sum(one.says == voice for one in around) for voice in range(voices)])
        says = np.maximum(spoken, (uttered + spoken) / (len(around) + 1))
        return cls(
            np.clip(says, 0.02, 0.98),
            np.clip(np.diff(within, axis=1), _LEAST_USUAL, 0.98),
            np.clip(before, 0.02, 0.98),
            strays,
        )


def _following(speaks: npt.NDArray[np.int64], reach: int, voices: int) -> Array:
    """For each voice, the share of words of others after which it is the first other one within ``reach`` words."""
    count = len(speaks)
    change = np.flatnonzero(np.diff(speaks)) + 1
    at = np.searchsorted(change, np.arange(count), side="right")
    begins = np.append(change, count + reach + 1)[at]
    follows = np.where(begins - np.arange(count) <= reach, speaks[np.minimum(begins, count - 1)], -1)
    return np.array([_share(follows[speaks != voice] == voice) for voice in range(voices)])


def _share(which: npt.NDArray[np.bool_]) -> float:
    return float(which.mean()) if which.size else 0.0


def _around(speaks: npt.NDArray[np.int64], mention: Mention) -> Neighbours:
    says = int(speaks[mention.last])
    far, follows = _first_other(speaks[mention.last + 1 : mention.last + 1 + REACHES[-1]], says)
    _far, before = _first_other(speaks[max(mention.first - BEFORE_WORDS, 0) : mention.first][::-1], says)
    reach = next((number for number, words in enumerate(REACHES) if far < words), -1)
    return Neighbours(says, follows if reach >= 0 else -1, reach, before)


def _first_other(speaks: npt.NDArray[np.int64], says: int) -> tuple[int, int]:
    """How far the first other voice is, and which."""
    others = np.flatnonzero((speaks != says) & (speaks >= 0))
    return (int(others[0]), int(speaks[others[0]])) if len(others) else (len(speaks), -1)


def _evidence(said: Sequence[tuple[Mention, Neighbours]], voice: int, usual: _Usual) -> float:
    if not said:
        return 0.0
    tried = len(_CALLS[Said.WHOLE])
    totals = np.array([sum(_factor(one, near, voice, usual, at) for one, near in said) for at in range(tried)])
    peak = float(totals.max())
    return peak + float(np.log(np.mean(np.exp(totals - peak))))


def _factor(mention: Mention, near: Neighbours, voice: int, usual: _Usual, tried: int) -> float:
    """The logarithm of the factor of one mention, if the ``tried``-th share is that of calls."""
    says = float(usual.says[voice])
    if mention.own:
        return float(np.log(_SAYS_I_AM)) if near.says == voice else -float(np.log(_SAYS_I_AM))
    own = _SAYS_OWN_NAME[mention.said] + usual.strays
    if near.says == voice:
        return float(np.log(own))
    factor = float(np.log((1 - own * says) / (1 - says)))
    share = _CALLS[mention.said][tried]
    usual_there = usual.follows[voice]
    if near.follows == voice:
        there = float(usual_there[near.reach])
        factor += float(np.log((share * _PLACES[near.reach] + (1 - share) * there) / there))
    else:
        factor += float(np.log(1 - share))
    share *= _BEFORE
    ended = float(usual.before[voice])
    return factor + (
        float(np.log((share + (1 - share) * ended) / ended)) if near.before == voice else float(np.log(1 - share))
    )
