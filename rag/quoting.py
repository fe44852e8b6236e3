"""Which sentences of a passage answer: the quote, a substring of the passage."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from index.types import Segment, joined_text
from index.words.lexical import terms
from index.words.sentences import sentence_spans

Groups = Sequence[Sequence[str]]
"""The words of the topic, each as the terms it may stand under."""

QUESTION_PENALTY = 0.6
"""A question of the host announces the topic; what follows answers."""
_FRAGMENT_PENALTY = 1.0
_WORD_BONUS = 2.0
"""What all the topic's words in one sentence add to the score of its pieces."""
_LOSS = 0.6
"""How much less than the best sentence its neighbours may score."""
_LEAST_WORDS = 6


def best_quote(
    parts: Sequence[Segment],
    scores: Sequence[float],
    groups: Groups,
    language: str,
    *,
    cut_before: bool = False,
    cut_after: bool = False,
) -> str:
    """The best sentence of the passage that ``parts`` make, with the neighbours that score nearly as much.

    ``scores`` are those of the parts. ``cut_before`` and ``cut_after`` tell that the passage begins or ends inside a
    sentence, which is then quoted only for want of a whole one. Never empty; the whole passage when it is one sentence,
    but the best of its parts where it has no end of a sentence at all, as where a recogniser writes no punctuation.
    """
    text = joined_text(parts)
    spans = sentence_spans(text)
    if cut_before and cut_after and len(spans) == 1:
        spans = _part_spans(parts)
    values = [_value(text, span, parts, scores, groups, language) for span in spans]
    values[0] -= _FRAGMENT_PENALTY * cut_before
    values[-1] -= _FRAGMENT_PENALTY * cut_after
    best = max(range(len(spans)), key=lambda at: values[at])
    first, last = best, best
    while True:
        begin, end = spans[first][0], spans[last][1]
        least = values[best] - _LOSS if len(text[begin:end].split()) >= _LEAST_WORDS else float("-inf")
        neighbours = [at for at in (first - 1, last + 1) if 0 <= at < len(spans) and values[at] >= least]
        if not neighbours:
            return text[begin:end]
        taken = max(neighbours, key=lambda at: values[at])
        first, last = min(first, taken), max(last, taken)


def _part_spans(parts: Sequence[Segment]) -> list[tuple[int, int]]:
    ends = list(accumulate(len(part.text) + 1 for part in parts))
    return [(end - 1 - len(part.text), end - 1) for end, part in zip(ends, parts, strict=True)]


def _value(
    text: str, span: tuple[int, int], parts: Sequence[Segment], scores: Sequence[float], groups: Groups, language: str
) -> float:
    """The mean score of the pieces under the sentence, by characters, and a bonus for the topic's words in it."""
    begin, end = span
    weighted, at = 0.0, 0
    for part, score in zip(parts, scores, strict=True):
        weighted += score * max(0, min(end, at + len(part.text)) - max(begin, at))
        at += len(part.text) + 1
    asks = text[begin:end].endswith("?")
    return (
        weighted / (end - begin) + _WORD_BONUS * share_said(text[begin:end], groups, language) - QUESTION_PENALTY * asks
    )


def share_said(text: str, groups: Groups, language: str) -> float:
    """How many of the topic's words stand in ``text``, in [0, 1]."""
    present = _terms(text, language)
    return sum(any(term in present for term in group) for group in groups) / max(len(groups), 1)


@lru_cache(maxsize=4096)
def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(terms(text, language))
