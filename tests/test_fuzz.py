"""Every reader on damaged files: what is read makes sense, and what cannot be read is refused in both languages.

The seeds are the examples of docs/formats.md and a file of each binary format. A file is cut, flipped, doubled, spliced
with another and sprinkled with what breaks parsers, up to four times.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import TranscriptError
from index.read_options import ReadOptions
from index.transcripts import FORMATS, Format, read_transcript
from index.transcripts.report import ImportReport, Note, Transcript, Unreadable, found_speakers
from index.transcripts.segments import in_order
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import name_speakers
from index.types import Segment
from tests.binary_files import docx, gsi, tti
from tests.format_examples import examples

SEEDS = {one.name: one.text.encode() for one in examples()} | {
    "DOCX": docx(
        "Ada Martin [00:01]", "Bonjour à tous.", tables=((("00:04", "Jean Petit", "Merci."),),), title="Débat"
    ),
    "EBU STL": gsi()
    + tti(1, (0, 0, 1, 0), (0, 0, 4, 0), b"Bonjour \xc1a tous.")
    + tti(2, (0, 0, 4, 0), (0, 0, 6, 0), b"Oui"),
}
HOSTILE = [
    *(b"\0", b"\x1b", b"\x85", b"\x9b", b"\xff", b"<", b">", b"{", b"}", b"[", b"]", b'"', b"'", b"&", b"\\", b"\n"),
    *(b"\r", b"\t", b";", b",", b"|", b"%", b"\x15", b"[[[[", b"-->", b"]]>", b"<!--", b"{\\", b"]", b":", b"\n\n"),
    *(b"1e999", b"-1", b"-0", b"NaN", b"Infinity", b"-Infinity", b"null", b"true", b"{}", b"[]", b'""', b"0x1p3"),
    *(b"99999999:99:99", b"99:59:59,999", b"00:00:00", b"1" * 400, b"9" * 15 + b".5", b"1_0", b"1e-400", b"1.7e308"),
    *(b'"\\ud800"', b"\\ud800", b"&#xd800;", b"&#x81;", b"&#0;", b"&#x110000;", b"&amp;lt;", b"\\u-10179?", b"\\'"),
    *("\u2028 \u2029 \u0085 \ufeff \u200f \u202e \ufffe \u0660\u0661 ² ½ \U0010ffff".encode().split(b" ")),
    *(b"<a>" * 300, b"[" * 300, b'{"a":' * 300, b"(" * 300, b"{ " * 300),
]
_LEXEME = re.compile(rb'"[^"\n]*"|[\w.]+')
_NUMBER = re.compile(rb"\d+")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "iso8859-15", "mac_roman", "utf-7")
_OPTIONS = (
    ReadOptions(),
    ReadOptions(words_per_minute=150),
    ReadOptions(frames_per_second=1.0),
    ReadOptions(columns={"start": "1", "text": "2"}),
    ReadOptions(strict=True),
)
_PARAGRAPHS = frozenset({"RTF", "HTML"})
"""Formats of text whose notes do not count its lines."""
Change = Callable[[st.DrawFn, bytes], bytes]


def _slice(draw: st.DrawFn, data: bytes) -> tuple[int, int]:
    begin = draw(st.integers(0, len(data)))
    return begin, draw(st.integers(begin, min(begin + 200, len(data))))


def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data)))
    return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]


def _repeat(draw: st.DrawFn, data: bytes) -> bytes:
    """A slice not at all, twice or many times."""
    begin, end = _slice(draw, data)
    return data[:begin] + data[begin:end] * draw(st.sampled_from((0, 2, 60))) + data[end:]


def _splice(draw: st.DrawFn, data: bytes) -> bytes:
    """A slice of another seed, in place of one of this."""
    begin, end = _slice(draw, data)
    other = draw(st.sampled_from(list(SEEDS.values())))
    first, last = _slice(draw, other)
    return data[:begin] + other[first:last] + data[end:]


def _sprinkle(draw: st.DrawFn, data: bytes) -> bytes:
    begin, end = _slice(draw, data)
    return data[:begin] + draw(st.sampled_from(HOSTILE)) + data[draw(st.sampled_from((begin, end))) :]


def _replace(pattern: re.Pattern[bytes]) -> Change:
    """One of the numbers, say, by something hostile."""

    def change(draw: st.DrawFn, data: bytes) -> bytes:
        found = [match.span() for match in pattern.finditer(data)] or [(0, 0)]
        begin, end = draw(st.sampled_from(found))
        return data[:begin] + draw(st.sampled_from(HOSTILE)) + data[end:]

    return change


_CHANGES: Sequence[Change] = (_cut, _flip, _repeat, _splice, _sprinkle, _replace(_LEXEME), _replace(_NUMBER))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from(list(SEEDS.values())))
    for change in draw(st.lists(st.sampled_from(_CHANGES), max_size=4)):
        data = change(draw, data)
    encoding = draw(st.none() | st.sampled_from(_ENCODINGS))
    return data if encoding is None else data.decode("utf-8", "replace").encode(encoding, "replace")


def check_error(error: TranscriptError) -> None:
    assert error.message("fr").strip()
    assert error.message("en").strip()


def check_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        assert note.message("fr").strip()
        assert note.message("en").strip()
        assert note.line is None or note.line >= 1


def check_segments(segments: Sequence[Segment]) -> None:
    order = [(segment.start, segment.end) for segment in segments]
    assert order == sorted(order)
    assert all(0 <= start <= end < math.inf for start, end in order)
    assert [segment.index for segment in segments] == list(range(len(segments)))
    for text in [segment.text for segment in segments] + [segment.speaker for segment in segments if segment.speaker]:
        assert text
        assert text == " ".join(text.split())
        assert not {unicodedata.category(character) for character in text} & {"Cc", "Cs"}


def check_transcript(transcript: Transcript) -> None:
    segments, report = transcript.segments, transcript.report
    check_segments(segments)
    check_notes(report.notes)
    assert report.segments == len(segments) > 0
    assert report.words == sum(len(segment.text.split()) for segment in segments)
    assert (report.first, report.last) == (segments[0].start, max(segment.end for segment in segments))
    assert report.speakers == found_speakers(segments)
    assert ImportReport.from_json(report.to_json()) == report
    transcript.title.encode()


def check_row(row: Format, source: Source) -> None:
    """A look never fails, and a reader, also on another format than its own, gives cues or says why not."""
    try:
        assert isinstance(row.looks_like(source), bool)
    except Unreadable as error:
        assert error.reason
    try:
        reading = row.read(source)
        name_speakers(reading)
        check_segments(in_order(reading))
        check_notes(reading.notes)
        if not row.binary and row.name not in _PARAGRAPHS:
            assert all((note.line or 0) <= len(source.lines) for note in reading.notes)
    except Unreadable as error:
        assert error.line is None or error.line >= 1
        assert error.reason
    except TranscriptError as error:
        check_error(error)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(max_examples=1000)
@given(data=damaged(), suffix=st.sampled_from((".txt", ".json", ".csv", ".xml", "")), options=st.sampled_from(_OPTIONS))
def test_a_damaged_file_gives_a_transcript_that_makes_sense_or_an_error_of_the_tree(
    folder: Path, data: bytes, suffix: str, options: ReadOptions
) -> None:
    path = folder / f"a{suffix}"
    path.write_bytes(data)
    try:
        transcript = read_transcript(path, options=options)
    except TranscriptError as error:
        check_error(error)
    else:
        check_transcript(transcript)


@settings(max_examples=300)
@given(data=damaged(), options=st.sampled_from(_OPTIONS))
def test_every_reader_on_any_text_gives_cues_that_make_sense_or_says_why_not(data: bytes, options: ReadOptions) -> None:
    source = Source("a.txt", data, data.decode("utf-8", "replace"), "utf-8", options)
    for row in FORMATS:
        check_row(row, source)
