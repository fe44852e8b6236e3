"""Writing a file so that it is the old one or the new one, never half of one."""

import secrets
from pathlib import Path

from index.errors import FileUnwritable


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
