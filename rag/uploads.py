"""The recordings that came over HTTP: copies of ours, each for as long as a debate plays it.

A copy has no name but ours, in a private folder. It goes with the debate, or when that plays something else, by
whatever command; what a killed process left is swept after a day.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from index.errors import FieldInvalid, FileUnwritable, StoreError
from index.files import make_private
from index.media import TYPES
from index.store import Store
from rag.settings import Settings

_LEFT_SECONDS = 86_400.0
"""Longer than any recording takes to come and to be heard."""


class Uploads:
    """Those of one index. Several may share a folder: each has its own ``tag`` before the names of its copies. Safe to
    share between threads and processes."""

    def __init__(self, store: Store, folder: Path, tag: str, *, now: Callable[[], float] = time.time) -> None:
        """``store`` has the debates that play them; ``now`` in seconds since the epoch."""
        self.folder = folder
        self._store = store
        self._tag = tag
        self._now = now

    @classmethod
    def of(cls, store: Store, settings: Settings, home: Path) -> "Uploads":
        """In the media folder where there is one, else in ``home``, beside the index."""
        folder = settings.media_folder / "uploads" if settings.media_folder else home / "media"
        place = settings.store or str(home.resolve())
        return cls(store, folder.resolve(), hashlib.sha256(place.encode()).hexdigest()[:8])

    def create(self, name: str) -> tuple[Path, BinaryIO]:
        """An empty copy for a file that somebody calls ``name``, which is read for its ending only. Raises
        FieldInvalid for what is neither sound nor pictures, FileUnwritable."""
        ending = Path(name).suffix.lower()
        if ending not in TYPES:
            expected, expected_fr = "a file that ends in one of", "un fichier dont le nom finit par"
            endings = ", ".join(TYPES)
            raise FieldInvalid(
                field="file", value=name[-60:], expected=f"{expected} {endings}", expected_fr=f"{expected_fr} {endings}"
            )
        path = self.folder / f"{self._tag}-{secrets.token_hex(8)}{ending}"
        try:
            make_private(self.folder)
            path.touch(0o600, exist_ok=False)
            return path, path.open("wb")
        except OSError as error:
            raise FileUnwritable(path=str(self.folder), reason=error.strerror or str(error)) from error

    def holds(self, media: str | None) -> bool:
        """Whether what a debate plays is a copy of ours."""
        return media is not None and Path(media).parent == self.folder and Path(media).name.startswith(f"{self._tag}-")

    def size(self, media: str | None) -> int:
        """Bytes of a copy of ours, 0 of anything else."""
        try:
            return Path(media).stat().st_size if media is not None and self.holds(media) else 0
        except OSError:
            return 0

    def played(self) -> set[str]:
        """The copies that debates play. Raises a StoreError."""
        return {one.media for one in self._store.debates() if one.media and self.holds(one.media)}

    @contextmanager
    def following(self) -> Iterator[None]:
        """Around a change of the debates: copies that they no longer play afterwards are gone."""
        before = self.played() if self.folder.is_dir() else set()
        try:
            yield
        finally:
            if before:
                with suppress(StoreError):  # swept later
                    self._remove(before - self.played())

    def settle(self, path: Path) -> None:
        """A copy stays where a debate plays it by now. Raises a StoreError."""
        if str(path) not in self.played():
            self._remove({str(path)})

    def sweep(self) -> None:
        """What no debate plays a day after it came is left from a process that was killed. Raises a StoreError."""
        old = self._now() - _LEFT_SECONDS
        found = {str(path) for path in self.folder.glob(f"{self._tag}-*") if _changed(path) < old}
        if found:
            self._remove(found - self.played())

    def _remove(self, copies: set[str]) -> None:
        for copy in copies:
            with suppress(OSError):
                Path(copy).unlink()


def _changed(path: Path) -> float:
    """Infinity for a file that is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")
