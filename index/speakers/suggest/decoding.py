"""The chain of who speaks: a linear-chain conditional random field over participants and host.

States: guest 0 … n-1; then the host, who remembers which guest spoke last (n … 2n-1), or that none has (2n), so that
"the other one next" can be said. Scores are logarithms, higher is likelier. Lafferty, McCallum and Pereira (2001).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
IMPOSSIBLE = -60.0
"""A score that leaves nothing, and still can be exponentiated and divided."""


@dataclass(frozen=True, slots=True)
class Scores:
    """``emissions`` (…, T, S) of being in a state; ``edges`` (…, T, S, S) of going from one to another, the first of
    them unused; shapes may have leading axes for several recordings at once."""

    emissions: Floats
    edges: Floats


@dataclass(frozen=True, slots=True)
class Marginals:
    """``states`` (…, T, S) and ``pairs`` (…, T, S, S), the latter of the step into t; ``log_z`` (…)."""

    states: Floats
    pairs: Floats
    log_z: Floats


def host_states(guests: int) -> slice:
    return slice(guests, 2 * guests + 1)


def possible(guests: int) -> Floats:
    """``(S, S)``: 0 for a step that can be, IMPOSSIBLE otherwise: a guest leaves to another guest or to the host who
    remembers him; the host leaves to any guest."""
    size = 2 * guests + 1
    allowed = np.full((size, size), IMPOSSIBLE)
    allowed[:guests, :guests] = 0
    allowed[np.arange(guests), guests + np.arange(guests)] = 0
    hosts = np.arange(guests, size)
    allowed[hosts, hosts] = 0
    allowed[guests:, :guests] = 0
    return allowed


def forward_backward(scores: Scores) -> Marginals:
    """Exact marginals, scaled at each step (Rabiner 1989)."""
    emissions, edges = scores.emissions, scores.edges
    length = emissions.shape[-2]
    highest = emissions.max(axis=-1)
    likely = np.exp(emissions - highest[..., None])
    tallest = edges[..., 1:, :, :].max(axis=(-2, -1))
    steps = np.exp(edges[..., 1:, :, :] - tallest[..., None, None]) * likely[..., 1:, None, :]
    forward = np.empty_like(emissions)
    scale = np.empty(emissions.shape[:-1])
    forward[..., 0, :] = likely[..., 0, :]
    scale[..., 0] = forward[..., 0, :].sum(axis=-1)
    forward[..., 0, :] /= scale[..., 0, None]
    for t in range(1, length):
        here = np.matmul(forward[..., t - 1, None, :], steps[..., t - 1, :, :])[..., 0, :]
        scale[..., t] = here.sum(axis=-1)
        forward[..., t, :] = here / scale[..., t, None]
    backward = np.ones_like(emissions)
    for t in range(length - 2, -1, -1):
        there = np.matmul(steps[..., t, :, :], backward[..., t + 1, :, None])[..., 0]
        backward[..., t, :] = there / scale[..., t + 1, None]
    pairs = np.zeros_like(edges)
    pairs[..., 1:, :, :] = (
        forward[..., :-1, :, None] * steps * (backward[..., 1:, None, :] / scale[..., 1:, None, None])
    )
    log_z = np.log(scale).sum(axis=-1) + highest.sum(axis=-1) + tallest.sum(axis=-1)
    return Marginals(forward * backward, pairs, log_z)
