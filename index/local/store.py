"""The store on one machine: SQLite holds all of it; what is searched is in memory and in a file beside it."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from index.encoding.encoder import mixable
from index.errors import ModelMismatch
from index.local.connections import Connections
from index.local.keeper import Keeper, Sizes
from index.local.rows import (
    delete_debate,
    describe_debate,
    insert_corrections,
    insert_debate,
    put_renames,
    update_speakers,
)
from index.local.sqlite import translated
from index.local.state import State
from index.local.tables import Tables
from index.local.truth import Truth
from index.pieces.table import PieceTable
from index.pieces.tokens import TokenVectors
from index.speakers.corrections import Correction, renumbered
from index.store import Description, Import, IndexedDebate, Relabelling
from index.transcripts.report import ImportReport
from index.types import Debate, DebateSummary, Hit, Scope, Vectors

DATABASE = "index.sqlite"
VECTOR_FILE = "vectors.faiss"


class _Moved(Exception):
    """Somebody else changed the index meanwhile: the transaction is taken back."""


class LocalStore:
    """Safe to share between threads; sees at once what another process changed."""

    def __init__(self, folder: Path, sizes: Sizes | None = None) -> None:
        """``sizes``: from when on vectors are compressed."""
        self._path = folder / DATABASE
        self._vector_file = folder / VECTOR_FILE
        self._connections = Connections(self._path)
        self._connection = self._connections.writer
        self._tables = Tables(self._connections.rows, self._path)
        self._truth = Truth(self._connections.rows, self._path)
        self._keeper = Keeper(self._path, self._vector_file, sizes or Sizes())

    def close(self) -> None:
        self._keeper.close()
        self._connections.close()

    def settle(self) -> None:
        self._keeper.settle()

    # what is there

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._connections.reading(), translated(self._path):
            yield

    def size(self) -> int:
        rows = self._connections.rows
        with self.reading():
            pages, page = (rows(f"PRAGMA {name}")[0][name] for name in ("page_count", "page_size"))
        vectors = self._vector_file.stat().st_size if self._vector_file.exists() else 0
        return int(pages) * int(page) + vectors

    @property
    def place(self) -> str:
        return str(self._path)

    def generation(self) -> str:
        return self._tables.meta("stamp")

    def fingerprint(self) -> str:
        return self._tables.meta("fingerprint")

    def check_fingerprint(self, fingerprint: str) -> None:
        found = self.fingerprint()
        if found and not mixable(found, fingerprint):
            raise ModelMismatch(found=found, wanted=fingerprint)

    def debates(self) -> list[DebateSummary]:
        with self.reading():
            return self._tables.summaries()

    def summary(self, debate: str) -> DebateSummary | None:
        with self.reading():
            return self._tables.summary(debate)

    def names(self) -> frozenset[str]:
        return self._tables.names()

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        with self.reading():
            return self._tables.debate(debate, words=words)

    def original(self, debate: str) -> Debate:
        with self.reading():
            return self._tables.original(debate)

    def corrections(self, debate: str) -> list[Correction]:
        return self._tables.corrections(debate)

    def renames(self) -> dict[str, str]:
        return self._tables.renames()

    def vectors(self, debate: str) -> dict[tuple[int, int, int], Vectors]:
        with self.reading():
            return self._tables.vectors(debate)

    def tokens(self, debate: str) -> TokenVectors | None:
        with self.reading():
            return self._tables.tokens(debate)

    def pieces(self, debate: str) -> PieceTable:
        with self.reading():
            return self._tables.pieces(debate)

    def report(self, debate: str) -> ImportReport | None:
        with self.reading():
            return self._tables.report(debate)

    def stored(self, debate: str) -> IndexedDebate:
        with self.reading():
            return self._tables.stored(debate)

    def sources(self) -> dict[str, str]:
        return self._tables.sources()

    def speakers(self) -> dict[str, frozenset[str]]:
        return self._tables.speakers()

    # searching

    def dense(self, vector: Vectors, width: int, k: int, scope: Scope) -> list[Hit]:
        with self._searched() as state:
            return state.dense(vector, width, k, scope, self._truth)

    def background(self, vector: Vectors) -> tuple[float, float]:
        with self._searched() as state:
            return state.background(vector, self._truth)

    def lexical(self, terms: Sequence[str], width: int, k: int, scope: Scope) -> list[Hit]:
        with self._searched() as state:
            return state.lexical(terms, width, k, scope, self._truth)

    def document_frequencies(self, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        with self._searched() as state:
            return state.frequencies(terms), len(state)

    def vocabulary(self) -> dict[str, int]:
        with self._searched() as state:
            return state.vocabulary

    @contextmanager
    def _searched(self) -> Iterator[State]:
        with self.reading():
            yield self._keeper.state(self.generation(), self._truth)

    # changing

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        with self._changing(fingerprint) as connection:
            delete_debate(connection, entry.debate.id)
            insert_debate(connection, entry)
            put_renames(connection, entry.renames)
            if entry.corrections is not None:
                self._replace_corrections(connection, entry.debate.id, entry.corrections)
            windows = self._tables.windows()
        self._keeper.grown(windows)

    def remove(self, debate: str) -> None:
        with self._changing() as connection:
            self._tables.key(debate)
            delete_debate(connection, debate)
            connection.execute("DELETE FROM corrections WHERE debate = ?", (debate,))
            if not self._tables.windows():
                self._set_meta("fingerprint", "")

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str, since: str) -> bool:
        with suppress(_Moved), self._changing(since=since) as connection:
            self._set_meta("fingerprint", fingerprint if entries else "")
            known = self._tables.imports()
            for summary in self._tables.summaries():
                delete_debate(connection, summary.id)
            for entry in entries:
                insert_debate(connection, _with_origin(entry, known))
            return True
        return False

    def relabel(self, change: Relabelling, since: str) -> bool:
        with suppress(_Moved), self._changing(since=since) as connection:
            for debate in change.debates:
                self._relabel(connection, debate)
            known = self._tables.imports() if change.recut else {}
            for entry in change.recut:
                tokens = entry.tokens or self.tokens(entry.debate.id)
                delete_debate(connection, entry.debate.id)
                insert_debate(connection, replace(_with_origin(entry, known), tokens=tokens))
                if entry.corrections is not None:
                    self._replace_corrections(connection, entry.debate.id, entry.corrections)
            self._insert_corrections(connection, change)
            return True
        return False

    def describe(self, description: Description, since: str) -> bool:
        with suppress(_Moved), self._changing(since=since) as connection:
            describe_debate(connection, self._tables.key(description.debate.id), description)
            return True
        return False

    def _relabel(self, connection: Connection, debate: Debate) -> None:
        summary = self._tables.summary(debate.id)
        if (summary.segments if summary else 0) != len(debate.segments):
            self._tables.key(debate.id)  # unknown, rather than cut otherwise
            raise _Moved
        update_speakers(connection, self._tables.key(debate.id), debate, self.original(debate.id))

    def _insert_corrections(self, connection: Connection, change: Relabelling) -> None:
        connection.executemany("DELETE FROM corrections WHERE act = ?", [(act,) for act in change.removed])
        act = int(self._tables.meta("acts")) + any(change.added.values())
        self._set_meta("acts", str(act))
        insert_corrections(connection, act, change.added)
        put_renames(connection, change.renames)

    def _replace_corrections(self, connection: Connection, debate: str, corrections: Sequence[Correction]) -> None:
        """Under new numbers of their acts: those that they have may be others' here."""
        connection.execute("DELETE FROM corrections WHERE debate = ?", (debate,))
        for act, made in groupby(renumbered(corrections, int(self._tables.meta("acts"))), key=_act):
            insert_corrections(connection, act, {debate: list(made)})
            self._set_meta("acts", str(max(act, int(self._tables.meta("acts")))))

    @contextmanager
    def _changing(self, fingerprint: str | None = None, since: str | None = None) -> Iterator[Connection]:
        """One transaction with a new generation. The first debate of an index sets its fingerprint; one that is not in
        the state ``since`` stays as it is."""
        with self._connections.writing() as connection:
            if since is not None and self.generation() != since:
                raise _Moved
            if fingerprint is not None:
                self.check_fingerprint(fingerprint)
                if not self.fingerprint():
                    self._set_meta("fingerprint", fingerprint)
            yield connection
            self._set_meta("stamp", secrets.token_hex(16))

    def _set_meta(self, key: str, value: str) -> None:
        self._connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def _act(correction: Correction) -> int:
    return correction.act or 0


def _with_origin(entry: IndexedDebate, known: dict[str, Import]) -> IndexedDebate:
    return replace(entry, origin=entry.origin or known.get(entry.debate.id))
