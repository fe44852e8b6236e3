"""Scores of pieces -> passages that do not overlap, each inside one turn and made of whole sentences where they fit.

peak piece -> grows on both sides while its neighbours score nearly as much -> completed to sentences -> those that
adjoin made one -> quote, and the question before it
"""

from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from index.pieces.windows import weakest
from index.types import Segment
from rag.context import context_of
from rag.layout import Layout
from rag.quoting import QUESTION_PENALTY, Groups, best_quote, share_said
from rag.retrieve import Promising, Ranked, Scores
from rag.types import Passage
from rag.weights import SHIPPED, Weights

SHORT_TURN_WORDS = 12
"""The penalty of short turns falls to 0 at this many words."""
SENTENCE_ALLOWANCE = 1.1
"""A passage may be so much longer than asked when that completes a sentence, or joins it with a neighbour."""
GAP_WORDS = 8
"""That may stand between neighbours which become one: « Je vous le dis. »"""
CUT = 60
"""Passages that are cut before their own words decide on the order: always as many, so that the first ones are the
same however many are asked for."""
_FOUND, _BOUNDED, _READ = range(3)
"""How well a debate is known. Of equal scores the less known comes first: it may hold the better place."""
_ROUNDING = 1e-4
"""Of the score of a passage, which has four decimals."""
_Used = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A debate with what its pieces count when passages are cut, and which of them are taken."""

    layout: Layout
    scores: Scores
    used: _Used


@dataclass(frozen=True, slots=True)
class _Cut:
    """Pieces ``first`` to ``last`` of a debate, which make a passage."""

    debate: _Scored
    first: int
    last: int
    score: float

    @property
    def parts(self) -> tuple[Segment, ...]:
        return self.debate.layout.pieces[self.first : self.last + 1]

    @property
    def text(self) -> str:
        return self.debate.layout.text(self.first, self.last)

    def holds(self, other: "_Cut") -> bool:
        return self.debate is other.debate and self.first <= other.first and other.last <= self.last

    def with_(self, other: "_Cut") -> "_Cut":
        """From the beginning of the first to the end of the last."""
        return replace(self, first=min(self.first, other.first), last=max(self.last, other.last))


def passages(
    promising: Sequence[Promising],
    groups: Groups,
    limit: int,
    longest: int,
    speakers: Collection[str | None] | None = None,
    weights: Weights = SHIPPED,
) -> list[Passage]:
    """The ``limit`` best passages of at most about ``longest`` words, best first; ties by debate and time.

    ``groups`` are the topic's words. ``speakers`` restricts to these people's words
    (None: those of nobody known). A piece longer than ``longest``
    stands alone.
    """
    found: list[_Cut] = []
    for score, debate, peak in _peaks(promising, speakers, weights):
        if debate.used[peak]:
            continue
        if len(found) == CUT or _settled(found, limit, longest, score, weights):
            break
        first, last = _completed(debate, *_grown(debate, peak, longest, weights), longest)
        debate.used[first : last + 1] = True
        insort(found, _Cut(debate, first, last, _lifted(score, debate, first, last, groups, weights)), key=_by_score)
    return [_passage(cut, groups) for cut in _merged(found, limit, longest, weights.neighbour_loss)]


def _settled(found: Sequence[_Cut], limit: int, longest: int, peak: float, weights: Weights) -> bool:
    """Whether no passage that begins with a piece of score ``peak`` or less is among the first ``limit``, nor joins
    one of them, whatever its own words add. ``found`` are sorted."""
    decisive = peak + weights.own_words + _ROUNDING + weights.neighbour_loss
    if len(found) < limit or found[limit - 1].score <= decisive:
        return False
    kept = _merged(found, limit, longest, weights.neighbour_loss)
    return len(kept) == limit and kept[-1].score > decisive


def _by_score(cut: _Cut) -> float:
    return -cut.score


def _lifted(score: float, debate: _Scored, first: int, last: int, groups: Groups, weights: Weights) -> float:
    """The score of a passage, with what its own words add to that of its peak."""
    said = share_said(debate.layout.text(first, last), groups, debate.layout.language)
    return round(score + weights.own_words * said, 4)


def _merged(ranking: Sequence[_Cut], limit: int, longest: int, loss: float) -> list[_Cut]:
    """The first ``limit``, each with its neighbours that score at most ``loss`` less, at the place and with the score
    of the best of them. What lay between two of them is theirs."""
    kept: list[_Cut] = []
    for cut in ranking:
        if len(kept) >= limit and kept[limit - 1].score - cut.score > loss:
            break  # whatever comes now scores too little to join one of them
        if any(one.holds(cut) for one in kept):
            continue
        near = (at for at, one in enumerate(kept) if one.debate is cut.debate and one.score - cut.score <= loss)
        at = next((at for at in near if _adjoin(kept[at], cut, kept, longest)), None)
        if at is None:
            kept.append(cut)
        else:
            kept[at] = kept[at].with_(cut)
    return kept[:limit]


def _adjoin(one: _Cut, other: _Cut, kept: Sequence[_Cut], longest: int) -> bool:
    """Both of one debate: in one turn, with at most a few words between them that none of ``kept`` has, and not too
    long together."""
    layout, first, last = one.debate.layout, min(one.first, other.first), max(one.last, other.last)
    together = layout.words_until[last + 1] - layout.words_until[first]
    if together > longest * SENTENCE_ALLOWANCE or layout.turn_of[first] != layout.turn_of[last]:
        return False
    if layout.spoken(min(one.last, other.last) + 1, max(one.first, other.first) - 1) > GAP_WORDS:
        return False
    both = one.with_(other)
    return not any(both.holds(another) for another in kept if another is not one)


def _scored(entry: Ranked, weights: Weights) -> _Scored:
    """With less for questions and for turns of a few words."""
    layout = entry.layout
    short = np.maximum(0.0, 1 - layout.turn_words / SHORT_TURN_WORDS)
    adjusted: Scores = entry.scores - weights.short_turn_penalty * short - QUESTION_PENALTY * layout.table.asks
    return _Scored(layout, adjusted, np.zeros(len(adjusted), bool))


def _peaks(
    promising: Sequence[Promising], speakers: Collection[str | None] | None, weights: Weights
) -> Iterator[tuple[float, _Scored, int]]:
    """(score, debate, position) of each piece that may begin a passage, best first; ties by debate and position. A
    debate is read once nothing that is known scores above all that it may have."""
    debates: dict[int, _Scored] = {}
    orders: dict[int, Iterator[int]] = {}
    ahead = [(-one.most, _FOUND, number, 0) for number, one in enumerate(promising)]
    heapify(ahead)
    while ahead:
        score, known, number, position = heappop(ahead)
        if known == _FOUND:
            heappush(ahead, (-promising[number].closer, _BOUNDED, number, 0))
            continue
        if known == _BOUNDED:
            debates[number] = _scored(promising[number].ranked, weights)
            orders[number] = _best_first(debates[number], speakers)
        else:
            yield -score, debates[number], position
        for position in orders[number]:
            heappush(ahead, (-debates[number].scores.item(position), _READ, number, position))
            break


def _best_first(debate: _Scored, speakers: Collection[str | None] | None) -> Iterator[int]:
    """The pieces of ``speakers``, the highest score first, ties in their order."""
    table = debate.layout.table
    places = np.arange(len(table)) if speakers is None else np.flatnonzero(table.spoken_by(speakers))
    return iter(places[np.argsort(-debate.scores[places], kind="stable")].tolist())


def _grown(debate: _Scored, peak: int, longest: int, weights: Weights) -> tuple[int, int]:
    """Take the better neighbour in the same turn, again and again."""
    layout, scores = debate.layout, debate.scores
    turn = layout.turn_at(peak)
    first = last = peak
    words, least = layout.words[peak], scores[peak] - weights.neighbour_loss
    while True:
        free = [at for at in (first - 1, last + 1) if turn.first <= at <= turn.last and not debate.used[at]]
        fitting = [at for at in free if words + layout.words[at] <= longest]
        near = [at for at in fitting if words < weights.least_words or scores[at] >= least]
        if not near:
            return first, last
        taken = max(near, key=lambda at: (scores[at], -at))
        words += layout.words[taken]
        first, last = min(first, taken), max(last, taken)


def _completed(debate: _Scored, first: int, last: int, longest: int) -> tuple[int, int]:
    """On to the end of the last sentence, then back to the beginning of the first, each if all of it fits."""
    layout = debate.layout
    turn = layout.turn_at(first)
    allowed = longest * SENTENCE_ALLOWANCE
    end, begin = last, first
    while end < turn.last and not debate.used[end + 1] and not layout.ends_sentence(end):
        end += 1
    if layout.spoken(first, end) <= allowed:
        last = end
    while begin > turn.first and not debate.used[begin - 1] and not layout.ends_sentence(begin - 1):
        begin -= 1
    if layout.spoken(begin, last) <= allowed:
        first = begin
    return first, last


def _passage(cut: _Cut, groups: Groups) -> Passage:
    layout, parts, first, last = cut.debate.layout, cut.parts, cut.first, cut.last
    turn = layout.turn_at(first)
    return Passage(
        debate=layout.debate,
        attribution=weakest(*(part.attribution for part in parts)),
        start=parts[0].start,
        end=max(part.end for part in parts),
        text=cut.text,
        quote=best_quote(
            parts,
            cut.debate.scores[first : last + 1].tolist(),
            groups,
            layout.language,
            cut_before=first > turn.first and not layout.ends_sentence(first - 1),
            cut_after=last < turn.last and not layout.ends_sentence(last),
        ),
        score=cut.score,
        context=context_of(layout, first, last),
    )
