"""Which scope a request needs: one table, closed by default.

What the table does not name needs ``read`` where it only looks and ``write`` where it may change something, so that a
route which somebody adds later is never open by being forgotten.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class KeyScope(StrEnum):
    """What a key may do; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def included(self) -> frozenset["KeyScope"]:
        """Itself and those before it."""
        every = list(KeyScope)
        return frozenset(every[: every.index(self) + 1])


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request, by the key that was given. ``max_debates`` and ``max_mb`` (1,000,000 bytes) bound what
    the key may have in the index; None: nothing does."""

    id: str
    name: str
    scopes: frozenset[KeyScope]
    max_debates: int | None = None
    max_mb: int | None = None

    @property
    def bounded(self) -> bool:
        return self.max_debates is not None or self.max_mb is not None

    def may(self, scope: KeyScope) -> bool:
        return scope in self.scopes


OPEN = None
"""Needs no key."""

_READING, _CHANGING, _ANY = "GET|HEAD|OPTIONS", "POST|PUT|PATCH|DELETE", ".*"
_TABLE: tuple[tuple[str, str, KeyScope | None], ...] = (
    # for whoever watches over the server, and for whoever has yet to sign in
    ("GET|HEAD", r"/healthz|/readyz", OPEN),
    ("GET|HEAD", r"/static/.*|/static-offline-docs/.*", OPEN),
    ("GET|HEAD|POST", r"/signin", OPEN),
    ("POST", r"/signout", KeyScope.READ),
    # about the server itself, and who may use it
    (_ANY, r"/metrics|/v1/keys(/.*)?", KeyScope.ADMIN),
    # these only read, though they are sent
    ("POST", r"/v1/ask|/v1/compare|/v1/verify", KeyScope.READ),
    ("POST|DELETE", r"/mcp/?", KeyScope.READ),
    # forms that lead to a change: whoever may not make it is told before it is filled in
    (_READING, r"/debates/[^/]+/(edit|delete|added)|/d/[^/]+/(check|cut)", KeyScope.WRITE),
    (_READING, r"/.*", KeyScope.READ),
    (_CHANGING, r"/.*", KeyScope.WRITE),
    (_ANY, r".*", KeyScope.ADMIN),
)
"""Methods and paths, as patterns of the whole of each; the first row that fits counts. MCP ends its session by
DELETE."""


def needed(method: str, path: str) -> KeyScope | None:
    """The scope that a key must have for a request, None where no key is needed.

    >>> needed("GET", "/v1/debates"), needed("DELETE", "/v1/debates/d"), needed("GET", "/healthz")
    (<KeyScope.READ: 'read'>, <KeyScope.WRITE: 'write'>, None)
    """
    return next(
        scope
        for methods, paths, scope in _TABLE
        if re.fullmatch(methods, method, re.DOTALL) and re.fullmatch(paths, path, re.DOTALL)
    )
