"""Vectors of passages, kept on disk by the hash of their text and the encoder's fingerprint.

A transcript that is added again embeds only what changed, and work that was broken off goes on where it stopped. The
file is a cache: it holds no text, can be deleted at any time, and when it cannot be read or written everything works
as if there were none. (diskcache would do, but it unpickles what it reads.)
"""

import hashlib
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.encoding.batches import Counted, longest_first
from index.encoding.encoder import Around, Encoder
from index.pieces.tokens import Tokens
from index.types import Progress, Vectors

FILE = "vectors.sqlite"
AT_ONCE = 64
"""Texts that are embedded before they are written: what a killed process loses."""
_BUSY_SECONDS = 2.0
_ASKED_AT_ONCE = 500
_DAY = 86_400
_TABLE = """CREATE TABLE IF NOT EXISTS kept
    (key BLOB PRIMARY KEY, day INTEGER NOT NULL, checksum INTEGER NOT NULL, content BLOB NOT NULL) WITHOUT ROWID"""
_BYTES = """SELECT page_count * page_size * EXISTS (SELECT 1 FROM kept)
    FROM pragma_page_count, pragma_page_size"""
_DELETE_OLDEST = """DELETE FROM kept WHERE key IN
    (SELECT key FROM kept ORDER BY day LIMIT (SELECT count(*) / 4 + 1 FROM kept))"""

T = TypeVar("T")


class KeptVectors(Around):
    """``encoder``, whose passages are kept in ``folder``, up to about ``most_mb``."""

    def __init__(self, encoder: Encoder, folder: Path, most_mb: int) -> None:
        super().__init__(encoder)
        self._file = _File(folder / FILE, most_mb * 1_000_000)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        def embedded(batch: list[str]) -> list[Vectors]:
            return list(self._encoder.embed_passages(batch))

        found = self._known("embed", texts, embedded, _vector_bytes, _vector, progress)
        return np.array(found, np.float32) if found else self._encoder.embed_passages([])

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        return self._known("tokens", texts, self._encoder.embed_tokens, _tokens_bytes, _tokens, progress)

    def _known(
        self,
        stage: str,
        texts: Sequence[str],
        embedded: Callable[[list[str]], list[T]],
        packed: Callable[[T], bytes],
        unpacked: Callable[[bytes], T],
        progress: Progress | None,
    ) -> list[T]:
        """One for each text; only what is new is embedded, and counted."""
        keys = [_key(f"{self.fingerprint}\0{stage}\0{text}") for text in texts]
        found = {key: unpacked(content) for key, content in self._file.read(keys).items()}
        missing = list({key: at for at, key in enumerate(keys) if key not in found}.values())
        new = [texts[at] for at in missing]
        counted = Counted(stage, new, progress)
        for batch in longest_first(new, AT_ONCE):
            made = dict(zip((keys[missing[at]] for at in batch), embedded([new[at] for at in batch]), strict=True))
            self._file.write({key: packed(one) for key, one in made.items()})
            found |= made
            counted.add(batch)
        return [found[key] for key in keys]


class _File:
    """What fails is as if it were not there."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most = most_bytes
        self._lock = threading.Lock()

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return self._done(lambda connection: _read(connection, keys), {}) if self._path.exists() else {}

    def write(self, contents: Mapping[bytes, bytes]) -> None:
        self._done(lambda connection: self._write(connection, contents), None)

    def _write(self, connection: sqlite3.Connection, contents: Mapping[bytes, bytes]) -> None:
        rows = [(key, _today(), zlib.crc32(content), content) for key, content in contents.items()]
        connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        while connection.execute(_BYTES).fetchone()[0] > self._most:
            connection.execute(_DELETE_OLDEST)
            connection.commit()
            connection.execute("VACUUM")

    def _done(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """A piece of work on a connection of its own; ``otherwise`` where it fails."""
        try:
            with self._lock, closing(self._connected()) as connection, connection:
                return work(connection)
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
            return otherwise

    def _connected(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_TABLE)
        except BaseException:
            connection.close()
            raise
        return connection


def _read(connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """What is there and whole; it is known to be of use still, once a day."""
    found: dict[bytes, bytes] = {}
    for at in range(0, len(keys), _ASKED_AT_ONCE):
        some = keys[at : at + _ASKED_AT_ONCE]
        query = f"SELECT key, checksum, content FROM kept WHERE key IN ({', '.join('?' * len(some))})"
        rows = connection.execute(query, some)
        found |= {key: content for key, checksum, content in rows if zlib.crc32(content) == checksum}
    connection.executemany(
        "UPDATE kept SET day = ? WHERE key = ? AND day < ?", [(_today(), key, _today()) for key in found]
    )
    return found


def _key(named: str) -> bytes:
    return hashlib.blake2b(named.encode(), digest_size=16).digest()


def _today() -> int:
    return int(time.time() // _DAY)


def _vector_bytes(vector: Vectors) -> bytes:
    return vector.astype("<f4").tobytes()


def _vector(content: bytes) -> Vectors:
    return np.frombuffer(content, "<f4").astype(np.float32)


def _tokens_bytes(tokens: Tokens) -> bytes:
    """How many there are and their dimension, where they begin, their vectors."""
    count, dimension = tokens.vectors.shape
    begins, vectors = tokens.begins.astype("<i4"), tokens.vectors.astype("<f2")
    return struct.pack("<II", count, dimension) + begins.tobytes() + vectors.tobytes()


def _tokens(content: bytes) -> Tokens:
    count, dimension = struct.unpack_from("<II", content)
    begins = np.frombuffer(content, "<i4", count, offset=8).astype(np.int64)
    return Tokens(np.frombuffer(content, "<f2", offset=8 + 4 * count).reshape(count, dimension), begins)
