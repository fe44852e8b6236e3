"""What is written into the tables of an index, and what their rows mean. A transaction is the caller's."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from index.originals import packed
from index.piece_table import PieceTable
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Description, IndexedDebate
from index.types import Debate, Origin, Participant, Segment, Vectors
from index.windows import pieces


def insert_debate(connection: sqlite3.Connection, entry: IndexedDebate) -> None:
    """With all that belongs to it."""
    debate = entry.debate
    day = debate.date.isoformat() if debate.date else None
    execute = connection.execute
    key = execute(
        "INSERT INTO debates (id, title, date, url, language, description, media) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (debate.id, debate.title, day, debate.url, debate.language, debate.description, debate.media),
    ).lastrowid
    _insert_participants(connection, key, debate.participants)
    _insert_segments(connection, key, debate.segments)
    execute("INSERT INTO originals VALUES (?, ?)", (key, packed(entry.base or debate)))
    if entry.origin is not None:
        execute("INSERT INTO imports VALUES (?, ?, ?)", (key, entry.origin.source, entry.origin.report.to_json()))
    _insert_windows(connection, key, entry)
    put_pieces(connection, key, debate)
    if entry.tokens is not None:
        execute("INSERT INTO tokens VALUES (?, ?)", (key, entry.tokens.to_bytes()))


def put_pieces(connection: sqlite3.Connection, key: int | None, debate: Debate) -> None:
    """As ``debate`` has them now."""
    connection.execute("INSERT OR REPLACE INTO pieces VALUES (?, ?)", (key, PieceTable.of(debate).to_bytes()))


def delete_debate(connection: sqlite3.Connection, debate: str) -> None:
    """Windows and segments go with their debate (ON DELETE CASCADE); FTS tables know no foreign keys."""
    connection.execute(
        "DELETE FROM terms WHERE rowid IN "
        "(SELECT w.id FROM windows w JOIN debates d ON d.key = w.debate WHERE d.id = ?)",
        (debate,),
    )
    connection.execute("DELETE FROM debates WHERE id = ?", (debate,))


def update_speakers(connection: sqlite3.Connection, key: int, debate: Debate, original: Debate) -> None:
    """Other speakers and participants for the segments that are there, in another language where that changed;
    ``original`` is kept unless one is already, as for debates of version 2."""
    connection.execute("INSERT OR IGNORE INTO originals VALUES (?, ?)", (key, packed(original)))
    connection.execute("DELETE FROM participants WHERE debate = ?", (key,))
    _insert_participants(connection, key, debate.participants)
    connection.executemany(
        "UPDATE segments SET speaker = ?, origin = ?, confidence = ? WHERE debate = ? AND position = ?",
        [
            (part.speaker, part.attribution.origin, part.attribution.confidence, key, part.index)
            for part in debate.segments
        ],
    )
    put_pieces(connection, key, debate)


def describe_debate(connection: sqlite3.Connection, key: int, description: Description) -> None:
    """Other fields, and whatever follows from them: who is taken to speak, and the terms of another language."""
    debate = description.debate
    day = debate.date.isoformat() if debate.date else None
    connection.execute(
        "UPDATE debates SET title = ?, date = ?, url = ?, language = ?, media = ? WHERE key = ?",
        (debate.title, day, debate.url, debate.language, debate.media, key),
    )
    connection.execute("DELETE FROM originals WHERE debate = ?", (key,))
    update_speakers(connection, key, debate, description.base)
    if description.terms is not None:
        ids = [row[0] for row in connection.execute("SELECT id FROM windows WHERE debate = ? ORDER BY id", (key,))]
        contents = [" ".join(terms) for terms in description.terms]
        connection.executemany("UPDATE terms SET content = ? WHERE rowid = ?", zip(contents, ids, strict=True))


def insert_corrections(
    connection: sqlite3.Connection, act: int, corrections: Mapping[str, Sequence[Correction]]
) -> None:
    """By the id of their debate."""
    connection.executemany(
        "INSERT INTO corrections (debate, act, kind, start, end, text, speaker, word, origin, confidence, by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(debate, act, *_correction_row(one)) for debate, made in corrections.items() for one in made],
    )


def put_renames(connection: sqlite3.Connection, renames: Mapping[str, str | None]) -> None:
    """None takes a rename back."""
    connection.executemany("DELETE FROM renames WHERE name = ?", [(name,) for name in renames])
    kept = [(name, person) for name, person in renames.items() if person]
    connection.executemany("INSERT INTO renames VALUES (?, ?)", kept)


def correction_of(row: Any) -> Correction:
    """A row of the table of corrections."""
    return Correction(
        CorrectionKind(row["kind"]),
        row["start"],
        row["end"],
        row["text"],
        row["speaker"],
        row["word"],
        origin=Origin(row["origin"]),
        confidence=row["confidence"],
        by=row["by"],
        act=row["act"],
    )


def vector_of(blob: bytes) -> Vectors:
    """Float16 as stored -> float32 of length 1 again."""
    vector = np.frombuffer(blob, "<f2").astype(np.float32)
    scaled: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return scaled


def _correction_row(one: Correction) -> tuple[object, ...]:
    return (
        *(one.kind, one.start, one.end, one.text, one.speaker),
        *(one.word, one.origin, one.confidence, one.by),
    )


def _insert_participants(connection: sqlite3.Connection, key: int | None, participants: Sequence[Participant]) -> None:
    connection.executemany(
        "INSERT INTO participants VALUES (?, ?, ?, ?, ?)",
        [
            (key, position, person.name, person.role, json.dumps(person.aliases, ensure_ascii=False))
            for position, person in enumerate(participants)
        ],
    )


def _insert_segments(connection: sqlite3.Connection, key: int | None, segments: Sequence[Segment]) -> None:
    connection.executemany(
        "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(key, segment.index, segment.start, segment.end, segment.text, segment.speaker),
                *(segment.attribution.origin, segment.attribution.confidence, segment.voice),
            )
            for segment in segments
        ],
    )
    connection.executemany(
        "INSERT INTO words VALUES (?, ?, ?)",
        [(key, segment.index, _word_times(segment)) for segment in segments if segment.words],
    )


def _insert_windows(connection: sqlite3.Connection, key: int | None, entry: IndexedDebate) -> None:
    parts = pieces(entry.debate.segments)
    execute = connection.execute
    for window, vector, terms in zip(entry.windows, entry.vectors, entry.terms, strict=True):
        first, last = parts[window.first].index, parts[window.last].index
        window_id = execute(
            "INSERT INTO windows (debate, width, first, last, first_segment, last_segment, vector) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, window.width, window.first, window.last, first, last, vector.astype("<f2").tobytes()),
        ).lastrowid
        execute("INSERT INTO terms (rowid, content) VALUES (?, ?)", (window_id, " ".join(terms)))


def _word_times(segment: Segment) -> str:
    times = [(word.start, word.end, word.text) for word in segment.words]
    return json.dumps(times, ensure_ascii=False, separators=(",", ":"))
