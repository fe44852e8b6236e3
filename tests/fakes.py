"""Ordinary classes with the real interfaces, for tests that need no model."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.pieces.tokens import Tokens
from index.sound.hear import HearOptions
from index.sound.types import Heard, VoiceTurn
from index.speakers.corrections import split_at
from index.types import Attribution, Debate, Origin, Progress, Segment, Vectors
from index.words.lexical import fold, words

DIMENSION = 64


class HashEncoder:
    """A bag of hashed words: texts that share words are near. Deterministic."""

    def __init__(self, fingerprint: str = "hash@1") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def load(self, progress: Progress | None = None) -> None:
        """Nothing to load."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        return sum(len(words(text)) for text in texts)

    def embed_query(self, text: str) -> Vectors:
        return _vector(text)

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        return [(self.embed_query(text), _tokens(text)) for text in texts]

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        return [_tokens(text) for text in texts]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        if progress:
            characters = sum(map(len, texts))
            progress("embed", characters, characters)
        return np.array([_vector(text) for text in texts], np.float32).reshape(len(texts), DIMENSION)


def same_vectors(ones: Mapping[tuple[int, int, int], Vectors], others: Mapping[tuple[int, int, int], Vectors]) -> bool:
    """Whether two debates have the same windows with the same vectors."""
    return ones.keys() == others.keys() and all((ones[place] == others[place]).all() for place in ones)


def _tokens(text: str) -> Tokens:
    """A token a word."""
    found = list(re.finditer(r"\S+", text))
    vectors = np.array([_vector(word[0]) for word in found], np.float32).reshape(len(found), DIMENSION)
    return Tokens(vectors, np.array([word.start() for word in found], np.int64))


def _vector(text: str) -> Vectors:
    vector = np.full(DIMENSION, 0.01, np.float32)
    for word in words(fold(text)):
        vector[zlib.crc32(word.encode()) % DIMENSION] += 1
    normalised: Vectors = vector / np.linalg.norm(vector)
    return normalised


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Ear:
    """Hears what it is told: ``voices`` has the voice of each segment, or a pair where it is cut in the middle; None
    where none fits. It remembers what it was given."""

    def __init__(self, *voices: str | tuple[str, str] | None, sure: float = 0.9, later: float = 0.0) -> None:
        self.voices = voices
        self.sure = sure
        self.later = later
        self.listened: list[tuple[Path, Debate, HearOptions]] = []

    def __call__(
        self, path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        self.listened.append((path, debate, options or HearOptions()))
        pairs = zip(debate.segments, self.voices, strict=True)
        parts = [self._of(part, voice) for segment, said in pairs for part, voice in _cut(segment, said)]
        segments = tuple(replace(part, index=at) for at, part in enumerate(parts))
        turns = tuple(VoiceTurn(part.start, part.end, part.voice, self.sure) for part in segments if part.voice)
        return Heard(segments, turns, (), segments[-1].end, sum(part.end - part.start for part in segments))

    def _of(self, segment: Segment, voice: str | None) -> Segment:
        moved = replace(segment, start=segment.start + self.later, end=segment.end + self.later, voice=voice)
        if segment.speaker or voice is None:
            return moved
        return replace(moved, attribution=Attribution(voice, Origin.VOICE, self.sure))


def _cut(segment: Segment, voice: str | tuple[str, str] | None) -> list[tuple[Segment, str | None]]:
    if not isinstance(voice, tuple):
        return [(segment, voice)]
    return list(zip(split_at(segment, len(segment.text.split()) // 2), voice, strict=True))
