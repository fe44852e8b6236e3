"""Whoever signed in on the pages: a cookie of 32 random bytes, of which the server keeps the hash, bound to a key.

Every form carries a token, an HMAC of a fresh number under the cookie's value: another site can neither read the cookie
nor make one, nothing has to be stored, and no two pages hold the same token, so that the length of a compressed page
tells nothing of it (https://breachattack.com).
"""

import hashlib
import hmac
import secrets
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from api.access.keys import Key, Keys
from index.errors import StoreError

IDLE_SECONDS = 12 * 3600.0
MOST_SECONDS = 7 * 86_400.0
_RENEWED_SECONDS = 3600.0
"""A session that is used is prolonged no more often: each time is a write."""
_MOST_OF_A_KEY = 100
_SECURE, _PLAIN = "__Host-qdq", "qdq_session"


class Sessions:
    """Of ``keys``: a session ends with its key, after 12 hours without a request, after 7 days, or by signing out."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def begin(self, key: Key, before: str = "") -> str:
        """The cookie of a new session, in place of the one ``before``. Raises a StoreError."""
        value, now = secrets.token_urlsafe(32), self._keys.now()
        with self._keys.database.changing() as connection:
            connection.execute("DELETE FROM sessions WHERE expires <= ? OR digest = ?", (now, _digest(before)))
            connection.execute(
                "DELETE FROM sessions WHERE digest IN"
                " (SELECT digest FROM sessions WHERE key = ? ORDER BY expires DESC LIMIT -1 OFFSET ?)",
                (key.id, _MOST_OF_A_KEY - 1),
            )
            row = (_digest(value), key.id, now, now + IDLE_SECONDS)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", row)
        return value

    def key(self, value: str) -> Key | None:
        """The key of the session with this cookie, if both hold. Raises a StoreError."""
        now = self._keys.now()
        latest = now + IDLE_SECONDS + _RENEWED_SECONDS  # beyond, the clock was put back since
        rows = self._keys.database.rows(
            "SELECT key, created, expires FROM sessions WHERE digest = ? AND expires > ? AND expires < ?",
            *(_digest(value), now, latest),
        )
        if not rows:
            return None
        id_, created, expires = rows[0]
        later = min(now + IDLE_SECONDS, created + MOST_SECONDS)
        if later - expires >= _RENEWED_SECONDS:
            with suppress(StoreError), self._keys.database.changing() as connection:  # it is read all the same
                connection.execute("UPDATE sessions SET expires = ? WHERE digest = ?", (later, _digest(value)))
        return self._keys.of_id(id_)

    def end(self, value: str) -> None:
        """Raises a StoreError."""
        with self._keys.database.changing() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (_digest(value),))


def cookie_of(scope: Scope) -> str:
    """The session's cookie that a request bears; empty without one."""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(_name(scope), "")


def set_cookie(response: Response, scope: Scope, value: str) -> None:
    """``value`` empty takes it away. It goes when the browser is closed."""
    response.set_cookie(
        _name(scope),
        value,
        max_age=None if value else 0,
        path="/",
        secure=_is_secure(scope),
        httponly=True,
        samesite="strict",
    )


def token(value: str) -> str:
    """For the forms of one page of the session with this cookie."""
    number = secrets.token_hex(8)
    return f"{number}.{_mac(value, number)}"


def is_token(given: str, value: str) -> bool:
    """Whether ``given`` was made for the session with this cookie."""
    number, _, mac = given.partition(".")
    return hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(value, number).encode())


def _mac(value: str, number: str) -> str:
    return hmac.new(value.encode(), f"form {number}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "replace")).digest()


def _is_secure(scope: Scope) -> bool:
    """Also where a proxy says so that nobody told us to believe: whoever lies here has a cookie that is of no use to
    them, and a page of another site cannot."""
    proxied = Headers(scope=scope).get("x-forwarded-proto", "").partition(",")[0]
    return "https" in (scope.get("scheme"), proxied.strip().lower())


def _name(scope: Scope) -> str:
    """With https one that no sibling of the host can set (https://www.rfc-editor.org/rfc/rfc6265bis#section-4.1.3)."""
    return _SECURE if _is_secure(scope) else _PLAIN
