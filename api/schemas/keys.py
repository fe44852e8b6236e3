"""Keys, as ``qdq keys --json`` prints them."""

import datetime
from collections.abc import Mapping, Sequence

from pydantic import Field

from api.access.keys import Key
from api.access.scopes import KeyScope
from api.schemas.shape import Out


class KeyOut(Out):
    """What is known of a key, but for the key itself."""

    id: str
    name: str
    scope: KeyScope
    created: datetime.datetime
    expires: datetime.datetime | None
    revoked: datetime.datetime | None
    used: str | None = Field(description="The last day on which it was used.")
    max_debates: int | None
    max_mb: int | None
    debates: int = Field(0, description="Those in the index that it added, as they were counted last.")
    bytes: int = Field(0, description="That these take there.")


class NewKeyOut(KeyOut):
    """A key that was just made."""

    key: str = Field(description="The key itself, shown this once.")


class KeysOut(Out):
    """The oldest first, also those that are revoked or expired."""

    keys: list[KeyOut]


def new_key_out(key: Key, secret: str) -> NewKeyOut:
    return NewKeyOut(**KeyOut.model_validate(key).model_dump(), key=secret)


def keys_out(keys: Sequence[Key], used: Mapping[str, tuple[int, int]]) -> KeysOut:
    """``used`` by the id of a key: how many debates, and their bytes."""
    return KeysOut(keys=[_with_use(KeyOut.model_validate(key), *used.get(key.id, (0, 0))) for key in keys])


def _with_use(out: KeyOut, debates: int, size: int) -> KeyOut:
    return out.model_copy(update={"debates": debates, "bytes": size})
