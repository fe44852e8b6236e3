"""A quote laid beside a passage: what differs, and whether it changes what is said.

« Je crois pas que Scaleway suffise »
« Je ne crois pas que euh Skelway suffise »   ->   left_out "ne", filler "euh", spelling Skelway / Scaleway
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rapidfuzz.distance import Levenshtein

from rag.quotes.meaning import ELISIONS, is_decisive, without_fillers
from rag.quotes.numbers import amount
from rag.quotes.reading import Reading, bare, ending, plain
from rag.quotes.sounds import same_name, same_sound
from rag.quotes.types import Difference, Kind

_STUTTER = 2
"""Words that are said again while one looks for the next."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words ``first`` to before ``last`` of ``reading``."""

    reading: Reading
    first: int
    last: int

    @property
    def words(self) -> tuple[str, ...]:
        return self.reading.words[self.first : self.last]

    def part(self, begin: int, end: int) -> "Stretch":
        """Counted from ``first``."""
        return Stretch(self.reading, self.first + begin, self.first + end)


def differences(quote: Stretch, said: Stretch, language: str) -> tuple[Difference, ...]:
    """In their order in the quote; ``language`` is that of the debate. Neither stretch is empty."""
    found: list[Difference] = []
    equal: list[tuple[int, int]] = []
    for same, one, other in _blocks(quote, said):
        if same:
            pairs = list(zip(range(one.first, one.last), range(other.first, other.last), strict=True))
            equal += pairs
            for at, to in pairs:
                found += _in_word(quote.reading, at, said.reading, to)
        else:
            found += _in_block(one, other, language)
    for (at, to), (next_at, next_to) in pairwise(equal):
        if next_at == at + 1 and next_to == to + 1:
            found += _in_signs(quote.reading, at, said.reading, to)
    found += _at_end(quote, said)
    return tuple(sorted(found, key=lambda one: (one.quote_begin, one.char_begin)))


def altered_words(found: Sequence[Difference]) -> int:
    """How many words, at the least, say something else."""
    return sum(max(len(one.quoted.split()), len(one.said.split())) for one in found if one.kind.alters)


def closest(quote: Stretch, stretches: Sequence[Stretch], language: str) -> Stretch:
    """The one of ``stretches`` that says what ``quote`` says in the most words; the first of those."""

    def cost(said: Stretch) -> tuple[int, int, int]:
        found = differences(quote, said, language)
        unsaid = sum(len(one.quoted.split()) for one in found if one.kind.alters)
        return altered_words(found), unsaid, len(found)

    return min(stretches, key=cost)


def _blocks(quote: Stretch, said: Stretch) -> Iterator[tuple[bool, Stretch, Stretch]]:
    """Runs of equal words, and what stands between them on either side."""
    opcodes = Levenshtein.opcodes(quote.words, said.words)
    for same, run in groupby(opcodes, key=lambda opcode: opcode.tag == "equal"):
        parts = list(run)
        first, last = parts[0], parts[-1]
        yield same, quote.part(first.src_start, last.src_end), said.part(first.dest_start, last.dest_end)


def _in_block(one: Stretch, other: Stretch, language: str) -> Iterator[Difference]:
    """Word by word where as many words are changed, since not all of them need say something else."""
    kind, size = _kind(one, other, language), len(one.words)
    if kind is not Kind.CHANGED or size == 1 or size != len(other.words):
        yield _difference(kind, one, other)
        return
    for at in range(size):
        first, second = one.part(at, at + 1), other.part(at, at + 1)
        yield _difference(_kind(first, second, language), first, second)


def _kind(one: Stretch, other: Stretch, language: str) -> Kind:
    quoted, said = one.words, other.words
    if _repeats(one, other) or _repeats(other, one) or without_fillers(quoted) == without_fillers(said):
        return Kind.FILLER
    first, second = amount(quoted), amount(said)
    if first is not None and second is not None and first == second:
        return Kind.NUMBER
    if _one_spelling(one, other, language):
        return Kind.SPELLING
    if not quoted or not said:
        return Kind.LEFT_OUT if not quoted else Kind.ADDED
    return Kind.CHANGED


def _repeats(extra: Stretch, other: Stretch) -> bool:
    """Whether one or two words that stand on one side only, but for fillers, say again what stands before or after
    them."""
    words = without_fillers(extra.words)
    size, around = len(words), extra.reading.words
    if other.words or not 0 < size <= _STUTTER or any(map(is_decisive, words)):
        return False
    again = [at for at in (extra.first - size, extra.last) if at >= 0 and around[at : at + size] == words]
    said = {extra.reading.raw(at).casefold() for at in range(extra.first, extra.last)}
    return any({extra.reading.raw(at + one).casefold() for one in range(size)} <= said for at in again)


def _one_spelling(one: Stretch, other: Stretch, language: str) -> bool:
    quoted, said = one.words, other.words
    if any(character.isdigit() for word in (*quoted, *said) for character in word):
        return False
    if "".join(quoted) == "".join(said):
        return True
    if len(quoted) != len(said):
        joined = (
            "".join(map(one.reading.raw, range(one.first, one.last))),
            "".join(map(other.reading.raw, range(other.first, other.last))),
        )
        return language == "fr" and not any(map(is_decisive, (*quoted, *said))) and same_sound(*joined)
    return all(
        _same_word(one.reading.raw(one.first + at), other.reading.raw(other.first + at), quoted[at], said[at], language)
        for at in range(len(quoted))
    )


def _same_word(raw: str, heard: str, quoted: str, said: str, language: str) -> bool:
    if quoted == said or (min(quoted, said, key=len), max(quoted, said, key=len)) in ELISIONS:
        return True
    if is_decisive(quoted) or is_decisive(said):
        return False
    return same_name(raw, heard) or (language == "fr" and same_sound(raw, heard))


def _in_word(quote: Reading, at: int, text: Reading, to: int) -> Iterator[Difference]:
    quoted, said = plain(quote.raw(at)), plain(text.raw(to))
    if quoted != said:
        kind = Kind.CASE if quoted.casefold() == said.casefold() else Kind.ACCENTS
        yield _made(kind, quote, quote.spans[at], text, text.spans[to])


def _in_signs(quote: Reading, at: int, text: Reading, to: int) -> Iterator[Difference]:
    if plain(quote.between(at)) != plain(text.between(to)):
        span, said = (quote.spans[at][1], quote.spans[at + 1][0]), (text.spans[to][1], text.spans[to + 1][0])
        yield _made(Kind.PUNCTUATION, quote, span, text, said)


def _at_end(quote: Stretch, said: Stretch) -> Iterator[Difference]:
    """A full stop after the quote is the writer's own; a question that is quoted as none is not."""
    last, to = quote.last - 1, said.last - 1
    quoted, heard = quote.reading.tail(last), said.reading.tail(to)
    if bare(quoted) and ending(quoted) != ending(heard):
        begin, at = quote.reading.spans[last][1], said.reading.spans[to][1]
        yield _made(
            Kind.PUNCTUATION,
            quote.reading,
            (begin, begin + len(quoted.rstrip())),
            said.reading,
            (at, at + len(heard.rstrip())),
        )


def _difference(kind: Kind, one: Stretch, other: Stretch) -> Difference:
    quoted, said = one.reading.span(one.first, one.last), other.reading.span(other.first, other.last)
    return _made(kind, one.reading, quoted, other.reading, said)


def _made(kind: Kind, quote: Reading, span: tuple[int, int], text: Reading, said: tuple[int, int]) -> Difference:
    return Difference(kind, *span, quote.text[span[0] : span[1]], *said, text.text[said[0] : said[1]])
