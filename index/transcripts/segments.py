"""Cues -> segments: text with single spaces, times that make sense, a total order. Whatever is changed is noted."""

import re
from bisect import bisect_right
from dataclasses import replace

from index.transcripts.report import Cue, NoteKind, Reading
from index.types import UNKNOWN, Attribution, Origin, Segment, WordTime
from index.words.lexical import fold
from index.words.stopwords import STOP_WORDS

WORDS_PER_SECOND = 2.5
"""Of speech (150 words a minute): how long the last passage lasts where a format gives only starts."""

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]+")


def in_order(reading: Reading) -> tuple[Segment, ...]:
    """The segments of ``reading``, ordered by (start, end, place in the file); adds its notes to ``reading.notes``."""
    whole = [replace(cue, text=" ".join([cue.text, *reading.more.get(at, ())])) for at, cue in enumerate(reading.cues)]
    cues = [cue for cue in (_checked(cue, reading) for cue in whole) if cue is not None]
    _note_steps_back(cues, reading)
    cues.sort(key=lambda cue: cue.start)
    starts = [cue.start for cue in cues]
    ended = [(cue, cue.end if cue.end is not None else _end(cue, starts)) for cue in cues]
    ended.sort(key=lambda pair: (pair[0].start, pair[1]))
    return tuple(_segment(index, cue, end) for index, (cue, end) in enumerate(ended))


def _segment(index: int, cue: Cue, end: float) -> Segment:
    attribution = Attribution(cue.speaker, Origin.LABELLED, 1.0) if cue.speaker else UNKNOWN
    words = ((word, plain(word.text)) for word in cue.words)
    kept = tuple(WordTime(word.start, word.end, text) for word, text in words if text)
    return Segment(index, cue.start, end, cue.text, attribution, kept)


def plain(text: str) -> str:
    """Single spaces, and none of the characters that no text has: controls, halves of surrogate pairs."""
    return " ".join(_NOT_TEXT.sub(" ", text).split())


def language_of(segments: tuple[Segment, ...]) -> str:
    """ "fr" or "en", whichever has more of its stop words in the first 2,000 words."""
    words = [fold(word) for segment in segments[:200] for word in re.findall(r"[^\W\d_]+", segment.text)][:2000]
    counts = {language: sum(word in stop for word in words) for language, stop in STOP_WORDS.items()}
    return max(counts, key=lambda language: counts[language])


def _checked(cue: Cue, reading: Reading) -> Cue | None:
    text = plain(cue.text)
    if _NOT_TEXT.search(cue.text.replace("\n", " ").replace("\t", " ")):
        reading.note(NoteKind.CHARACTERS_REPLACED, cue.line, text)
    cue = replace(cue, speaker=plain(cue.speaker or "") or None)
    if not text:
        reading.note(NoteKind.EMPTY_CUE, cue.line)
        return None
    if cue.end is not None and cue.end < cue.start:
        reading.note(NoteKind.END_BEFORE_START, cue.line, f"{cue.start:g} > {cue.end:g}")
        return replace(cue, text=text, end=None)
    return replace(cue, text=text)


def _note_steps_back(cues: list[Cue], reading: Reading) -> None:
    latest = 0.0
    for cue in cues:
        if cue.start < latest:
            reading.note(NoteKind.TIME_WENT_BACK, cue.line, f"{cue.start:g} < {latest:g}")
        latest = max(latest, cue.start)


def _end(cue: Cue, starts: list[float]) -> float:
    """The next later start; after the last one, the time its words take."""
    following = bisect_right(starts, cue.start)
    return (
        starts[following] if following < len(starts) else cue.start + max(1.0, len(cue.text.split()) / WORDS_PER_SECOND)
    )
