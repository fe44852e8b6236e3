"""The file of vectors beside an index: a cache, which is thrown away when it is not what it has to be."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.doctor.findings import Check, Finding, Outcome, found
from index.errors import StoreError
from index.local import base
from index.local.alone import alone
from index.local.part import Mark, Part
from index.local.sqlite import reader
from index.local.truth import Truth, rows_of
from index.local.vectors import CompressedVectors

_AT_ONCE = 100
"""Debates that are compared at a time, so that a large index is not in memory twice."""
_SAMPLE = 512
_NEAR = 0.99
"""Cosine of a compressed vector with the one that it was made from, at least."""
_PATIENCE_SECONDS = 10.0


def search_file_finding(database: Path, file: Path, *, mend: bool) -> Finding:
    """Whether ``file`` holds what the index at ``database`` does, of the debates that both have; without one all is
    well. A large index makes it again when it is next opened."""
    if not file.exists():
        return found(Check.SEARCH_FILE, [])
    try:
        with closing(reader(database)) as connection:
            connection.execute("BEGIN")
            reason = _wrong(Truth(rows_of(connection), database), file)
    except (StoreError, sqlite3.Error, ValueError, IndexError, RuntimeError) as error:
        reason = str(error)
    if reason is None:
        return found(Check.SEARCH_FILE, [])
    if not mend:
        return found(Check.SEARCH_FILE, [reason], Outcome.MENDABLE)
    with alone(file, _PATIENCE_SECONDS, lambda: True), suppress(OSError):
        file.unlink(missing_ok=True)
    gone = not file.exists()
    return found(Check.SEARCH_FILE, [reason], Outcome.MENDED if gone else Outcome.MENDABLE)


def _wrong(truth: Truth, file: Path) -> str | None:
    part = base.load(file, truth.identity())
    if part is None:
        return "it cannot be read, or is of another model"
    live = {content.mark for content in truth.contents()}
    marks = [mark for mark in part.marks if mark in live]
    for begin in range(0, len(marks), _AT_ONCE):
        if not _same(truth, part, marks[begin : begin + _AT_ONCE]):
            return "other windows or words than the index has"
    return _vectors(truth, part)


def _same(truth: Truth, part: Part, marks: Sequence[Mark]) -> bool:
    wanted = truth.part(marks)
    kept = Part.merged([(replace(part, vectors=None), part.marked(set(marks)))])
    pairs = zip(_arrays(kept), _arrays(wanted), strict=True)
    return kept.marks == wanted.marks and all(np.array_equal(one, other) for one, other in pairs)


def _arrays(part: Part) -> Iterator["np.ndarray[tuple[int, ...], np.dtype[np.generic]]"]:
    yield from part.table.arrays().values()
    yield from part.postings.arrays().values()


def _vectors(truth: Truth, part: Part) -> str | None:
    """A sample of each width, found again at its own place."""
    live = {content.mark for content in truth.contents()}
    alive = part.alive(part.marked(live))
    for width, vectors in (part.vectors or {}).items():
        here = part.span(width)
        if len(vectors) != here.stop - here.start:
            return f"{here.stop - here.start} windows of {width} words, {len(vectors)} vectors"
        places = np.flatnonzero(alive[here])
        some = places[:: max(1, -(-len(places) // _SAMPLE))]
        if isinstance(vectors, CompressedVectors) and len(some):
            cosines = np.einsum("nd,nd->n", vectors.at(some), truth.vectors(part.ids(some + here.start)))
            if not (cosines > _NEAR).all():
                return f"a vector that is another one ({float(cosines.min()):.2f})"
    return None
