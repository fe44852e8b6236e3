"""Keys: made, listed, revoked, and known again.

A key is ``qdq_<id>_<32 random bytes>``. Kept is its SHA-256: nobody can try through 256 random bits, so a slow hash,
which protects what people choose, would protect nothing here and cost every request a tenth of a second.
"""

import hashlib
import hmac
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.access.database import KeyDatabase
from api.access.scopes import Caller, KeyScope
from index.errors import FieldInvalid, KeyNameTaken, KeyUnknown, StoreError

DAY = 86_400.0
MOST_DAYS = 36_500
_LONGEST_NAME = 60
_KEY = re.compile(r"qdq_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).digest()
_COLUMNS = "id, name, scope, created, expires, revoked, used, max_debates, max_mb"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key, but for the key itself. ``used`` is the last day, as 2024-11-19, on which it was."""

    id: str
    name: str
    scope: KeyScope
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    used: str | None = None
    max_debates: int | None = None
    max_mb: int | None = None

    def holds(self, now: float) -> bool:
        """Whether it is neither revoked nor expired at ``now``, in seconds since the epoch."""
        return self.revoked is None and (self.expires is None or now < self.expires.timestamp())

    @property
    def caller(self) -> Caller:
        return Caller(self.id, self.name, self.scope.included, self.max_debates, self.max_mb)


class Keys:
    """Those in ``folder``. Safe to share between threads and processes; what one revokes the others refuse at once."""

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        """``now`` in seconds since the epoch."""
        self.database = KeyDatabase(folder)
        self.now = now

    def add(
        self,
        name: str,
        scope: KeyScope = KeyScope.READ,
        *,
        days: int | None = None,
        max_debates: int | None = None,
        max_mb: int | None = None,
    ) -> tuple[Key, str]:
        """A new key and the secret, which is nowhere else. Raises FieldInvalid for a name that cannot be one,
        KeyNameTaken, a StoreError."""
        name = _valid(name)
        id_, now = secrets.token_hex(4), self.now()
        secret = f"qdq_{id_}_{secrets.token_urlsafe(32)}"
        expires = None if days is None else now + days * DAY
        row = (id_, name, scope.value, _digest(secret), now, expires, max_debates, max_mb)
        names = "id, name, scope, digest, created, expires, max_debates, max_mb"
        with self.database.changing() as connection:
            try:
                connection.execute(f"INSERT INTO keys ({names}) VALUES ({', '.join('?' * len(row))})", row)
            except sqlite3.IntegrityError as error:
                raise KeyNameTaken(name=name) from error
        return self._named("id", id_)[0], secret

    def all(self) -> list[Key]:
        """Also those that hold no more, the oldest first. Raises a StoreError."""
        return [_key(row) for row in self.database.rows(f"SELECT {_COLUMNS} FROM keys ORDER BY rowid")]

    def any(self) -> bool:
        """Whether anybody could be let in. Raises a StoreError."""
        return any(key.holds(self.now()) for key in self.all())

    def revoke(self, id_or_name: str) -> Key:
        """It is refused from now on, and so are its sessions. Raises KeyUnknown, also for one that is revoked
        already, a StoreError."""
        found = [key for key in self._named("id", id_or_name) + self._named("name", id_or_name) if not key.revoked]
        if not found:
            raise KeyUnknown(key=id_or_name)
        with self.database.changing() as connection:
            connection.execute("UPDATE keys SET revoked = ? WHERE id = ?", (self.now(), found[0].id))
            connection.execute("DELETE FROM sessions WHERE key = ?", (found[0].id,))
        return self._named("id", found[0].id)[0]

    def known(self, given: str) -> Key | None:
        """The key whose secret was ``given``, if it holds. Hashes are compared in a time that tells nothing of them,
        also where there is no such id. Raises a StoreError."""
        rows = self.database.rows(f"SELECT digest, {_COLUMNS} FROM keys WHERE id = ?", id_in(given))
        right = hmac.compare_digest(_digest(given), rows[0][0] if rows else _NOBODY)
        key = _key(rows[0][1:]) if rows else None
        if not right or key is None or not key.holds(self.now()):
            return None
        self._used(key)
        return key

    def of_id(self, id_: str) -> Key | None:
        """The key with this id, if it holds. Raises a StoreError."""
        return next((key for key in self._named("id", id_) if key.holds(self.now())), None)

    def _used(self, key: Key) -> None:
        """Of its use the day is kept and no more, written once; a file that cannot be written keeps nobody out."""
        today = _moment(self.now()).date().isoformat()
        if key.used != today:
            with suppress(StoreError), self.database.changing() as connection:
                connection.execute("UPDATE keys SET used = ? WHERE id = ?", (today, key.id))

    def _named(self, column: str, value: str) -> list[Key]:
        return [_key(row) for row in self.database.rows(f"SELECT {_COLUMNS} FROM keys WHERE {column} = ?", value)]


def id_in(given: str) -> str:
    """The id in what looks like a key; empty in what does not.

    >>> id_in(f"qdq_0123abcd_{'x' * 43}"), id_in("secret")
    ('0123abcd', '')
    """
    found = _KEY.fullmatch(given)
    return found[1] if found else ""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _valid(name: str) -> str:
    """One line to read, which is no id."""
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or re.fullmatch(r"[0-9a-f]{8}", name):
        expected_fr = f"1 à {_LONGEST_NAME} caractères lisibles, et autre chose qu'un identifiant"
        expected = f"1 to {_LONGEST_NAME} printable characters, and nothing like an id"
        raise FieldInvalid(field="name", value=name[:_LONGEST_NAME], expected=expected, expected_fr=expected_fr)
    return name


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _key(row: tuple[Any, ...]) -> Key:
    id_, name, scope, created, expires, revoked, used, max_debates, max_mb = row
    ends = None if expires is None else _moment(expires)
    gone = None if revoked is None else _moment(revoked)
    return Key(id_, name, KeyScope(scope), _moment(created), ends, gone, used, max_debates, max_mb)
