"""``MilvusStore``: the contract of ``index/store.py`` on Milvus.

    a change = write its rows under fresh versions, which nothing names
               -> alone among writers: read the root, see that it is as it was, write the changed pages
               -> ONE upsert of the root, which makes all of it visible
               -> later, delete the rows that no root has named for a while

Every open store reads the root at each question, so what one adds the others answer with at once. Rows stay for a
quarter of an hour after the last root that named them, for whoever is still reading that state. A writer killed before
the upsert leaves rows that nothing names, which are swept after an hour; killed after it, all is done.

Two writers at once: the second sees another root than it was made for, and is refused or made anew, as the contract
says. ``lock.py`` tells what cannot be guaranteed without transactions.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index.encoding.encoder import mixable
from index.errors import DebateUnknown, ModelMismatch, StoreDamaged, StoreUnreachable, listed
from index.milvus.blobs import Blobs, Draft, Gone
from index.milvus.client import BATCH, STRONG, Client, Row
from index.milvus.commit import Change, Committer
from index.milvus.lock import claimed
from index.milvus.rows import (
    corrections_in,
    debate_of,
    debate_parts,
    origin_of,
    relabelled,
    segments_part,
    term_parts,
    window_rows,
    windows_of_rows,
)
from index.milvus.schema import (
    BLOBS_COLLECTION,
    DEFAULTS,
    PREFIX,
    STATE_COLLECTION,
    Collection,
    Options,
    windows,
    windows_collection,
)
from index.milvus.search import Windows, unit
from index.milvus.snapshot import Snapshot, Snapshots
from index.milvus.state import Entry, Page, Part, Root, entry_of, new_version, page_of
from index.originals import packed, unpacked
from index.piece_table import PieceTable
from index.speakers.corrections import Correction
from index.store import Description, Import, IndexedDebate, Relabelling
from index.tokens import TokenVectors
from index.transcripts.report import ImportReport
from index.types import Debate, DebateSummary, Hit, Scope, Vectors

_T = TypeVar("_T")


class MilvusStore:
    """Safe to share between threads."""

    def __init__(self, place: str, token: str = "", options: Options = DEFAULTS, prefix: str = PREFIX) -> None:
        """``place`` is the address of a server, or a path that ends in ``.db``, which milvus-lite keeps; ``prefix``
        tells the collections of this index from those of another. Raises a StoreError."""
        self._options = options
        self._client = Client(place, token, prefix)
        self._blobs = Blobs(self._client)
        self._snapshots = Snapshots(self._client, self._blobs, options.consistency)
        self._committer = Committer(self._client, self._blobs, self._snapshots)
        self._windows = Windows(self._client, self._blobs)
        self._pinned = threading.local()
        self._dimensions = set[int]()
        try:
            self._prepare()
        except BaseException:
            self._client.close()
            raise

    def _prepare(self) -> None:
        """The collections, and a first root."""
        self._ensure_alike(STATE_COLLECTION)
        self._ensure_alike(BLOBS_COLLECTION)
        if self._snapshots.root(STRONG) is None:
            with claimed(self._client):
                if self._snapshots.root(STRONG) is None:
                    self._committer.put(Root(generation=secrets.token_hex(16), swept=time.time()))
        dimension = self._now().root.dimension
        if dimension:
            self._ensure_alike(windows(dimension, self._options))
            self._dimensions.add(dimension)

    def _ensure_alike(self, collection: Collection) -> None:
        """There is no claim before there are collections: another program may be making them just now."""
        for wait in (0.2, 0.4, 0.8, 1.6, 3.2):
            try:
                return self._client.ensure(collection, self._options.replicas)
            except StoreUnreachable:
                time.sleep(wait)
        return self._client.ensure(collection, self._options.replicas)

    def _ensure_windows(self, dimension: int) -> None:
        """Asked of the engine once."""
        if dimension and dimension not in self._dimensions:
            with claimed(self._client):
                self._client.ensure(windows(dimension, self._options), self._options.replicas)
            self._dimensions.add(dimension)

    def close(self) -> None:
        self._client.close()

    # what is there

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self._pinned_state() is not None:
            yield
            return
        self._pinned.state = self._now()
        try:
            yield
        finally:
            self._pinned.state = None

    def _pinned_state(self) -> Snapshot | None:
        return getattr(self._pinned, "state", None)

    def _state(self) -> Snapshot:
        return self._pinned_state() or self._now()

    def _now(self, level: str | None = None) -> Snapshot:
        return self._told(lambda: self._snapshots.current(level))

    def _told(self, read: Callable[[], _T]) -> _T:
        """What is gone was deleted while it was read, a quarter of an hour after it was changed, or is lost."""
        try:
            return read()
        except Gone as error:
            raise StoreDamaged(path=self.place, reason=f"rows {error} are missing") from error

    @property
    def place(self) -> str:
        return self._client.place

    def size(self) -> int:
        """On a server: of the contents, without its own indexes, logs and replicas."""
        if self._client.is_local:
            return sum(file.stat().st_size for file in Path(self.place).rglob("*") if file.is_file())
        state = self._state()
        own = (*state.root.pages.values(), state.root.renames)
        parts = [part for entry in state.debates.values() for part in entry.parts.values()]
        return sum(part.size for part in (*own, *parts) if part)

    def generation(self) -> str:
        return self._state().root.generation

    def fingerprint(self) -> str:
        return self._state().root.fingerprint

    def check_fingerprint(self, fingerprint: str) -> None:
        _check_fingerprint(self._state(), fingerprint)

    def debates(self) -> list[DebateSummary]:
        return [entry.summary for entry in self._state().debates.values()]

    def summary(self, debate: str) -> DebateSummary | None:
        entry = self._state().debates.get(debate)
        return entry.summary if entry else None

    def names(self) -> frozenset[str]:
        entries = self._state().debates.values()
        people = (person.name for entry in entries for person in entry.summary.participants)
        return frozenset({*people, *(name for entry in entries for name in entry.speakers)})

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        state = self._state()
        entry = _entry(state, debate)
        names = ["segments", *(["words"] if words and "words" in entry.parts else [])]
        segments, times = [*self._json(state, entry, *names), {}][:2]
        return debate_of(entry, segments, times)

    def original(self, debate: str) -> Debate:
        state = self._state()
        content = self._bytes(state, _entry(state, debate), "original")
        with self._pin(state):
            return unpacked(content, self.debate(debate))

    def corrections(self, debate: str) -> list[Correction]:
        return self._corrections(self._state(), debate)

    def _corrections(self, state: Snapshot, debate: str) -> list[Correction]:
        found = state.pages.get(page_of(debate), Page()).corrections.get(debate)
        if found is None:
            return []
        return corrections_in(self._told(lambda: self._blobs.read_json([found[0]], state.level()))[0])

    def renames(self) -> dict[str, str]:
        return self._renames(self._state())

    def _renames(self, state: Snapshot) -> dict[str, str]:
        part = state.root.renames
        return dict(self._told(lambda: self._blobs.read_json([part], state.level()))[0]) if part else {}

    def vectors(self, debate: str) -> dict[tuple[int, int, int], Vectors]:
        state = self._state()
        rows = self._window_rows(state, _entry(state, debate), "width", "first", "last")
        vectors = unit([row["vector"] for row in rows], state.root.dimension)
        return {(row["width"], row["first"], row["last"]): one for row, one in zip(rows, vectors, strict=True)}

    def _window_rows(self, state: Snapshot, entry: Entry, *fields: str) -> list[Row]:
        """All windows of a debate with their vectors, in the order of their numbers."""
        part, name = entry.parts["windows"], windows_collection(state.root.dimension)
        found: list[Row] = []
        for begin in range(0, part.rows, BATCH):
            ids = [f"{part.version}-{number}" for number in range(begin, min(begin + BATCH, part.rows))]
            rows = self._client.get(name, ids, ["vector", *fields], state.level())
            if len(rows) != len(ids):
                raise StoreDamaged(path=self.place, reason=f"windows of {entry.summary.id} are missing")
            found += [rows[one] for one in ids]
        return found

    def tokens(self, debate: str) -> TokenVectors | None:
        state = self._state()
        entry = _entry(state, debate)
        if "tokens" not in entry.parts:
            return None
        try:
            return TokenVectors.from_bytes(self._bytes(state, entry, "tokens"))
        except ValueError as error:
            raise StoreDamaged(path=self.place, reason=f"{debate}: {error}") from error

    def pieces(self, debate: str) -> PieceTable:
        return PieceTable.of(self.debate(debate))

    def report(self, debate: str) -> ImportReport | None:
        state = self._state()
        origin = self._origin(state, _entry(state, debate))
        return origin.report if origin else None

    def _origin(self, state: Snapshot, entry: Entry) -> Import | None:
        return origin_of(self._json(state, entry, "origin")[0]) if "origin" in entry.parts else None

    def stored(self, debate: str) -> IndexedDebate:
        state = self._state()
        with self._pin(state):
            entry, found = _entry(state, debate), self.debate(debate, words=True)
            windows, terms = windows_of_rows(found, self._json(state, entry, "terms")[0])
            vectors = np.array([row["vector"] for row in self._window_rows(state, entry)], np.float32)
            return IndexedDebate(
                found,
                windows,
                vectors,
                terms,
                origin=self._origin(state, entry),
                base=self.original(debate),
                tokens=self.tokens(debate),
                corrections=self.corrections(debate),
            )

    def sources(self) -> dict[str, str]:
        return {entry.source: debate for debate, entry in self._state().debates.items() if entry.source}

    def speakers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for debate, entry in self._state().debates.items():
            for name in entry.speakers:
                found.setdefault(name, set()).add(debate)
        return {name: frozenset(debates) for name, debates in sorted(found.items())}

    @contextmanager
    def _pin(self, state: Snapshot) -> Iterator[None]:
        before = self._pinned_state()
        self._pinned.state = state
        try:
            yield
        finally:
            self._pinned.state = before

    def _bytes(self, state: Snapshot, entry: Entry, name: str) -> bytes:
        return self._told(lambda: self._blobs.read([entry.parts[name]], state.level()))[0]

    def _json(self, state: Snapshot, entry: Entry, *names: str) -> list[Any]:
        return self._told(lambda: self._blobs.read_json([entry.parts[name] for name in names], state.level()))

    # searching

    def dense(self, vector: Vectors, width: int, k: int, scope: Scope) -> list[Hit]:
        return self._windows.dense(self._state(), vector, width, k, scope)

    def background(self, vector: Vectors) -> tuple[float, float]:
        return self._windows.background(self._state(), vector)

    def lexical(self, terms: Sequence[str], width: int, k: int, scope: Scope) -> list[Hit]:
        state = self._state()
        return self._told(lambda: self._windows.lexical(state, list(dict.fromkeys(terms)), width, k, scope))

    def document_frequencies(self, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        state = self._state()
        return self._told(lambda: self._windows.frequencies(state, terms))

    def vocabulary(self) -> dict[str, int]:
        state = self._state()
        return self._told(lambda: self._windows.vocabulary(state))

    # changing

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        self.check_fingerprint(fingerprint)
        made = self._written(entry)

        def change(state: Snapshot) -> Change:
            _check_fingerprint(state, fingerprint)
            said = entry.corrections
            return Change(
                debates={entry.debate.id: _keeping(made, state, "origin")},
                corrections={} if said is None else {entry.debate.id: said},
                renames={**self._renames(state), **entry.renames} if entry.renames else None,
                fingerprint=state.root.fingerprint or fingerprint,
                dimension=_dimension(entry) or None,
                acts=max([state.root.acts, *(one.act or 0 for one in said or ())]),
            )

        self._commit(change)

    def remove(self, debate: str) -> None:
        def change(state: Snapshot) -> Change:
            _entry(state, debate)
            last = len(state.debates) == 1
            return Change(debates={debate: None}, corrections={debate: ()}, fingerprint="" if last else None)

        self._commit(change)

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str, since: str) -> bool:
        if self._now().root.generation != since:
            return False
        made = {entry.debate.id: self._written(entry) for entry in entries}
        dimension = max(map(_dimension, entries), default=0)

        def change(state: Snapshot) -> Change:
            gone: dict[str, Entry | None] = dict.fromkeys(state.debates)
            kept = {debate: _keeping(entry, state, "origin") for debate, entry in made.items()}
            return Change(debates=gone | kept, fingerprint=fingerprint, dimension=dimension)

        return self._commit(change, since)

    def relabel(self, change: Relabelling, since: str) -> bool:
        state = self._now()
        if state.root.generation != since:
            return False
        made: dict[str, Entry | None] = {}
        for debate in change.debates:
            stored = self._stored_in(state, debate.id)
            if len(stored.debate.segments) != len(debate.segments):
                return False
            made[debate.id] = self._respoken(state, replace(stored, debate=relabelled(stored.debate, debate)))
        for recut in change.recut:
            made[recut.debate.id] = _keeping(self._written(recut), state, "origin", "tokens")
        return self._commit(lambda now: self._relabelling(now, change, made), since)

    def _relabelling(self, state: Snapshot, change: Relabelling, made: Mapping[str, Entry | None]) -> Change:
        act = state.root.acts + any(change.added.values())
        removed = set(change.removed)
        acts = {debate: said[1] for page in state.pages.values() for debate, said in page.corrections.items()}
        touched = {debate for debate, found in acts.items() if not removed.isdisjoint(found)}
        touched |= {debate for debate, added in change.added.items() if added}
        renames = {**self._renames(state), **change.renames}
        return Change(
            debates=made,
            corrections={
                debate: [
                    *(one for one in self._corrections(state, debate) if one.act not in removed),
                    *(replace(one, act=act) for one in change.added.get(debate, ())),
                ]
                for debate in touched
            },
            renames={name: person for name, person in renames.items() if person} if change.renames else None,
            acts=act,
        )

    def describe(self, description: Description, since: str) -> bool:
        state = self._now()
        if state.root.generation != since:
            return False
        wanted = description.debate
        stored = self._stored_in(state, wanted.id)
        if len(stored.debate.segments) != len(wanted.segments):
            return False
        fields = replace(wanted, description=stored.debate.description, segments=stored.debate.segments)
        entry = replace(
            stored,
            debate=relabelled(fields, wanted),
            base=description.base,
            terms=stored.terms if description.terms is None else description.terms,
        )
        made = self._respoken(state, entry, anew=("original", *(("terms",) if description.terms is not None else ())))
        return self._commit(lambda _now: Change(debates={wanted.id: made}), since)

    def _stored_in(self, state: Snapshot, debate: str) -> IndexedDebate:
        with self._pin(state):
            return self.stored(debate)

    def _respoken(self, state: Snapshot, entry: IndexedDebate, anew: Sequence[str] = ()) -> Entry:
        """The entry of a debate that is cut as it was: what did not change is not written again."""
        old, draft = _entry(state, entry.debate.id), Draft()
        parts = dict(old.parts) | {"segments": segments_part(entry.debate, draft)}
        if "original" in anew:
            parts["original"] = draft.add(packed(entry.base or entry.debate))
        if "terms" in anew:
            parts |= term_parts(entry.windows, entry.terms, draft)
        self._blobs.write(draft)
        parts["windows"] = self._written_windows(entry)
        return entry_of(entry, old.order, old.source, parts)

    def _written(self, entry: IndexedDebate) -> Entry:
        """Everything of a debate, under versions that nothing names yet."""
        draft = Draft()
        parts = debate_parts(entry, draft)
        self._blobs.write(draft)
        parts["windows"] = self._written_windows(entry)
        return entry_of(entry, time.time_ns(), entry.origin.source if entry.origin else None, parts)

    def _written_windows(self, entry: IndexedDebate) -> Part:
        version, dimension = new_version(), _dimension(entry)
        if dimension:
            self._ensure_windows(dimension)
            self._client.insert(windows_collection(dimension), window_rows(version, entry))
        size = 4 * dimension * len(entry.windows) + sum(len(term) + 9 for found in entry.terms for term in found)
        return Part(version, len(entry.windows), size)

    def _commit(self, change: Callable[[Snapshot], Change], since: str | None = None) -> bool:
        """Alone among writers, on the state that is then; False when that is not ``since``."""
        with claimed(self._client) as claim:
            state = self._now(STRONG)
            if since is not None and state.root.generation != since:
                return False
            with self._pin(state):
                made = change(state)
            self._told(lambda: self._committer.commit(state, made, claim))
        return True


def _entry(state: Snapshot, debate: str) -> Entry:
    if debate not in state.debates:
        raise DebateUnknown(debate=debate, known=listed(list(state.debates)))
    return state.debates[debate]


def _check_fingerprint(state: Snapshot, fingerprint: str) -> None:
    found = state.root.fingerprint
    if found and not mixable(found, fingerprint):
        raise ModelMismatch(found=found, wanted=fingerprint)


def _keeping(entry: Entry, state: Snapshot, *names: str) -> Entry:
    """With the named parts of the debate as it is, where ``entry`` has none."""
    old = state.debates.get(entry.summary.id)
    if old is None:
        return entry
    kept = {name: old.parts[name] for name in names if name in old.parts}
    return replace(
        entry, parts={**kept, **entry.parts}, source=entry.source or (old.source if "origin" in names else None)
    )


def _dimension(entry: IndexedDebate) -> int:
    return entry.vectors.shape[1] if len(entry.windows) else 0
