"""The store on one machine. Read ``store.py`` first, then ``keeper.py``."""

from index.local.keeper import Sizes
from index.local.store import DATABASE, VECTOR_FILE, LocalStore

__all__ = ["DATABASE", "VECTOR_FILE", "LocalStore", "Sizes"]
