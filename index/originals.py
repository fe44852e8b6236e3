"""A debate as its file gave it, packed: what corrections are laid over, and what undoing them brings back."""

import json
import zlib
from dataclasses import replace
from typing import Any

from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment, WordTime


def packed(base: Debate) -> bytes:
    """Its segments with the file's own labels, and who was announced; the rest is kept where it is searched.

    ``heard`` has the voices that its recording told apart: in place of a label, or beside the name that the file gives.
    """
    document = {
        "participants": [[person.name, person.role, list(person.aliases)] for person in base.participants],
        "segments": [
            [
                segment.start,
                segment.end,
                segment.text,
                segment.speaker if _was_told_apart(segment) else segment.voice,
                segment.attribution.confidence,
                [[word.start, word.end, word.text] for word in segment.words],
            ]
            for segment in base.segments
        ],
        "heard": {segment.index: segment.voice for segment in base.segments if _was_told_apart(segment)},
    }
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(content: bytes, debate: Debate) -> Debate:
    """What ``packed`` made, with title, date and so on from ``debate``."""
    document: dict[str, Any] = json.loads(zlib.decompress(content))
    people = tuple(Participant(name, role, tuple(aliases)) for name, role, aliases in document["participants"])
    heard: dict[str, str] = document.get("heard", {})
    segments = (_segment(index, *fields) for index, fields in enumerate(document["segments"]))
    laid = tuple(_with_voice(segment, heard.get(str(segment.index))) for segment in segments)
    return replace(debate, participants=people, segments=laid)


def _was_told_apart(segment: Segment) -> bool:
    """A voice under its label, or beside the name that the file gives."""
    if not segment.voice or not segment.speaker:
        return False
    return segment.attribution.origin is (Origin.VOICE if segment.voice == segment.speaker else Origin.LABELLED)


def _with_voice(segment: Segment, voice: str | None) -> Segment:
    if voice is None:
        return segment
    origin = Origin.VOICE if voice == segment.speaker else Origin.LABELLED
    return replace(segment, voice=voice, attribution=replace(segment.attribution, origin=origin))


def _segment(
    index: int, start: float, end: float, text: str, voice: str | None, confidence: float, words: list[list[Any]]
) -> Segment:
    attribution = Attribution(voice, Origin.LABELLED, confidence) if voice else UNKNOWN
    return Segment(index, start, end, text, attribution, tuple(WordTime(*word) for word in words), voice)
