"""What is in an index on Milvus, read and searched: each question in one state, which the root names."""

import secrets
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index.encoding.encoder import mixable
from index.errors import DebateUnknown, ModelMismatch, StoreDamaged, StoreUnreachable, listed
from index.milvus.blobs import Blobs, Gone
from index.milvus.client import BATCH, STRONG, Client, Row
from index.milvus.commit import Committer
from index.milvus.lock import claimed
from index.milvus.rows import corrections_in, debate_of, origin_of, windows_of_rows
from index.milvus.schema import (
    BLOBS_COLLECTION,
    DEFAULTS,
    PREFIX,
    STATE_COLLECTION,
    Collection,
    Options,
    locally,
    windows,
    windows_collection,
)
from index.milvus.search import Windows, unit
from index.milvus.snapshot import Snapshot, Snapshots
from index.milvus.state import Entry, Page, Root, page_of
from index.originals import unpacked
from index.pieces.table import PieceTable
from index.pieces.tokens import TokenVectors
from index.speakers.corrections import Correction
from index.store import Import, IndexedDebate
from index.transcripts.report import ImportReport
from index.types import Debate, DebateSummary, Hit, Scope, Vectors

_T = TypeVar("_T")


class MilvusReader:
    """Safe to share between threads."""

    def __init__(self, place: str, token: str = "", options: Options = DEFAULTS, prefix: str = PREFIX) -> None:
        """``place`` is the address of a server, or a path that ends in ``.db``, which milvus-lite keeps; ``prefix``
        tells the collections of this index from those of another. Raises a StoreError."""
        self._client = Client(place, token, prefix)
        self._options = locally(options) if self._client.is_local else options
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

    def settle(self) -> None:
        """The server does that by itself."""

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
        check_fingerprint(self._state(), fingerprint)

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
        entry = entry_in(state, debate)
        names = ["segments", *(["words"] if words and "words" in entry.parts else [])]
        segments, times = [*self._json(state, entry, *names), {}][:2]
        return debate_of(entry, segments, times)

    def original(self, debate: str) -> Debate:
        state = self._state()
        content = self._bytes(state, entry_in(state, debate), "original")
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
        rows = self._window_rows(state, entry_in(state, debate), "width", "first", "last")
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
        entry = entry_in(state, debate)
        if "tokens" not in entry.parts:
            return None
        try:
            return TokenVectors.from_bytes(self._bytes(state, entry, "tokens"))
        except ValueError as error:
            raise StoreDamaged(path=self.place, reason=f"{debate}: {error}") from error

    def pieces(self, debate: str) -> PieceTable:
        state = self._state()
        try:
            return PieceTable.from_bytes(zlib.decompress(self._bytes(state, entry_in(state, debate), "pieces")))
        except (ValueError, zlib.error) as error:
            raise StoreDamaged(path=self.place, reason=f"{debate}: {error}") from error

    def report(self, debate: str) -> ImportReport | None:
        state = self._state()
        origin = self._origin(state, entry_in(state, debate))
        return origin.report if origin else None

    def _origin(self, state: Snapshot, entry: Entry) -> Import | None:
        return origin_of(self._json(state, entry, "origin")[0]) if "origin" in entry.parts else None

    def stored(self, debate: str) -> IndexedDebate:
        state = self._state()
        with self._pin(state):
            entry, found = entry_in(state, debate), self.debate(debate, words=True)
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


def entry_in(state: Snapshot, debate: str) -> Entry:
    if debate not in state.debates:
        raise DebateUnknown(debate=debate, known=listed(list(state.debates)))
    return state.debates[debate]


def check_fingerprint(state: Snapshot, fingerprint: str) -> None:
    found = state.root.fingerprint
    if found and not mixable(found, fingerprint):
        raise ModelMismatch(found=found, wanted=fingerprint)
