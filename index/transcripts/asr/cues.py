"""Words and passages of a recogniser -> cues. What has no readable time is joined to its neighbour or dropped, and
noted by its number in the file, since JSON has no lines."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from index.transcripts.asr.json_fields import Fields, Times, string
from index.transcripts.report import Cue, NoteKind, Reading, Word
from index.transcripts.words import cues_of, cut

_Turn = tuple[float, float, str | None]

_ONE_WORD_EACH = 0.8
_FEWEST = 5
_NEAR = 1.0
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\U0003ffff]")  # one "word" is a phrase


class WordList:
    """Gathers the words of a list in their order.

    ``what`` stands before the number of a word in notes: "word", "segment 3, word". ``optional`` says that the text
    stands elsewhere too, as in a passage: a word to which the file gives no time is then nothing to note.
    """

    def __init__(self, reading: Reading, what: str = "word", *, optional: bool = False) -> None:
        self._reading = reading
        self._what = what
        self._optional = optional
        self._number = 0
        self._words: list[Word] = []
        self._pieces: list[list[str]] = []  # of the text of each word
        self._before: list[str] = []  # pieces of the next one
        self._glued = False

    def __len__(self) -> int:
        return len(self._words)

    def words(self) -> list[Word]:
        """The words so far, each with the marks that were joined to it."""
        return [replace(word, text="".join(pieces)) for word, pieces in zip(self._words, self._pieces, strict=True)]

    def add(self, text: object, when: Times, speaker: str | None = None, *, continues: bool = False) -> None:
        """``continues`` joins the text to the word before without a space, as the rest of that word."""
        self._number += 1
        said = string(text)
        if not isinstance(text, str):
            self._note(NoteKind.BAD_TIME)
        elif not said:
            self._note(NoteKind.EMPTY_CUE)
        elif (continues or self._glued) and self._same_speaker(speaker):
            self._continue(said, when.end)
        elif when.start is None:
            self._untimed(said, when, speaker)
        else:
            self._words.append(Word(when.start, self._end(when), "", speaker))
            self._pieces.append([*self._before, said])
            self._before = []
        self._glued = False

    def punctuate(self, mark: object, attaches: str = "previous") -> None:
        """A mark without a time of its own; ``attaches`` is "previous", "next" or "both"."""
        self._number += 1
        if attaches == "next" or not self._words:
            self._before.append(string(mark))
        else:
            self._continue(string(mark), None)
            self._glued = attaches == "both"

    def _same_speaker(self, speaker: str | None) -> bool:
        return bool(self._words) and speaker in (None, self._words[-1].speaker)

    def _continue(self, text: str, end: float | None) -> None:
        self._pieces[-1].append(text)
        if end is not None and end >= self._words[-1].start:
            self._words[-1] = replace(self._words[-1], end=end)

    def _untimed(self, said: str, when: Times, speaker: str | None) -> None:
        if self._optional and not when.start_given and not self._words:
            self._before.append(f"{said} ")
        elif self._same_speaker(speaker):
            self._continue(f" {said}", None)
            if not self._optional or when.start_given:
                self._note(NoteKind.JOINED_LINE, said)
        else:
            self._note(NoteKind.BAD_TIME)

    def _end(self, when: Times) -> float | None:
        if when.end is None and when.end_given:
            self._note(NoteKind.END_UNREADABLE)
        elif when.end is not None and when.start is not None and when.end < when.start:
            self._note(NoteKind.END_BEFORE_START, f"{when.start:g} > {when.end:g}")
            return None
        return when.end

    def _note(self, kind: NoteKind, detail: str = "") -> None:
        self._reading.note(kind, None, f"{self._what} {self._number}" + (f": {detail}" if detail else ""))


class Turns:
    """Who speaks when, where a file gives that apart from its words."""

    def __init__(self, turns: Iterable[tuple[Times, str | None]]) -> None:
        known = [(when.start, when.end, who) for when, who in turns if when.start is not None and when.end is not None]
        self._turns: list[_Turn] = sorted(known, key=lambda turn: turn[0])
        self._starts = [turn[0] for turn in self._turns]
        self._longest: list[_Turn] = list(accumulate(self._turns, _later))

    def at(self, when: Times) -> str | None:
        """The speaker in the middle of a word; in a gap, of the nearest turn within a second."""
        if when.start is None:
            return None
        moment = (when.start + when.end) / 2 if when.end is not None else when.start
        following = bisect_right(self._starts, moment)
        begun = max(0, following - 1)
        near = [*self._turns[begun : following + 1], *self._longest[begun:following]]
        away = [(max(start - moment, moment - end, 0.0), who) for start, end, who in near]
        distance, speaker = min(away, key=lambda pair: pair[0], default=(_NEAR, None))
        return speaker if distance < _NEAR else None


def _later(one: _Turn, other: _Turn) -> _Turn:
    return one if one[1] >= other[1] else other


def add_words(reading: Reading, words: WordList) -> None:
    """A list of words becomes cues."""
    reading.cues.extend(cues_of(words.words()))


def add_segment(
    reading: Reading,
    number: int,
    text: object,
    when: Times,
    speaker: str | None = None,
    words: Sequence[Word] = (),
) -> None:
    """A passage becomes a cue, or several when it is long and has words; one without text has that of its words."""
    if text is None and words:
        text = " ".join(word.text for word in words)
    before = len(reading.cues)
    add_whole_segment(reading, number, text, when, speaker, words)
    reading.cues[before:] = [part for cue in reading.cues[before:] for part in cut(cue)]


def add_whole_segment(
    reading: Reading, number: int, text: object, when: Times, speaker: str | None, words: Sequence[Word]
) -> None:
    """A passage becomes a cue as it is; without a time or a text it is dropped and noted."""
    if when.start is None or not isinstance(text, str):
        reading.note(NoteKind.BAD_TIME, None, f"segment {number}")
        return
    if when.end is None and when.end_given:
        reading.note(NoteKind.END_UNREADABLE, None, f"segment {number}")
    reading.cues.append(Cue(when.start, when.end, text, speaker, words=tuple(words)))


def covers(segments: list[Fields], text: str, words: list[Fields]) -> bool:
    """Whether passages, whose text is in the field ``text``, hold all the words that the file also lists."""
    return bool(segments) and sum(len(string(segment.get(text)).split()) for segment in segments) >= len(words)


def join_single_words(reading: Reading) -> None:
    """A list with one word a passage is a list of words: they become cues as words do."""
    cues = reading.cues
    single = sum(len(cue.text.split()) == 1 and _UNSPACED.search(cue.text) is None for cue in cues)
    if len(cues) < _FEWEST or single < _ONE_WORD_EACH * len(cues):
        return
    spaced = any(cue.text.startswith(" ") for cue in cues)
    words = WordList(reading, "segment")
    for cue in cues:
        when = Times(cue.start, cue.end, end_given=cue.end is not None)
        words.add(cue.text, when, cue.speaker, continues=spaced and not cue.text.startswith(" "))
    reading.cues = list(cues_of(words.words()))


def in_time(reading: Reading) -> None:
    """Channels stand one after the other in a file, and were spoken at the same time."""
    reading.cues.sort(key=lambda cue: cue.start)
