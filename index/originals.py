"""A debate as its file gave it, packed: what corrections are laid over, and what undoing them brings back."""

import json
import zlib
from dataclasses import replace
from typing import Any

from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment, WordTime


def packed(base: Debate) -> bytes:
    """Its segments with the file's own labels, and who was announced; the rest is kept where it is searched."""
    document = {
        "participants": [[person.name, person.role, list(person.aliases)] for person in base.participants],
        "segments": [
            [
                segment.start,
                segment.end,
                segment.text,
                segment.voice,
                segment.attribution.confidence,
                [[word.start, word.end, word.text] for word in segment.words],
            ]
            for segment in base.segments
        ],
    }
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(content: bytes, debate: Debate) -> Debate:
    """What ``packed`` made, with title, date and so on from ``debate``."""
    document: dict[str, Any] = json.loads(zlib.decompress(content))
    people = tuple(Participant(name, role, tuple(aliases)) for name, role, aliases in document["participants"])
    segments = tuple(_segment(index, *fields) for index, fields in enumerate(document["segments"]))
    return replace(debate, participants=people, segments=segments)


def _segment(
    index: int, start: float, end: float, text: str, voice: str | None, confidence: float, words: list[list[Any]]
) -> Segment:
    attribution = Attribution(voice, Origin.LABELLED, confidence) if voice else UNKNOWN
    return Segment(index, start, end, text, attribution, tuple(WordTime(*word) for word in words), voice)
