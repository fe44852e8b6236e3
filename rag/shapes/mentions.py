"""Every place where the words of a topic stand together: no ranking, nothing left out up to a stated number.

rarest word -> the narrow windows that hold it -> its pieces -> all the words near it in one turn? -> its sentences
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from index.pieces.windows import WIDTHS, weakest
from index.store import Store
from index.types import Scope, joined_text
from index.words.lexical import terms
from index.words.sentences import sentence_spans
from rag.layout import Layout, Layouts
from rag.quoting import Groups
from rag.types import Passage

MOST_WINDOWS = 2000
"""Read for one topic: a word that stands in more is nobody's subject, and the answer says that it is not all."""

BY_WORDS = 0.0
"""The score of a passage that was found by its words alone."""
_SHORT = 3
"""A stem that still ends in s is the plural of an acronym (« GPUs ») unless it is short (« gaz », « ips »)."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """By debate, then in time. ``exhaustive``: the words stand nowhere else."""

    passages: tuple[Passage, ...]
    exhaustive: bool


def mentions(
    store: Store, layouts: Layouts, groups: Groups, scope: Scope, speakers: Collection[str], longest: int
) -> Mentions:
    """The sentences of ``scope`` in which all ``groups`` stand, or near which within ``longest`` words of one turn.

    ``speakers`` restricts to these people's words; empty: anybody's. Their scores are ``BY_WORDS``. Nothing
    for no words.
    """
    groups = [(*group, *(term[:-1] for term in group if len(term) > _SHORT and term.endswith("s"))) for group in groups]
    counts, _windows = store.document_frequencies([term for group in groups for term in group])
    rarest = min(groups, key=lambda group: sum(counts[term] for term in group), default=())
    if not any(counts[term] for term in rarest):
        return Mentions((), exhaustive=True)
    hits = store.lexical(tuple(rarest), min(WIDTHS), MOST_WINDOWS, scope)
    places: dict[str, set[int]] = {}
    for hit in hits:
        places.setdefault(hit.debate, set()).update(range(hit.first, hit.last + 1))
    found = [
        passage
        for debate in sorted(places)
        for passage in _of_debate(layouts.of(debate), sorted(places[debate]), rarest, groups, speakers, longest)
    ]
    return Mentions(tuple(found), exhaustive=len(hits) < MOST_WINDOWS)


def _of_debate(
    layout: Layout, places: list[int], rarest: Collection[str], groups: Groups, speakers: Collection[str], longest: int
) -> Iterator[Passage]:
    """One for each sentence, however many of its pieces hold the word."""
    before: Passage | None = None
    for place in places:
        piece = layout.pieces[place]
        if (speakers and piece.speaker not in speakers) or not _stand(piece.text, [rarest], layout):
            continue
        passage = cut_around(layout, place, rarest, groups, longest)
        if passage is not None and not (before is not None and _one_sentence(before, passage)):
            before = passage
            yield passage


def _one_sentence(one: Passage, other: Passage) -> bool:
    """The same, or a part of it that a long sentence was cut into."""
    overlap = other.start < one.end or other.start == one.start
    return overlap and (one.quote in other.quote or other.quote in one.quote)


def cut_around(layout: Layout, place: int, rarest: Collection[str], groups: Groups, longest: int) -> Passage | None:
    """The sentence at ``place`` that holds the word, with those around it until all words are in; None when they are
    not within reach."""
    first, last = _around(layout, place, longest)
    parts = layout.pieces[first : last + 1]
    text = joined_text(parts)
    begins = _offsets(layout, first, last)
    here = begins[place - first], begins[place - first] + len(layout.pieces[place].text)
    spans = sentence_spans(text)
    touched = [number for number, (begin, end) in enumerate(spans) if begin < here[1] and end > here[0]]
    core = next((one for one in touched if _stand(text[slice(*spans[one])], [rarest], layout)), touched[0])
    low, high = core, core
    while not _stand(text[spans[low][0] : spans[high][1]], groups, layout):
        if low == 0 and high == len(spans) - 1:
            return None
        low, high = max(0, low - 1), min(len(spans) - 1, high + 1)
    begin, end = spans[low][0], spans[high][1]
    if len(text[begin:end].split()) > longest:
        begin, end = here  # a transcript without punctuation
    held = [part for part, at in zip(parts, begins, strict=True) if at < end and at + len(part.text) > begin]
    return Passage(
        debate=layout.debate,
        attribution=weakest(*(part.attribution for part in held)),
        start=held[0].start,
        end=max(part.end for part in held),
        text=joined_text(held),
        quote=text[begin:end],
        score=BY_WORDS,
    )


def _around(layout: Layout, place: int, longest: int) -> tuple[int, int]:
    """The pieces of the same turn within half of ``longest`` words on each side."""
    turn = layout.turn_at(place)
    first = last = place
    before = after = longest // 2
    while first > turn.first and (before := before - layout.words[first - 1]) >= 0:
        first -= 1
    while last < turn.last and (after := after - layout.words[last + 1]) >= 0:
        last += 1
    return first, last


def _offsets(layout: Layout, first: int, last: int) -> list[int]:
    """Where each piece begins in their joined text."""
    found, at = [], 0
    for piece in layout.pieces[first : last + 1]:
        found.append(at)
        at += len(piece.text) + 1
    return found


def _stand(text: str, groups: Groups | list[Collection[str]], layout: Layout) -> bool:
    """Whether each group has one of its terms in ``text``."""
    present = set(terms(text, layout.language))
    return all(any(term in present for term in group) for group in groups)
