"""What uttered names say of each guest: that he is called to speak, has spoken, or is not the one who speaks.

The speaker of a segment that names X is not X; the name that ends a question speaks next; who is thanked has spoken.
"""

import re
from collections.abc import Sequence

import numpy as np

from index.speakers.suggest.decoding import Floats
from index.speakers.suggest.mentions import FULL, HONORIFIC, KINDS, PLAIN, Mention
from index.types import Segment
from index.words.lexical import fold

CALLED = KINDS + 11
LEFT = KINDS + 6
OWN = KINDS + 9
_ADDRESS = re.compile(r"\b(madame|monsieur)\b(?!\s+\w)")
_RECENT = 10


class Uttered:
    """Arrays over segments and guests: ``by_kind`` (T, n, KINDS), ``any``, ``opening`` (among the first words),
    ``closing`` (among the last), ``asking`` (in a segment with a question mark); all (T, n)."""

    def __init__(self, segments: Sequence[Segment], found: Sequence[Sequence[Mention]], guests: int) -> None:
        size = len(segments)
        self.by_kind = np.zeros((size, guests, KINDS))
        self.opening, self.closing, self.asking = (np.zeros((size, guests)) for _ in range(3))
        for at, some in enumerate(found):
            for mention in some:
                self.by_kind[at, mention.guest, mention.kind] = 1
                self.opening[at, mention.guest] = max(self.opening[at, mention.guest], mention.word < 4)
                self.closing[at, mention.guest] = max(self.closing[at, mention.guest], mention.from_end < 3)
                self.asking[at, mention.guest] = max(self.asking[at, mention.guest], "?" in segments[at].text)
        self.any = self.by_kind.max(axis=2) if size and guests else np.zeros((size, guests))
        self.latest = _latest(found, size, guests)


def called_cues(uttered: Uttered) -> Floats:
    """``(T, n, CALLED)``: that a guest begins to speak at t."""
    before, here = _shifted(uttered.any, 1), uttered.any
    parts = [_shifted(uttered.by_kind[..., kind], 1) for kind in range(KINDS)]
    parts += [_shifted(uttered.closing, 1), _shifted(uttered.asking, 1), _shifted(uttered.any, 2)]
    parts += [np.maximum.reduce([_shifted(uttered.any, back) for back in (3, 4, 5)])]
    parts += [_shifted(uttered.latest, 1), _others(before), here, _others(uttered.by_kind[..., HONORIFIC])]
    parts += [
        _others(uttered.opening),
        before * _others(before),
        _shifted(uttered.latest, 1) * _shifted(uttered.closing, 2),
    ]
    return np.stack(parts, axis=-1)


def left_cues(uttered: Uttered) -> Floats:
    """``(T, n, LEFT)``: that the guest who spoke until t speaks no longer."""
    parts = [uttered.by_kind[..., kind] for kind in range(KINDS)]
    parts += [uttered.opening, _shifted(uttered.any, -1), _shifted(uttered.any, 1), _others(uttered.any)]
    parts += [uttered.asking, _others(_shifted(uttered.any, 1))]
    return np.stack(parts, axis=-1)


def own_cues(uttered: Uttered, segments: Sequence[Segment], found: Sequence[Sequence[Mention]]) -> Floats:
    """``(T, n, OWN)``: that a guest speaks at t, or rather does not."""
    parts = [uttered.by_kind[..., kind] for kind in range(KINDS)]
    parts += [uttered.opening, uttered.closing, _shifted(uttered.any, 1), _shifted(uttered.any, -1)]
    parts += [_others(uttered.by_kind[..., kind]) for kind in (FULL, HONORIFIC, PLAIN)]
    parts += list(_addressed(segments, found, uttered.any.shape[1]))
    return np.stack(parts, axis=-1)


def _latest(found: Sequence[Sequence[Mention]], size: int, guests: int) -> Floats:
    """``(T, n)``: 1 for the guest who was named last, within the last few segments."""
    latest = np.zeros((size, guests))
    guest, at = -1, -_RECENT
    for t, some in enumerate(found):
        if some:
            guest, at = some[-1].guest, t
        if t - at < _RECENT and guest >= 0:
            latest[t, guest] = 1
    return latest


def _addressed(segments: Sequence[Segment], found: Sequence[Sequence[Mention]], guests: int) -> tuple[Floats, Floats]:
    """« Madame, … » addresses the one woman among the guests, if only one is called so; and by the way, everybody of
    the other title may be speaking. Titles are learnt from this recording: « Madame X »."""
    titles = _titles(segments, found, guests)
    addressed, others = np.zeros((len(segments), guests)), np.zeros((len(segments), guests))
    for at, segment in enumerate(segments):
        for title in set(_ADDRESS.findall(fold(segment.text))):
            of_title = [place for place in range(guests) if titles[place] == title]
            if len(of_title) == 1:
                addressed[at, of_title] = 1
                others[at, [place for place in range(guests) if place not in of_title]] = 1
    return addressed, others


def _titles(segments: Sequence[Segment], found: Sequence[Sequence[Mention]], guests: int) -> list[str]:
    """How each guest is called in this recording: "madame", "monsieur", or "" where nobody is called so."""
    counts = np.zeros((guests, 2))
    for segment, some in zip(segments, found, strict=True):
        if any(mention.kind == HONORIFIC for mention in some):
            words = re.findall(r"[^\W_]+", fold(segment.text))
            for mention in some:
                for word in words[max(0, mention.word - 2) : mention.word]:
                    counts[mention.guest] += [word in ("madame", "mme"), word in ("monsieur", "m", "mr")]
    return ["" if not row.any() else "madame" if row[0] > row[1] else "monsieur" for row in counts]


def _others(values: Floats) -> Floats:
    """For each guest, whether one of the others has the value."""
    others: Floats = np.minimum(values.sum(axis=1, keepdims=True) - values, 1.0)
    return others


def _shifted(values: Floats, by: int) -> Floats:
    """``values`` of ``by`` segments before (after where negative), 0 at the edges."""
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    elif by < 0:
        moved[:by] = values[-by:]
    return moved
