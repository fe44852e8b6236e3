"""Segments -> pieces -> turns and overlapping windows. Pure functions.

A *piece* is the smallest part that is scored and cited: a segment, or a part of a long one. Captions are pieces as
they are, with the times of the file; a segment of many words (a paragraph of a podcast transcript) is cut at its
sentence ends, and the times inside it are estimated by the share of its characters.

    segments 12 15 200 9 words  ->  pieces 12 15 | 38 31 40 35 40 16 | 9  ->  windows of about 30 and 90 words
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.types import UNKNOWN, Attribution, Origin, Segment, Turn, Window
from index.words.sentences import sentence_spans

WIDTHS = (30, 90)
"""Words of the windows: the narrow ones find the sentence, the wide ones the subject it belongs to (see
eval/README.md)."""

LONGEST_PIECE = 40
"""Words. Captions and ASR segments stay under it; half of a passage, so that a passage can end near its limit."""

_CLAUSE_END = re.compile(r"(?<=[,;:])\s+")


def word_count(text: str) -> int:
    return len(text.split())


def pieces(segments: Sequence[Segment], longest: int = LONGEST_PIECE) -> list[Segment]:
    """The pieces of ``segments``, each with the index of its segment; joined, they give the same text."""
    return [piece for segment in segments for piece in _cut(segment, longest)]


def turns(parts: Sequence[Segment]) -> list[Turn]:
    """Runs of one speaker, with the least certain of their attributions. Unknown speakers form runs too, one for each
    voice: where nobody is told apart a debate is one turn."""
    runs: list[Turn] = []
    for position, part in enumerate(parts):
        if runs and _same_voice(parts[position - 1], part):
            known, first = runs[-1].attribution, runs[-1].first
            known = known if known == part.attribution else weakest(known, part.attribution)
            runs[-1] = Turn(first, position, known)
        else:
            runs.append(Turn(position, position, part.attribution))
    return runs


def weakest(*attributions: Attribution) -> Attribution:
    """Of one speaker: the least certain, and what a person has not confirmed before what they have. Of several, or of
    somebody and nobody: unknown."""
    if len({known.speaker for known in attributions}) > 1:
        return UNKNOWN
    return min(attributions, key=lambda known: (known.confidence, list(Origin).index(known.origin)))


def _same_voice(one: Segment, other: Segment) -> bool:
    first, second = _told(one), _told(other)
    if first is None and second is None:
        return one.voice == other.voice
    return first == second


def _told(part: Segment) -> str | None:
    """What the bare text suggests of a few segments does not say where their turns end."""
    return None if part.attribution.origin is Origin.SUGGESTED else part.speaker


def windows(parts: Sequence[Segment], width: int) -> list[Window]:
    """Windows of at least ``width`` words (the last may be shorter), each begun half a width after the one before.

    They cross turns on purpose: an answer of three words is found through the question before it. Each piece is in a
    window.
    """
    counts = [word_count(part.text) for part in parts]
    found: list[Window] = []
    first = 0
    while first < len(parts):
        last = _reach(counts, first, width)
        found.append(Window(first, last, width, " ".join(part.text for part in parts[first : last + 1])))
        if last == len(parts) - 1:
            break
        first = min(_reach(counts, first, width // 2) + 1, last + 1)
    return found


def blocks(parts: Sequence[Segment], most: int) -> list[str]:
    """The whole text, in parts of at most about ``most`` words that do not overlap."""
    return list(_grouped((part.text for part in parts), most))


def _reach(counts: Sequence[int], first: int, words: int) -> int:
    """The first position at which ``counts[first:position + 1]`` adds up to ``words``, or the last one."""
    total = 0
    for position in range(first, len(counts)):
        total += counts[position]
        if total >= words:
            return position
    return len(counts) - 1


def _cut(segment: Segment, longest: int) -> Iterator[Segment]:
    if word_count(segment.text) <= longest:
        yield segment
        return
    per_character = (segment.end - segment.start) / len(segment.text)
    begin = 0
    for text in _grouped(_fragments(segment.text, longest), longest):
        end = begin + len(text)
        start_time = segment.start if begin == 0 else _between(segment, begin * per_character)
        end_time = segment.end if end == len(segment.text) else _between(segment, (end + 1) * per_character)
        yield replace(segment, start=start_time, end=end_time, text=text, words=())
        begin = end + 1


def _between(segment: Segment, seconds: float) -> float:
    """A moment of ``segment``, to the millisecond."""
    return min(max(round(segment.start + seconds, 3), segment.start), segment.end)


def _fragments(text: str, longest: int) -> Iterator[str]:
    """Sentences; clauses of a longer sentence; ``longest`` words of a longer clause."""
    for begin, end in sentence_spans(text):
        sentence = text[begin:end]
        if word_count(sentence) <= longest:
            yield sentence
            continue
        for clause in _CLAUSE_END.split(sentence):
            words = clause.split()
            yield from (" ".join(words[at : at + longest]) for at in range(0, len(words), longest))


def _grouped(fragments: Iterable[str], longest: int) -> Iterator[str]:
    """Join neighbours while they stay within ``longest`` words."""
    held = ""
    for fragment in fragments:
        joined = f"{held} {fragment}" if held else fragment
        if held and word_count(joined) > longest:
            yield held
            held = fragment
        else:
            held = joined
    if held:
        yield held
