"""What people said of a debate, laid over the scores of its chain."""

from collections.abc import Collection, Mapping

import numpy as np

from index.speakers.suggest.decoding import IMPOSSIBLE, Scores, host_states

_STAYING, _OTHER_HOST = -20.0, -4.0
"""Where a person says that another speaker begins: who spoke does not stay, but one host may follow another."""
_STRANGER = -3.0


def rare(scores: Scores, strangers: int) -> Scores:
    """Who was not announced speaks seldom: a passer-by, a film that is shown."""
    if not strangers:
        return scores
    guests = scores.emissions.shape[1] // 2
    edges = scores.edges.copy()
    for stranger in range(guests - strangers, guests):
        edges[:, :, stranger] += _STRANGER
        edges[:, stranger, stranger] -= _STRANGER
    return Scores(scores.emissions, edges)


def pinned(scores: Scores, labels: Mapping[int, int], changes: Collection[int]) -> Scores:
    """Only what the labels allow; and no host remembers a guest before the first segment."""
    emissions = scores.emissions.copy()
    guests = emissions.shape[1] // 2
    emissions[0, guests : 2 * guests] += IMPOSSIBLE
    for place, person in labels.items():
        allowed = np.zeros(emissions.shape[1], dtype=bool)
        allowed[host_states(guests) if person == guests else person] = True
        emissions[place, ~allowed] += IMPOSSIBLE
    edges = scores.edges.copy()
    size = emissions.shape[1]
    for place in changes:
        if 0 < place < len(emissions):
            edges[place, range(size), range(size)] += np.where(np.arange(size) < guests, _STAYING, _OTHER_HOST)
    return Scores(emissions, edges)
