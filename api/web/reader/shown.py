"""A part of a transcript as its template shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.web.reader.marks import Bit, Mark, bits
from api.web.reader.transcript import Block, Run, Transcript
from api.web.rendering import seconds
from api.web.voices import certainty
from index.types import Origin


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with its space behind it; ``start`` and ``stop`` as attributes have them."""

    start: str
    stop: str
    bits: tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block with its speaker: ``certainty`` is the key of a sentence, empty where the transcript itself names
    them."""

    name: str
    first: int
    last: int
    start: float
    stop: float
    speaker: str | None
    colour: int
    certainty: str
    continued: bool
    paragraphs: tuple[tuple[ShownRun, ...], ...]


def shown_part(
    transcript: Transcript, number: int, marks: Sequence[Mark], colours: Mapping[str, int]
) -> list[ShownBlock]:
    """Part ``number``, from 0; ``colours`` by name."""
    begin, end = transcript.extent(number)
    here = [mark for mark in marks if mark.begin < end and mark.end > begin]
    return [_block(transcript.text, block, here, colours) for block in transcript.parts[number]]


def _block(text: str, block: Block, marks: Sequence[Mark], colours: Mapping[str, int]) -> ShownBlock:
    who = block.attribution
    return ShownBlock(
        block.name,
        block.first,
        block.last,
        block.start,
        block.stop,
        who.speaker,
        colours.get(who.speaker or "", 0),
        "" if who.origin is Origin.LABELLED else certainty(who),
        block.continued,
        tuple(_paragraph(text, paragraph, marks) for paragraph in block.paragraphs),
    )


def _paragraph(text: str, runs: Sequence[Run], marks: Sequence[Mark]) -> tuple[ShownRun, ...]:
    begin, end = runs[0].begin, runs[-1].end
    here = [mark for mark in marks if mark.begin < end and mark.end > begin]
    ends = [*(run.begin for run in runs[1:]), end]
    return tuple(
        ShownRun(seconds(run.start), seconds(run.stop), bits(text, run.begin, stop, here))
        for run, stop in zip(runs, ends, strict=True)
    )
