"""Whether a passage was told before: a file that is added again, or in a revised form, keeps most of its words, and the
passages are cut elsewhere when some of them change."""

import re
from difflib import SequenceMatcher

from index.words.lexical import fold

_WORD = re.compile(r"[^\W_]+")
_SHARE = 0.5


def same_words(one: str, other: str) -> bool:
    """Whether at least half of the shorter text's words stand in the other in one run. Two texts without words are the
    same when they are equal.

    >>> same_words("Je refuse d'augmenter ce budget.", "ce budget. Je refuse d'augmenter")
    True
    """
    first, second = _WORD.findall(fold(one)), _WORD.findall(fold(other))
    shorter = min(len(first), len(second))
    if not shorter:
        return one == other
    run = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    return run.size >= _SHARE * shorter
