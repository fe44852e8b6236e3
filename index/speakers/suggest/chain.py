"""From cues to the scores of the chain: a linear map, so that learning its weights is convex.

Four kinds of change have weights of their own: host to guest, guest to host, guest to guest, and from one host to
another, which the states do not tell apart and which is a second way of staying.
"""

from dataclasses import dataclass

import numpy as np

from index.speakers.suggest.decoding import Floats, Scores, host_states, possible

HOST_GUEST, GUEST_HOST, GUEST_GUEST, HOST_HOST = range(4)
CHANGES = 4


@dataclass(frozen=True, slots=True)
class Cues:
    """What a recording gives, T segments and n guests: ``boundaries`` (T, 4) scores of each kind of change,
    ``hosts`` (T) of the host speaking; ``called`` (T, n, C) cues that a guest speaks from t on, ``left`` (T, n, L)
    that he spoke until t, ``own`` (T, n, O) that he speaks at t."""

    boundaries: Floats
    hosts: Floats
    called: Floats
    left: Floats
    own: Floats


@dataclass(frozen=True, slots=True)
class Structure:
    """Weights of the cues of guests: ``called`` (2, C) after host and after guest, ``left`` (2, L) to host and to
    guest, ``own`` (O), ``again`` of the host turning to who spoke before."""

    called: Floats
    left: Floats
    own: Floats
    again: float


def chain_scores(cues: Cues, weights: Structure) -> Scores:
    """Arrays may have a leading axis for several recordings of as many guests."""
    n = cues.own.shape[-2]
    hosts = host_states(n)
    shape = cues.hosts.shape
    emissions = np.zeros((*shape, 2 * n + 1))
    emissions[..., :n] = cues.own @ weights.own
    emissions[..., hosts] = cues.hosts[..., None]
    edges = np.zeros((*shape, 2 * n + 1, 2 * n + 1)) + possible(n)
    called = cues.called @ weights.called.T
    left = cues.left @ weights.left.T
    by = cues.boundaries
    guests = np.arange(n)
    edges[..., n:, :n] += (by[..., HOST_GUEST, None] + called[..., 0] - np.log(n))[..., None, :]
    edges[..., n + guests, guests] += weights.again
    edges[..., guests, n + guests] += by[..., GUEST_HOST, None] + left[..., 0]
    among = (by[..., GUEST_GUEST, None] + called[..., 1] - np.log(max(n - 1, 1)))[..., None, :] + left[..., 1][
        ..., None
    ]
    among[..., guests, guests] = 0
    edges[..., :n, :n] += among
    every = np.arange(n, 2 * n + 1)
    edges[..., every, every] += np.logaddexp(0.0, by[..., HOST_HOST])[..., None]
    return Scores(emissions, edges)
