"""Stretches of sound -> vectors that are near when one person speaks: the port, and the encoder that ships.

A vector of a voice tells a person from others for life. It is computed, used and dropped.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.sound.networks.features import features, frames_in
from index.sound.reading.timeline import Samples
from index.types import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_BATCH = 16


class VoiceEncoder(Protocol):
    """What an encoder of voices must do."""

    @property
    def fingerprint(self) -> str:
        """Names its vectors: only those of one fingerprint are compared."""

    def embed(self, sounds: Iterable[Samples]) -> Iterator[Vectors]:
        """A vector of length 1 for each piece of sound at 16 kHz, in order; zero for what is silent. Takes
        few pieces ahead of what it gives."""


class FeatureEncoder:
    """A graph that reads ``features``, run by ONNX Runtime: CAM++ (192 numbers a voice), and others of its kind."""

    def __init__(self, session: "InferenceSession", fingerprint: str) -> None:
        self._session = session
        self._fingerprint = fingerprint
        self._input = session.get_inputs()[0].name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def embed(self, sounds: Iterable[Samples]) -> Iterator[Vectors]:
        batch: list[Samples] = []
        for sound in sounds:
            if batch and (frames_in(sound.size) != frames_in(batch[0].size) or len(batch) == _BATCH):
                yield from self._embedded(batch)
                batch = []
            batch.append(sound)
        if batch:
            yield from self._embedded(batch)

    def _embedded(self, batch: list[Samples]) -> Vectors:
        """Of pieces with as many frames each."""
        read = np.stack([features(sound) for sound in batch])
        vectors = unit(self._session.run(None, {self._input: read})[0])
        vectors[[not sound.any() for sound in batch]] = 0.0
        return vectors


def unit(vectors: Vectors) -> Vectors:
    """Each of length 1; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found
