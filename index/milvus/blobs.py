"""What is read whole: JSON or bytes, compressed, cut into rows of text that a VARCHAR can hold.

Milvus has no type for bytes, so a third is lost to base64. A row is never changed, so what was read once is kept.
"""

import json
import threading
import zlib
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from index.milvus.client import Client, Row
from index.milvus.schema import BLOBS, TEXT_BYTES
from index.milvus.state import Part, new_version

_CHUNK = TEXT_BYTES // 4 * 3
_SENT = 32
"""Rows at once, which are 2 MB at most."""
_KEPT = 64_000_000
"""Bytes, compressed: some hundred debates of an hour."""
NOTHING = (0.0, 0.0)


class Gone(Exception):
    """A part is not there: what named it is out of date, or the index is damaged."""


class Draft:
    """Rows that are to be written, and that nothing names yet."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, content: bytes) -> Part:
        version = new_version()
        chunks = [content[begin : begin + _CHUNK] for begin in range(0, max(len(content), 1), _CHUNK)]
        for number, chunk in enumerate(chunks):
            self.rows.append(
                {
                    "id": f"{version}-{number}",
                    "version": version,
                    "number": number,
                    "content": b64encode(chunk).decode(),
                    "nothing": NOTHING,
                }
            )
        return Part(version, len(chunks), len(content))

    def add_json(self, document: Any) -> Part:
        return self.add(zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()))


class Blobs:
    """Those of one index. Safe to share between threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0

    def write(self, draft: Draft) -> None:
        self._client.insert(BLOBS, draft.rows, _SENT)

    def read(self, parts: Sequence[Part], level: str) -> list[bytes]:
        """The contents, in the order of ``parts``. Raises Gone."""
        found = {part.version: content for part in parts if (content := self._known(part)) is not None}
        missing = [part for part in parts if part.version not in found]
        rows: dict[str, Row] = {}
        ids = [f"{part.version}-{number}" for part in missing for number in range(part.rows)]
        for begin in range(0, len(ids), _SENT):
            rows |= self._client.get(BLOBS, ids[begin : begin + _SENT], ["content"], level)
        for part in missing:
            found[part.version] = _joined(part, rows)
            self._keep(part, found[part.version])
        return [found[part.version] for part in parts]

    def read_json(self, parts: Sequence[Part], level: str) -> list[Any]:
        """Raises Gone."""
        return list(map(unpacked_json, self.read(parts, level)))

    def _known(self, part: Part) -> bytes | None:
        with self._lock:
            if part.version in self._kept:
                self._kept.move_to_end(part.version)
            return self._kept.get(part.version)

    def _keep(self, part: Part, content: bytes) -> None:
        with self._lock:
            self._size += len(content) - len(self._kept.get(part.version, b""))
            self._kept[part.version] = content
            while self._size > _KEPT and len(self._kept) > 1:
                _version, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)


def unpacked_json(content: bytes) -> Any:
    return json.loads(zlib.decompress(content))


def _joined(part: Part, rows: dict[str, Row]) -> bytes:
    try:
        return b"".join(b64decode(rows[f"{part.version}-{number}"]["content"]) for number in range(part.rows))
    except KeyError as error:
        raise Gone(part.version) from error


def versions_in(versions: Iterable[int]) -> str:
    """A condition on rows."""
    return f"version in {sorted(set(versions))}"
