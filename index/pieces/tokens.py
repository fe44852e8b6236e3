"""Vectors of single tokens, for late interaction: each word of a question finds what is nearest to it in a passage.

    texts -> Encoder.embed_tokens -> compressed -> TokenVectors, a row of 32 bytes for each token of a debate
    question's tokens @ TokenVectors -> the nearest token in each run of words (MaxSim)

After Khattab and Zaharia (2020), ColBERT, with the vectors that the encoder makes anyway. A debate's tokens are kept on
its own principal axes, eight bits a value, without what all its tokens share: measured in eval/README.md against whole
vectors. They belong to its words, counted from its beginning, so they stay what they are when segments are cut in
another way.
"""

import io
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.types import Vectors

AXES = 32
"""Values that are kept of each token's vector."""

_MAGIC = b"QDQT"
_HEAD = struct.Struct("<4sIIII")
_TYPES = ("<u2", "|i1", "<f2", "<f4", "<f2")
"""Of words, codes, axes, units and the middle, as they are stored."""

_Codes = npt.NDArray[np.int8]
_Counts = npt.NDArray[np.uint16]
_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text in their order: ``vectors`` ``(n, dim)``, and for each the character at which it
    begins."""

    vectors: npt.NDArray[np.floating[Any]]
    begins: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.begins):
            raise ValueError(f"{len(self.vectors)} vectors for {len(self.begins)} tokens")


def tokens_in(
    text: str, vectors: npt.NDArray[np.floating[Any]], offsets: Sequence[tuple[int, int]], prompt: int
) -> Tokens:
    """Those of ``text`` among what a model gave for it behind a prompt of ``prompt`` characters, each of length 1:
    ``offsets`` are the characters of each row of ``vectors``, from the prompt's beginning; rows of none are left out.
    """
    # a tokenizer may count the space before a word as the beginning of its token
    kept = [(row, begin - prompt) for row, (begin, end) in enumerate(offsets) if end > max(begin, prompt)]
    rows = vectors[[row for row, _begin in kept]].astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    begins = [max(0, begin) + (text[max(0, begin)] == " ") for _row, begin in kept]
    return Tokens(rows.astype(np.float16), np.array(begins, np.int64))


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of a debate, compressed. ``per_word[i]`` is how many belong to word ``i`` of its text, words being
    what spaces part; ``codes`` ``(tokens, axes)``; ``axes`` ``(axes, dim)``; a code of 1 is worth
    ``units[axis]``; ``middle`` ``(dim,)`` is what all tokens share, which is taken away first."""

    per_word: _Counts
    codes: _Codes
    axes: _Floats
    units: _Floats
    middle: _Floats

    def __post_init__(self) -> None:
        tokens, axes = self.codes.shape
        if int(self.per_word.sum(dtype=np.int64)) != tokens:
            raise ValueError(f"{self.per_word.sum(dtype=np.int64)} tokens in words, {tokens} codes")
        if self.middle.shape != self.axes.shape[1:]:
            raise ValueError(f"axes of {self.axes.shape[1:]} values, a middle of {self.middle.shape}")
        if not axes == len(self.axes) == len(self.units):
            raise ValueError(f"codes on {axes} axes, {len(self.axes)} axes, {len(self.units)} units")

    def nearest(
        self, question: npt.NDArray[np.floating[Any]], words: Sequence[int] | npt.NDArray[np.integer[Any]]
    ) -> _Floats:
        """For each run of ``words`` words, in order from the first word on, and each of the question's token vectors
        ``(n, dim)``, the cosine, on the axes and from the middle, of the nearest token in the run: ``(len(words), n)``;
        0 where a run has no token."""
        turned = (question - self.middle) @ self.axes.T
        turned = turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        cosines = _products(self.codes, (turned * self.units).astype(np.float32))
        of_word = np.concatenate([[0], np.cumsum(self.per_word, dtype=np.int64)])
        ends = of_word[np.minimum(np.cumsum(words, dtype=np.int64), len(of_word) - 1)]
        return _highest(cosines, np.concatenate([[0], ends])[: len(ends)], ends)

    def to_bytes(self) -> bytes:
        """How many words, tokens, axes and dimensions, then the arrays as they lie in memory."""
        head = _HEAD.pack(_MAGIC, len(self.per_word), *self.codes.shape, len(self.middle))
        kept = (self.per_word, self.codes, self.axes, self.units, self.middle)
        return head + b"".join(np.asarray(array, kind).tobytes() for array, kind in zip(kept, _TYPES, strict=True))

    @classmethod
    def from_bytes(cls, content: bytes) -> "TokenVectors":
        """Also what was stored up to version 5, which is NumPy's archive. Raises ValueError for anything else."""
        try:
            return cls._read(content) if content.startswith(_MAGIC) else cls._unarchived(content)
        except Exception as error:  # struct, NumPy and zipfile raise what they meet
            raise ValueError(f"token vectors cannot be read: {error or type(error).__name__}") from error

    @classmethod
    def _read(cls, content: bytes) -> "TokenVectors":
        _magic, words, tokens, axes, dimensions = _HEAD.unpack_from(content)
        shapes = ((words,), (tokens, axes), (axes, dimensions), (axes,), (dimensions,))
        found: list[npt.NDArray[Any]] = []
        at = _HEAD.size
        for shape, kind in zip(shapes, _TYPES, strict=True):
            array: npt.NDArray[Any] = np.frombuffer(content, kind, math.prod(shape), at).reshape(shape)
            found.append(array)
            at += array.nbytes
        if at != len(content):
            raise ValueError(f"{len(content)} bytes instead of {at}")
        per_word, codes, turned, units, middle = found
        return cls(per_word, codes, turned.astype(np.float32), units, middle.astype(np.float32))

    @classmethod
    def _unarchived(cls, content: bytes) -> "TokenVectors":
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            axes, middle = found["axes"].astype(np.float32), found["middle"].astype(np.float32)
            return cls(found["per_word"], found["codes"], axes, found["units"], middle)


def _products(codes: _Codes, question: _Floats) -> _Floats:
    """Of each row of ``question`` with each code, and -1 for one more that is not there: a run may end behind the
    last."""
    found = np.empty((len(question), len(codes) + 1), np.float32)
    np.matmul(question, codes.astype(np.float32).T, out=found[:, :-1])
    found[:, -1] = -1.0
    return found


def _highest(values: _Floats, begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> _Floats:
    """The highest of each row of ``values`` in each of the runs of columns, none of which holds the last one, as a row
    a run; 0 for empty runs."""
    found = np.zeros((len(begins), len(values)), np.float32)
    filled = ends > begins
    if filled.any():
        bounds = np.stack([begins[filled], ends[filled]], axis=1).ravel()
        found[filled] = np.maximum.reduceat(values, bounds, axis=1)[:, ::2].T
    return found


def compressed(texts: Sequence[str], tokens: Sequence[Tokens]) -> TokenVectors | None:
    """The tokens of a debate whose text is ``texts``, joined; None where there is not one token."""
    if not any(len(found.begins) for found in tokens):
        return None
    vectors = [found.vectors.astype(np.float32) for found in tokens]
    middle, axes = _middle_and_axes(vectors)
    turned = np.concatenate([(part - middle) @ axes.T for part in vectors])
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    units = np.maximum(np.abs(turned).max(axis=0), 1e-9) / 127
    per_word = np.concatenate([_per_word(text, found) for text, found in zip(texts, tokens, strict=True)])
    return TokenVectors(per_word, np.round(turned / units).astype(np.int8), axes, units.astype(np.float32), middle)


def _middle_and_axes(vectors: Sequence[Vectors]) -> tuple[_Floats, _Floats]:
    """The mean of all vectors, and the principal axes around it, both as they are stored."""
    dimension, count = vectors[0].shape[1], sum(map(len, vectors))
    middle = _stored(sum((part.sum(axis=0, dtype=np.float64) for part in vectors), np.zeros(dimension)) / count)
    moments = np.zeros((dimension, dimension), np.float64)
    for part in vectors:
        moments += (part - middle).T @ (part - middle)
    _values, found = np.linalg.eigh(moments)
    return middle, _stored(found[:, ::-1].T[:AXES])


def _stored(values: npt.NDArray[np.float64]) -> _Floats:
    """As sixteen bits keep them."""
    return np.ascontiguousarray(values).astype(np.float16).astype(np.float32)


def _per_word(text: str, tokens: Tokens) -> _Counts:
    """How many tokens begin in each word of ``text``."""
    begins = np.cumsum([0, *(len(word) + 1 for word in text.split(" "))])
    counts = np.histogram(tokens.begins, begins)[0] if text else np.zeros(0)
    return counts.astype(np.uint16)
