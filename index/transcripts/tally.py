"""What a format brings again and again, and what is told of it once: a million marks make one note each kind."""

from index.transcripts.report import NoteKind, Reading, shortened


class Tally:
    """Counts things under their names, each with the line on which it comes first.

    >>> tally, reading = Tally(), Reading()
    >>> for line in (3, 9):
    ...     tally.add("[//]", line)
    >>> tally.tell(reading, NoteKind.MARKUP_REMOVED)
    >>> [(note.line, note.detail) for note in reading.notes]
    [(3, '[//] × 2')]
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[int | None, int]] = {}

    def add(self, what: str, line: int | None, count: int = 1) -> None:
        """Count ``what``, which stands on ``line``."""
        first, before = self._found.get(what, (line, 0))
        self._found[what] = first, before + count

    def tell(self, reading: Reading, kind: NoteKind) -> None:
        """One note for each name, in the order in which they came."""
        for what, (line, count) in self._found.items():
            reading.note(kind, line, shortened(what, 48) + (f" × {count}" if count > 1 else ""))
