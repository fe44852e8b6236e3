"""Making a change visible: the changed pages, one upsert of the root, then what nobody reads any more."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.errors import StoreBusy, StoreLate
from index.milvus.blobs import NOTHING, Blobs, Draft, versions_in
from index.milvus.client import STRONG, Client
from index.milvus.lock import Claim
from index.milvus.rows import corrections_out
from index.milvus.schema import BLOBS, STATE, WINDOWS, windows_collection
from index.milvus.snapshot import ROOT, Snapshot, Snapshots
from index.milvus.state import (
    Entry,
    Page,
    Part,
    Retired,
    Root,
    packed_page,
    packed_retired,
    packed_root,
    page_of,
    second_of,
    unpacked_retired,
)
from index.speakers.corrections import Correction

KEPT_SECONDS = 900.0
"""How long rows stay after the last state that named them: longer than anybody reads one state."""
LEFT_SECONDS = 3_600.0
"""After which rows that no state ever named are taken for those of a killed writer."""
MADE_SECONDS = LEFT_SECONDS / 2
"""How old rows may be when they become visible: a program that slept meanwhile (a closed laptop) names none that may
have been swept."""
_DELETED = 500
"""Versions of one condition."""

Place = tuple[Part, str]
"""A part and the collection that it lies in."""


@dataclass(frozen=True, slots=True)
class Change:
    """Entries and corrections by debate, None for those that go; ``renames`` are all that there are then. What is None
    stays. The rows of the entries are written."""

    debates: Mapping[str, Entry | None] = field(default_factory=dict)
    corrections: Mapping[str, Sequence[Correction]] = field(default_factory=dict)
    renames: Mapping[str, str] | None = None
    fingerprint: str | None = None
    dimension: int | None = None
    acts: int | None = None


class Committer:
    """Call it with a claim, on the state that is now."""

    def __init__(self, client: Client, blobs: Blobs, snapshots: Snapshots) -> None:
        self._client, self._blobs, self._snapshots = client, blobs, snapshots

    def commit(self, state: Snapshot, change: Change, claim: Claim) -> None:
        """Raises StoreBusy when somebody took the claim to be left by a killed writer; then the change is not made, or
        another one came over it. Raises StoreLate for rows older than ``MADE_SECONDS``, or that are gone."""
        now, draft = time.time(), Draft()
        if any(now - second_of(version) > MADE_SECONDS for version in _made(state, change)):
            raise StoreLate(path=self._client.place, minutes=round(MADE_SECONDS / 60))
        root, gone = _next(state, change, draft)
        retired = self._retired(state.root)
        expired = [one for one in retired if now - one.when > KEPT_SECONDS]
        kept = [one for one in retired if now - one.when <= KEPT_SECONDS]
        kept += [Retired(part, collection, now) for part, collection in gone]
        root = replace(root, retired=draft.add_json(packed_retired(kept)) if kept else None)
        sweep = now - root.swept > LEFT_SECONDS
        self._blobs.write(draft)
        if self._are_gone(_made(state, change), change, root.dimension):
            raise StoreLate(path=self._client.place, minutes=round(MADE_SECONDS / 60))
        self._flip(replace(root, swept=now) if sweep else root, claim)
        self._delete((one.part.version, one.collection) for one in expired)
        if sweep:
            self._sweep({one.part.version for one in kept}, now)

    def _are_gone(self, made: set[int], change: Change, dimension: int) -> bool:
        """Whether rows that would become visible are there no more: a server whose clock is far ahead takes them for
        left behind. Whoever sweeps has the claim, so none go from here on."""
        page = Page({debate: entry for debate, entry in change.debates.items() if entry})
        wanted: dict[str, list[str]] = {}
        for part, collection in _named(page, dimension):
            if part.version in made and part.rows:
                wanted.setdefault(collection, []).append(f"{part.version}-0")
        return any(
            len(self._client.get(collection, ids[begin : begin + _DELETED], ["version"], STRONG))
            < len(ids[begin : begin + _DELETED])
            for collection, ids in wanted.items()
            for begin in range(0, len(ids), _DELETED)
        )

    def _flip(self, root: Root, claim: Claim) -> None:
        claim.check()
        self.put(root)
        found = self._snapshots.root(STRONG)
        if found is None or found.generation != root.generation:
            raise StoreBusy(path=self._client.place)

    def put(self, root: Root) -> None:
        """A state becomes visible by this alone."""
        self._client.upsert(STATE, {"id": ROOT, "content": packed_root(root), "nothing": NOTHING})

    def _retired(self, root: Root) -> list[Retired]:
        return unpacked_retired(self._blobs.read_json([root.retired], STRONG)[0]) if root.retired else []

    def _delete(self, places: Iterator[tuple[int, str]]) -> None:
        by_collection: dict[str, list[int]] = {}
        for version, collection in places:
            by_collection.setdefault(collection, []).append(version)
        for collection, versions in by_collection.items():
            for begin in range(0, len(versions), _DELETED):
                self._client.delete(collection, versions_in(versions[begin : begin + _DELETED]))

    def _sweep(self, kept: set[int], now: float) -> None:
        """Rows that no state names, nor named of late, and that are too old to be of a change that is being made."""
        state = self._snapshots.current(STRONG)
        named = {part.version for page in state.pages.values() for part, _collection in _named(page, 0)}
        named |= {part.version for part in (*state.root.pages.values(), state.root.renames, state.root.retired) if part}
        for collection in sorted(self._client.collections()):
            if collection == BLOBS or collection.startswith(WINDOWS):
                rows = self._client.every(collection, "number == 0", ["version"])
                found = {int(row["version"]) for row in rows} - named - kept
                left = [version for version in found if now - second_of(version) > LEFT_SECONDS]
                self._delete((version, collection) for version in left)


def _made(state: Snapshot, change: Change) -> set[int]:
    """The versions that ``change`` would make visible."""
    old = {part.version for entry in state.debates.values() for part in entry.parts.values()}
    return {part.version for entry in change.debates.values() if entry for part in entry.parts.values()} - old


def _next(state: Snapshot, change: Change, draft: Draft) -> tuple[Root, list[Place]]:
    """The root after ``change``, whose new pages are in ``draft``, and what it does not name any more."""
    old, pages = state.root, dict(state.root.pages)
    dimension = old.dimension if change.dimension is None else change.dimension
    before, after = _own(old.retired), list[Place]()
    for number in {page_of(debate) for debate in (*change.debates, *change.corrections)}:
        page = state.pages.get(number, Page())
        changed = _changed(page, number, change, draft)
        before += [*_named(page, old.dimension), *_own(pages.pop(number, None))]
        after += _named(changed, dimension)
        if changed.debates or changed.corrections:
            pages[number] = draft.add_json(packed_page(changed))
    renames = old.renames
    if change.renames is not None:
        before += _own(renames)
        renames = draft.add_json(dict(change.renames)) if change.renames else None
    root = replace(
        old,
        generation=secrets.token_hex(16),
        fingerprint=old.fingerprint if change.fingerprint is None else change.fingerprint,
        dimension=dimension,
        acts=old.acts if change.acts is None else change.acts,
        pages=pages,
        renames=renames,
    )
    stay = {part.version for part, _collection in after}
    return root, [place for place in before if place[0].version not in stay]


def _changed(old: Page, number: int, change: Change, draft: Draft) -> Page:
    debates, corrections = dict(old.debates), dict(old.corrections)
    for debate, entry in change.debates.items():
        if page_of(debate) == number:
            debates.pop(debate, None)
            if entry is not None:
                debates[debate] = entry
    for debate, made in change.corrections.items():
        if page_of(debate) == number:
            corrections.pop(debate, None)
            if made:
                acts = tuple(sorted({one.act for one in made if one.act is not None}))
                corrections[debate] = draft.add_json(corrections_out(made)), acts
    return Page(debates, corrections)


def _named(page: Page, dimension: int) -> Iterator[Place]:
    for entry in page.debates.values():
        for name, part in entry.parts.items():
            yield part, windows_collection(dimension) if name == "windows" else BLOBS
    for part, _acts in page.corrections.values():
        yield part, BLOBS


def _own(part: Part | None) -> list[Place]:
    return [] if part is None else [(part, BLOBS)]
