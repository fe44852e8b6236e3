"""What is kept of one debate, against what follows from its text.

Each check says what is wrong first, None where nothing is. A check whose ground is damaged is not made: what is said is
what has to be mended.
"""

import math
import sqlite3
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from index.doctor.findings import Check
from index.errors import StoreDamaged
from index.pieces.tokens import TokenVectors
from index.pieces.windows import pieces
from index.speakers.corrections import Correction, corrected
from index.store import IndexedDebate
from index.types import Debate, Origin, Segment, Vectors, WordTime, joined_text
from index.words.lexical import terms
from index.writing.build import is_id
from index.writing.embedding import windows_of

_UNIT = 2e-3
"""What sixteen bits a value take of a length of 1, and some more."""

Place = tuple[int, int, int]
"""Width, first and last piece of a window."""


class Parts(Protocol):
    """Read when it is looked at: what cannot be read raises one of ``UNREADABLE``."""

    @property
    def debate(self) -> Debate: ...
    @property
    def words(self) -> Mapping[int, Sequence[WordTime]]:
        """The times of words, by the number of their segment."""

    @property
    def original(self) -> Debate: ...
    @property
    def corrections(self) -> Sequence[Correction]: ...
    @property
    def windows(self) -> Sequence[Place]:
        """In the order of their numbers, as vectors and terms are."""

    @property
    def vectors(self) -> Vectors:
        """As sixteen bits keep them."""

    @property
    def terms(self) -> Sequence[Sequence[str]]: ...
    @property
    def tokens(self) -> TokenVectors | None: ...


UNREADABLE = (
    *(StoreDamaged, sqlite3.Error, struct.error, zlib.error),
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError),
)
"""What reading raises that meets something else than was written."""

Told = Callable[[Parts], str | None]


@dataclass
class StoredParts:
    """Those that any store gives, all at once."""

    entry: IndexedDebate

    @property
    def debate(self) -> Debate:
        return self.entry.debate

    @property
    def words(self) -> Mapping[int, Sequence[WordTime]]:
        return {one.index: one.words for one in self.entry.debate.segments}

    @property
    def original(self) -> Debate:
        return self.entry.base or self.entry.debate

    @property
    def corrections(self) -> Sequence[Correction]:
        return self.entry.corrections or ()

    @cached_property
    def windows(self) -> Sequence[Place]:
        return [(window.width, window.first, window.last) for window in self.entry.windows]

    @property
    def vectors(self) -> Vectors:
        return self.entry.vectors

    @property
    def terms(self) -> Sequence[Sequence[str]]:
        return self.entry.terms

    @property
    def tokens(self) -> TokenVectors | None:
        return self.entry.tokens


def _debate(parts: Parts) -> str | None:
    debate = parts.debate
    if not is_id(debate.id):
        return "no id"
    if not debate.segments:
        return "no segments"
    if [one.index for one in debate.segments] != list(range(len(debate.segments))):
        return f"{len(debate.segments)} segments that are not numbered one after another"
    return next((f"segment {one.index}: {why}" for one in debate.segments if (why := _segment(one))), None)


def _segment(one: Segment) -> str | None:
    known = one.attribution
    if not (math.isfinite(one.start) and math.isfinite(one.end) and 0 <= one.start <= one.end):
        return f"from {one.start} to {one.end} s"
    if not one.text or one.text != " ".join(one.text.split()):
        return "its text"
    if (known.speaker is None) != (known.origin is Origin.UNKNOWN) or not 0 <= known.confidence <= 1:
        return f"spoken by {known.speaker} ({known.origin}, {known.confidence})"
    return None


def _words(parts: Parts) -> str | None:
    for number, words in parts.words.items():
        if number >= len(parts.debate.segments):
            return f"segment {number}: none"
        for word in words:
            times = [word.start, *(() if word.end is None else (word.end,))]
            if not word.text or not all(math.isfinite(time) for time in times):
                return f"segment {number}: {word.text}, {times}"
    return None


def _original(parts: Parts) -> str | None:
    """Corrections cut it otherwise, and change no word."""
    if joined_text(parts.original.segments) != joined_text(parts.debate.segments):
        return "another text"
    return None


def _corrections(parts: Parts) -> str | None:
    for one in parts.corrections:
        if not (math.isfinite(one.start) and one.start <= one.end and 0 <= one.confidence <= 1 and one.act):
            return f"{one.start} to {one.end} s, act {one.act}"
    return None


def _places(parts: Parts) -> str | None:
    lost = corrected(parts.original.segments, parts.corrections).lost
    return f"{len(lost)} of {len(parts.corrections)} without a place" if lost else None


def _windows(parts: Parts) -> str | None:
    wanted = Counter((window.width, window.first, window.last) for window in windows_of(parts.debate))
    kept = Counter(parts.windows)
    if kept != wanted:
        return f"{kept.total()} windows, {(kept - wanted).total()} of them others than the text gives"
    return None


def _vectors(parts: Parts) -> str | None:
    count, vectors = len(parts.windows), parts.vectors
    if len(vectors) != count:
        return f"{count} windows, {len(vectors)} vectors"
    if not np.isfinite(vectors).all():
        return "values that are no numbers"
    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(np.abs(lengths - 1) > _UNIT)
    return f"window {wrong[0]}: a vector of length {lengths[wrong[0]]:.3f}" if len(wrong) else None


def _terms(parts: Parts) -> str | None:
    wanted = {
        (window.width, window.first, window.last): Counter(terms(window.text, parts.debate.language))
        for window in windows_of(parts.debate)
    }
    if len(parts.terms) != len(parts.windows):
        return f"{len(parts.windows)} windows, {len(parts.terms)} texts"
    for number, (place, kept) in enumerate(zip(parts.windows, parts.terms, strict=True)):
        if Counter(kept) != wanted[place]:
            return f"window {number}: other words than its text gives"
    return None


def _tokens(parts: Parts) -> str | None:
    """A debate of an early version has none."""
    tokens = parts.tokens
    if tokens is None:
        return None
    words = sum(one.text.count(" ") + 1 for one in pieces(parts.debate.segments))
    if len(tokens.per_word) != words:
        return f"{words} words, tokens of {len(tokens.per_word)}"
    if not all(np.isfinite(array).all() for array in (tokens.axes, tokens.units, tokens.middle)):
        return "values that are no numbers"
    dimension = parts.vectors.shape[1]
    return f"vectors of {dimension} values, tokens of {len(tokens.middle)}" if len(tokens.middle) != dimension else None


CHECKS: dict[Check, Told] = {
    Check.DEBATES: _debate,
    Check.WORDS: _words,
    Check.ORIGINALS: _original,
    Check.CORRECTIONS: _corrections,
    Check.PLACES: _places,
    Check.WINDOWS: _windows,
    Check.VECTORS: _vectors,
    Check.TERMS: _terms,
    Check.TOKENS: _tokens,
}
GROUNDS: dict[Check, tuple[Check, ...]] = {
    **dict.fromkeys(CHECKS, (Check.DEBATES,)),
    Check.DEBATES: (),
    Check.PLACES: (Check.DEBATES, Check.ORIGINALS, Check.CORRECTIONS),
    Check.VECTORS: (Check.DEBATES, Check.WINDOWS),
    Check.TERMS: (Check.DEBATES, Check.WINDOWS),
    Check.TOKENS: (Check.DEBATES, Check.WINDOWS, Check.VECTORS),
}
"""What has to be well for a check to say anything."""


def wrong(parts: Parts, checks: Mapping[Check, Told], grounds: Mapping[Check, tuple[Check, ...]]) -> dict[Check, str]:
    """What is wrong with a debate, by check."""
    reasons: dict[Check, str] = {}
    for check, told in checks.items():
        if any(ground in reasons for ground in grounds[check]):
            continue
        try:
            reason = told(parts)
        except UNREADABLE as error:
            reason = str(error) or type(error).__name__
        if reason:
            reasons[check] = reason
    return reasons
