"""The order in which pieces begin passages: against sorting all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import UNKNOWN, Attribution, Debate, Origin, Segment
from rag.layout import Layout
from rag.passages import _peaks, _Scored

_PEOPLE = (UNKNOWN, *(Attribution(name, Origin.LABELLED, 1.0) for name in ("Ada", "Zoé")))
_SPEAKERS = st.sampled_from([None, {"Ada"}, {"Zoé", None}, set[str]()])


def scored(number: int, count: int, levels: int, generator: np.random.Generator) -> _Scored:
    """With so few ``levels`` of score that many are tied."""
    who = generator.integers(0, len(_PEOPLE), count)
    parts = (Segment(at, float(at), at + 1.0, f"Phrase {at}.", _PEOPLE[who[at]]) for at in range(count))
    layout = Layout.of(Debate(f"d{number}", "D", tuple(parts)))
    return _Scored(layout, generator.integers(0, levels, count) / 7.0 - 3.0, np.zeros(count, bool))


def peaks_by_hand(debates: list[_Scored], speakers: set[str | None] | None) -> list[tuple[float, int, int]]:
    return sorted(
        (-debate.scores.item(at), number, at)
        for number, debate in enumerate(debates)
        for at, piece in enumerate(debate.layout.pieces)
        if speakers is None or piece.speaker in speakers
    )


@given(st.lists(st.integers(1, 40), max_size=5), st.integers(1, 30), st.integers(0, 999), _SPEAKERS)
def test_peaks_come_best_first_and_ties_by_debate_and_position(
    counts: list[int], levels: int, seed: int, speakers: set[str | None] | None
) -> None:
    generator = np.random.default_rng(seed)
    debates = [scored(number, count, levels, generator) for number, count in enumerate(counts)]
    found = [(-score, debates.index(debate), at) for score, debate, at in _peaks(debates, speakers)]
    assert found == peaks_by_hand(debates, speakers)


@pytest.mark.parametrize("levels", [1, 3, 100_000])
def test_thousands_are_sorted_in_parts_and_all_of_them_come(levels: int) -> None:
    generator = np.random.default_rng(levels)
    debates = [scored(number, 900, levels, generator) for number in range(3)]
    found = [(-score, debates.index(debate), at) for score, debate, at in _peaks(debates, {"Ada", None})]
    assert len(found) > 1200
    assert found == peaks_by_hand(debates, {"Ada", None})
