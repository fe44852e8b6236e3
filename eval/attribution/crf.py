"""Learns the weights of the chain: maximum likelihood with a quadratic penalty, which has one solution (L-BFGS).

Sutton and McCallum, An Introduction to Conditional Random Fields (2012), chapter 5. The debates are cut into chunks of
equal length, computed together, each of which is told the state that it begins in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

from eval.attribution.recordings import GoldDebate, guests_of
from index.speakers.suggest.chain import (
    CHANGES,
    GUEST_GUEST,
    GUEST_HOST,
    HOST_GUEST,
    HOST_HOST,
    Cues,
    Structure,
    chain_scores,
)
from index.speakers.suggest.decoding import IMPOSSIBLE, Floats, Marginals, Scores, forward_backward
from index.speakers.suggest.guest_cues import CALLED, LEFT, OWN, Uttered, called_cues, left_cues, own_cues
from index.speakers.suggest.mentions import mentions
from index.speakers.suggest.turn_cues import boundary_cues, read_words, segment_cues
from index.speakers.suggest.turn_model import TurnModel

_CHUNK = 128
_LEAST_DEBATES = 3
"""In which a cue has to occur, so that it is no topic of one."""
_LEAST_BOUNDARIES, _LEAST_SEGMENTS = 5, 8
_PENALTY_CHANGES, _PENALTY_HOST, _PENALTY_STRUCTURE = 10.0, 15.0, 0.5
_ITERATIONS = 60
_KEPT_BOUNDARIES, _KEPT_SEGMENTS = 1_100, 1_900
"""The cues with the most effect, so that the weights stay under 100 kB."""


@dataclass(frozen=True, slots=True)
class Example:
    """A debate as it is learnt from: without what is said by people whom the title does not name."""

    id: str
    boundaries: list[set[str]]
    segments: list[set[str]]
    called: Floats
    left: Floats
    own: Floats
    states: npt.NDArray[np.int64]
    switches: npt.NDArray[np.bool_]

    @property
    def guests(self) -> int:
        return int(self.own.shape[1])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Chunks of debates with as many guests: B of them, padded to L segments."""

    cues_boundaries: sp.csr_matrix
    cues_segments: sp.csr_matrix
    called: Floats
    left: Floats
    own: Floats
    states: npt.NDArray[np.int64]
    switches: npt.NDArray[np.bool_]
    mask: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Weights:
    boundaries: Floats
    hosts: Floats
    structure: Structure


def example(debate: GoldDebate) -> Example:
    """The cues of ``debate`` and its true states."""
    found = mentions(debate.segments, debate.participants)
    words = read_words(debate.segments, found)
    uttered = Uttered(debate.segments, found, len(debate.participants))
    names = guests_of(debate)
    kept = np.flatnonzero(debate.host | np.array([speaker in names for speaker in debate.gold]))
    boundaries, segments = boundary_cues(words), segment_cues(words)
    return Example(
        id=debate.id,
        boundaries=[boundaries[at] for at in kept],
        segments=[segments[at] for at in kept],
        called=called_cues(uttered)[kept],
        left=left_cues(uttered)[kept],
        own=own_cues(uttered, debate.segments, found)[kept],
        states=_states([debate.gold[at] for at in kept], names),
        switches=_switches(debate, kept),
    )


def fit(examples: Sequence[Example]) -> TurnModel:
    """The weights, without calibration: a first fit over all cues, a second over those with the most effect."""
    boundaries = _frequent([(one.id, one.boundaries) for one in examples], _LEAST_BOUNDARIES)
    hosts = _frequent([(one.id, one.segments) for one in examples], _LEAST_SEGMENTS)
    first = _fitted(examples, list(boundaries), list(hosts))
    effect = np.abs(first.boundaries).max(axis=1) * np.sqrt(list(boundaries.values()))
    host_effect = np.abs(first.hosts) * np.sqrt(list(hosts.values()))
    kept = _strongest(list(boundaries), effect, _KEPT_BOUNDARIES)
    kept_hosts = _strongest(list(hosts), host_effect, _KEPT_SEGMENTS)
    weights = _fitted(examples, kept, kept_hosts)
    return TurnModel(
        boundaries=dict(zip(kept, map(tuple, weights.boundaries.tolist()), strict=True)),
        hosts=dict(zip(kept_hosts, weights.hosts.tolist(), strict=True)),
        structure=weights.structure,
    )


def _states(gold: Iterable[str | None], names: Sequence[str]) -> npt.NDArray[np.int64]:
    """As the chain numbers them, see ``index/speakers/decoding.py``."""
    states, last = [], len(names)
    for speaker in gold:
        if speaker in names:
            last = names.index(speaker)
        states.append(last if speaker in names else len(names) + last)
    return np.array(states, dtype=np.int64)


def _switches(debate: GoldDebate, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where one host follows another."""
    other = [
        debate.host[one] and debate.host[two] and debate.raw[one] != debate.raw[two] for one, two in pairwise(kept)
    ]
    return np.array([False, *other], dtype=bool)


def _frequent(cues: Sequence[tuple[str, list[set[str]]]], least: int) -> dict[str, int]:
    """Cues that occur often and in several debates, and how often."""
    counts: Counter[str] = Counter()
    debates: Counter[str] = Counter()
    for _id, places in cues:
        here = Counter(cue for place in places for cue in place)
        counts += here
        debates.update(here.keys())
    needed = min(_LEAST_DEBATES, len(cues))
    return {cue: counts[cue] for cue in sorted(counts) if counts[cue] >= least and debates[cue] >= needed}


def _strongest(cues: list[str], effect: Floats, count: int) -> list[str]:
    return sorted(cues[at] for at in np.argsort(-effect, kind="stable")[:count])


def _fitted(examples: Sequence[Example], boundaries: list[str], hosts: list[str]) -> _Weights:
    batches = _batches(examples, boundaries, hosts)
    gold = [_counts(batch, *_gold_marginals(batch)) for batch in batches]
    penalty = np.concatenate(
        [
            np.full(len(boundaries) * CHANGES, _PENALTY_CHANGES),
            np.full(len(hosts), _PENALTY_HOST),
            np.full(2 * CALLED + 2 * LEFT + OWN + 1, _PENALTY_STRUCTURE),
        ]
    )

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = _unpacked(flat, len(boundaries), len(hosts))
        value, slope = 0.5 * float(penalty @ (flat * flat)), penalty * flat
        for batch, true in zip(batches, gold, strict=True):
            added, expected = _likelihood(batch, weights)
            value += added - float(true @ flat)
            slope = slope + expected - true
        return value, slope

    start = np.zeros(len(penalty))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    return _unpacked(found.x, len(boundaries), len(hosts))


def _unpacked(flat: Floats, boundaries: int, hosts: int) -> _Weights:
    sizes = [boundaries * CHANGES, hosts, 2 * CALLED, 2 * LEFT, OWN]
    changes, host, called, left, own, again = np.split(flat, np.cumsum(sizes))
    structure = Structure(called.reshape(2, CALLED), left.reshape(2, LEFT), own, float(again[0]))
    return _Weights(changes.reshape(boundaries, CHANGES), host, structure)


def _likelihood(batch: _Batch, weights: _Weights) -> tuple[float, Floats]:
    """The sum of log Z, and the expected counts of each cue. The gold's own score is linear in the counts."""
    shape = batch.states.shape
    changes = (batch.cues_boundaries @ weights.boundaries).reshape(*shape, CHANGES)
    hosts = (batch.cues_segments @ weights.hosts).reshape(shape)
    scores = chain_scores(Cues(changes, hosts, batch.called, batch.left, batch.own), weights.structure)
    found = forward_backward(_begun(scores, batch))
    padded = (~batch.mask).sum() * np.log(scores.emissions.shape[-1])
    constants = _constants(batch)
    another = 1 / (1 + np.exp(-changes[..., HOST_HOST]))
    return float(found.log_z.sum() - padded - constants), _counts(batch, found, another)


def _begun(scores: Scores, batch: _Batch) -> Scores:
    """Each chunk begins in its true state; what is padded says nothing."""
    size = scores.emissions.shape[-1]
    emissions, edges = scores.emissions.copy(), scores.edges.copy()
    emissions[:, 0] += np.where(np.eye(size)[batch.states[:, 0]] > 0, 0.0, IMPOSSIBLE)
    emissions[~batch.mask] = 0
    edges[~batch.mask] = 0
    return Scores(emissions, edges)


def _constants(batch: _Batch) -> float:
    """What the gold's steps score whatever the weights are: one guest of several is called."""
    n = batch.own.shape[2]
    before, after = batch.states[:, :-1], batch.states[:, 1:]
    here = batch.mask[:, 1:] & (after < n)
    from_host = (here & (before >= n)).sum()
    from_guest = (here & (before < n) & (before != after)).sum()
    return float(-from_host * np.log(n) - from_guest * np.log(max(n - 1, 1)))


def _gold_marginals(batch: _Batch) -> tuple[Marginals, Floats]:
    size = 2 * batch.own.shape[2] + 1
    states = np.eye(size)[batch.states]
    pairs = np.zeros((*batch.states.shape, size, size))
    pairs[:, 1:] = states[:, :-1, :, None] * states[:, 1:, None, :]
    return Marginals(states, pairs, np.zeros(len(states))), batch.switches.astype(np.float64)


def _counts(batch: _Batch, found: Marginals, another: Floats) -> Floats:
    """How often each cue goes with what its weight is for; ``another`` is the share of the host's staying that is
    another host's beginning."""
    n = batch.own.shape[2]
    guests, hosts = np.arange(n), np.arange(n, 2 * n + 1)
    pairs = found.pairs * batch.mask[..., None, None]
    pairs[:, 0] = 0
    states = found.states * batch.mask[..., None]
    among = pairs[..., :n, :n].copy()
    among[..., guests, guests] = 0
    into = np.stack([pairs[..., n:, :n].sum(axis=-2), among.sum(axis=-2)], axis=-1)
    out = np.stack([pairs[..., guests, n + guests], among.sum(axis=-1)], axis=-1)
    changes = np.zeros((*batch.states.shape, CHANGES))
    changes[..., HOST_GUEST], changes[..., GUEST_GUEST] = into[..., 0].sum(axis=-1), into[..., 1].sum(axis=-1)
    changes[..., GUEST_HOST] = out[..., 0].sum(axis=-1)
    changes[..., HOST_HOST] = pairs[..., hosts, hosts].sum(axis=-1) * another
    parts = [
        (batch.cues_boundaries.T @ changes.reshape(-1, CHANGES)).ravel(),
        batch.cues_segments.T @ states[..., n:].sum(axis=-1).ravel(),
        np.einsum("blkt,blkc->tc", into, batch.called).ravel(),
        np.einsum("blkt,blkc->tc", out, batch.left).ravel(),
        np.einsum("blk,blkc->c", states[..., :n], batch.own),
        [pairs[..., n + guests, guests].sum()],
    ]
    return np.concatenate(parts)


def _batches(examples: Sequence[Example], boundaries: list[str], hosts: list[str]) -> list[_Batch]:
    counts = sorted({one.guests for one in examples})
    return [_batch([one for one in examples if one.guests == n], boundaries, hosts) for n in counts]


def _batch(examples: Sequence[Example], boundaries: list[str], hosts: list[str]) -> _Batch:
    chunks = [
        (one, first, min(first + _CHUNK, len(one.states)))
        for one in examples
        for first in range(0, len(one.states), _CHUNK - 1)
    ]
    return _Batch(
        cues_boundaries=_matrix([one.boundaries[first:end] for one, first, end in chunks], boundaries),
        cues_segments=_matrix([one.segments[first:end] for one, first, end in chunks], hosts),
        called=np.stack([_padded(one.called[first:end]) for one, first, end in chunks]),
        left=np.stack([_padded(one.left[first:end]) for one, first, end in chunks]),
        own=np.stack([_padded(one.own[first:end]) for one, first, end in chunks]),
        states=np.stack([_padded(one.states[first:end]) for one, first, end in chunks]),
        switches=np.stack([_padded(one.switches[first:end]) for one, first, end in chunks]),
        mask=np.stack([_padded(np.ones(end - first, dtype=bool)) for _one, first, end in chunks]),
    )


def _padded(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    missing = _CHUNK - len(values)
    return np.concatenate([values, np.zeros((missing, *values.shape[1:]), dtype=values.dtype)])


def _matrix(chunks: Sequence[list[set[str]]], names: list[str]) -> sp.csr_matrix:
    """``(chunks x L, cues)``: 1 where a cue is."""
    places = {name: place for place, name in enumerate(names)}
    found = [
        (number * _CHUNK + at, places[cue])
        for number, chunk in enumerate(chunks)
        for at, cues in enumerate(chunk)
        for cue in sorted(cues)
        if cue in places
    ]
    rows, columns = np.array(found).T
    return sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(chunks) * _CHUNK, len(names)))
