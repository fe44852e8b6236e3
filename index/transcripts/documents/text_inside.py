"""A transcript inside a document: its lines are taken out and read by the reader that fits them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from index.transcripts.report import Reading, Unreadable
from index.transcripts.source import Source


@dataclass(frozen=True, slots=True)
class Inside:
    """``lines`` with the place of each in the document, and what the document says of itself."""

    lines: tuple[tuple[int, str], ...]
    title: str = ""
    language: str | None = None


Unwrap: TypeAlias = Callable[[Source], Inside]
Read: TypeAlias = Callable[[Source], Reading]


def split_lines(texts: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """``texts`` with their places, cut where they break: [(3, "a\\nb")] -> (3, "a"), (3, "b")."""
    return tuple((place, line.rstrip()) for place, text in texts for line in text.split("\n"))


def reader_of(unwrap: Unwrap, read_text: Read) -> Read:
    """A reader of documents: ``unwrap`` gives the lines, ``read_text`` reads them; notes and refusals name the places
    of the document."""

    def read(source: Source) -> Reading:
        inside = unwrap(source)
        places = [place for place, _line in inside.lines]
        text = "\n".join(line for _place, line in inside.lines)
        try:
            reading = read_text(Source(source.name, b"", text, source.encoding, source.options, source.limits))
        except Unreadable as error:
            line = places[error.line - 1] if error.line else None
            raise Unreadable(error.reason, line, error.reason_fr) from error
        _relocate(reading, places)
        reading.title = inside.title or reading.title
        reading.language = reading.language or inside.language
        return reading

    return read


def _relocate(reading: Reading, places: list[int]) -> None:
    reading.cues = [replace(cue, line=places[cue.line - 1] if cue.line else None) for cue in reading.cues]
    reading.notes = [replace(note, line=places[note.line - 1] if note.line else None) for note in reading.notes]
