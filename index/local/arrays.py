"""Arrays as bytes and back, without a copy: columns of a table's blob, and of the file that is searched.

8 bytes: the length of the header; the header, JSON: [[name, dtype, shape, offset], ...]; the arrays, each at a
multiple of 64 bytes
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_ALIGNED = 64


def packed(arrays: Mapping[str, Array]) -> Iterator[bytes | memoryview]:
    """What to write, piece by piece: the pieces of one array are one, so that a large one is not copied."""
    header, at = [], 0
    for name, array in arrays.items():
        header.append([name, array.dtype.newbyteorder("<").str, array.shape, at])
        at += _up(array.nbytes)
    line = json.dumps(header).encode()
    line += b" " * (_up(8 + len(line)) - 8 - len(line))
    yield len(line).to_bytes(8, "little") + line
    for array in arrays.values():
        yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b""
        yield b"\0" * (_up(array.nbytes) - array.nbytes)


def blob(arrays: Mapping[str, Array]) -> bytes:
    return b"".join(packed(arrays))


def unpacked(content: bytes | memoryview) -> dict[str, Array]:
    """Views of ``content``, which they keep alive. Raises ValueError for what ``packed`` did not give."""
    length = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(bytes(content[8 : 8 + length]))
        return {name: _view(content, dtype, shape, 8 + length + at) for name, dtype, shape, at in header}
    except (TypeError, KeyError, OverflowError) as error:
        raise ValueError(f"no arrays: {error}") from error


def _view(content: bytes | memoryview, dtype: str, shape: list[int], at: int) -> Array:
    count = int(np.prod(shape))
    if not count:
        return np.zeros(shape, dtype)
    return np.frombuffer(content, dtype, count, at).reshape(shape)


def _up(count: int) -> int:
    return -(-count // _ALIGNED) * _ALIGNED
