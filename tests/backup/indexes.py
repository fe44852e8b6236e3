"""Small indexes and files of keys for the tests of backups, and all that one holds."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from index.local import LocalStore
from index.migrate import content_hash
from index.types import EVERYWHERE, Debate, Hit, Segment
from index.writing.build import index_fingerprint, indexed
from rag.backup.databases import KEYS
from rag.settings import Settings
from tests.fakes import HashEncoder

ENCODER = HashEncoder()
_WORDS = "budget culture réacteur nucléaire europe école climat impôt retraite logement hôpital justice".split()


def debate_of(name: str, seed: int, segments: int = 30) -> Debate:
    chosen = np.random.default_rng(seed).choice(_WORDS, (segments, 9))
    texts = [f"{' '.join(row)} numéro {at}." for at, row in enumerate(chosen)]
    return Debate(name, name.title(), tuple(Segment(at, at, at + 0.9, text) for at, text in enumerate(texts)))


def add(store: LocalStore, name: str, seed: int) -> None:
    store.add(indexed(debate_of(name, seed), ENCODER), index_fingerprint(ENCODER))


def contents(store: LocalStore) -> object:
    """All that an index holds, and what it finds."""
    query = ENCODER.embed_query("réacteur nucléaire")
    with store.reading():
        ids = [summary.id for summary in store.debates()]
        return (
            [content_hash(store.stored(debate)) for debate in ids],
            store.renames(),
            store.speakers(),
            _found(store.dense(query, 30, 1000, EVERYWHERE)),
            _found(store.lexical(["reacteur"], 90, 1000, EVERYWHERE)),
            [round(figure, 5) for figure in store.background(query)],
            store.document_frequencies(["reacteur", "ecol"]),
        )


def _found(hits: Sequence[Hit]) -> list[Hit]:
    """In an order of their own: of equal ones those come first that were added first, here to another index."""
    return sorted(hit._replace(score=round(hit.score, 5)) for hit in hits)


def replace_home(settings: Settings, home: Path) -> Settings:
    return settings.model_copy(update={"home": home})


def keep_keys(home: Path, *names: str) -> None:
    with closing(sqlite3.connect(home / KEYS.name)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS keys (name TEXT)")
        connection.execute("DELETE FROM keys")
        connection.executemany("INSERT INTO keys VALUES (?)", [(name,) for name in names])
        connection.execute(f"PRAGMA application_id = {KEYS.application}")
        connection.execute(f"PRAGMA user_version = {KEYS.version}")


def key_names(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / KEYS.name)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM keys")]
