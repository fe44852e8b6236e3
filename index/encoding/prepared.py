"""A folder of what is made once of a model's weights: whole under its name, or not there.

Two programs that prepare at once do not disturb one another, and one that is killed leaves only a draft.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.errors import ModelUnprepared

_DRAFT = ".preparing-"
_ABANDONED_SECONDS = 3600


def prepared(folder: Path, write: Callable[[Path], None]) -> Path:
    """``folder``, into which ``write`` has written; nothing is written where it is whole. Raises ModelUnprepared, and
    what ``write`` raises."""
    if intact(folder):
        return folder
    try:
        _make(folder, write)
    except OSError as error:
        raise ModelUnprepared(path=folder.parent, reason=error.strerror or str(error)) from error
    return folder


def intact(folder: Path) -> bool:
    """Whether every file has the checksum that was written last: a cut or damaged copy is never used."""
    try:
        expected: dict[str, str] = json.loads((folder / "checksums.json").read_text("utf-8"))
        return all(sha256(folder / name) == digest for name, digest in expected.items())
    except (OSError, ValueError):
        return False


def sha256(path: Path) -> str:
    """Of the whole file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(folder: Path, write: Callable[[Path], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{_DRAFT}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:  # by a program that was killed
            shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder.parent))
    try:
        write(draft)
        _write_checksums(draft)
        _swap_in(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_checksums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
    (folder / "checksums.json").write_text(json.dumps(digests, indent=1), "utf-8")


def _swap_in(draft: Path, folder: Path) -> None:
    """Rename ``draft`` to ``folder``; a damaged one goes first, one that another program has just finished stays."""
    if folder.exists() and not intact(folder):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        draft.replace(folder)
    except OSError:
        if not intact(folder):
            raise
