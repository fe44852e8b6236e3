"""How many debates are looked at closely."""

import pytest

from index.pieces.windows import WIDTHS
from rag.retrieve import _Hits, _promising
from rag.weights import SHIPPED


def hits(count: int) -> _Hits:
    """Debate 0 has the best window, and each one a better one than the next."""
    dense = {width: {f"d{number:02}": {(0, 1): 9.0 - number / 10} for number in range(count)} for width in WIDTHS}
    return _Hits(dense, {width: {} for width in WIDTHS}, dict.fromkeys(WIDTHS, 0.0))


@pytest.mark.parametrize(
    ("words", "count", "looked_at"),
    [(300, 60, 40), (300, 7, 7), (15_000, 60, 12), (10_000, 60, 15), (1_000_000, 60, 12), (1_000_000, 3, 3)],
)
def test_many_short_debates_are_looked_at_and_few_long_ones(words: int, count: int, looked_at: int) -> None:
    expected = [f"d{number:02}" for number in range(looked_at)]
    assert _promising(hits(count), SHIPPED, lambda _debate: words) == expected


def test_words_count_once_there_are_enough_debates() -> None:
    """A few long debates that come first leave room for none of the short ones behind, however many there are."""
    assert len(_promising(hits(60), SHIPPED, lambda debate: 20_000 if debate < "d12" else 10)) == 12
    assert len(_promising(hits(60), SHIPPED, lambda debate: 20_000 if debate < "d05" else 10)) == 40
