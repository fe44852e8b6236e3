"""What is written into the tables of an index, and what their rows mean. A transaction is the caller's."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from index.local.arrays import blob
from index.local.postings import Postings
from index.originals import packed
from index.pieces.table import PieceTable
from index.pieces.windows import pieces
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Description, IndexedDebate
from index.types import Debate, Origin, Participant, Segment

ID_BITS = 24
"""Of a window's id: its number in its debate; the key of the debate's contents is above."""

COLUMNS = ("width", "first", "last", "first_segment", "last_segment")
"""Of the windows of a debate: pieces and segments, both included."""


def insert_debate(connection: sqlite3.Connection, entry: IndexedDebate) -> None:
    """With all that belongs to it."""
    debate = entry.debate
    day = debate.date.isoformat() if debate.date else None
    execute = connection.execute
    key = execute(
        "INSERT INTO debates (id, title, date, url, language, description, media) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (debate.id, debate.title, day, debate.url, debate.language, debate.description, debate.media),
    ).lastrowid
    assert key is not None
    _insert_participants(connection, key, debate.participants)
    _insert_segments(connection, key, debate.segments)
    put_counts(connection, key, debate.segments)
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
    """All else goes with its row (ON DELETE CASCADE), but for the vectors, which lie by the key of its windows."""
    found = connection.execute(
        "SELECT s.key FROM searched s JOIN debates d ON d.key = s.debate WHERE d.id = ?", (debate,)
    ).fetchall()
    for (key,) in found:
        connection.execute("DELETE FROM vectors WHERE id BETWEEN ? AND ?", ids_of(key))
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
    put_counts(connection, key, debate.segments)
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
        replace_terms(connection, key, description.terms)


def replace_terms(connection: sqlite3.Connection, debate: int, terms: Sequence[Sequence[str]]) -> None:
    """Under another key, since contents never change under theirs; the vectors move along."""
    old, windows = connection.execute("SELECT key, windows FROM searched WHERE debate = ?", (debate,)).fetchone()
    connection.execute("DELETE FROM searched WHERE key = ?", (old,))
    new = insert_searched(connection, debate, windows, terms)
    connection.execute(
        "UPDATE vectors SET id = id + ? WHERE id BETWEEN ? AND ?", ((new - old) << ID_BITS, *ids_of(old))
    )


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


def counts_of(segments: Sequence[Segment]) -> tuple[int, int, int, int, float]:
    """What a list of debates shows of them: segments, words, words with a known speaker, words of which a file or a
    person says who speaks, duration in seconds."""
    return (
        len(segments),
        _words(segments),
        _words(_known(segments)),
        _words(part for part in segments if part.attribution.origin.settled),
        max((part.end for part in segments), default=0.0),
    )


def speaking_in(segments: Sequence[Segment]) -> set[str]:
    """Who speaks in them, but for what the bare text suggests."""
    return {part.speaker for part in _known(segments) if part.speaker is not None}


def put_counts(connection: sqlite3.Connection, key: int | None, segments: Sequence[Segment]) -> None:
    """What is told of the segments of a debate without reading them all."""
    connection.execute(
        "UPDATE debates SET segments = ?, words = ?, labelled_words = ?, told_words = ?, duration = ? WHERE key = ?",
        (*counts_of(segments), key),
    )
    connection.execute("DELETE FROM speaking WHERE debate = ?", (key,))
    connection.executemany("INSERT INTO speaking VALUES (?, ?)", [(key, name) for name in speaking_in(segments)])


def _known(segments: Sequence[Segment]) -> list[Segment]:
    return [part for part in segments if part.speaker is not None and part.attribution.origin != Origin.SUGGESTED]


def _words(segments: Iterable[Segment]) -> int:
    return sum(part.text.count(" ") + 1 for part in segments)


def _insert_windows(connection: sqlite3.Connection, debate: int, entry: IndexedDebate) -> None:
    parts = pieces(entry.debate.segments)
    rows = [
        (window.width, window.first, window.last, parts[window.first].index, parts[window.last].index)
        for window in entry.windows
    ]
    key = insert_searched(connection, debate, window_columns(rows), entry.terms)
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?)",
        [
            ((key << ID_BITS) + number, vector.astype("<f2").tobytes())
            for number, vector in enumerate(np.asarray(entry.vectors))
        ],
    )


def window_columns(rows: Sequence[tuple[int, ...]]) -> bytes:
    """Windows, each as the values of ``COLUMNS``, as they are stored."""
    table = np.array(rows, np.int32).reshape(-1, len(COLUMNS))
    return blob({name: table[:, number] for number, name in enumerate(COLUMNS)})


def insert_searched(connection: sqlite3.Connection, debate: int, windows: bytes, terms: Sequence[Sequence[str]]) -> int:
    """The windows of a debate and their terms, under a key that was never used; that key."""
    postings = blob(Postings.of_terms(terms).arrays())
    key = connection.execute(
        "INSERT INTO searched (debate, token, size, windows, terms) VALUES (?, ?, ?, ?, ?)",
        (debate, secrets.randbits(62), len(terms), windows, postings),
    ).lastrowid
    assert key is not None
    return key


def ids_of(key: int) -> tuple[int, int]:
    """The first and the last id that windows under ``key`` may have."""
    return key << ID_BITS, ((key + 1) << ID_BITS) - 1


def _word_times(segment: Segment) -> str:
    times = [(word.start, word.end, word.text) for word in segment.words]
    return json.dumps(times, ensure_ascii=False, separators=(",", ":"))
