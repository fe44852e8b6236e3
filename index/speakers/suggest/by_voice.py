"""Whose each voice is, as far as the text tells: the chain in which all that one voice says is one person's.

Every way of giving the voices to people allows some paths of the chain, and their part of all that is likely is its
probability. A person has one voice at most; hosts, and people whom nobody announced, are as many as there may be.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.speakers.likeliest import likeliest
from index.speakers.suggest.chain import chain_scores
from index.speakers.suggest.decoding import IMPOSSIBLE, Floats, Scores, host_states
from index.speakers.suggest.people import people_of
from index.speakers.suggest.told import pinned, rare
from index.speakers.suggest.turn_model import TurnModel, load_model, remembered_cues
from index.types import Attribution, Origin, Participant, Segment

Ways = npt.NDArray[np.int64]

_UNANNOUNCED = -4.0
"""Log odds of a voice being somebody's whom nobody announced, against one person of the cast. From pieces of debates,
half of which had a cast that lacked a person: -8 gives a tenth more right names where the cast is whole, and twice as
many wrong ones where it is not."""
_LEAST_WORDS = 20
"""Of a voice, to tell anything of it."""
_SUREST = 0.99
_MOST = 1_000_000
"""Ways times pairs of states: half a second for two hours."""


def names_of_voices(
    segments: Sequence[Segment],
    participants: Sequence[Participant],
    fixed: Mapping[int, str],
    taken: Mapping[str, str],
    *,
    changes: Collection[int] = (),
    language: str = "fr",
    model: TurnModel | None = None,
) -> dict[str, Attribution]:
    """The likeliest name of each voice of the segments that ``fixed`` leaves open, and its probability; no name where
    it is likelier somebody whom nobody announced, and none at all where nobody of the cast is without a voice: that
    somebody hosts is no news then. ``fixed`` and ``changes`` are as ``suggest`` takes them; ``taken`` are names by the
    label of the voice that has them, which gets no other. Where there are very many ways, of those who speak most."""
    voices = [voice for voice in _open_voices(segments, fixed) if voice not in taken]
    people = people_of(participants, fixed, language).and_another()
    once = [at for at, guest in enumerate(people.guests) if guest.name and guest.name not in taken.values()]
    if not voices or not once:
        return {}
    model = model or load_model()
    bare = tuple(Segment(one.index, one.start, one.end, one.text) for one in segments)
    labels = {place: people.place(label) for place, label in fixed.items()}
    scores = rare(chain_scores(remembered_cues(bare, people.guests, model), model.structure), people.strangers)
    scores = pinned(scores, labels, changes)
    host = len(people.guests)
    ways = _ways(len(voices), once, (0, host), _MOST // scores.emissions.shape[1] ** 2)
    considered = voices[: ways.shape[1]]
    said = [considered.index(one.voice) if one.voice in considered else -1 for one in segments]
    said = [-1 if place in fixed else voice for place, voice in enumerate(said)]
    likely = _log_likelihoods(scores, ways, said) + _UNANNOUNCED * (ways == 0).sum(axis=1)
    chances = _chances(ways, likely, host + 1)
    best = likeliest(chances)
    return {
        voice: Attribution(name, Origin.SUGGESTED, round(min(float(chances[at, best[at]]), _SUREST), 3))
        for at, voice in enumerate(considered)
        if (name := people.names[best[at]])
    }


def _open_voices(segments: Sequence[Segment], fixed: Mapping[int, str]) -> list[str]:
    """Those that say enough, who speaks most first."""
    words: Counter[str] = Counter()
    for place, one in enumerate(segments):
        if one.voice and place not in fixed:
            words[one.voice] += len(one.text.split())
    return [voice for voice, count in words.most_common() if count >= _LEAST_WORDS]


def _ways(voices: int, once: Sequence[int], often: Sequence[int], most: int) -> Ways:
    """``(ways, voices)``: people by their numbers, with fewer voices where there would be more than ``most`` ways."""
    ways: list[tuple[int, ...]] = [()]
    for _voice in range(voices):
        more = [(*way, who) for way in ways for who in (*often, *once) if who in often or who not in way]
        if len(more) > most:
            break
        ways = more
    return np.array(ways, dtype=np.int64).reshape(len(ways), -1)


def _log_likelihoods(scores: Scores, ways: Ways, said: Sequence[int]) -> Floats:
    """``(ways,)``, up to what they have in common; ``said`` is the column of ``ways`` of each segment's voice, -1 where
    anybody may speak. The forward pass, scaled at each step (Rabiner 1989)."""
    emissions, edges = scores.emissions, scores.edges
    likely = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    steps = np.exp(edges - edges.max(axis=(1, 2), keepdims=True))
    allowed = _allowed(emissions.shape[1])
    forward = np.tile(likely[0], (len(ways), 1))
    found = np.zeros(len(ways))
    for t, voice in enumerate(said):
        if t:
            forward = (forward @ steps[t]) * likely[t]
        if voice >= 0:
            forward *= allowed[ways[:, voice]]
        scale = np.maximum(forward.sum(axis=1), np.finfo(np.float64).tiny)
        found += np.log(scale)
        forward /= scale[:, None]
    return found


def _allowed(states: int) -> Floats:
    """``(people, states)``: 1 for the states of each person, next to nothing for the others."""
    guests = states // 2
    table = np.full((guests + 1, states), np.exp(IMPOSSIBLE))
    table[range(guests), range(guests)] = 1
    table[guests, host_states(guests)] = 1
    return table


def _chances(ways: Ways, likely: Floats, people: int) -> Floats:
    """``(voices, people)``, rows sum to 1."""
    weights = np.exp(likely - likely.max())
    weights /= weights.sum()
    chances = np.zeros((ways.shape[1], people))
    for voice, chosen in enumerate(ways.T):
        np.add.at(chances[voice], chosen, weights)
    return chances
