"""Who speaks in a transcript without labels, as far as the text and a few labels can tell.

    suggest(segments, participants)                    ->  a name, or None, for each segment, and how sure it is
    suggest(segments, participants, {3: "Ada Martin"}) ->  the same, knowing who speaks in segment 3
    least_certain(segments, suggestions, fixed)        ->  the segment to ask a person about next

The text alone tells about two words of three: a suggestion is to be shown as such. It cannot tell two hosts apart, who
are one here, nor know of anybody whom neither ``participants`` nor ``fixed`` names.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from index.speakers.likeliest import likeliest
from index.speakers.suggest.chain import HOST_HOST, Cues, chain_scores
from index.speakers.suggest.decoding import Floats, Marginals, Scores, forward_backward, host_states
from index.speakers.suggest.gain import expected_gain
from index.speakers.suggest.people import People, people_of
from index.speakers.suggest.told import pinned, rare
from index.speakers.suggest.turn_model import TurnModel, load_model, remembered_cues
from index.speakers.suggest.word_model import LEAST_LABELS, SpokenWords
from index.types import Participant, Segment

_ROUNDS = 3
_TOSS_UP = 0.0
_LABELS_COUNT = 2.0
_REMEMBERED = 4
"""Debates whose words are kept in memory."""
_NO_LABELS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``speaker`` is None where nobody is known to take part; ``confidence`` is the calibrated probability that the
    name is right, 1 for a label.

    ``turn_change`` is the probability that another person spoke before, ``host`` that a host speaks; ``gain`` how many
    words more would be right, in expectation, if a person said who speaks here.
    """

    speaker: str | None
    confidence: float
    turn_change: float
    host: float
    gain: float = 0.0


def suggest(
    segments: Sequence[Segment],
    participants: Sequence[Participant],
    fixed: Mapping[int, str] = _NO_LABELS,
    *,
    changes: Collection[int] = (),
    language: str = "fr",
    model: TurnModel | None = None,
) -> tuple[Suggestion, ...]:
    """One for each segment. ``fixed`` gives the names that a person gave to some, by their place in ``segments``; they
    are kept as they are. ``changes`` are the segments with which, as a person said, another speaker begins. Raises
    IndexError for a place that is not there."""
    if any(not 0 <= place < len(segments) for place in fixed):
        raise IndexError(f"labels for segments {sorted(fixed)}, of which there are {len(segments)}")
    if not segments:
        return ()
    model = model or load_model()
    people = people_of(participants, fixed, language)
    labels = {place: people.place(label) for place, label in fixed.items()}
    cues = remembered_cues(tuple(segments), people.guests, model)
    scores = rare(chain_scores(cues, model.structure), people.strangers)
    scores = pinned(scores, labels, changes)
    found = forward_backward(scores)
    if _answers(labels) >= LEAST_LABELS:
        found = _with_words(scores, found, _spoken(tuple(segments), language), labels)
    return _suggestions(segments, people, fixed, found, cues, model)


def least_certain(
    segments: Sequence[Segment], suggestions: Sequence[Suggestion], fixed: Mapping[int, str] = _NO_LABELS
) -> int | None:
    """The place of the segment whose label would help most; None when all are labelled."""
    if len(segments) != len(suggestions):
        raise ValueError(f"{len(suggestions)} suggestions for {len(segments)} segments")
    left = [place for place in range(len(segments)) if place not in fixed]
    return max(left, key=lambda place: (suggestions[place].gain, -suggestions[place].confidence, -place), default=None)


@lru_cache(maxsize=_REMEMBERED)
def _spoken(segments: tuple[Segment, ...], language: str) -> SpokenWords:
    return SpokenWords(segments, language)


def _answers(labels: Mapping[int, int]) -> int:
    """How often a person answered: neighbours with one label are one answer."""
    return sum(labels.get(place - 1) != person for place, person in labels.items())


def _with_words(scores: Scores, found: Marginals, words: SpokenWords, labels: Mapping[int, int]) -> Marginals:
    """Self-training: the words of each as the chain sees it now, and the chain again with these words."""
    for _round in range(_ROUNDS):
        guests = found.states.shape[1] // 2
        said = words.scores(_trusted(_speakers(found.states), labels))
        emissions = scores.emissions.copy()
        emissions[:, :guests] += said[:, :guests]
        emissions[:, host_states(guests)] += said[:, guests:]
        found = forward_backward(replace(scores, emissions=emissions))
    return found


def _trusted(speakers: Floats, labels: Mapping[int, int]) -> Floats:
    """What the words are learnt from: what is likely, and labels more than that; a toss-up teaches nothing."""
    trusted = np.maximum(speakers - _TOSS_UP, 0) / (1 - _TOSS_UP)
    trusted[list(labels)] *= _LABELS_COUNT
    return trusted


def _speakers(states: Floats) -> Floats:
    """``(T, n + 1)``: the guests, and the host whatever he remembers."""
    guests = states.shape[1] // 2
    return np.column_stack([states[:, :guests], states[:, host_states(guests)].sum(axis=1)])


def _suggestions(
    segments: Sequence[Segment],
    people: People,
    fixed: Mapping[int, str],
    found: Marginals,
    cues: Cues,
    model: TurnModel,
) -> tuple[Suggestion, ...]:
    speakers = _speakers(found.states)
    host = speakers.shape[1] - 1
    best = likeliest(speakers)
    raw = speakers.max(axis=1)
    confidence = np.where(best == host, model.host_confidence(raw), model.guest_confidence(raw))
    changes = _changes(found, cues)
    sizes = np.array([len(segment.text.split()) for segment in segments], dtype=np.float64)
    gains = expected_gain(found, sizes, changes)
    names = people.names
    return tuple(
        Suggestion(
            speaker=fixed.get(place, names[best[place]]),
            confidence=1.0 if place in fixed else float(confidence[place]) if names[best[place]] else 0.0,
            turn_change=float(changes[place]),
            host=float(speakers[place, host]),
            gain=0.0 if place in fixed else float(gains[place]),
        )
        for place in range(len(segments))
    )


def _changes(found: Marginals, cues: Cues) -> Floats:
    """That another person speaks than before, another host included."""
    guests = found.states.shape[1] // 2
    same = found.pairs[:, np.arange(guests), np.arange(guests)].sum(axis=1)
    hosts = np.arange(guests, 2 * guests + 1)
    another = 1 / (1 + np.exp(-cues.boundaries[:, HOST_HOST]))
    changes: Floats = np.clip(1 - same - found.pairs[:, hosts, hosts].sum(axis=1) * (1 - another), 0, 1)
    changes[0] = 0
    return changes
