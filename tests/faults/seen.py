"""Everything that can be seen of an index, to be compared."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.encoding.kept_vectors import KeptVectors
from index.local import DATABASE, LocalStore
from index.migrate import content_hash
from index.pieces.windows import WIDTHS
from index.store import Store
from index.types import EVERYWHERE, Hit, Scope
from rag.records import Records
from tests.fakes import HashEncoder
from tests.faults.work import CACHE, SMALL

QUESTIONS = ("le réacteur nucléaire", "budget de la culture", "prison")
TERMS = (["reacteur", "nucleair"], ["budget", "numero"], ["prison", "jug", "introuvabl"])
SCOPES = (
    EVERYWHERE,
    Scope(speakers=frozenset({"Ada Martin", "Zoé Roux"})),
    Scope(debates=frozenset({"d0", "d2"})),
    Scope(date_from=date(2024, 1, 1)),
)

Seen = dict[str, Any]


def everything(home: Path) -> Seen:
    """Of the index in ``home`` and of what lies beside it; its state's name is in ``generation``. Where there is none,
    what is seen of an empty one."""
    if not (home / DATABASE).exists():
        with TemporaryDirectory() as empty:
            LocalStore(Path(empty)).close()
            return everything(Path(empty))
    with closing(LocalStore(home, SMALL)) as store:
        found = contents(store)
        found["whole"] = _whole(home)
    records = Records(home, 30)
    found["answers"] = sorted(record.question for record in records.all())
    records.close()
    return found


def contents(store: Store) -> Seen:
    """Of any store; scores apart, since they are compared with a tolerance."""
    with store.reading():
        ids = [summary.id for summary in store.debates()]
        return {
            "generation": store.generation(),
            "debates": store.debates(),
            "hashes": {one: content_hash(store.stored(one)) for one in ids},
            "texts": [store.debate(one, words=True) for one in ids],
            "originals": [store.original(one) for one in ids],
            "corrections": {one: store.corrections(one) for one in ids},
            "pieces": {one: store.pieces(one).to_bytes() for one in ids},
            "reports": {one: store.report(one) for one in ids},
            "renames": store.renames(),
            "sources": store.sources(),
            "speakers": store.speakers(),
            "names": store.names(),
            "fingerprint": store.fingerprint(),
            "vocabulary": store.vocabulary(),
            "counts": store.document_frequencies(TERMS[1]),
            "scores": _scores(store),
        }


def _scores(store: Store) -> dict[object, Any]:
    found: dict[object, Any] = {}
    for question, terms in zip(QUESTIONS, TERMS, strict=True):
        vector = HashEncoder().embed_query(question)
        found[question, "background"] = store.background(vector)
        for width in WIDTHS:
            for number, scope in enumerate(SCOPES):
                found[question, width, number, "dense"] = _by_place(store.dense(vector, width, 1000, scope))
                found[question, width, number, "lexical"] = _by_place(store.lexical(terms, width, 1000, scope))
    return found


def _by_place(hits: Sequence[Hit]) -> dict[tuple[str, int, int], float]:
    return {(hit.debate, hit.first, hit.last): hit.score for hit in hits}


def _whole(home: Path) -> dict[str, object]:
    """What SQLite says of the file, how many rows each table has, and whether windows and vectors agree."""
    with closing(sqlite3.connect(home / DATABASE)) as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        tables = [name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        counts = {name: ask(f"SELECT count(*) FROM {name}")[0][0] for name in tables}
        windows = ask("SELECT coalesce(sum(size), 0) FROM searched")[0][0]
        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        assert windows == counts["vectors"]
        assert counts["searched"] == counts["debates"] == counts["pieces"]
        return counts


def differing(one: Seen, other: Seen) -> set[str]:
    """What is not the same in both: nothing where they are one state. The name of the state is looked at apart."""
    names = {*one, *other} - {"generation", "scores"}
    found = {name for name in names if one.get(name) != other.get(name)}
    if not alike(one.get("scores", {}), other.get("scores", {})):
        found.add("scores")
    return found


def alike(ones: dict[object, Any], others: dict[object, Any]) -> bool:
    """Whether the same is found everywhere. What is compressed is compared again, but for the last of many."""
    if ones.keys() != others.keys():
        return False
    return all(_near(found, others[asked]) for asked, found in ones.items())


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return False
        one, other = list(one.values()), [other[place] for place in one]
    return bool(np.allclose(one, other, atol=2e-3))


def kept_right(home: Path, texts: Sequence[str]) -> bool:
    """Whether what is kept of ``texts`` beside the index is what the encoder gives."""
    kept = KeptVectors(HashEncoder(), home / CACHE, 10).embed_passages(texts)
    return bool((kept == HashEncoder().embed_passages(texts)).all())
