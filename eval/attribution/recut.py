"""A debate cut another way: a segment a sentence, long ones in two or more, as captions and recognisers give them.

FREDSum's segments are packed to a length within a turn, so that a short one gives a turn's end away. A model that
learnt from them alone sees changes at every short sentence of other transcripts.
"""

import re
from dataclasses import replace
from itertools import groupby

from eval.attribution.recordings import GoldDebate
from index.types import Segment, joined_text

_SENTENCE = re.compile(r"(?<=[.?!…])\s+")
_LONGEST = 18
"""Words; the longer sentences are cut at a comma, or else in the middle of nowhere."""


def recut(debate: GoldDebate) -> GoldDebate:
    """The same words, speakers and times, in segments of one sentence or less."""
    segments: list[Segment] = []
    gold: list[str | None] = []
    raw: list[str | None] = []
    rows = zip(debate.segments, debate.gold, debate.raw, strict=True)
    for (speaker, label), turn in groupby(rows, key=lambda row: row[1:]):
        parts = [segment for segment, _gold, _raw in turn]
        for text in _pieces(joined_text(parts)):
            segments.append(replace(parts[0], index=len(segments), text=text, end=parts[-1].end))
            gold.append(speaker)
            raw.append(label)
    return GoldDebate(f"{debate.id} (recut)", tuple(segments), debate.participants, tuple(gold), tuple(raw))


def _pieces(text: str) -> list[str]:
    return [piece for sentence in _SENTENCE.split(text) for piece in _shortened(sentence)]


def _shortened(sentence: str) -> list[str]:
    words = sentence.split()
    pieces: list[str] = []
    while len(words) > _LONGEST:
        commas = [at for at in range(6, _LONGEST) if words[at - 1].endswith((",", ";", ":"))]
        at = commas[-1] if commas else _LONGEST - 4
        pieces.append(" ".join(words[:at]))
        words = words[at:]
    return [*pieces, " ".join(words)] if words else pieces
