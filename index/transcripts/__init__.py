"""A file -> a Transcript. To add a format: one module with ``looks_like`` and ``read``, one row in ``FORMATS``.

bytes -> text (encoding.py) -> the first format whose look fits -> cues -> checked and in order (segments.py) ->
Transcript
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import FileEmpty, FileTooLarge, FileUnreadable, FormatBroken, FormatUnknown, TimesMissing
from index.speakers.cast import participants_of
from index.transcripts import captions, clock, whisper
from index.transcripts.encoding import decode
from index.transcripts.report import ImportReport, NoteKind, Reading, Transcript, Unreadable, found_speakers, shortened
from index.transcripts.segments import in_order, language_of, plain

MAX_FILE_MB = 50


@dataclass(frozen=True, slots=True)
class Format:
    """``looks_like(text)`` tells whether a text is in this format; ``read(text, path, names of all formats)`` reads
    it."""

    name: str
    looks_like: Callable[[str], bool]
    read: Callable[[str], Reading]


FORMATS = (
    Format("WebVTT", captions.looks_like_webvtt, captions.read),
    Format("Whisper JSON", whisper.looks_like, whisper.read),
    Format("SubRip", captions.looks_like_subrip, captions.read),
    Format("MM:SS text", clock.looks_like, clock.read),
)
"""In the order they are tried: looks come from the content alone, so a WebVTT named .txt is a WebVTT."""

FORMAT_NAMES = ", ".join(row.name for row in FORMATS)


def read_transcript(path: Path, *, name: str | None = None, max_mb: int = MAX_FILE_MB) -> Transcript:
    """Read the file at ``path``, called ``name`` in messages. Raises a TranscriptError; reading changes nothing."""
    shown = name or path.name
    text, encoding = decode(_bytes(path, shown, max_mb), shown, FORMAT_NAMES)
    if not text.strip():
        raise FileEmpty(path=shown)
    row = next((row for row in FORMATS if row.looks_like(text)), None)
    reading = _read(row, text, shown) if row else Reading()
    for number, line in enumerate(text.split("\n") if "\ufffd" in text else (), start=1):
        if "\ufffd" in line:
            reading.note(NoteKind.CHARACTERS_REPLACED, number, line)
    segments = in_order(reading)
    if row is None or not segments:
        head = "\n".join(shortened(line, 80) for line in text.split("\n", 3)[:3])
        raise TimesMissing(path=shown, formats=FORMAT_NAMES, head=head)
    title = plain(reading.title) or Path(shown).stem
    return Transcript(
        title=title,
        segments=segments,
        participants=tuple(participants_of(f"{title}. {plain(reading.description)}")),
        language=reading.language or language_of(segments),
        report=ImportReport(
            format=row.name,
            encoding=encoding,
            segments=len(segments),
            words=sum(len(segment.text.split()) for segment in segments),
            speakers=found_speakers(segments),
            first=segments[0].start,
            last=max(segment.end for segment in segments),
            notes=tuple(reading.notes),
        ),
    )


def _read(row: Format, text: str, shown: str) -> Reading:
    try:
        return row.read(text)
    except Unreadable as error:
        if error.line is None:
            raise FormatUnknown(path=shown, formats=FORMAT_NAMES, reason=error.reason) from error
        raise FormatBroken(path=shown, format=row.name, line=error.line, reason=error.reason) from error


def _bytes(path: Path, shown: str, max_mb: int) -> bytes:
    try:
        if path.stat().st_size > max_mb * 1_000_000:
            raise FileTooLarge(path=shown, limit_mb=max_mb)
        data = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path=shown, reason=error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise FileUnreadable(path=shown, reason=str(error)) from error
    if not data:
        raise FileEmpty(path=shown)
    return data
