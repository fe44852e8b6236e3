"""Keys, as ``qdq keys --json`` prints them."""

import datetime
from collections.abc import Sequence

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


class NewKeyOut(KeyOut):
    """A key that was just made."""

    key: str = Field(description="The key itself, shown this once.")


class KeysOut(Out):
    """The oldest first, also those that are revoked or expired."""

    keys: list[KeyOut]


def new_key_out(key: Key, secret: str) -> NewKeyOut:
    return NewKeyOut(**KeyOut.model_validate(key).model_dump(), key=secret)


def keys_out(keys: Sequence[Key]) -> KeysOut:
    return KeysOut(keys=[KeyOut.model_validate(key) for key in keys])
