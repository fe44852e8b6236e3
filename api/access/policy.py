"""Whether a server asks for a key."""

from dataclasses import dataclass
from enum import Enum, auto

from api.access.keys import Keys
from index.errors import KeysNeeded
from rag.settings import Settings


class Mode(Enum):
    """Who is let in without a key. A key that is given has to be right in any case, and may do what its scope says."""

    KEYS = auto()
    """Nobody."""
    ALONE = auto()
    """Whoever reaches it, which is its own machine: what a proxy passed on is refused."""
    INSECURE = auto()
    """Everybody."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the gate goes by."""

    keys: Keys
    mode: Mode = Mode.ALONE


def access_of(settings: Settings, address: str, *, loopback: bool, insecure: bool) -> Access:
    """For a server at ``address``, which its own machine alone reaches if it is a ``loopback``. Raises KeysNeeded where
    keys are asked for and there is none, a StoreError."""
    keys = Keys(settings.home)
    if insecure:
        return Access(keys, Mode.INSECURE)
    if loopback and not settings.require_key:
        return Access(keys, Mode.ALONE)
    if not keys.any():
        raise KeysNeeded(address=address)
    return Access(keys, Mode.KEYS)
