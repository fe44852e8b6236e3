"""The port: text -> vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from index.pieces.tokens import Tokens
from index.types import Progress, Vectors

DEFAULT_MODEL = "default"


class Encoder(Protocol):
    """Vectors are float32 of length 1, so that their dot product is the cosine similarity. Safe to share between
    threads."""

    @property
    def fingerprint(self) -> str:
        """Names the vectors, ``MODEL@WEIGHTS`` or ``MODEL@WEIGHTS+ARITHMETIC``: two encoders with one fingerprint give
        the same vector for the same text; see ``mixable``."""

    def load(self, progress: Progress | None = None) -> None:
        """Get ready now; otherwise the first vector does. Raises an EncoderError."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many tokens the model reads for ``texts``, without the prompt that it puts before each."""

    def embed_query(self, text: str) -> Vectors:
        """``(dim,)`` for a question."""

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        """The same for several, each with its tokens; none where the model gives none."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """``(len(texts), dim)`` for passages, in their order. Progress counts characters."""

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        """The tokens of passages, in their order; none where the model gives none."""


class Around:
    """Passes everything on to another encoder, but for what a subclass does by itself."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def load(self, progress: Progress | None = None) -> None:
        self._encoder.load(progress)

    def count_tokens(self, texts: Sequence[str]) -> int:
        return self._encoder.count_tokens(texts)

    def embed_query(self, text: str) -> Vectors:
        return self._encoder.embed_query(text)

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        return self._encoder.embed_questions(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._encoder.embed_passages(texts, progress)

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        return self._encoder.embed_tokens(texts, progress)


def mixable(one: str, other: str) -> bool:
    """Whether the vectors of two fingerprints may lie in one index and be compared: the same weights, at most computed
    in another arithmetic, which leaves a cosine of at least .999 (``tests/test_encoder.py``).

    >>> mixable("e5@12ab+q4 (30)", "e5@12ab (30)"), mixable("e5@12ab (30)", "e5@12ab (90)")
    (True, False)
    """
    return _without_arithmetic(one) == _without_arithmetic(other)


def _without_arithmetic(fingerprint: str) -> tuple[str, str]:
    model, _, layout = fingerprint.partition(" ")
    return model.partition("+")[0], layout


def is_path(name: str) -> bool:
    """Hub names are relative too: "intfloat/multilingual-e5-base"."""
    return Path(name).is_absolute() or name.startswith((".", "~"))
