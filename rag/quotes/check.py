"""Did somebody really say this? The whole check on one screen.

the quote as words -> the debates that can hold it -> word for word -> nearly -> in pieces -> a verdict
"""

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from index.errors import DebateUnknown, QuoteEmpty, QuoteTooLong, listed
from index.pieces.windows import word_count
from index.store import Store
from index.types import EVERYWHERE, DebateSummary, Hit, Scope, Vectors
from index.words.lexical import is_stop_word
from rag.people import People
from rag.quotes.corpus import NARROW, Candidates, Corpus
from rag.quotes.differences import Stretch, altered_words, closest, differences
from rag.quotes.locate import Piece, in_order, most_alike, pieces_of
from rag.quotes.places import place_of
from rag.quotes.reading import Reading, occurrences, read
from rag.quotes.types import Place, Verdict, Verification

_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.{2,})\s*[\])]|…|\.{3,}")
MOST_PLACES = 20
_EXAMINED = 200
_DEBATES_EXAMINED = 40
_ALIGNED = 16
"""Debates, the likeliest first, in which the most alike passage is looked for."""
_IN_PIECES = 24
"""Debates among which pieces are looked for."""
_NEAREST = 3
_ALTERED = 0.4
"""Of a quote's words: the most that a passage may say otherwise and still be what was altered."""
_LEAST_SHARED = 0.5
"""Of a quote's words that say something: with fewer in any passage, what is nearest in meaning is looked for."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """``asked`` are the names of who is said to have said it; ``parts`` the quote cut at its ellipses, in words."""

    quote: Reading
    asked: tuple[str, ...]
    debates: Mapping[str, DebateSummary]
    parts: tuple[tuple[int, int], ...]
    began: float

    @property
    def whole(self) -> Stretch:
        return Stretch(self.quote, 0, len(self.quote.words))


class QuoteCheck:
    """On the debates of one store. Safe to share between threads."""

    def __init__(self, store: Store, most_characters: int) -> None:
        self._store = store
        self._corpus = Corpus(store)
        self._most = most_characters

    def verify(
        self,
        quote: str,
        speaker: str | None,
        debate: str | None,
        debates: Sequence[DebateSummary],
        speakers: Mapping[str, frozenset[str]],
    ) -> Verification:
        """Without ``nearest`` where no passage shares half of the quote's words: see ``nearest``. Inside
        ``store.reading()``. Raises QuoteEmpty, QuoteTooLong, DebateUnknown."""
        began = time.perf_counter()
        reading = self._checked(quote)
        within = {one.id: one for one in debates if debate in (None, one.id)}
        if debate is not None and not within:
            raise DebateUnknown(debate=debate, known=listed([one.id for one in debates]))
        asked = (People.of(speakers, debates).named(speaker) or (speaker.strip(),)) if speaker else ()
        wanted = _Wanted(reading, asked, within, tuple(_parts(reading)), began)
        candidates = self._corpus.candidates(reading, within.keys(), {one.language for one in within.values()})
        return self._verdict(wanted, candidates, frozenset().union(*(speakers.get(name, ()) for name in asked)))

    def nearest(self, found: Verification, vector: Vectors, debates: Collection[str] | None) -> Verification:
        """``found`` with the passages whose meaning is nearest to ``vector``, the quote's."""
        scope = EVERYWHERE if debates is None else Scope(frozenset(debates))
        hits = self._store.dense(vector, NARROW, _NEAREST, scope)
        return replace(found, nearest=tuple(self._windows(hits)))

    def _checked(self, quote: str) -> Reading:
        if len(quote) > self._most:
            raise QuoteTooLong(length=len(quote), words=word_count(quote), limit=self._most)
        reading = read(quote)
        if not any(character.isalnum() for word in reading.words for character in word):
            raise QuoteEmpty
        return reading

    def _verdict(self, wanted: _Wanted, candidates: Candidates, theirs: frozenset[str]) -> Verification:
        places, found = self._word_for_word(wanted, candidates.holding, theirs)
        exhaustive = True
        alike: list[Place] = []
        if not places or (wanted.asked and all(_says(place, wanted.asked) is False for place in places)):
            alike = sorted(self._alike(wanted, candidates), key=lambda one: altered_words(one.differences))
            near = [one for one in alike if not one.altered and not any(_overlap(one, other) for other in places)]
            places, found, exhaustive = [*places, *near], found + len(near), not near
        if places:
            return _said(wanted, places, found, exhaustive)
        stitched = self._cut(wanted, candidates) or ([] if _is_slip(alike) else self._in_pieces(wanted, candidates))
        if stitched:
            return _stitched(wanted, stitched)
        return self._not_found(wanted, alike, candidates.windows)

    def _word_for_word(
        self, wanted: _Wanted, holding: Sequence[str], theirs: frozenset[str]
    ) -> tuple[list[Place], int]:
        """Places with the same words, whatever their case and signs, and how many there are."""
        words, found, seen = wanted.quote.words, 0, 0
        places: list[Place] = []
        opened: set[str] = set()
        for debate in sorted(holding, key=lambda debate: (debate not in theirs, debate)):
            at = list(occurrences(words, self._corpus.key(debate)))
            found += len(at)
            if at and len(opened) < _DEBATES_EXAMINED:
                opened.add(debate)
                for first in islice(at, max(_EXAMINED - seen, 0)):
                    seen += 1
                    places.append(self._place(wanted, debate, wanted.whole, first, first + len(words)))
        return places, found

    def _alike(self, wanted: _Wanted, candidates: Candidates) -> Iterator[Place]:
        """The passage most like the quote in each of the likeliest debates."""
        for debate in islice(dict.fromkeys((*candidates.likely, *candidates.holding)), _ALIGNED):
            opened = self._corpus.open(debate)
            stretches = [Stretch(opened.reading, *one) for one in most_alike(wanted.quote.words, opened.reading.words)]
            if stretches:
                best = closest(wanted.whole, stretches, opened.debate.language)
                yield self._place(wanted, debate, wanted.whole, best.first, best.last)

    def _cut(self, wanted: _Wanted, candidates: Candidates) -> list[Place]:
        """Its parts one after the other in one debate, where the quote has ellipses; else none."""
        if len(wanted.parts) == 1:
            return []
        keys, words = self._keys(candidates), wanted.quote.words
        chains = (in_order(wanted.parts, words, debate, where) for debate, where in keys.items())
        found = min((chain for chain in chains if chain), key=lambda chain: chain[-1].end - chain[0].at, default=[])
        return self._piece_places(wanted, found)

    def _in_pieces(self, wanted: _Wanted, candidates: Candidates) -> list[Place]:
        """Its pieces in the order of the quote; none when they do not make it up, or are one."""
        found = pieces_of(wanted.quote.words, self._keys(candidates)) or []
        return self._piece_places(wanted, found) if len(found) > 1 else []

    def _keys(self, candidates: Candidates) -> dict[str, str]:
        debates = islice(dict.fromkeys((*candidates.likely, *candidates.holding)), _IN_PIECES)
        return {debate: self._corpus.key(debate) for debate in debates}

    def _piece_places(self, wanted: _Wanted, found: Sequence[Piece]) -> list[Place]:
        places = [self._piece_place(wanted, piece) for piece in found]
        return [*places[:1], *(self._after(before, place) for before, place in pairwise(places))]

    def _piece_place(self, wanted: _Wanted, piece: Piece) -> Place:
        stretch = Stretch(wanted.quote, piece.first, piece.last)
        return self._place(wanted, piece.debate, stretch, piece.at, piece.end)

    def _after(self, before: Place, place: Place) -> Place:
        """With what is left out, where both stand in one debate in this order."""
        if before.debate != place.debate or before.char_end > place.char_begin:
            return place
        return place.after(self._corpus.open(place.debate).reading.text[before.char_end : place.char_begin].strip())

    def _place(self, wanted: _Wanted, debate: str, stretch: Stretch, first: int, last: int) -> Place:
        opened = self._corpus.open(debate)
        begin, end = opened.reading.span(first, last)
        found = differences(stretch, Stretch(opened.reading, first, last), opened.debate.language)
        return place_of(opened, begin, end, wanted.quote.span(stretch.first, stretch.last), found)

    def _not_found(self, wanted: _Wanted, alike: Sequence[Place], windows: Sequence[Hit]) -> Verification:
        most = _ALTERED * len(wanted.quote.words)
        altered = [place for place in alike if altered_words(place.differences) <= most]
        nearest = altered[:_NEAREST] or self._sharing(wanted.quote, windows)
        return replace(
            _answer(wanted, Verdict.NOT_FOUND, [], 0),
            altered=bool(altered),
            nearest=tuple(nearest),
            took_ms=_milliseconds(wanted),
        )

    def _sharing(self, quote: Reading, windows: Sequence[Hit]) -> list[Place]:
        """The passages with the most of the quote's words; none when that is less than half."""
        wanted = {word for word in quote.words if not is_stop_word(word)}
        shares: list[tuple[float, Place]] = []
        for place in self._windows(windows[:MOST_PLACES]):
            shared = len(wanted & set(read(place.text).words)) / max(len(wanted), 1)
            if not any(_overlap(place, other) for _share, other in shares):
                shares.append((shared, place))
        shares.sort(key=lambda one: -one[0])
        return [place for _share, place in shares[:_NEAREST]] if shares and shares[0][0] >= _LEAST_SHARED else []

    def _windows(self, hits: Iterable[Hit]) -> Iterator[Place]:
        for hit in hits:
            opened = self._corpus.open(hit.debate)
            end = opened.piece_begins[hit.last] + len(opened.pieces[hit.last].text)
            yield place_of(opened, opened.piece_begins[hit.first], end, (0, 0))


def _parts(quote: Reading) -> Iterator[tuple[int, int]]:
    """The words between the ellipses of a quote: first, and before which."""
    cuts = [match.end() for match in _ELLIPSIS.finditer(quote.text)]
    first = 0
    for cut in (*cuts, len(quote.text) + 1):
        last = next((at for at in range(first, len(quote.words)) if quote.spans[at][0] >= cut), len(quote.words))
        if last > first:
            yield first, last
        first = last


def _is_slip(alike: Sequence[Place]) -> bool:
    """Whether one passage holds the quote but for a word, or for up to three that the quote leaves out: altered, not
    stitched."""
    if not alike:
        return False
    changed = altered_words(alike[0].differences)
    only_cut = all(not one.quoted for one in alike[0].differences if one.kind.alters)
    return changed <= (3 if only_cut else 1)


def _says(place: Place, asked: Sequence[str]) -> bool | None:
    """Whether one of ``asked`` says all of it; None where nobody knows, and no part is somebody else's."""
    speakers = place.speakers
    if any(name is not None and name not in asked for name in speakers):
        return False
    return None if None in speakers else True


def _said(wanted: _Wanted, places: Sequence[Place], found: int, exhaustive: bool) -> Verification:
    """Where it is said by who is asked about, else where nobody knows who speaks, else by somebody else."""
    order = (True, None, False)
    says = {id(place): _says(place, wanted.asked) if wanted.asked else True for place in places}
    ranked = sorted(
        places,
        key=lambda place: (order.index(says[id(place)]), bool(place.differences), place.debate, place.char_begin),
    )
    best = says[id(ranked[0])]
    verdict = Verdict.NEAR if ranked[0].differences else Verdict.EXACT
    if best is False:
        verdict = Verdict.OTHER_SPEAKER
    checked = None if not wanted.asked else best is not None
    return replace(
        _answer(wanted, verdict, ranked[:MOST_PLACES], found),
        speaker_checked=checked,
        complete=exhaustive and len(ranked) == found <= MOST_PLACES,
        took_ms=_milliseconds(wanted),
    )


def _stitched(wanted: _Wanted, places: Sequence[Place]) -> Verification:
    known = all(None not in place.speakers for place in places)
    return replace(
        _answer(wanted, Verdict.STITCHED, places, len(places)), speaker_checked=known if wanted.asked else None
    )


def _answer(wanted: _Wanted, verdict: Verdict, places: Sequence[Place], found: int) -> Verification:
    return Verification(
        quote=wanted.quote.text,
        verdict=verdict,
        speaker=", ".join(wanted.asked) or None,
        speaker_checked=None,
        altered=False,
        places=tuple(places),
        nearest=(),
        found=found,
        complete=True,
        took_ms=_milliseconds(wanted),
    )


def _milliseconds(wanted: _Wanted) -> float:
    return round(1000 * (time.perf_counter() - wanted.began), 1)


def _overlap(one: Place, other: Place) -> bool:
    return one.debate == other.debate and one.char_begin < other.char_end and other.char_begin < one.char_end
