"""The large part of what is searched, in a file beside the database that is looked into where it lies.

It is a cache: it says which contents it was made from and of which model, and carries a checksum. One that is missing,
cut, damaged or of another database is not used (``load`` gives None) and is made again from SQLite.

    64 bytes: MAGIC, the checksum of the rest (4 bytes), zeros; what ``arrays.packed`` gives
"""

import mmap
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.local.arrays import Array, packed, unpacked
from index.local.part import Mark, Part, Table
from index.local.postings import Places, Postings
from index.local.truth import Truth
from index.local.vectors import CompressedVectors
from index.types import Vectors

_MAGIC = b"QDQbase1"
_HEAD = 64
_SUM = slice(len(_MAGIC), len(_MAGIC) + 4)
_CHUNK = 1 << 24
_VECTORS = "vectors-"


def made(truth: Truth, marks: Sequence[Mark], go_on: Callable[[], bool]) -> Part | None:
    """The part of the debates with these ``marks``, with compressed vectors; None when it is not to ``go_on``. Raises
    StoreDamaged, also when one of them goes meanwhile."""
    part = truth.part(marks)
    counts = np.bincount(part.table.owner, minlength=len(part.marks)).tolist()
    vectors, begins = {}, {}
    for width in np.unique(part.table.width).tolist():
        vectors[width] = _trained(part, width, truth)
        begins[width] = np.searchsorted(part.table.owner[part.span(width)], np.arange(len(marks) + 1, dtype=np.int32))
    for owner, mark in enumerate(part.marks):
        if not go_on():
            return None
        found = truth.all_vectors_of(mark.key, counts[owner])
        for width, index in vectors.items():
            places = np.arange(begins[width][owner], begins[width][owner + 1])
            if len(places):
                index.add(places, found[part.table.number[part.span(width)][places]])
    return Part(part.marks, part.table, part.postings, vectors)


def _trained(part: Part, width: int, truth: Truth) -> CompressedVectors:
    here = part.span(width)
    count = here.stop - here.start
    places: Places = np.linspace(here.start, here.stop - 1, CompressedVectors.sample_for(count)).astype(np.int64)
    sample: Vectors = truth.vectors(part.ids(np.unique(places)))
    return CompressedVectors.trained(sample, count)


def draft_of(path: Path) -> Path:
    """Where the file at ``path`` is written; always the same, so that what a killed program left behind is found."""
    return path.with_name(f".{path.name}.draft")


def save(path: Path, part: Part, fingerprint: str) -> None:
    """Put the file in place of the old one at once, while no other program does. Raises OSError."""
    draft = draft_of(path)
    try:
        with draft.open("wb") as file:
            file.write(_MAGIC.ljust(_HEAD, b"\0"))
            checksum = 0
            for piece in packed(_arrays(part, fingerprint)):
                checksum = zlib.crc32(piece, checksum)
                file.write(piece)
            file.seek(_SUM.start)
            file.write(checksum.to_bytes(4, "little"))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def load(path: Path, fingerprint: str) -> Part | None:
    """What was saved at ``path``; None unless it is whole and of the model with this ``fingerprint``."""
    try:
        with path.open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None
    if content[: len(_MAGIC)] != _MAGIC or _checksum(content[_HEAD:]) != content[_SUM]:
        return None
    try:
        arrays = unpacked(content[_HEAD:])
        if arrays["fingerprint"].tobytes().decode() != fingerprint:
            return None
        return _part(arrays)
    except (ValueError, KeyError, TypeError, RuntimeError):
        return None  # of another version of this program, or of FAISS, which raises the last


def _checksum(content: memoryview) -> bytes:
    found = 0
    for begin in range(0, len(content), _CHUNK):
        found = zlib.crc32(content[begin : begin + _CHUNK], found)
    return found.to_bytes(4, "little")


def _arrays(part: Part, fingerprint: str) -> dict[str, Array]:
    vectors = {
        f"{_VECTORS}{width}": one.to_bytes()
        for width, one in (part.vectors or {}).items()
        if isinstance(one, CompressedVectors)
    }
    return {
        "fingerprint": np.frombuffer(fingerprint.encode(), np.uint8),
        "marks": np.array(part.marks, np.int64).reshape(-1, 2),
        **part.table.arrays(),
        **part.postings.arrays(),
        **vectors,
    }


def _part(arrays: dict[str, Array]) -> Part:
    vectors = {
        int(name.removeprefix(_VECTORS)): CompressedVectors.of_bytes(array)
        for name, array in arrays.items()
        if name.startswith(_VECTORS)
    }
    marks = tuple(Mark(key, token) for key, token in arrays["marks"].tolist())
    return Part(marks, Table.of_arrays(arrays), Postings.of_arrays(arrays), vectors)
