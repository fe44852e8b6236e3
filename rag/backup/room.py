"""A folder that only its owner reads, for what is not yet in its place."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import FileUnwritable
from index.local.alone import alone

_ROOM = ".qdq-backup-"
_LOCKED = "room"
_YOUNG_SECONDS = 60.0
"""A room that was made just now may not be locked yet."""


@contextmanager
def room_in(parent: Path) -> Iterator[Path]:
    """A folder in ``parent``, on its disk, as long as it is needed. Raises FileUnwritable."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        tidy(parent)
        folder = Path(tempfile.mkdtemp(prefix=_ROOM, dir=parent))
    except OSError as error:
        raise FileUnwritable(path=str(parent), reason=error.strerror or str(error)) from error
    try:
        with alone(folder / _LOCKED, 1.0, lambda: True):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tidy(parent: Path) -> None:
    """Remove what programs that were killed left in ``parent``: whole transcripts, perhaps."""
    for left in parent.glob(f"{_ROOM}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _YOUNG_SECONDS:
                continue
            with alone(left / _LOCKED, 0.0, lambda: False) as abandoned:
                if abandoned:
                    shutil.rmtree(left, ignore_errors=True)


def holds(path: Path) -> bool:
    """Whether there is anything in the file: a program that was killed may have left an empty one."""
    return path.is_file() and path.stat().st_size > 0
