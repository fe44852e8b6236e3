"""Which windows of a part a scope means."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.local.part import Mark, Part
from index.local.postings import Bools, Places
from index.local.truth import POSITION_BITS, Content
from index.local.vectors import Bits
from index.types import Scope


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of the windows of one width of a part: a bit for each, None when it is all of them, and how many are meant."""

    bits: Bits | None
    count: int
    size: int

    def mask(self) -> Bools | None:
        """The same as an array of booleans."""
        if self.bits is None:
            return None
        return np.unpackbits(self.bits, count=self.size, bitorder="little").view(np.bool_)


def chosen(part: Part, contents: Mapping[Mark, Content], width: int, scope: Scope, said: Places) -> Chosen:
    """The windows of ``width`` of ``part`` that belong to ``contents`` and to ``scope``; ``said`` tells where its
    speakers speak."""
    here = part.span(width)
    size = here.stop - here.start
    wanted = np.array([_within(contents.get(mark), scope) for mark in part.marks], np.bool_)
    if scope.speakers is None:
        if wanted.all():
            return Chosen(None, size, size)
        mask = wanted[part.table.owner[here]]
    else:
        rows = [contents[mark].row if mark in contents else -1 for mark in part.marks]
        mask = _spoken(part, here, wanted, rows, said)
    return Chosen(np.packbits(mask, bitorder="little"), int(mask.sum()), size)


def _within(content: Content | None, scope: Scope) -> bool:
    """Whether a debate is there and in ``scope``, but for who speaks."""
    if content is None or (scope.debates is not None and content.debate not in scope.debates):
        return False
    if scope.date_from is None and scope.date_to is None:
        return True
    if content.day is None:
        return False
    day = datetime.date.fromisoformat(content.day)
    return (scope.date_from is None or day >= scope.date_from) and (scope.date_to is None or day <= scope.date_to)


def _spoken(part: Part, here: slice, wanted: Bools, rows: Sequence[int], said: Places) -> Bools:
    """The windows that hold one of the segments ``said``."""
    table, mask = part.table, np.zeros(here.stop - here.start, np.bool_)
    owner_of = {row: owner for owner, row in enumerate(rows) if wanted[owner]}
    debates, inverse = np.unique(said >> POSITION_BITS, return_inverse=True)
    owners = np.array([owner_of.get(row, -1) for row in debates.tolist()], np.int64)
    if not (owners >= 0).any():
        return mask
    kept = owners[inverse] >= 0
    keys = np.sort((owners[inverse][kept] << POSITION_BITS) | (said[kept] & ((1 << POSITION_BITS) - 1)))
    speaks = np.zeros(len(part.marks), np.bool_)
    speaks[owners[owners >= 0]] = True
    places = np.flatnonzero(speaks[table.owner[here]])
    at = places + here.start
    base = table.owner[at].astype(np.int64) << POSITION_BITS
    first = np.searchsorted(keys, base | table.first_segment[at], "left")
    last = np.searchsorted(keys, base | table.last_segment[at], "right")
    mask[places] = last > first
    return mask
