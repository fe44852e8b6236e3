"""Files read within a limit, and written so that each is the old one or the new one, never half of one."""

import secrets
from pathlib import Path

from index.errors import FileEmpty, FileTooLarge, FileUnreadable, FileUnwritable


def write_whole(path: Path, content: bytes) -> None:
    """Raises OSError; then the old file is there as it was."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def make_private(folder: Path) -> None:
    """A folder for transcripts: one that is made here is its owner's alone, one that is there stays as it is. Raises
    OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def writable(folder: Path) -> None:
    """Make ``folder`` unless it is there, and try it. Raises FileUnwritable."""
    save_text(folder / ".qdq", "")
    (folder / ".qdq").unlink(missing_ok=True)


def save_text(path: Path, text: str) -> None:
    """Write ``text`` in UTF-8, with the folders that are missing. Raises FileUnwritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise FileUnwritable(path=str(path), reason=error.strerror or str(error)) from error


def read_bytes(path: Path, shown: str, max_mb: int) -> bytes:
    """The file at ``path``, called ``shown`` in messages. Raises FileUnreadable, FileTooLarge, FileEmpty."""
    try:
        if path.stat().st_size > max_mb * 1_000_000:
            raise FileTooLarge(path=shown, limit_mb=max_mb)
        data = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path=shown, reason=error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise FileUnreadable(path=shown, reason=str(error)) from error
    if not data:
        raise FileEmpty(path=shown)
    return data
