"""What SQLite's tables say of debates, as the store gives it."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import DebateUnknown, StoreDamaged, listed
from index.local.rows import correction_of
from index.local.truth import Rows, Truth
from index.originals import unpacked
from index.pieces.table import PieceTable
from index.pieces.tokens import TokenVectors
from index.pieces.windows import pieces
from index.speakers.corrections import Correction
from index.store import Import, IndexedDebate
from index.transcripts.report import ImportReport
from index.types import (
    Attribution,
    Debate,
    DebateSummary,
    Origin,
    Participant,
    Segment,
    Vectors,
    Window,
    WordTime,
    joined_text,
)

_SUMMARY = (
    "SELECT key, id, title, date, url, language, media, segments, words, labelled_words, told_words, duration "
    "FROM debates WHERE segments > 0"
)


class Tables:
    """Each method asks by ``rows``; several that must agree are asked in one state of the index."""

    def __init__(self, rows: Rows, path: Path) -> None:
        self._rows = rows
        self._path = path

    def meta(self, key: str) -> str:
        return str(self._rows("SELECT value FROM meta WHERE key = ?", key)[0]["value"])

    def key(self, debate: str) -> int:
        """Raises DebateUnknown."""
        return int(self._debate_row(debate)["key"])

    def windows(self) -> int:
        """How many there are."""
        return int(self._rows("SELECT coalesce(sum(size), 0) AS windows FROM searched")[0]["windows"])

    def summaries(self) -> list[DebateSummary]:
        people: dict[int, list[Participant]] = {}
        for row in self._rows("SELECT * FROM participants ORDER BY debate, position"):
            people.setdefault(row["debate"], []).append(_participant(row))
        return [_summary(row, people.get(row["key"], ())) for row in self._rows(f"{_SUMMARY} ORDER BY id")]

    def summary(self, debate: str) -> DebateSummary | None:
        rows = self._rows(f"{_SUMMARY} AND id = ?", debate)
        return _summary(rows[0], self._participants(rows[0]["key"])) if rows else None

    def debate(self, debate: str, *, words: bool) -> Debate:
        row = self._debate_row(debate)
        times = self._words(row["key"]) if words else {}
        segments = self._rows(
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

    def original(self, debate: str) -> Debate:
        rows = self._rows("SELECT content FROM originals WHERE debate = ?", self.key(debate))
        found = self.debate(debate, words=True)
        return unpacked(rows[0]["content"], found) if rows else found

    def corrections(self, debate: str) -> list[Correction]:
        rows = self._rows("SELECT * FROM corrections WHERE debate = ? ORDER BY id", debate)
        return [correction_of(row) for row in rows]

    def renames(self) -> dict[str, str]:
        return {row["name"]: row["person"] for row in self._rows("SELECT name, person FROM renames")}

    def vectors(self, debate: str) -> dict[tuple[int, int, int], Vectors]:
        rows = self._rows("SELECT key FROM searched WHERE debate = ?", self.key(debate))
        return Truth(self._rows, self._path).by_window(rows[0]["key"])

    def tokens(self, debate: str) -> TokenVectors | None:
        rows = self._rows("SELECT content FROM tokens WHERE debate = ?", self.key(debate))
        try:
            return TokenVectors.from_bytes(rows[0]["content"]) if rows else None
        except ValueError as error:
            raise StoreDamaged(path=self._path, reason=f"{debate}: {error}") from error

    def pieces(self, debate: str) -> PieceTable:
        rows = self._rows(
            "SELECT p.content FROM debates d LEFT JOIN pieces p ON p.debate = d.key WHERE d.id = ?", debate
        )
        if not rows or rows[0]["content"] is None:
            return PieceTable.of(self.debate(debate, words=False))
        try:
            return PieceTable.from_bytes(rows[0]["content"])
        except ValueError as error:
            raise StoreDamaged(path=self._path, reason=f"{debate}: {error}") from error

    def report(self, debate: str) -> ImportReport | None:
        rows = self._rows("SELECT report FROM imports WHERE debate = ?", self.key(debate))
        return ImportReport.from_json(rows[0]["report"]) if rows else None

    def stored(self, debate: str) -> IndexedDebate:
        """The terms of a window in no order: that is not kept."""
        key, found = self.key(debate), self.debate(debate, words=True)
        parts, truth = pieces(found.segments), Truth(self._rows, self._path)
        searched = self._rows("SELECT key FROM searched WHERE debate = ?", key)[0]["key"]
        return IndexedDebate(
            found,
            [
                Window(first, last, width, joined_text(parts[first : last + 1]))
                for width, first, last in truth.by_window(searched)
            ],
            truth.sixteen_bits(searched).astype(np.float32),
            truth.terms_of(searched),
            origin=self.imports().get(debate),
            base=self.original(debate),
            tokens=self.tokens(debate),
            corrections=self.corrections(debate),
        )

    def sources(self) -> dict[str, str]:
        rows = self._rows("SELECT i.source, d.id FROM imports i JOIN debates d ON d.key = i.debate")
        return {row["source"]: row["id"] for row in rows}

    def imports(self) -> dict[str, Import]:
        rows = self._rows("SELECT d.id, i.source, i.report FROM imports i JOIN debates d ON d.key = i.debate")
        return {row["id"]: Import(row["source"], ImportReport.from_json(row["report"])) for row in rows}

    def speakers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for row in self._rows("SELECT s.name, d.id FROM speaking s JOIN debates d ON d.key = s.debate"):
            found.setdefault(row["name"], set()).add(row["id"])
        return {name: frozenset(debates) for name, debates in sorted(found.items())}

    def names(self) -> frozenset[str]:
        rows = self._rows("SELECT name FROM speaking UNION SELECT name FROM participants")
        return frozenset(row["name"] for row in rows)

    def _words(self, key: int) -> dict[int, tuple[WordTime, ...]]:
        rows = self._rows("SELECT position, times FROM words WHERE debate = ?", key)
        return {row["position"]: tuple(WordTime(*time) for time in json.loads(row["times"])) for row in rows}

    def _debate_row(self, debate: str) -> Any:
        rows = self._rows("SELECT * FROM debates WHERE id = ?", debate)
        if not rows:
            known = [row["id"] for row in self._rows("SELECT id FROM debates ORDER BY id")]
            raise DebateUnknown(debate=debate, known=listed(known))
        return rows[0]

    def _participants(self, key: int) -> tuple[Participant, ...]:
        rows = self._rows("SELECT * FROM participants WHERE debate = ? ORDER BY position", key)
        return tuple(map(_participant, rows))


def _summary(row: Any, participants: Sequence[Participant]) -> DebateSummary:
    return DebateSummary(
        id=row["id"],
        title=row["title"],
        participants=tuple(participants),
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


def _participant(row: Any) -> Participant:
    return Participant(row["name"], row["role"], tuple(json.loads(row["aliases"])))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
