"""The store on one machine: SQLite for everything, FAISS for the nearest vectors."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import DebateUnknown, ModelMismatch, StoreDamaged, listed
from index.originals import unpacked
from index.rows import (
    correction_of,
    delete_debate,
    describe_debate,
    insert_corrections,
    insert_debate,
    put_renames,
    update_speakers,
    vector_of,
)
from index.schema import connect, transaction, translated
from index.speakers.corrections import Correction
from index.store import Description, Import, IndexedDebate, Relabelling
from index.tokens import TokenVectors
from index.transcripts.report import ImportReport
from index.types import (
    Attribution,
    Debate,
    DebateSummary,
    Hit,
    Origin,
    Participant,
    Scope,
    Segment,
    Vectors,
    Window,
    WordTime,
    joined_text,
)
from index.vectors import CacheKey, Ids, VectorIndex, as_ids
from index.windows import pieces

DATABASE = "index.sqlite"
VECTOR_FILE = "vectors.faiss"
_SCOPES_KEPT = 64


class _Moved(Exception):
    """Somebody else changed the index meanwhile: the transaction is taken back."""


class LocalStore:
    """Safe to share between threads; sees at once what another process changed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE
        self._vector_file = folder / VECTOR_FILE
        self._lock = threading.RLock()
        self._connection = connect(self._path)
        self._stamp = ""
        self._scoped = ""
        self._vectors: VectorIndex | None = None
        self._scopes: dict[tuple[int, Scope], Ids] = {}

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    # what is there

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock, translated(self._path):
            nested = self._connection.in_transaction
            if not nested:
                self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if not nested and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def size(self) -> int:
        pages, page = (self._all(f"PRAGMA {name}")[0][name] for name in ("page_count", "page_size"))
        vectors = self._vector_file.stat().st_size if self._vector_file.exists() else 0
        return int(pages) * int(page) + vectors

    @property
    def place(self) -> str:
        return str(self._path)

    def generation(self) -> str:
        return self._meta("stamp")

    def fingerprint(self) -> str:
        return self._meta("fingerprint")

    def check_fingerprint(self, fingerprint: str) -> None:
        found = self.fingerprint()
        if found and found != fingerprint:
            raise ModelMismatch(found=found, wanted=fingerprint)

    def debates(self) -> list[DebateSummary]:
        rows = self._all(
            """SELECT d.key, d.id, d.title, d.date, d.url, d.language, d.media,
                      count(*) AS segments, max(s.end) AS duration,
                      sum(length(s.text) - length(replace(s.text, ' ', '')) + 1) AS words,
                      sum((s.speaker IS NOT NULL AND s.origin != 'suggested') *
                          (length(s.text) - length(replace(s.text, ' ', '')) + 1)) AS labelled_words,
                      sum((s.origin IN ('labelled', 'corrected')) *
                          (length(s.text) - length(replace(s.text, ' ', '')) + 1)) AS told_words
               FROM debates d JOIN segments s ON s.debate = d.key GROUP BY d.key ORDER BY d.id"""
        )
        return [
            DebateSummary(
                id=row["id"],
                title=row["title"],
                participants=self._participants(row["key"]),
                date=_date(row["date"]),
                url=row["url"],
                language=row["language"],
                segments=row["segments"],
                words=row["words"],
                labelled_words=row["labelled_words"],
                duration=row["duration"],
                media=row["media"],
                told_words=row["told_words"],
            )
            for row in rows
        ]

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        with self.reading():
            row = self._debate_row(debate)
            times = self._words(row["key"]) if words else {}
            segments = self._all(
                "SELECT position, start, end, text, speaker, origin, confidence, voice FROM segments "
                "WHERE debate = ? ORDER BY position",
                row["key"],
            )
            return Debate(
                id=row["id"],
                title=row["title"],
                segments=tuple(
                    Segment(
                        position,
                        start,
                        end,
                        text,
                        Attribution(speaker, Origin(origin), confidence),
                        times.get(position, ()),
                        voice,
                    )
                    for position, start, end, text, speaker, origin, confidence, voice in segments
                ),
                participants=self._participants(row["key"]),
                date=_date(row["date"]),
                url=row["url"],
                language=row["language"],
                description=row["description"],
                media=row["media"],
            )

    def _words(self, key: int) -> dict[int, tuple[WordTime, ...]]:
        rows = self._all("SELECT position, times FROM words WHERE debate = ?", key)
        return {row["position"]: tuple(WordTime(*time) for time in json.loads(row["times"])) for row in rows}

    def original(self, debate: str) -> Debate:
        with self.reading():
            rows = self._all("SELECT content FROM originals WHERE debate = ?", self._debate_row(debate)["key"])
            found = self.debate(debate, words=True)
        return unpacked(rows[0]["content"], found) if rows else found

    def corrections(self, debate: str) -> list[Correction]:
        rows = self._all("SELECT * FROM corrections WHERE debate = ? ORDER BY id", debate)
        return [correction_of(row) for row in rows]

    def renames(self) -> dict[str, str]:
        return {row["name"]: row["person"] for row in self._all("SELECT name, person FROM renames")}

    def vectors(self, debate: str) -> dict[tuple[int, int, int], Vectors]:
        with self.reading():
            key = self._debate_row(debate)["key"]
            rows = self._all("SELECT width, first, last, vector FROM windows WHERE debate = ?", key)
        return {(row["width"], row["first"], row["last"]): vector_of(row["vector"]) for row in rows}

    def tokens(self, debate: str) -> TokenVectors | None:
        with self.reading():
            rows = self._all("SELECT content FROM tokens WHERE debate = ?", self._debate_row(debate)["key"])
        try:
            return TokenVectors.from_bytes(rows[0]["content"]) if rows else None
        except ValueError as error:
            raise StoreDamaged(path=self._path, reason=f"{debate}: {error}") from error

    def report(self, debate: str) -> ImportReport | None:
        with self.reading():
            rows = self._all("SELECT report FROM imports WHERE debate = ?", self._debate_row(debate)["key"])
        return ImportReport.from_json(rows[0]["report"]) if rows else None

    def stored(self, debate: str) -> IndexedDebate:
        with self.reading():
            key, found = self._debate_row(debate)["key"], self.debate(debate, words=True)
            parts = pieces(found.segments)
            rows = self._all(
                "SELECT w.first, w.last, w.width, w.vector, t.content FROM windows w JOIN terms t ON t.rowid = w.id "
                "WHERE w.debate = ? ORDER BY w.id",
                key,
            )
            return IndexedDebate(
                found,
                [Window(row[0], row[1], row[2], joined_text(parts[row[0] : row[1] + 1])) for row in rows],
                np.array([np.frombuffer(row["vector"], "<f2") for row in rows], np.float32),
                [row["content"].split() for row in rows],
                origin=self._imports().get(debate),
                base=self.original(debate),
                tokens=self.tokens(debate),
                corrections=self.corrections(debate),
            )

    def sources(self) -> dict[str, str]:
        rows = self._all("SELECT i.source, d.id FROM imports i JOIN debates d ON d.key = i.debate")
        return {row["source"]: row["id"] for row in rows}

    def speakers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for row in self._all(
            "SELECT DISTINCT s.speaker, d.id FROM segments s JOIN debates d ON d.key = s.debate "
            "WHERE s.speaker IS NOT NULL AND s.origin != ?",
            Origin.SUGGESTED,
        ):
            found.setdefault(row["speaker"], set()).add(row["id"])
        return {name: frozenset(debates) for name, debates in sorted(found.items())}

    # searching

    def dense(self, vector: Vectors, width: int, k: int, scope: Scope) -> list[Hit]:
        with self.reading():
            vectors = self._current_vectors()
            found = vectors.search(vector, k, self._windows_in(scope, width))
            return self._hits(found)

    def background(self, vector: Vectors) -> tuple[float, float]:
        with self.reading():
            return self._current_vectors().background(vector)

    def lexical(self, terms: Sequence[str], width: int, k: int, scope: Scope) -> list[Hit]:
        if not terms:
            return []
        condition, values = _condition(scope, width)
        # CROSS JOIN keeps SQLite from asking the word index once for each window of the scope
        rows = self._all(
            f"""SELECT d.id AS debate, w.first, w.last, w.width, -bm25(terms) AS score
                FROM terms CROSS JOIN windows w ON w.id = terms.rowid CROSS JOIN debates d ON d.key = w.debate
                WHERE terms MATCH ? AND {condition} ORDER BY score DESC, w.id LIMIT ?""",
            _match(terms),
            *values,
            k,
        )
        return [Hit(row["debate"], row["first"], row["last"], row["width"], row["score"]) for row in rows]

    def document_frequencies(self, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        with self.reading():
            marks = ", ".join("?" * len(terms))
            rows = self._all(f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", *terms)
            (windows,) = self._all("SELECT count(*) FROM windows")[0]
        found = {row["term"]: row["doc"] for row in rows}
        return {term: found.get(term, 0) for term in terms}, windows

    def vocabulary(self) -> dict[str, int]:
        return {row["term"]: row["doc"] for row in self._all("SELECT term, doc FROM vocabulary")}

    # changing

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        with self._changing(fingerprint):
            delete_debate(self._connection, entry.debate.id)
            insert_debate(self._connection, entry)
            put_renames(self._connection, entry.renames)
            if entry.corrections is not None:
                self._replace_corrections(entry.debate.id, entry.corrections)

    def _replace_corrections(self, debate: str, corrections: Sequence[Correction]) -> None:
        """With the numbers of their acts, after which the next ones come."""
        self._connection.execute("DELETE FROM corrections WHERE debate = ?", (debate,))
        for act, made in groupby(corrections, key=lambda one: one.act or 0):
            insert_corrections(self._connection, act, {debate: list(made)})
            self._set_meta("acts", str(max(act, int(self._meta("acts")))))

    def remove(self, debate: str) -> None:
        with self._changing():
            self._debate_row(debate)
            delete_debate(self._connection, debate)
            self._connection.execute("DELETE FROM corrections WHERE debate = ?", (debate,))
            if not self._all("SELECT 1 FROM windows LIMIT 1"):
                self._set_meta("fingerprint", "")

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str, since: str) -> bool:
        with suppress(_Moved), self._changing():
            if self.generation() != since:
                raise _Moved
            self._set_meta("fingerprint", fingerprint)
            known = self._imports()
            for row in self._all("SELECT id FROM debates"):
                delete_debate(self._connection, row["id"])
            for entry in entries:
                insert_debate(self._connection, replace(entry, origin=entry.origin or known.get(entry.debate.id)))
            return True
        return False

    def relabel(self, change: Relabelling, since: str) -> bool:
        with suppress(_Moved), self._changing(windows=bool(change.recut)):
            if self.generation() != since:
                raise _Moved
            for debate in change.debates:
                self._relabel(debate)
            known = self._imports() if change.recut else {}
            for entry in change.recut:
                tokens = entry.tokens or self.tokens(entry.debate.id)
                delete_debate(self._connection, entry.debate.id)
                origin = entry.origin or known.get(entry.debate.id)
                insert_debate(self._connection, replace(entry, origin=origin, tokens=tokens))
            self._insert_corrections(change)
            return True
        return False

    def _relabel(self, debate: Debate) -> None:
        key = self._debate_row(debate.id)["key"]
        if self._all("SELECT count(*) FROM segments WHERE debate = ?", key)[0][0] != len(debate.segments):
            raise _Moved
        update_speakers(self._connection, key, debate, self.original(debate.id))

    def describe(self, description: Description, since: str) -> bool:
        with suppress(_Moved), self._changing(windows=False):
            if self.generation() != since:
                raise _Moved
            describe_debate(self._connection, self._debate_row(description.debate.id)["key"], description)
            return True
        return False

    def _insert_corrections(self, change: Relabelling) -> None:
        self._connection.executemany("DELETE FROM corrections WHERE act = ?", [(act,) for act in change.removed])
        act = int(self._meta("acts")) + any(change.added.values())
        self._set_meta("acts", str(act))
        insert_corrections(self._connection, act, change.added)
        put_renames(self._connection, change.renames)

    def _imports(self) -> dict[str, Import]:
        rows = self._all("SELECT d.id, i.source, i.report FROM imports i JOIN debates d ON d.key = i.debate")
        return {row["id"]: Import(row["source"], ImportReport.from_json(row["report"])) for row in rows}

    @contextmanager
    def _changing(self, fingerprint: str | None = None, *, windows: bool = True) -> Iterator[None]:
        """One transaction with a new generation, and new vectors when ``windows`` change. The first debate of an index
        sets its fingerprint."""
        with self._lock, translated(self._path), transaction(self._connection):
            if fingerprint is not None:
                self.check_fingerprint(fingerprint)
                self._set_meta("fingerprint", fingerprint)
            yield
            stamp = secrets.token_hex(16)
            self._set_meta("stamp", stamp)
            if windows:
                self._set_meta("vectors", stamp)

    # inside

    def _all(self, query: str, *values: Any) -> list[Any]:
        with self._lock, translated(self._path):
            cursor = self._connection.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(query, values).fetchall()

    def _meta(self, key: str) -> str:
        return str(self._all("SELECT value FROM meta WHERE key = ?", key)[0]["value"])

    def _set_meta(self, key: str, value: str) -> None:
        self._connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))

    def _debate_row(self, debate: str) -> Any:
        rows = self._all("SELECT * FROM debates WHERE id = ?", debate)
        if not rows:
            known = [row["id"] for row in self._all("SELECT id FROM debates ORDER BY id")]
            raise DebateUnknown(debate=debate, known=listed(known))
        return rows[0]

    def _participants(self, key: int) -> tuple[Participant, ...]:
        rows = self._all("SELECT name, role, aliases FROM participants WHERE debate = ? ORDER BY position", key)
        return tuple(Participant(row["name"], row["role"], tuple(json.loads(row["aliases"]))) for row in rows)

    def _current_vectors(self) -> VectorIndex:
        """The vectors of this state of the index: in memory, else from the cache file, else from SQLite."""
        stamp, generation = self._meta("vectors"), self.generation()
        if self._vectors is None or stamp != self._stamp:
            key = CacheKey(stamp, self._meta("fingerprint"))
            self._vectors = VectorIndex.load(self._vector_file, key) or self._vectors_from_rows(key)
            self._stamp = stamp
        if generation != self._scoped:
            self._scoped = generation
            self._scopes.clear()
        return self._vectors

    def _vectors_from_rows(self, key: CacheKey) -> VectorIndex:
        rows = self._all("SELECT id, vector FROM windows ORDER BY id")
        vectors = np.stack([vector_of(row["vector"]) for row in rows]) if rows else np.zeros((0, 1), np.float32)
        index = VectorIndex(as_ids([row["id"] for row in rows]), vectors)
        try:
            index.save(self._vector_file, key)
        except OSError:
            return index  # a cache: without room for it the next program builds it again
        return index

    def _windows_in(self, scope: Scope, width: int) -> Ids:
        """Call after ``_current_vectors``, which forgets the scopes of an older state."""
        found = self._scopes.get((width, scope))
        if found is None:
            condition, values = _condition(scope, width)
            rows = self._all(
                f"SELECT w.id FROM windows w JOIN debates d ON d.key = w.debate WHERE {condition} ORDER BY w.id",
                *values,
            )
            found = as_ids([row["id"] for row in rows])
            while len(self._scopes) >= _SCOPES_KEPT:
                self._scopes.pop(next(iter(self._scopes)))
            self._scopes[width, scope] = found
        return found

    def _hits(self, scores: Sequence[tuple[int, float]]) -> list[Hit]:
        marks = ", ".join("?" * len(scores))
        rows = self._all(
            f"SELECT w.id, d.id AS debate, w.first, w.last, w.width FROM windows w JOIN debates d ON d.key = w.debate "
            f"WHERE w.id IN ({marks})",
            *(id_ for id_, _score in scores),
        )
        places = {row["id"]: row for row in rows}
        return [
            Hit(place["debate"], place["first"], place["last"], place["width"], score)
            for id_, score in scores
            if (place := places.get(id_)) is not None
        ]


def _condition(scope: Scope, width: int) -> tuple[str, list[Any]]:
    """The SQL condition on windows ``w`` and debates ``d`` that ``scope`` means, and its values."""
    parts, values = ["w.width = ?"], [width]  # type: tuple[list[str], list[Any]]
    if scope.debates is not None:
        parts.append(f"d.id IN ({', '.join('?' * len(scope.debates))})")
        values += sorted(scope.debates)
    if scope.date_from is not None:
        parts.append("d.date >= ?")
        values.append(scope.date_from.isoformat())
    if scope.date_to is not None:
        parts.append("d.date <= ?")
        values.append(scope.date_to.isoformat())
    if scope.speakers is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM segments s WHERE s.debate = w.debate "
            "AND s.position BETWEEN w.first_segment AND w.last_segment "
            f"AND s.speaker IN ({', '.join('?' * len(scope.speakers))}))"
        )
        values += sorted(scope.speakers)
    return " AND ".join(parts), values


def _match(terms: Iterable[str]) -> str:
    """An FTS5 expression: any of ``terms``, each quoted so that nothing in it is an operator."""
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
