"""Whether a passage was told before: a file that is added again, or in a revised form, keeps most of its words, and the
passages are cut elsewhere when some of them change."""

import re
from difflib import SequenceMatcher

from index.words.lexical import fold

_WORD = re.compile(r"[^\W_]+")
_SHARE, _RUN = 0.5, 12


def same_words(one: str, other: str) -> bool:
    """Whether all of the shorter text's words stand in the other in one run, or half of them and at least twelve: two
    short sentences may share their subject and say the opposite. Two texts without words are the same when they are
    equal.

    >>> same_words("Je refuse d'augmenter ce budget.", "Bonsoir. Je refuse d’augmenter ce budget !")
    True
    """
    first, second = _WORD.findall(fold(one)), _WORD.findall(fold(other))
    shorter = min(len(first), len(second))
    if not shorter:
        return one == other
    run = SequenceMatcher(None, first, second, autojunk=False).find_longest_match().size
    return run == shorter or run >= max(_RUN, _SHARE * shorter)
