"""Words with times -> cues: cut after a sentence, at a pause, where the speaker changes, and at 20 words."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from index.transcripts.report import Cue, Word

LONGEST_PAUSE = 0.8
"""Seconds of silence that end a cue."""
MOST_WORDS = 20
_SENTENCE_END = (".", "!", "?", "…", "。", "？", "！")
_CLOSING = "\"'”»’)] "


def cues_of(words: Iterable[Word]) -> Iterator[Cue]:
    """``words`` in their order. Each cue keeps its words; its text is theirs with single spaces."""
    held: list[Word] = []
    everything = list(words)
    for word, following in pairwise([*everything, None]):
        assert word is not None
        held.append(word)
        if following is None or _ends(held, following):
            yield Cue(
                held[0].start,
                held[-1].end,
                " ".join(one.text for one in held),
                held[0].speaker,
                held[0].line,
                tuple(held),
            )
            held = []


def _ends(held: list[Word], following: Word) -> bool:
    last = held[-1]
    pause = following.start - (last.end if last.end is not None else last.start)
    return (
        len(held) >= MOST_WORDS
        or following.speaker != last.speaker
        or pause > LONGEST_PAUSE
        or last.text.rstrip(_CLOSING).endswith(_SENTENCE_END)
    )
