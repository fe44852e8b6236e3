"""A file -> a Transcript. To add a format: one module with ``looks_like`` and ``read``, one row in ``FORMATS``.

bytes -> text (encoding.py) -> the first format whose look fits -> cues -> speakers named in the text
(speaker_prefix.py) -> checked and in order (segments.py) -> Transcript
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import FileEmpty, FileTooLarge, FileUnreadable, FormatBroken, FormatUnknown, TimesMissing
from index.speakers.cast import participants_of
from index.transcripts import (
    captions,
    clock,
    docx,
    named_text,
    ranges,
    rtf,
    sections,
    table,
    untimed,
    webpage,
    whisper,
)
from index.transcripts.encoding import decode
from index.transcripts.inside import reader_of
from index.transcripts.report import ImportReport, NoteKind, Reading, Transcript, Unreadable, found_speakers, shortened
from index.transcripts.segments import in_order, language_of, plain
from index.transcripts.source import ReadOptions, Source
from index.transcripts.speaker_prefix import name_speakers

MAX_FILE_MB = 50


@dataclass(frozen=True, slots=True)
class Format:
    """``looks_like`` tells by its content whether a file is in this format, and must not raise but Unreadable;
    ``read`` reads it. ``suffixes`` only break ties between formats that look alike; ``binary`` means that it looks at
    bytes, and is asked before the text is decoded."""

    name: str
    looks_like: Callable[[Source], bool]
    read: Callable[[Source], Reading]
    suffixes: tuple[str, ...] = ()
    binary: bool = False


def _read_inside(source: Source) -> Reading:
    """What the text of a document says, by the first of ``_TEXTS`` that fits it."""
    if not source.text.strip():
        raise FileEmpty(path=source.name)
    row = _row(source, _TEXTS)
    if row is None:
        raise _times_missing(source)
    return row.read(source)


_TEXTS = (
    Format("WebVTT", captions.looks_like_webvtt, captions.read, (".vtt",)),
    Format("Whisper JSON", whisper.looks_like, whisper.read, (".json",)),
    Format("Teams / Premiere", ranges.looks_like, ranges.read),
    Format("SubRip", captions.looks_like_subrip, captions.read, (".srt",)),
    Format("CSV / TSV", table.looks_like, table.read, (".csv", ".tsv")),
    Format("Google Meet", sections.looks_like, sections.read),
    Format("NAME [MM:SS] text", named_text.looks_like, named_text.read),
    Format("MM:SS text", clock.looks_like, clock.read),
    Format("text without times (--words-per-minute)", untimed.looks_like, untimed.read),
)
"""Those that may also stand inside a document."""

FORMATS = (
    Format("Podcast HTML", webpage.looks_like_podcast, webpage.read_podcast, (".html", ".htm")),
    Format("HTML", webpage.looks_like, reader_of(webpage.unwrap, _read_inside), (".html", ".htm")),
    Format("RTF", rtf.looks_like, reader_of(rtf.unwrap, _read_inside), (".rtf",)),
    Format("DOCX", docx.looks_like, reader_of(docx.unwrap, _read_inside), (".docx",), binary=True),
    *_TEXTS,
)
"""In the order they are tried: looks come from the content alone, so a WebVTT named .txt is a WebVTT."""

FORMAT_NAMES = ", ".join(row.name for row in FORMATS)


def read_transcript(
    path: Path, *, name: str | None = None, max_mb: int = MAX_FILE_MB, options: ReadOptions | None = None
) -> Transcript:
    """Read the file at ``path``, called ``name`` in messages. Raises a TranscriptError; reading changes nothing."""
    shown = name or path.name
    data = _bytes(path, shown, max_mb)
    source = Source(shown, data, encoding="binary", options=options)
    row = next((row for row in FORMATS if row.binary and row.looks_like(source)), None)
    if row is None:
        text, encoding = decode(data, shown, FORMAT_NAMES)
        if not text.strip():
            raise FileEmpty(path=shown)
        source = Source(shown, data, text, encoding, options)
        row = _row(source, FORMATS)
    reading = _read(row, source) if row else Reading()
    for number, line in enumerate(source.lines if "\ufffd" in source.text else (), start=1):
        if "\ufffd" in line:
            reading.note(NoteKind.CHARACTERS_REPLACED, number, line)
    name_speakers(reading)
    segments = in_order(reading)
    if row is None or not segments:
        raise _times_missing(source)
    title = plain(reading.title) or Path(shown).stem
    return Transcript(
        title=title,
        segments=segments,
        participants=tuple(participants_of(f"{title}. {plain(reading.description)}")),
        language=reading.language or language_of(segments),
        report=ImportReport(
            format=row.name,
            encoding=source.encoding,
            segments=len(segments),
            words=sum(len(segment.text.split()) for segment in segments),
            speakers=found_speakers(segments),
            first=segments[0].start,
            last=max(segment.end for segment in segments),
            notes=tuple(reading.notes),
        ),
    )


def _times_missing(source: Source) -> TimesMissing:
    head = "\n".join(shortened(line, 80) for line in source.text.split("\n", 3)[:3])
    return TimesMissing(path=source.name, formats=FORMAT_NAMES, head=head)


def _row(source: Source, formats: Sequence[Format]) -> Format | None:
    """The first of ``formats`` whose look fits, one with the file's ending before the others."""
    try:
        fitting = [row for row in formats if not row.binary and row.looks_like(source)]
    except Unreadable as error:
        structure = "JSON" if source.looks_like_json else "XML"
        raise FormatBroken(path=source.name, format=structure, line=error.line or 1, reason=error.reason) from error
    return next((row for row in fitting if source.suffix in row.suffixes), fitting[0] if fitting else None)


def _read(row: Format, source: Source) -> Reading:
    shown = source.name
    try:
        return row.read(source)
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
