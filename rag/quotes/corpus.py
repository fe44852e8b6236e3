"""The debates as quotes are looked for in them, and which of them may hold a quote.

The index tells which debates hold the rarest word of a quote: only those are read. A quote of stop words alone may
stand anywhere, so every debate is read then, once for each state of the index, as far as memory is allowed.
"""

import threading
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.pieces.windows import WIDTHS, pieces
from index.store import Store
from index.types import EVERYWHERE, Debate, Hit, Scope, Segment, joined_text
from index.words.lexical import is_stop_word, term_of
from rag.quotes.reading import Reading, key_of, plain, read

_KEPT_CHARACTERS = 150_000_000
"""Of keys: about 2,500 hours of talk."""
_OPENED = 32
_MOST_WINDOWS = 4_000
"""That hold a word; a word in more of them is no help."""
_CHUNK = 8
_MOST_CHUNKS = 24
_CHUNK_TERMS = 6
_CHUNK_HITS = 10
_LEAST_LETTERS = 3
_FEW = 900
"""Debates that a condition names one by one."""
_READ_ANYWAY = 50
"""Debates that are read whatever the index says, for quotes that write their rarest word otherwise."""
NARROW, WIDE = min(WIDTHS), max(WIDTHS)


@dataclass(frozen=True, slots=True)
class Opened:
    """A debate with its text, the words of that, and where each segment and each piece begins in it."""

    debate: Debate
    reading: Reading
    segment_begins: tuple[int, ...]
    pieces: tuple[Segment, ...]
    piece_begins: tuple[int, ...]

    @classmethod
    def of(cls, debate: Debate) -> "Opened":
        parts = tuple(pieces(debate.segments))
        return cls(debate, read(joined_text(debate.segments)), _begins(debate.segments), parts, _begins(parts))


@dataclass(frozen=True, slots=True)
class Candidates:
    """``holding``: the debates that can hold the quote word for word, all of them; ``likely``: those that hold much of
    it, the likeliest first, and the windows that told so, by how much of the quote they hold."""

    holding: tuple[str, ...]
    likely: tuple[str, ...]
    windows: tuple[Hit, ...]


class Corpus:
    """What was read of a store's debates, kept while the index does not change. To be used inside
    ``store.reading()``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation = ""
        self._keys: dict[str, str] = {}
        self._characters = 0
        self._opened: OrderedDict[str, Opened] = OrderedDict()

    def key(self, debate: str) -> str:
        """The words of a debate in one string. Raises DebateUnknown."""
        with self._lock:
            self._current()
            if (known := self._keys.get(debate)) is not None:
                return known
        made = key_of(joined_text(self._store.debate(debate).segments))
        with self._lock:
            if self._characters + len(made) <= _KEPT_CHARACTERS and debate not in self._keys:
                self._keys[debate] = made
                self._characters += len(made)
        return made

    def open(self, debate: str) -> Opened:
        """Raises DebateUnknown."""
        with self._lock:
            self._current()
            if debate in self._opened:
                self._opened.move_to_end(debate)
                return self._opened[debate]
        made = Opened.of(self._store.debate(debate, words=True))
        with self._lock:
            self._opened[debate] = made
            while len(self._opened) > _OPENED:
                self._opened.popitem(last=False)
        return made

    def candidates(self, quote: Reading, debates: Collection[str], languages: Collection[str]) -> Candidates:
        """Of ``debates``, which are in ``languages``, for a ``quote`` of at least one word."""
        terms = [_terms(quote, at, languages) for at in range(len(quote.words))]
        every = sorted({term for found in terms for term in found})
        counts, _windows = self._store.document_frequencies(every)
        scope = Scope(frozenset(debates)) if len(debates) < _FEW else EVERYWHERE
        windows = _ranked(list(self._near(terms, counts, scope)), debates)
        likely = tuple(dict.fromkeys(hit.debate for hit in windows))
        sure = [_sure_terms(quote, at, languages) for at in range(len(quote.words))]
        return Candidates(self._holding([found for found in sure if found], counts, debates, scope), likely, windows)

    def _holding(
        self, sure: Sequence[tuple[str, ...]], counts: dict[str, int], debates: Collection[str], scope: Scope
    ) -> tuple[str, ...]:
        """Those with the rarest word that the index surely knows by itself; all when there is none, or few debates."""
        totals = [(sum(counts.get(term, 0) for term in found), found) for found in sure]
        total, rarest = min(totals, default=(_MOST_WINDOWS + 1, ()))
        if total > _MOST_WINDOWS or len(debates) <= _READ_ANYWAY:
            return tuple(debates)
        hits = self._store.lexical(rarest, WIDE, _MOST_WINDOWS, scope) if total else []
        return tuple(dict.fromkeys(hit.debate for hit in hits if hit.debate in debates))

    def _near(
        self, terms: Sequence[tuple[str, ...]], counts: dict[str, int], scope: Scope
    ) -> Iterator[tuple[Hit, int]]:
        """The windows with the rarest words of each chunk of the quote, each with the number of its chunk."""
        step = max(_CHUNK // 2, -(-len(terms) // _MOST_CHUNKS))
        for number, begin in enumerate(range(0, max(len(terms) - step, 1), step)):
            known = {term for found in terms[begin : begin + 2 * step] for term in found}
            rarest = sorted((term for term in known if 0 < counts[term] <= _MOST_WINDOWS), key=counts.__getitem__)
            if rarest:
                hits = self._store.lexical(rarest[:_CHUNK_TERMS], NARROW, _CHUNK_HITS, scope)
                yield from ((hit, number) for hit in hits)

    def _current(self) -> None:
        generation = self._store.generation()
        if generation != self._generation:
            self._keys.clear()
            self._opened.clear()
            self._characters = 0
            self._generation = generation


def _ranked(found: Iterable[tuple[Hit, int]], debates: Collection[str]) -> tuple[Hit, ...]:
    """Each window once, those of the debates with the most chunks first."""
    best: dict[tuple[str, int], Hit] = {}
    chunks: Counter[str] = Counter()
    scores: Counter[str] = Counter()
    for debate, _number in {(hit.debate, number) for hit, number in found if hit.debate in debates}:
        chunks[debate] += 1
    for hit, _number in found:
        if hit.debate in debates:
            place = (hit.debate, hit.first)
            best[place] = max(hit, best.get(place, hit), key=lambda one: one.score)
            scores[hit.debate] = max(scores[hit.debate], round(1000 * hit.score))
    return tuple(
        sorted(best.values(), key=lambda hit: (-chunks[hit.debate], -scores[hit.debate], hit.debate, -hit.score))
    )


def _terms(quote: Reading, at: int, languages: Collection[str]) -> tuple[str, ...]:
    """Those of a word as it stands and without its accents, which a quote may lack."""
    if is_stop_word(quote.words[at]):
        return ()
    forms = {unicodedata.normalize("NFC", quote.raw(at)), quote.words[at]}
    return tuple(sorted({term_of(form, language) for form in forms for language in languages}))


def _sure_terms(quote: Reading, at: int, languages: Collection[str]) -> tuple[str, ...]:
    """Under one of them any text that holds this word, as it stands, is in the index, whatever is around it; none for
    stop words, for numbers, and for what an apostrophe cuts."""
    raw = unicodedata.normalize("NFC", quote.raw(at))
    if len(raw) < _LEAST_LETTERS or not raw.isalpha() or is_stop_word(raw) or plain(quote.tail(at)).startswith("'"):
        return ()
    return tuple(sorted({term_of(raw, language) for language in languages}))


def _begins(parts: Sequence[Segment]) -> tuple[int, ...]:
    return tuple(accumulate((len(part.text) + 1 for part in parts[:-1]), initial=0))
