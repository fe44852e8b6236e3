"""Reading a state: its root, and the pages that are not known yet."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import StoreDamaged, StoreNewer
from index.milvus.blobs import Blobs
from index.milvus.client import STRONG, Client
from index.milvus.schema import STATE, VERSION
from index.milvus.state import Entry, Page, Part, Root, unpacked_page, unpacked_root

ROOT = "root"
_SETTLED_SECONDS = 10.0
"""Twice what a server may be behind under ``Bounded``, its default of 5 seconds."""


@dataclass(frozen=True)
class Snapshot:
    """``debates`` by id, in the order of the ids; ``seen`` is when this process first read it (monotonic seconds)."""

    root: Root
    pages: Mapping[int, Page]
    debates: Mapping[str, Entry]
    by_version: Mapping[int, Entry]
    windows: int
    seen: float

    @classmethod
    def of(cls, root: Root, pages: Mapping[int, Page]) -> "Snapshot":
        entries = sorted(
            (entry for page in pages.values() for entry in page.debates.values()), key=lambda e: e.summary.id
        )
        return cls(
            root=root,
            pages=pages,
            debates={entry.summary.id: entry for entry in entries},
            by_version={entry.parts["windows"].version: entry for entry in entries},
            windows=sum(entry.windows for entry in entries),
            seen=time.monotonic(),
        )

    def level(self) -> str:
        """How consistent a read of what this state names must be. Its rows were there before it was and do not change,
        so that only a state of the last seconds needs to wait until every server has them."""
        return STRONG if time.monotonic() - self.seen < _SETTLED_SECONDS else "Bounded"


class Snapshots:
    """The states of one index, as they come."""

    def __init__(self, client: Client, blobs: Blobs, consistency: str) -> None:
        self._client, self._blobs, self._consistency = client, blobs, consistency
        self._lock = threading.Lock()
        self._last: Snapshot | None = None
        self._insisting_until = 0.0

    def insist(self) -> None:
        """Read the newest state for the next seconds, whatever consistency was chosen: whoever has just written sees
        it, and whoever was refused because of another's change does not try again on the state before it."""
        self._insisting_until = time.monotonic() + _SETTLED_SECONDS

    def root(self, level: str | None = None) -> Root | None:
        """The root as it is now; None before there is one. Raises StoreNewer, StoreDamaged."""
        insisting = time.monotonic() < self._insisting_until
        level = level or (STRONG if insisting else self._consistency)
        rows = self._client.get(STATE, [ROOT], ["content"], level)
        if not rows:
            return None if level == STRONG else self.root(STRONG)  # it was made a moment ago
        try:
            root = unpacked_root(rows[ROOT]["content"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreDamaged(path=self._client.place, reason="its root cannot be read") from error
        if root.schema > VERSION:
            raise StoreNewer(path=self._client.place, found=root.schema, known=VERSION)
        return root

    def current(self, level: str | None = None) -> Snapshot:
        """The state that is now. Raises Gone where it changed while it was read."""
        root = self.root(level)
        if root is None:
            raise StoreDamaged(path=self._client.place, reason="it has no root")
        with self._lock:
            last = self._last
        if last is None or last.root.generation != root.generation:
            last = Snapshot.of(root, self._pages(root, last))
            with self._lock:
                self._last = last
        return last

    def _pages(self, root: Root, last: Snapshot | None) -> dict[int, Page]:
        known: dict[Part, Page] = {last.root.pages[number]: page for number, page in last.pages.items()} if last else {}
        new = [part for part in root.pages.values() if part not in known]
        read = map(unpacked_page, self._blobs.read_json(new, STRONG))
        known |= dict(zip(new, read, strict=True))
        return {number: known[part] for number, part in root.pages.items()}
