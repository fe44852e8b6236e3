"""Words with times -> cues: cut after a sentence, at a pause, where the speaker changes, and at 20 words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.transcripts.report import Cue, Word

LONGEST_PAUSE = 0.8
"""Seconds of silence that end a cue."""
MOST_WORDS = 20
LONGEST_SEGMENT = 40
"""Words: a longer passage of one recogniser is cut where its words allow it."""
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


def cut(cue: Cue) -> Iterator[Cue]:
    """``cue`` as it is, or the cues of its words: where it is long, or where several people speak in it.

    It is never cut when its words do not say what its text says, so that no text is lost.
    """
    voices = list(dict.fromkeys(word.speaker for word in cue.words if word.speaker))
    if len(voices) < 2 and len(cue.text.split()) <= LONGEST_SEGMENT:
        yield replace(cue, speaker=cue.speaker or next(iter(voices), None))
        return
    spelled = _spelled(cue.words, cue.text)
    if spelled:
        yield from cues_of(_voiced(spelled, cue.speaker or next(iter(voices), None)))
    else:
        yield cue


def _ends(held: list[Word], following: Word) -> bool:
    last = held[-1]
    pause = following.start - (last.end if last.end is not None else last.start)
    return (
        len(held) >= MOST_WORDS
        or following.speaker != last.speaker
        or pause > LONGEST_PAUSE
        or following.start < last.start - LONGEST_PAUSE
        or last.text.rstrip(_CLOSING).endswith(_SENTENCE_END)
    )


def _spelled(words: Sequence[Word], text: str) -> list[Word] | None:
    """``words`` written as in ``text``: recognisers give words without the punctuation of their passage. None when
    they cannot be matched."""
    tokens = text.split()
    if "".join(tokens) == "".join("".join(word.text.split()) for word in words):
        return list(words)
    if len(tokens) == len(words):
        return [replace(word, text=token) for word, token in zip(words, tokens, strict=True)]
    return None


def _voiced(words: Iterable[Word], speaker: str | None) -> Iterator[Word]:
    """A word without a speaker has that of the word before, the first one ``speaker``."""
    for word in words:
        speaker = word.speaker or speaker
        yield replace(word, speaker=speaker)
