"""A file -> a Transcript. To add a format: one module with ``looks_like`` and ``read``, one row in ``FORMATS``.

Formats lie by family: subtitles/, text/ (with tables), asr/ (JSON of recognisers), research/ and documents/. What
several families use lies beside them.

bytes -> text (encoding.py) -> the first format whose look fits -> cues -> speakers named in the text
(speaker_prefix.py) -> checked and in order (segments.py) -> Transcript
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import (
    FileEmpty,
    FormatBroken,
    FormatUnknown,
    MendingRefused,
    TimesMissing,
)
from index.files import read_bytes
from index.read_options import AS_IT_IS, ReadOptions
from index.speakers.cast import participants_of
from index.transcripts.asr import (
    amazon,
    assemblyai,
    azure,
    deepgram,
    editors,
    exported,
    google,
    kaldi,
    lhotse,
    podcast,
    speechmatics,
    watson,
    whisper,
    youtube_api,
)
from index.transcripts.documents import docx, html_page, rtf
from index.transcripts.documents.text_inside import reader_of
from index.transcripts.encoding import decode
from index.transcripts.limits import LIMITS, Limits
from index.transcripts.report import ImportReport, NoteKind, Reading, Transcript, Unreadable, found_speakers, shortened
from index.transcripts.research import chat, ctm, elan, rttm, stm, textgrid, transcriber
from index.transcripts.segments import in_order, language_of, plain
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import name_speakers
from index.transcripts.subtitles import (
    ass,
    ebu_stl,
    lrc,
    microdvd_spruce,
    sami,
    sbv_subviewer,
    subrip_webvtt,
    ttml,
    youtube,
)
from index.transcripts.text import google_meet, named_lines, table, teams_premiere, timed_lines, untimed
from index.types import Segment


@dataclass(frozen=True, slots=True)
class Format:
    """``looks_like`` tells by its content whether a file is in this format, and must not raise but Unreadable;
    ``read`` reads it. ``suffixes`` only break ties between formats that look alike. A ``binary`` one looks at the
    bytes, and is asked before they are decoded."""

    name: str
    looks_like: Callable[[Source], bool]
    read: Callable[[Source], Reading]
    suffixes: tuple[str, ...] = ()
    binary: bool = False


def _read_inside(source: Source) -> Reading:
    """What the text of a document says, by the first of ``_TEXTS`` that fits it."""
    if not source.text.strip():
        raise FileEmpty(path=source.name)
    source.limits.check_parts(source)
    row = _row(source, _TEXTS)
    if row is None:
        raise _times_missing(source)
    return row.read(source)


_TEXTS = (
    Format("WebVTT", subrip_webvtt.looks_like_webvtt, subrip_webvtt.read, (".vtt",)),
    Format("qui-dit-quoi JSON", exported.looks_like, exported.read, (".json",)),
    Format("YouTube JSON", youtube.looks_like_json, youtube.read_json, (".json", ".json3")),
    Format("Deepgram JSON", deepgram.looks_like, deepgram.read, (".json",)),
    Format("AssemblyAI JSON", assemblyai.looks_like, assemblyai.read, (".json",)),
    Format("Amazon Transcribe JSON", amazon.looks_like, amazon.read, (".json",)),
    Format("Google Speech JSON", google.looks_like, google.read, (".json",)),
    Format("Azure Speech JSON", azure.looks_like, azure.read, (".json",)),
    Format("IBM Watson JSON", watson.looks_like, watson.read, (".json",)),
    Format("Speechmatics JSON", speechmatics.looks_like, speechmatics.read, (".json",)),
    Format("BBC Kaldi JSON", kaldi.looks_like, kaldi.read, (".json",)),
    Format("autoEdit JSON", editors.looks_like_autoedit, editors.read_autoedit, (".json",)),
    Format("digital-paper-edit JSON", editors.looks_like_paper_edit, editors.read_paper_edit, (".json",)),
    Format("draft-js JSON", editors.looks_like_draft, editors.read_draft, (".json",)),
    Format("Podcast Namespace JSON", podcast.looks_like, podcast.read, (".json",)),
    Format("YouTube transcript JSON", youtube_api.looks_like, youtube_api.read, (".json",)),
    Format("Lhotse supervisions JSON", lhotse.looks_like, lhotse.read, (".json",)),
    Format("WhisperX JSON", whisper.looks_like_whisperx, whisper.read, (".json",)),
    Format("Whisper JSON", whisper.looks_like, whisper.read, (".json",)),
    Format("Teams / Premiere", teams_premiere.looks_like, teams_premiere.read),
    Format("SubRip", subrip_webvtt.looks_like_subrip, subrip_webvtt.read, (".srt",)),
    Format("TTML", ttml.looks_like, ttml.read, (".ttml", ".dfxp")),
    Format("YouTube XML", youtube.looks_like_xml, youtube.read_xml, (".srv1", ".srv2", ".srv3", ".ytt")),
    Format("SAMI", sami.looks_like, sami.read, (".smi", ".sami")),
    Format("SubStation Alpha", ass.looks_like, ass.read, (".ass", ".ssa")),
    Format("SBV", sbv_subviewer.looks_like_sbv, sbv_subviewer.read_sbv, (".sbv",)),
    Format("SubViewer", sbv_subviewer.looks_like_subviewer, sbv_subviewer.read_subviewer, (".sub",)),
    Format("MicroDVD", microdvd_spruce.looks_like_microdvd, microdvd_spruce.read_microdvd, (".sub",)),
    Format("Spruce STL", microdvd_spruce.looks_like_spruce, microdvd_spruce.read_spruce, (".stl",)),
    Format("LRC", lrc.looks_like, lrc.read, (".lrc",)),
    Format("Transcriber", transcriber.looks_like, transcriber.read, (".trs",)),
    Format("ELAN", elan.looks_like, elan.read, (".eaf",)),
    Format("Praat TextGrid", textgrid.looks_like, textgrid.read, (".textgrid",)),
    Format("CLAN CHAT", chat.looks_like, chat.read, (".cha",)),
    Format("NIST RTTM", rttm.looks_like, rttm.read, (".rttm",)),
    Format("NIST CTM", ctm.looks_like, ctm.read, (".ctm",)),
    Format("NIST STM", stm.looks_like, stm.read, (".stm",)),
    Format("CSV / TSV", table.looks_like, table.read, (".csv", ".tsv")),
    Format("Google Meet", google_meet.looks_like, google_meet.read),
    Format("NAME [MM:SS] text", named_lines.looks_like, named_lines.read),
    Format("MM:SS text", timed_lines.looks_like, timed_lines.read),
    Format("text without times (--words-per-minute)", untimed.looks_like, untimed.read),
)
"""Those that may also stand inside a document."""

FORMATS = (
    Format("Podcast HTML", html_page.looks_like_podcast, html_page.read_podcast, (".html", ".htm")),
    Format("HTML", html_page.looks_like, reader_of(html_page.unwrap, _read_inside), (".html", ".htm")),
    Format("RTF", rtf.looks_like, reader_of(rtf.unwrap, _read_inside), (".rtf",)),
    Format("EBU STL", ebu_stl.looks_like, ebu_stl.read, (".stl",), binary=True),
    Format("DOCX", docx.looks_like, reader_of(docx.unwrap, _read_inside), (".docx",), binary=True),
    *_TEXTS,
)
"""In the order they are tried: looks come from the content alone, so a WebVTT named .txt is a WebVTT."""


def read_transcript(
    path: Path, *, name: str | None = None, limits: Limits = LIMITS, options: ReadOptions = AS_IT_IS
) -> Transcript:
    """Read the file at ``path``, called ``name`` in messages. Raises a TranscriptError; reading changes nothing."""
    shown = name or path.name
    source, row = _recognised(read_bytes(path, shown, limits.file_mb), shown, limits, options)
    reading = _read(row, source) if row else Reading()
    limits.check_passages(shown, [cue.text for cue in reading.cues])
    for number, line in enumerate(source.lines if "\ufffd" in source.text else (), start=1):
        if "\ufffd" in line:
            reading.note(NoteKind.CHARACTERS_REPLACED, number, line)
    if not reading.names_apart:
        name_speakers(reading)
    segments = in_order(reading)
    if source.options.strict and reading.notes:
        first = reading.notes[0]
        raise MendingRefused(
            path=shown, count=len(reading.notes), first=first.message("en"), first_fr=first.message("fr")
        )
    if row is None:
        raise _times_missing(source)
    if not segments:
        at = next((note.line for note in reversed(reading.notes) if note.line), 1)
        raise FormatBroken(
            path=shown,
            format=row.name,
            line=at,
            reason="no passage with a time and a text",
            reason_fr="aucun passage avec un temps et un texte",
        )
    return _transcript(row, source, reading, segments)


def _transcript(row: Format, source: Source, reading: Reading, segments: tuple[Segment, ...]) -> Transcript:
    title = plain(reading.title) or Path(source.name).stem
    return Transcript(
        title=title,
        segments=segments,
        participants=reading.participants or tuple(participants_of(f"{title}. {plain(reading.description)}")),
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
        date=reading.date,
        url=reading.url,
        media=reading.media,
        description=plain(reading.description),
    )


def _recognised(data: bytes, shown: str, limits: Limits, options: ReadOptions) -> tuple[Source, Format | None]:
    """The file as bytes when a binary format knows them, else as text; and its format."""
    source = Source(shown, data, "", "binary", options, limits)
    if row := next((row for row in FORMATS if row.binary and row.looks_like(source)), None):
        return source, row
    text, encoding = decode(data, shown)
    if not text.strip():
        raise FileEmpty(path=shown)
    source = Source(shown, data, text, encoding, options, limits)
    limits.check_parts(source)
    return source, _row(source, FORMATS)


def _times_missing(source: Source) -> TimesMissing:
    head = "\n".join(shortened(line, 80) for line in source.text.split("\n", 3)[:3])
    return TimesMissing(path=source.name, head=head)


def _row(source: Source, formats: Sequence[Format]) -> Format | None:
    """The first of ``formats`` whose look fits, one with the file's ending before the others."""
    try:
        fitting = [row for row in formats if not row.binary and row.looks_like(source)]
    except Unreadable as error:
        structure = "JSON" if source.looks_like_json else "XML"
        raise FormatBroken(
            path=source.name, format=structure, line=error.line or 1, reason=error.reason, reason_fr=error.reason_fr
        ) from error
    return next((row for row in fitting if source.suffix in row.suffixes), fitting[0] if fitting else None)


def _read(row: Format, source: Source) -> Reading:
    shown = source.name
    try:
        return row.read(source)
    except Unreadable as error:
        if error.line is None:
            raise FormatUnknown(path=shown, reason=error.reason, reason_fr=error.reason_fr) from error
        raise FormatBroken(
            path=shown, format=row.name, line=error.line, reason=error.reason, reason_fr=error.reason_fr
        ) from error
