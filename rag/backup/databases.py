"""The databases of a home: what a backup holds, and what is looked at after it."""

from dataclasses import dataclass

from index.local import DATABASE
from index.local.schema import APPLICATION, VERSION
from rag import records
from rag.watches import file


@dataclass(frozen=True, slots=True)
class Database:
    """A file of a home: the number by which SQLite's files are told apart, and the version that is known here."""

    name: str
    application: int
    version: int


INDEX = Database(DATABASE, APPLICATION, VERSION)
ANSWERS = Database(records.DATABASE, records.APPLICATION, records.VERSION)
KEYS = Database("keys.db", 0x71647133, 1)
"""Whoever may come in: hashes of their keys. ``api`` makes it, which this layer knows nothing of."""
WATCHES = Database(file.DATABASE, file.APPLICATION, file.VERSION)

BESIDE = (ANSWERS, KEYS, WATCHES)
"""What may lie beside the index."""
KNOWN = {one.name: one for one in (INDEX, *BESIDE)}
