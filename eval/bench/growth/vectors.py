"""The vectors of the made corpus: the model's own for the first debates, kept in the cache folder as they are made, so
that an interrupted run goes on; those of the others are the same with noise, cosine about .97 to what they come from.
"""

import hashlib
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.growth.corpus import Corpus
from index.encoding.encoder import Encoder
from index.files import write_whole
from index.pieces.tokens import TokenVectors
from index.store import IndexedDebate
from index.types import Debate, Vectors, Window
from index.words.lexical import terms
from index.writing.embedding import index_fingerprint, tokens_of, windows_of

_COSINE = 0.97
_FOLDER = "bench"


@dataclass(frozen=True, slots=True)
class Embedded:
    """Of a debate's windows, in their order, ``(n, dim)``, and of its tokens."""

    vectors: Vectors
    tokens: TokenVectors | None


class MadeVectors:
    """Of the debates of ``corpus``. Debates up to number ``encoded`` have vectors of the model."""

    def __init__(self, corpus: Corpus, encoder: Encoder, cache: Path, encoded: int) -> None:
        self._corpus = corpus
        self._encoder = encoder
        self._folder = cache / _FOLDER
        self._encoded = encoded
        self.made = 0
        """Windows that were embedded for this call and had not been before."""

    def entry(self, number: int) -> tuple[IndexedDebate, str]:
        """What a store adds, and the fingerprint of its vectors."""
        debate = self._corpus.debate(number)
        windows, found = windows_of(debate), self.of(number)
        words = [terms(window.text, debate.language) for window in windows]
        return IndexedDebate(debate, windows, found.vectors, words, tokens=found.tokens), index_fingerprint(
            self._encoder
        )

    def of(self, number: int) -> Embedded:
        if number < self._encoded:
            return self._real(self._corpus.debate(number))
        base = self._corpus.base_of(number)
        found = self._real(self._corpus.debate(base))
        return Embedded(perturbed(found.vectors, number), found.tokens)

    def _real(self, debate: Debate) -> Embedded:
        windows = windows_of(debate)
        path = self._folder / f"{debate.id}-{self._digest(windows)}.npz"
        if not path.is_file():
            vectors = self._encoder.embed_passages([window.text for window in windows])
            tokens = tokens_of(debate, self._encoder)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _packed(vectors, tokens))
            self.made += len(windows)
        return _unpacked(path)

    def _digest(self, windows: list[Window]) -> str:
        texts = "\n".join(window.text for window in windows)
        return hashlib.sha256(f"{index_fingerprint(self._encoder)}\n{texts}".encode()).hexdigest()[:12]


def _packed(vectors: Vectors, tokens: TokenVectors | None) -> bytes:
    file = io.BytesIO()
    content = tokens.to_bytes() if tokens is not None else b""
    np.savez(file, vectors=vectors.astype(np.float16), tokens=np.frombuffer(content, np.uint8))
    return file.getvalue()


def _unpacked(path: Path) -> Embedded:
    with np.load(path, allow_pickle=False) as found:
        content = found["tokens"].tobytes()
        vectors = _normalised(found["vectors"].astype(np.float32))
    return Embedded(vectors, TokenVectors.from_bytes(content) if content else None)


def perturbed(vectors: Vectors, seed: int) -> Vectors:
    """Each turned by about the same angle in a random direction, the same for the same ``seed``."""
    count, dimension = vectors.shape
    noise = np.random.default_rng(seed).standard_normal((count, dimension), np.float32)
    return _normalised(vectors + noise * math.sqrt((1 / _COSINE**2 - 1) / dimension))


def _normalised(vectors: Any) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found
