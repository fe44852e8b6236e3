"""How much each voice of a debate speaks for being each person, from the names that are said.

For every time a name is said, the voice that has it is more likely than at a random moment to speak next, a little more
likely to have spoken just before, and nearly never the one who says it. Each is a factor; the logarithm of their
product, in nats, is the evidence: above 0 for, below 0 against.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.speakers.mentions import Mention, Said, Word

Array = npt.NDArray[np.float64]

NEXT_WORDS, NEAR_WORDS, BEFORE_WORDS = 25, 8, 12
"""A name counts for a voice that begins within so many words (near: the more), or ended within so many."""
_CALLS = {Said.WHOLE: (0.1, 0.3, 0.6), Said.SURNAME: (0.1, 0.3, 0.6), Said.GIVEN: (0.03, 0.1, 0.3)}
"""Shares of the mentions that may call somebody to speak. How often people are called differs from debate to debate:
each share is tried, and the likelihoods averaged."""
_NEAR, _FAR, _BEFORE = 1.0, 0.4, 0.25
"""Of that share, what falls to a voice that begins near, to one that begins later, to one that spoke before."""
_SAYS_OWN_NAME = {Said.WHOLE: 0.08, Said.SURNAME: 0.08, Said.GIVEN: 0.3}
"""How much rarer than other people's names."""
_SAYS_I_AM = 20.0
"""How much likelier one's own name is than another's behind "je m'appelle"."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Numbers of voices around a mention, -1 for none: who says it, who begins near and later, who ended before."""

    says: int
    near: int
    later: int
    before: int


@dataclass(frozen=True, slots=True)
class Cues:
    """``likelihood``: ``(voices, names)``, nats. ``around`` has one entry a mention."""

    likelihood: Array
    around: tuple[Neighbours, ...]


def cues(words: Sequence[Word], mentions: Sequence[Mention], voices: Sequence[str], names: int) -> Cues:
    """What is said of each of ``names`` (their number), for each voice."""
    number = {voice: at for at, voice in enumerate(voices)}
    speaks = np.array([number.get(word.voice or "", -1) for word in words], dtype=np.int64)
    around = tuple(_around(speaks, mention) for mention in mentions)
    usual = _Usual.of(speaks, around, len(voices))
    table = np.zeros((len(voices), names))
    for name in range(names):
        said = [(one, near) for one, near in zip(mentions, around, strict=True) if one.name == name]
        for voice in range(len(voices)):
            table[voice, name] = _evidence(said, voice, usual)
    return Cues(table, around)


@dataclass(frozen=True, slots=True)
class _Usual:
    """How often each voice has each place around a random word of somebody else; ``says``: around a name."""

    says: Array
    near: Array
    later: Array
    before: Array

    @classmethod
    def of(cls, speaks: npt.NDArray[np.int64], around: Sequence[Neighbours], voices: int) -> "_Usual":
        near, later = _following(speaks, NEAR_WORDS, voices), _following(speaks, NEXT_WORDS, voices)
        before = _following(speaks[::-1], BEFORE_WORDS, voices)
        spoken = np.array([np.mean(speaks == voice) for voice in range(voices)])
        uttered = np.array([sum(one.says == voice for one in around) for voice in range(voices)])
        says = np.maximum(spoken, (uttered + spoken) / (len(around) + 1))
        floor = 0.02
        return cls(
            np.clip(says, floor, 0.98),
            np.clip(near, floor / 2, 0.98),
            np.clip(later - near, floor, 0.98),
            np.clip(before, floor, 0.98),
        )


def _following(speaks: npt.NDArray[np.int64], reach: int, voices: int) -> Array:
    """For each voice, the share of words of others after which it is the first other one within ``reach`` words."""
    count = len(speaks)
    change = np.flatnonzero(np.diff(speaks)) + 1
    at = np.searchsorted(change, np.arange(count), side="right")
    begins = np.append(change, count + reach + 1)[at]
    follows = np.where(begins - np.arange(count) <= reach, speaks[np.minimum(begins, count - 1)], -1)
    return np.array([np.mean(follows[speaks != voice] == voice) if np.any(speaks != voice) else 0.0 for voice in range(voices)])


def _around(speaks: npt.NDArray[np.int64], mention: Mention) -> Neighbours:
    says = int(speaks[mention.last])
    after = _first_other(speaks[mention.last + 1 : mention.last + 1 + NEXT_WORDS], says)
    previous = _first_other(speaks[max(mention.first - BEFORE_WORDS, 0) : mention.first][::-1], says)
    near = after[1] if after[0] < NEAR_WORDS else -1
    return Neighbours(says, near, after[1] if near < 0 else -1, previous[1])


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
    own = _SAYS_OWN_NAME[mention.said]
    if near.says == voice:
        return float(np.log(own))
    factor = float(np.log((1 - own * says) / (1 - says)))
    share = _CALLS[mention.said][tried]
    factor += _place(share * _FAR, near.later == voice, float(usual.later[voice]))
    factor += _place(share * _BEFORE, near.before == voice, float(usual.before[voice]))
    return factor + _place(share * _NEAR, near.near == voice, float(usual.near[voice]))


def _place(share: float, there: bool, usual: float) -> float:
    return float(np.log((share + (1 - share) * usual) / usual)) if there else float(np.log(1 - share))


def mentions_near(cue: Cues, mentions: Sequence[Mention], voice: int, name: int) -> Iterator[tuple[Mention, Neighbours]]:
    """The mentions of one name around one voice."""
    for mention, near in zip(mentions, cue.around, strict=True):
        if mention.name == name and voice in (near.near, near.later, near.before, near.says):
            yield mention, near

