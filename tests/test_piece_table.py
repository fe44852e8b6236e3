"""The columns of a debate against its pieces, turns and windows one by one, and through bytes and the store."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DebateUnknown, StoreDamaged
from index.local import DATABASE, LocalStore
from index.pieces.table import Pieces, PieceTable
from index.pieces.windows import WIDTHS, pieces, turns, windows
from index.types import Attribution, Debate, Origin, Participant, Segment, Turn, joined_text
from index.writing.editing import Changes
from index.writing.embedding import indexed
from rag.engine import Engine
from tests.fakes import HashEncoder
from tests.made_debates import made_debates
from tests.old_versions import taken_back
from tests.suite_files import EVENING, srt


def turns_of(table: PieceTable) -> list[Turn]:
    return [table.turn(number) for number in range(len(table.turn_first))]


def covers_by_hand(parts: list[Segment], width: int) -> list[int]:
    cut = windows(parts, width)
    return [sum(window.first <= at <= window.last for window in cut) for at in range(len(parts))]


@given(made_debates())
def test_the_columns_say_what_pieces_turns_and_windows_say(debate: Debate) -> None:
    table, parts = PieceTable.of(debate), pieces(debate.segments)
    assert list(Pieces(table)) == parts
    assert turns_of(table) == turns(parts)
    assert table.text == joined_text(parts)
    assert table.words.tolist() == [len(part.text.split()) for part in parts]
    assert table.spaced.tolist() == [len(part.text.split(" ")) for part in parts]
    assert table.asks.tolist() == [part.text.endswith("?") for part in parts]
    assert table.turn_of.tolist() == [n for n, run in enumerate(turns(parts)) for _ in range(run.first, run.last + 1)]
    assert {width: cover.tolist() for width, cover in table.covers.items()} == {
        width: covers_by_hand(parts, width) for width in WIDTHS
    }


@given(made_debates(), st.data())
def test_stretches_of_the_text_and_of_the_pieces_are_those_of_lists(debate: Debate, data: st.DataObject) -> None:
    table, parts = PieceTable.of(debate), pieces(debate.segments)
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    assert table.text_of(first, last) == joined_text(parts[first : last + 1])
    lazy, step = Pieces(table), data.draw(st.sampled_from([1, 2, -1]))
    assert lazy[first : last + 1 : step] == tuple(parts[first : last + 1 : step])
    assert lazy[first - len(parts)] == parts[first]
    assert lazy[first] is lazy[first]
    speakers = data.draw(st.sets(st.sampled_from(["Ada", "Bob", "Zoé", None])))
    assert table.spoken_by(speakers).tolist() == [part.speaker in speakers for part in parts]


@given(made_debates())
def test_bytes_give_the_same_table_again(debate: Debate) -> None:
    table = PieceTable.of(debate)
    again = PieceTable.from_bytes(table.to_bytes())
    assert again.to_bytes() == table.to_bytes()
    assert list(Pieces(again)) == pieces(debate.segments)
    assert turns_of(again) == turns(pieces(debate.segments))
    assert (again.debate, again.language, again.text) == ("d", "fr", joined_text(debate.segments))


def test_what_a_table_keeps_of_everybody() -> None:
    said = Attribution("Ada", Origin.MODEL, 0.125)
    parts = (Segment(0, 0.5, 1.25, "Oui ?", said, voice="SPEAKER_00"), Segment(1, 1.25, 3.0, "Non."))
    debate = Debate("x", "X", parts, participants=(Participant("Ada"), Participant("Bob")), language="en")
    table = PieceTable.from_bytes(PieceTable.of(debate).to_bytes())
    assert tuple(Pieces(table)) == parts
    assert (table.people, table.language, len(table)) == (("Ada", "Bob"), "en", 2)
    with pytest.raises(IndexError):
        Pieces(table)[2]


@pytest.mark.parametrize("spoil", [lambda c: b"", lambda c: b"QDQX" + c[4:], lambda c: c[:-1], lambda c: c + b"x"])
def test_other_bytes_are_no_table(spoil: "object") -> None:
    content = PieceTable.of(Debate("d", "D", (Segment(0, 0.0, 1.0, "Oui."),))).to_bytes()
    with pytest.raises(ValueError, match="pieces cannot be read"):
        PieceTable.from_bytes(spoil(content))  # type: ignore[operator]


@pytest.fixture
def spoken(engine: Engine, tmp_path: Path) -> Engine:
    (tmp_path / "soir.srt").write_text(srt(EVENING), "utf-8")
    engine.add(tmp_path / "soir.srt")
    return engine


def kept(home: Path) -> list[bytes]:
    with sqlite3.connect(home / DATABASE) as index:
        return [row[0] for row in index.execute("SELECT content FROM pieces")]


def test_the_store_keeps_the_table_of_each_debate_as_it_is_now(spoken: Engine, home: Path) -> None:
    store = spoken._store
    for change in (
        lambda: spoken.correct("soir", 1, 1, "Ada Martin"),
        lambda: spoken.edit("soir", Changes(language="en")),
        lambda: spoken.split("soir", 0, 1),
        spoken.rebuild,
    ):
        change()
        made = PieceTable.of(store.debate("soir")).to_bytes()
        assert kept(home) == [made]
        assert store.pieces("soir").to_bytes() == made
    spoken.remove("soir")
    assert kept(home) == []
    with pytest.raises(DebateUnknown):
        store.pieces("soir")


def test_a_debate_of_an_earlier_version_gets_a_table(spoken: Engine, home: Path) -> None:
    made, answer = spoken._store.pieces("soir").to_bytes(), spoken.ask("Que dit-on du budget ?")
    spoken.close()
    taken_back(home, 5)
    older = Engine(LocalStore(home), HashEncoder(), spoken.settings)
    assert kept(home) == [made]
    assert older._store.pieces("soir").to_bytes() == made
    assert older.ask("Que dit-on du budget ?").answer == answer.answer
    older.correct("soir", 0, 0, "Ada Martin")
    assert older._store.pieces("soir").piece(0).speaker == "Ada Martin"
    older.close()


def test_a_debate_without_a_table_is_read_all_the_same(spoken: Engine, home: Path) -> None:
    made = spoken._store.pieces("soir").to_bytes()
    with sqlite3.connect(home / DATABASE) as index:
        index.execute("DELETE FROM pieces")
    assert spoken._store.pieces("soir").to_bytes() == made


def test_a_damaged_table_is_told(spoken: Engine, home: Path) -> None:
    with sqlite3.connect(home / DATABASE) as index:
        index.execute("UPDATE pieces SET content = 'zut'")
    with pytest.raises(StoreDamaged, match="soir"):
        spoken._store.pieces("soir")


def test_columns_are_read_in_place() -> None:
    """Nothing of them is copied: a question opens dozens of debates."""
    parts = tuple(Segment(at, float(at), at + 1.0, f"Phrase {at}.") for at in range(50))
    content = PieceTable.of(Debate("d", "D", parts)).to_bytes()
    assert all(
        np.shares_memory(column, np.frombuffer(content, np.uint8))
        for column in (PieceTable.from_bytes(content).start, PieceTable.from_bytes(content).covers[30])
    )


def test_entries_of_an_index_have_one(encoder: HashEncoder, tmp_path: Path) -> None:
    store, debate = LocalStore(tmp_path), Debate("d", "D", (Segment(0, 0.0, 1.0, "Le budget."),))
    store.add(indexed(debate, encoder), "f")
    assert store.pieces("d").text == "Le budget."
    store.close()
