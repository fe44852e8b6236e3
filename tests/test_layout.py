"""What is kept of the debates that were read: the most recent ones, of one state of the index."""

import threading
from collections.abc import Callable

import pytest

from index.pieces.windows import pieces, turns
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment, joined_text
from rag.layout import Layout, _Recent

ADA = Attribution("Ada", Origin.LABELLED, 1.0)


def recent(most: int) -> tuple[_Recent[str], list[str], Callable[[str, str], str]]:
    """Weighs letters; tells what was made."""
    made: list[str] = []

    def make(debate: str) -> str:
        made.append(debate)
        return debate * 2

    kept: _Recent[str] = _Recent(most, len)
    return kept, made, lambda debate, generation: kept.of(debate, generation, make)


def test_what_was_looked_at_last_stays() -> None:
    _kept, made, of = recent(most=4)
    assert [of(debate, "1") for debate in ("a", "b", "a", "c", "a", "b")] == ["aa", "bb", "aa", "cc", "aa", "bb"]
    assert made == ["a", "b", "c", "b"]


def test_what_weighs_more_than_all_that_fits_is_kept_alone() -> None:
    _kept, made, of = recent(most=1)
    assert [of(debate, "1") for debate in ("a", "a", "b", "a")] == ["aa", "aa", "bb", "aa"]
    assert made == ["a", "b", "a"]


def test_another_state_of_the_index_is_read_anew() -> None:
    _kept, made, of = recent(most=100)
    assert [of("a", generation) for generation in ("1", "1", "2", "2", "1")] == ["aa"] * 5
    assert made == ["a", "a", "a"]


def test_what_cannot_be_read_is_not_kept() -> None:
    kept, made, of = recent(most=100)

    def fails(debate: str) -> str:
        raise KeyError(debate)

    with pytest.raises(KeyError):
        kept.of("a", "1", fails)
    assert (of("a", "1"), made) == ("aa", ["a"])


def test_nobody_waits_while_another_debate_is_read() -> None:
    kept, _made, of = recent(most=100)
    reading, go = threading.Event(), threading.Event()

    def slow(debate: str) -> str:
        reading.set()
        assert go.wait(60)
        return debate

    thread = threading.Thread(target=kept.of, args=("slow", "1", slow))
    thread.start()
    assert reading.wait(60)
    assert of("a", "1") == "aa"
    go.set()
    thread.join(60)
    assert of("slow", "1") == "slow"


def test_a_layout_says_what_its_pieces_say() -> None:
    texts = ["Qui a dit « oui ? »", "C'est M.", "Macron. Et", "puis non.", "Ah !", "Fin"]
    parts = [Segment(at, float(at), at + 1.0, text, ADA if at > 3 else UNKNOWN) for at, text in enumerate(texts)]
    layout = Layout.of(Debate("d", "D", tuple(parts)))
    assert [layout.ends_sentence(at) for at in range(6)] == [True, False, False, True, True, True]
    assert [layout.turn_at(at) for at in range(6)] == [turns(pieces(parts))[at > 3] for at in range(6)]
    assert layout.turn_words.tolist() == [13, 13, 13, 13, 3, 3]
    assert [layout.spoken(first, last) for first, last in ((0, 5), (1, 3), (4, 4), (3, 2))] == [16, 6, 2, 0]
    assert layout.text(1, 3) == joined_text(parts[1:4])
