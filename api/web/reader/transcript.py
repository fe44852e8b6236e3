"""A debate laid out for reading: turns cut into blocks and paragraphs, blocks gathered in parts of a page's size.

    segments -> turns -> paragraphs of about a hundred words -> blocks with a heading -> parts

Everything is a stretch ``begin`` to ``end`` of the debate's one text, so that no character can change. A paragraph ends
where a sentence does; where nothing is punctuated, at the end of a piece.
"""

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.pieces.windows import pieces, turns
from index.types import Attribution, Debate, Segment, Turn, joined_text
from index.words.sentences import sentence_spans

PARAGRAPH_WORDS = 80
"""After so many the next end of a sentence ends the paragraph..."""
_LONGEST_PARAGRAPH = 160
"""...and after so many the next end of a piece does."""
_LEAST_REST = 20
"""Words of a turn that are not worth a paragraph of their own."""
_BLOCK_WORDS = {True: 900, False: 300}
"""Of a block, by whether it is known who speaks: six minutes, or two where only the times part the text."""
PART_PIECES = 500
"""Of a page: six minutes of captions, which a browser lays out between two frames or three."""


@dataclass(frozen=True, slots=True)
class Run:
    """The characters ``begin`` to ``end`` of a piece, which is said from ``start`` to ``stop`` seconds."""

    begin: int
    end: int
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs under one heading: segments ``first`` to ``last`` (both included) of one turn. ``name`` is its anchor,
    ``continued`` says that the turn began before it."""

    name: str
    first: int
    last: int
    attribution: Attribution
    continued: bool
    paragraphs: tuple[tuple[Run, ...], ...]

    @property
    def begin(self) -> int:
        return self.paragraphs[0][0].begin

    @property
    def start(self) -> float:
        return self.paragraphs[0][0].start

    @property
    def stop(self) -> float:
        return max(run.stop for paragraph in self.paragraphs for run in paragraph)


@dataclass(frozen=True)
class Transcript:
    """``text`` is the debate's, ``begins[i]`` where its segment ``i`` begins in it; ``parts`` are never empty."""

    debate: Debate
    text: str
    begins: tuple[int, ...]
    runs: tuple[Run, ...]
    parts: tuple[tuple[Block, ...], ...]

    @classmethod
    def of(cls, debate: Debate, spoken: Sequence[Turn] | None = None) -> "Transcript":
        """Its turns are those ``spoken``, or as their names part them."""
        text, begins = joined_text(debate.segments), _begins(debate.segments)
        parts = pieces(debate.segments)
        runs = _runs(parts)
        by_name = turns(debate.segments) if spoken is None else spoken
        blocks = [block for turn in by_name for block in _blocks(turn, text, begins, runs)]
        shown = tuple(run for block in blocks for paragraph in block.paragraphs for run in paragraph)
        return cls(debate, text, begins, shown, tuple(_parts(blocks)))

    def part_of(self, character: int) -> int:
        """The number, from 0, of the part that holds a character of the text."""
        return max(bisect_right([part[0].begin for part in self.parts], character) - 1, 0)

    def extent(self, part: int) -> tuple[int, int]:
        """The characters of a part, from 0."""
        blocks = self.parts[part]
        return blocks[0].begin, blocks[-1].paragraphs[-1][-1].end

    def at(self, character: int) -> Run:
        """The run that holds a character of the text, or stands before it."""
        return self.runs[max(bisect_right(self.runs, character, key=_begin_of) - 1, 0)]

    def segment_of(self, run: Run) -> Segment:
        """The segment in which a run stands."""
        return self.debate.segments[bisect_right(self.begins, run.begin) - 1]

    def during(self, start: float, stop: float) -> list[Run]:
        """What is said at least partly between two moments, also what lasts no time there."""
        return [run for run in self.runs if run.start < stop and (run.stop > start or run.start >= start)]

    def nearest(self, moment: float) -> Run:
        """What is said next after ``moment``, or last."""
        later = (run for run in self.runs if run.stop > moment or run.start >= moment)
        return min(later, key=lambda run: (run.start, run.begin), default=self.runs[-1])


def _begins(parts: Sequence[Segment]) -> tuple[int, ...]:
    return tuple(accumulate((len(part.text) + 1 for part in parts[:-1]), initial=0))


def _runs(parts: Sequence[Segment]) -> list[Run]:
    return [
        Run(begin, begin + len(part.text), part.start, part.end)
        for begin, part in zip(_begins(parts), parts, strict=True)
    ]


def _blocks(turn: Turn, text: str, begins: Sequence[int], runs: Sequence[Run]) -> Iterator[Block]:
    """Of one turn: cut at the ends of segments, unless one is very long."""
    end = begins[turn.last + 1] - 1 if turn.last + 1 < len(begins) else len(text)
    first = bisect_right(runs, begins[turn.first], key=_begin_of) - 1
    spoken = runs[first : bisect_right(runs, end, key=_begin_of)]
    most = _BLOCK_WORDS[turn.attribution.speaker is not None]
    starts = set(begins[turn.first : turn.last + 1])
    held: list[tuple[Run, ...]] = []
    words = 0
    for begin, stop in paragraphs(text, begins[turn.first], end, [run.end for run in spoken]):
        if held and (words >= 2 * most or (words >= most and begin in starts)):
            yield _block(turn, begins, held)
            held, words = [], 0
        held.append(tuple(_within(begin, stop, spoken)))
        words += _words(text, begin, stop)
    yield _block(turn, begins, held)


def paragraphs(text: str, begin: int, end: int, piece_ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The paragraphs of ``text[begin:end]``, with one space between them."""
    sentences = ((begin + stop, False) for _, stop in sentence_spans(text[begin:end]))
    at = begin
    for stop, is_piece in heapq.merge(sentences, ((stop, True) for stop in piece_ends)):
        words = _words(text, at, stop) if stop > at else 0
        if words >= (_LONGEST_PARAGRAPH if is_piece else PARAGRAPH_WORDS) and _is_rest(text, stop, end):
            yield at, stop
            at = stop + 1
    yield at, end


def _is_rest(text: str, stop: int, end: int) -> bool:
    """Whether what follows is worth a paragraph."""
    return end - stop > _LEAST_REST * 2 and text.count(" ", stop, min(end, stop + 400)) >= _LEAST_REST


def _words(text: str, begin: int, end: int) -> int:
    return text.count(" ", begin, end) + 1


def _within(begin: int, end: int, runs: Sequence[Run]) -> Iterator[Run]:
    for run in runs[bisect_right(runs, begin, key=_begin_of) - 1 :]:
        if run.begin >= end:
            break
        yield Run(max(run.begin, begin), min(run.end, end), run.start, run.stop)


def _begin_of(run: Run) -> int:
    return run.begin


def _block(turn: Turn, begins: Sequence[int], held: Sequence[tuple[Run, ...]]) -> Block:
    begin, last_begin = held[0][0].begin, held[-1][-1].begin
    first, last = (bisect_right(begins, at) - 1 for at in (begin, last_begin))
    name = f"s{first}" if begin == begins[first] else f"s{first}-{begin - begins[first]}"
    return Block(name, first, last, turn.attribution, begin > begins[turn.first], tuple(held))


def _parts(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    held: list[Block] = []
    size = 0
    for block in blocks:
        pieces_of = sum(map(len, block.paragraphs))
        if held and size + pieces_of > PART_PIECES:
            yield tuple(held)
            held, size = [], 0
        held.append(block)
        size += pieces_of
    yield tuple(held)
