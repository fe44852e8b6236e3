"""Words of a debate -> a place: characters, segments, seconds, who says it, links."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

from index.types import Attribution, Segment, WordTime
from rag.links import permalink, recording_url
from rag.quotes.corpus import Opened
from rag.quotes.types import Difference, Place, Spoken


def place_of(
    opened: Opened, begin: int, end: int, quote: tuple[int, int], differences: tuple[Difference, ...] = ()
) -> Place:
    """Characters ``begin`` to before ``end`` of the debate's text, where characters ``quote`` of the quote stand."""
    debate, text = opened.debate, opened.reading.text
    first, last = _segment_at(opened, begin), _segment_at(opened, end - 1)
    first_offset, last_offset = begin - opened.segment_begins[first], end - opened.segment_begins[last]
    starts = _word_time(debate.segments[first], first_offset, is_end=False)
    ends = _word_time(debate.segments[last], last_offset, is_end=True)
    told = starts is not None and ends is not None
    start = starts if told and starts is not None else _piece(opened, begin).start
    end_time = ends if told and ends is not None else _piece(opened, end - 1).end
    return Place(
        debate=debate.id,
        title=debate.title,
        text=text[begin:end],
        char_begin=begin,
        char_end=end,
        first_segment=first,
        first_offset=first_offset,
        last_segment=last,
        last_offset=last_offset,
        start=start,
        end=max(end_time, start),
        word_times=told,
        spoken=tuple(_spoken(opened, first, last, begin, end)),
        permalink=permalink(debate.id, start, max(end_time, start)),
        video_url=recording_url(debate, start, max(end_time, start)),
        quote_begin=quote[0],
        quote_end=quote[1],
        differences=differences,
    )


def _segment_at(opened: Opened, character: int) -> int:
    return bisect_right(opened.segment_begins, character) - 1


def _piece(opened: Opened, character: int) -> Segment:
    return opened.pieces[bisect_right(opened.piece_begins, character) - 1]


def _spoken(opened: Opened, first: int, last: int, begin: int, end: int) -> Iterator[Spoken]:
    """Runs of segments under one name from one source."""

    def who(segment: Segment) -> tuple[str | None, str]:
        return segment.speaker, segment.attribution.origin

    for _who, run in groupby(opened.debate.segments[first : last + 1], key=who):
        segments = list(run)
        least: Attribution = min((segment.attribution for segment in segments), key=lambda known: known.confidence)
        at = max(opened.segment_begins[segments[0].index], begin)
        to = min(opened.segment_begins[segments[-1].index] + len(segments[-1].text), end)
        yield Spoken(least, at, to, opened.reading.text[at:to])


def _word_time(segment: Segment, offset: int, *, is_end: bool) -> float | None:
    """When the word at character ``offset`` of the segment begins, or the one that ends there ends; None where the
    file does not say."""
    placed = list(_placed(segment))
    if len(placed) < len(segment.words) or not placed:
        return None
    if is_end:
        at = next((number for number, (_begin, end, _word) in enumerate(placed) if end >= offset), len(placed) - 1)
        end_time = placed[at][2].end
        following = placed[at + 1][2].start if at + 1 < len(placed) else segment.end
        return end_time if end_time is not None else following
    return next(word.start for begin, _end, word in reversed(placed) if begin <= offset or begin == placed[0][0])


def _placed(segment: Segment) -> Iterator[tuple[int, int, WordTime]]:
    """Each word of the recogniser with its characters in the text of the segment, up to one that is not there."""
    at = 0
    for word in segment.words:
        text = word.text.strip()
        found = segment.text.find(text, at)
        if found < 0:
            return
        at = found + len(text)
        yield found, at, word
