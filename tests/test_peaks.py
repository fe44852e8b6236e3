"""The order in which pieces begin passages, which debates are read for it, and when no more are cut: against looking at
all of them."""

from itertools import islice
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import UNKNOWN, Attribution, Debate, Origin, Segment
from rag.layout import Layout
from rag.passages import _completed, _peaks, _scored, passages
from rag.retrieve import Promising, Ranked
from rag.weights import SHIPPED

_PEOPLE = (UNKNOWN, *(Attribution(name, Origin.LABELLED, 1.0) for name in ("Ada", "Zoé")))
_SPEAKERS = st.sampled_from([None, {"Ada"}, {"Zoé", None}, set[str]()])
_TEXTS = ("Phrase.", "Une phrase plus longue que douze mots, pour que le tour ne soit pas court.", "Et qui paie ?")


def ranked(number: int, count: int, levels: int, generator: np.random.Generator) -> Ranked:
    """With so few ``levels`` of score that many are tied."""
    who, said = generator.integers(0, len(_PEOPLE), count), generator.integers(0, len(_TEXTS), count)
    parts = (Segment(at, float(at), at + 1.0, _TEXTS[said[at]], _PEOPLE[who[at]]) for at in range(count))
    layout = Layout.of(Debate(f"d{number}", "D", tuple(parts)))
    return Ranked(layout, generator.integers(0, levels, count) / 7.0 - 3.0)


def peaks_by_hand(entries: list[Ranked], speakers: set[str | None] | None) -> list[tuple[float, int, int]]:
    scored = [_scored(entry, SHIPPED) for entry in entries]
    return sorted(
        (-debate.scores.item(at), number, at)
        for number, debate in enumerate(scored)
        for at, piece in enumerate(debate.layout.pieces)
        if speakers is None or piece.speaker in speakers
    )


@given(
    st.lists(st.integers(1, 40), max_size=6), st.integers(1, 30), st.integers(0, 999), _SPEAKERS, st.integers(0, 300)
)
def test_peaks_come_best_first_and_no_debate_is_read_for_nothing(
    counts: list[int], levels: int, seed: int, speakers: set[str | None] | None, wanted: int
) -> None:
    generator = np.random.default_rng(seed)
    entries = [ranked(number, count, levels, generator) for number, count in enumerate(counts)]
    read: list[int] = []
    bounded: list[int] = []

    def promising(number: int) -> Promising:
        """No better than it says, and mostly worse."""
        closer = float(entries[number].scores.max()) + float(generator.choice([0.0, 0.3]))

        def bound() -> float:
            bounded.append(number)
            return closer

        def opened() -> Ranked:
            read.append(number)
            return entries[number]

        return Promising(closer + float(generator.choice([0.0, 0.3])), bound, opened)

    among = [promising(number) for number in range(len(entries))]
    found = list(islice(_peaks(among, speakers, SHIPPED), wanted))
    expected = peaks_by_hand(entries, speakers)[:wanted]
    assert [(-score, int(debate.layout.debate[1:]), at) for score, debate, at in found] == expected
    assert len(read) == len(set(read))
    assert len(bounded) == len(set(bounded))
    if len(expected) == wanted:  # whatever is left could not have come before the last
        least = -expected[-1][0] if expected else np.inf
        assert all(among[number].most >= least for number in bounded)
        assert all(among[number].closer >= least for number in read)


@settings(max_examples=400)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 999), st.integers(1, 6), st.integers(5, 60))
def test_what_is_not_cut_would_have_changed_nothing(counts: list[int], seed: int, limit: int, longest: int) -> None:
    generator = np.random.default_rng(seed)
    entries = [ranked(number, count, 150, generator) for number, count in enumerate(counts)]
    among = [Promising.of(entry) for entry in entries]
    groups = [("phras",), ("pai",), ("rien",)][: seed % 4]
    few = passages(among, groups, limit, longest, None)
    with patch("rag.passages._settled", return_value=False):
        assert few == passages(among, groups, limit, longest, None)


def test_no_more_is_cut_once_nothing_can_come_among_the_first() -> None:
    parts = tuple(Segment(at, float(at), at + 1.0, _TEXTS[1], _PEOPLE[at % 3]) for at in range(40))
    entry = Ranked(Layout.of(Debate("d", "D", parts)), np.array([*(20.0 - at for at in range(3)), *[1.0] * 37]))
    with patch("rag.passages._completed", wraps=_completed) as cut:
        assert len(passages([Promising.of(entry)], [], 3, 20)) == 3
    assert cut.call_count == 3
