"""An index copied to another place, between any two stores, without embedding anything again.

    source.stored(debate) -> target.add(...), a debate at a time, each whole or not at all
                          -> target.stored(debate) compared with what was sent

What is there already and equal is skipped, so an interrupted copy is run again. The source is only read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.encoding.encoder import mixable
from index.errors import (
    DebateUnknown,
    MigrationConflict,
    MigrationDiffers,
    MigrationEmpty,
    MigrationMixed,
    MigrationSame,
    StoreBusy,
    listed,
)
from index.originals import packed, unpacked
from index.pieces.tokens import TokenVectors
from index.speakers.corrections import renumbered
from index.store import ATTEMPTS, IndexedDebate, Relabelling, Store
from index.types import Progress, Window


@dataclass(frozen=True, slots=True)
class Migrated:
    """Ids of debates: those that were copied, and those that were there. ``windows`` counts those of both.
    ``moved`` says that somebody changed the source meanwhile: run it again."""

    copied: tuple[str, ...]
    present: tuple[str, ...]
    windows: int
    moved: bool = False


def migrate(source: Store, target: Store, *, replace: bool = False, progress: Progress | None = None) -> Migrated:
    """Copy every debate, then read all of them again and compare. ``replace`` those that the target has in another
    form. Raises a MigrationError or a StoreError; what was copied before that stays, whole."""
    copy = _Copy(source, target, _fingerprint(source, target), replace)
    since, there = source.generation(), {summary.id for summary in target.debates()}
    summaries = source.debates()
    for number, debate in enumerate((summary.id for summary in summaries), start=1):
        copy.bring(debate, debate in there)
        if progress:
            progress("migrate", number, len(summaries))
    _give_renames(source, target)
    _verify(target, copy.sent, progress)
    if copy.other:
        raise MigrationConflict(target=target.place, count=len(copy.other), debates=listed(copy.other))
    return Migrated(tuple(copy.copied), tuple(copy.present), copy.windows, source.generation() != since)


@dataclass(slots=True)
class _Copy:
    """``sent`` are the hashes of those that the target is to have; ``other`` are there in another form, and stay."""

    source: Store
    target: Store
    fingerprint: str
    replace: bool
    sent: dict[str, str] = field(default_factory=dict)
    copied: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    windows: int = 0

    def bring(self, debate: str, there: bool) -> None:
        """A debate that somebody has removed since is left out: the source has moved."""
        try:
            entry = self.source.stored(debate)
        except DebateUnknown:
            return
        digest, found = content_hash(entry), _digest_in(self.target, debate) if there else None
        if found not in (None, digest) and not self.replace:
            self.other.append(debate)
            return
        self.sent[debate] = digest
        self.windows += len(entry.windows)
        if found == digest:
            self.present.append(debate)
        else:
            self.target.add(entry, self.fingerprint)
            self.copied.append(debate)


def _digest_in(store: Store, debate: str) -> str | None:
    """None where there is no such debate."""
    try:
        return content_hash(store.stored(debate))
    except DebateUnknown:
        return None


def _fingerprint(source: Store, target: Store) -> str:
    """That of both. Raises MigrationSame, MigrationEmpty, MigrationMixed."""
    if _resolved(source.place) == _resolved(target.place):
        raise MigrationSame(target=target.place)
    wanted, found = source.fingerprint(), target.fingerprint()
    if not wanted:
        raise MigrationEmpty(source=source.place)
    if found and not mixable(found, wanted):
        raise MigrationMixed(source=source.place, target=target.place, wanted=wanted, found=found)
    return wanted


def _resolved(place: str) -> str:
    return place.rstrip("/") if "://" in place else str(Path(place).resolve())


def _give_renames(source: Store, target: Store) -> None:
    """Those of the source stand above those of the target."""
    wanted: dict[str, str | None] = dict(source.renames())
    for _attempt in range(ATTEMPTS):
        since = target.generation()
        missing = {name: person for name, person in wanted.items() if target.renames().get(name) != person}
        if not missing or target.relabel(Relabelling(renames=missing), since):
            return
    raise StoreBusy(path=target.place)


def _verify(target: Store, sent: dict[str, str], progress: Progress | None) -> None:
    """Raises MigrationDiffers."""
    wrong = []
    for number, (debate, digest) in enumerate(sent.items(), start=1):
        if _digest_in(target, debate) != digest:
            wrong.append(debate)
        if progress:
            progress("verify", number, len(sent))
    if wrong:
        raise MigrationDiffers(target=target.place, count=len(wrong), debates=listed(wrong))


def content_hash(entry: IndexedDebate) -> str:
    """SHA-256 over all that is kept of a debate: fields, texts, times, who speaks, windows, vectors as sixteen bits
    keep them, terms, tokens, what it was read from, what was corrected. The order of the windows, and that of the terms
    of a window, is not part of it, nor are the numbers of acts: only which corrections are one."""
    digest = hashlib.sha256()
    base = entry.base or entry.debate
    for debate in (entry.debate, unpacked(packed(base), base)):
        digest.update(_text(asdict(debate)))
    windows = zip(entry.windows, entry.terms, entry.vectors, strict=True)
    for place, vector in sorted((_place(cut, terms), vector.astype("<f2").tobytes()) for cut, terms, vector in windows):
        digest.update(_text(place) + vector)
    for array in _arrays(entry.tokens):
        digest.update(_text(array.shape) + array.tobytes())
    digest.update(_text([entry.origin.source, entry.origin.report.to_json()] if entry.origin else None))
    digest.update(_text([asdict(one) for one in renumbered(entry.corrections or (), 0)]))
    return digest.hexdigest()


def _place(cut: Window, terms: Sequence[str]) -> tuple[int, int, int, str]:
    return cut.width, cut.first, cut.last, " ".join(sorted(terms))


def _arrays(tokens: TokenVectors | None) -> "list[np.ndarray[Any, Any]]":
    """As they are stored."""
    if tokens is None:
        return []
    axes, middle = (np.asarray(values, np.float16) for values in (tokens.axes, tokens.middle))
    return [tokens.per_word, tokens.codes, axes, tokens.units, middle]


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n"
