"""Times that a file does not give, estimated by the number of words."""

from collections.abc import Sequence
from itertools import accumulate


def bounds_by_words(words: Sequence[int], start: float, seconds: float) -> list[float]:
    """Where passages of so many ``words`` begin that fill ``seconds`` from ``start``, each as long as its words, and,
    last of all, where they end.

    >>> bounds_by_words([3, 1], 60.0, 8.0)
    [60.0, 66.0, 68.0]
    """
    before = list(accumulate(words, initial=0))
    return [*(start + seconds * count / (before[-1] or 1) for count in before[:-1]), start + seconds]
