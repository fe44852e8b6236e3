"""Files of every kind through read_transcript: what is read, what is noted, what is refused."""

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.shipped import TRANSCRIPT
from index.errors import (
    FileBinary,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    FormatBroken,
    FormatUnknown,
    QdqError,
    TimesMissing,
    TranscriptError,
)
from index.speakers.cast import date_of
from index.transcripts import FORMATS, read_transcript
from index.transcripts import FORMATS as ROWS
from index.transcripts.limits import Limits
from index.transcripts.report import Transcript
from index.types import Participant
from tests.reading import WILD, read
from tests.reading import noted as notes

Row = tuple[float, float, str, str | None]
JSON_FORMATS = {row.name for row in ROWS if ".json" in row.suffixes}


def rows(transcript: Transcript) -> list[Row]:
    assert [segment.index for segment in transcript.segments] == list(range(len(transcript.segments)))
    return [(segment.start, segment.end, segment.text, segment.speaker) for segment in transcript.segments]


def document(*segments: dict[str, object], **fields: object) -> str:
    return json.dumps({"segments": segments, **fields})


def cpp(key: str, begin: object, end: object) -> str:
    """As whisper.cpp writes it."""
    return json.dumps({"transcription": [{key: {"from": begin, "to": end}, "text": " a"}]})


def test_the_layout_of_the_debate_gives_title_segments_and_a_note_for_each_line_dropped_or_joined(
    tmp_path: Path,
) -> None:
    text = (
        "Ada Martin (avocate)\nCategory\n🗞\n\n00:00Bonjour à tous.\n59:58  Oui\nje crois.\n1:00:01Non, rien du tout.\n"
    )
    transcript = read(tmp_path, text)
    assert (transcript.title, transcript.participants) == (
        "Ada Martin (avocate)",
        (Participant("Ada Martin", "avocate"),),
    )
    assert rows(transcript) == [
        (0.0, 3598.0, "Bonjour à tous.", None),
        (3598.0, 3601.0, "Oui je crois.", None),
        (3601.0, 3602.6, "Non, rien du tout.", None),
    ]
    assert notes(transcript) == [
        ("dropped_line", 2, "Category"),
        ("dropped_line", 3, "🗞"),
        ("joined_line", 7, "je crois."),
    ]
    assert transcript.report.notes[0].message("en") == "line 2: page furniture dropped: Category"
    assert transcript.report.notes[2].message("fr").startswith("ligne 7 : ligne sans temps, jointe")


SUBRIP = """1
00:00:01,500 --> 00:00:02,000
{\\an8}Le <i>RGPD</i> &amp; vous

2
00:00:03 --> 00:00:04.25
deux
lignes
"""
WEBVTT = """WEBVTT - Le débat
Language: en

NOTE écrit à
la main

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start
<v.loud Ada Martin>Tom &amp; <i>Zoé</i></v>
<v Jean>Hi<00:01.500> x

01:00:00.000 --> 01:00:01.000

"""


@pytest.mark.parametrize(
    ("content", "format_name", "expected"),
    [
        ("12:30\n00:05Un", "MM:SS text", [(5.0, 6.0, "Un", None)]),
        (SUBRIP, "SubRip", [(1.5, 2.0, "Le RGPD & vous", None), (3.0, 4.25, "deux lignes", None)]),
        ("0:01 --> 0:02\na\n2\n0:02 --> 0:03\nb", "SubRip", [(1.0, 2.0, "a", None), (2.0, 3.0, "b", None)]),
        ("0:01 --> 0:02\nDans 2\n\nan", "SubRip", [(1.0, 2.0, "Dans 2 an", None)]),
        (WEBVTT, "WebVTT", [(1.0, 2.0, "Tom & Zoé", "Ada Martin"), (1.0, 2.0, "Hi x", "Jean")]),
        ("WEBVTT\n\n0:01 --> 0:02\nSans\n<v A>a\n", "WebVTT", [(1.0, 2.0, "Sans", None), (1.0, 2.0, "a", "A")]),
        ("WEBVTT\n\n0:01 --> 0:02\n<v A>Oui.</v>\nNon.", "WebVTT", [(1.0, 2.0, "Oui.", "A"), (1.0, 2.0, "Non.", None)]),
        ("WEBVTT\n\n0:01 --> 0:02\n&lt;i&gt;<v R&amp;D>b", "WebVTT", [(1.0, 2.0, "<i>", None), (1.0, 2.0, "b", "R&D")]),
        (document({"start": 0, "end": 1.5, "text": " Hi\n you"}), "Whisper JSON", [(0.0, 1.5, "Hi you", None)]),
        ('[{"start":1,"end":"0:02,5","text":"a","speaker":"S_00"}]', "Whisper JSON", [(1.0, 2.5, "a", "S_00")]),
        (cpp("offsets", 1200, 2000), "Whisper JSON", [(1.2, 2.0, "a", None)]),
        (cpp("timestamps", "00:00:01,200", "00:01:02,000"), "Whisper JSON", [(1.2, 62.0, "a", None)]),
        ("[Musique]\n00:00Oui.\n00:05Non.", "MM:SS text", [(0.0, 5.0, "Oui.", None), (5.0, 6.0, "Non.", None)]),
    ],
)  # fmt: skip
def test_the_format_is_told_by_the_content_and_read_exactly(
    tmp_path: Path, content: str, format_name: str, expected: list[Row]
) -> None:
    transcript = read(tmp_path, content)
    assert (transcript.report.format, rows(transcript)) == (format_name, expected)


def test_blocks_without_speech_and_empty_cues_are_noted_and_the_header_is_used(tmp_path: Path) -> None:
    transcript = read(tmp_path, WEBVTT)
    assert (transcript.title, transcript.language) == ("Le débat", "en")
    assert transcript.report.speakers == ("Ada Martin", "Jean")
    assert notes(transcript) == [
        ("dropped_block", 4, "NOTE écrit à"),
        ("dropped_block", 7, "STYLE"),
        ("markup_removed", 11, "<i> </i>"),
        ("empty_cue", 15, ""),
    ]


@pytest.mark.parametrize(
    ("fields", "language"),
    [({"language": "en"}, "en"), ({"language": "french"}, "fr"), ({"result": {"language": "de"}}, "de"), ({}, "fr")],
)
def test_the_language_is_what_json_says_or_what_the_words_say(
    tmp_path: Path, fields: dict[str, object], language: str
) -> None:
    text = document({"start": 0, "end": 1, "text": "Je ne suis pas avec vous"}, title="T", **fields)
    transcript = read(tmp_path, text)
    assert (transcript.title, transcript.language) == ("T", language)


LINES = "Présentée à l'été\n00:00Où ça ?\n00:02Là-bas, en forêt."
_ENCODED = [
    (LINES.encode(), "utf-8"),
    (codecs.BOM_UTF8 + LINES.encode(), "utf-8-sig"),
    (LINES.encode("utf-16"), "utf-16"),
    (codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"), "utf-16"),
    (LINES.encode("utf-16-le"), "utf-16-le"),
    (LINES.encode("utf-16-be"), "utf-16-be"),
    (LINES.encode("utf-32"), "utf-32"),
    (LINES.encode("cp1252"), "cp1252"),
    (LINES.replace("\n", "\r\n").encode(), "utf-8"),
    (LINES.replace("\n", "\r").encode(), "utf-8"),
]


@pytest.mark.parametrize(("data", "encoding"), _ENCODED)
def test_every_encoding_and_line_end_gives_the_same_segments(tmp_path: Path, data: bytes, encoding: str) -> None:
    transcript = read(tmp_path, data)
    assert (transcript.report.encoding, transcript.title) == (encoding, "Présentée à l'été")
    assert rows(transcript) == [(0.0, 2.0, "Où ça ?", None), (2.0, 3.2, "Là-bas, en forêt.", None)]
    assert (transcript.report.segments, transcript.report.words, transcript.report.notes) == (2, 6, ())


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_line_separators_of_unicode_are_lawful_inside_json_strings(tmp_path: Path, separator: str) -> None:
    transcript = read(tmp_path, f'{{"segments":[{{"start":0,"end":1,"text":"a{separator}b"}}]}}')
    assert rows(transcript) == [(0.0, 1.0, "a b", None)]


@pytest.mark.parametrize(
    ("content", "expected", "expected_notes"),
    [
        (
            "00:05a\n00:02b c d e f g h i j\n00:05k\n00:09l",
            [(2, 5, "b c d e f g h i j"), (5, 9, "a"), (5, 9, "k"), (9, 10, "l")],
            [("time_went_back", 2, "2 < 5")],
        ),
        ("00:02a b c d e f g h i j", [(2, 6, "a b c d e f g h i j")], []),
        ("0:01 --> 0:09\na\n\n0:01 --> 0:03\nb", [(1, 3, "b"), (1, 9, "a")], []),
        ("0:05 --> 0:04\na\n\n0:08 --> 0:09\nb", [(5, 8, "a"), (8, 9, "b")], [("end_before_start", 1, "5 > 4")]),
        ("-0:05 --> 0:04\na\n\n0:08 --> 0:09\nb", [(8, 9, "b")], [("bad_time", 1, "-0:05 --> 0:04")]),
        ("0:01 --> 0:02\na\n\nb\n", [(1, 2, "a b")], [("joined_line", 4, "b")]),
        ("x y\n\n0:01 --> 0:02\na", [(1, 2, "a")], [("dropped_line", 1, "x y")]),
        ("0:01 --> 0:02\na\ufeff\x7fb", [(1, 2, "a b")], [("characters_replaced", 1, "a b")]),
        ("0:01 --> 0:02\na\x9bb", [(1, 2, "a b")], [("characters_replaced", 1, "a b")]),
        (
            '{"segments":[{"start":NaN,"end":1,"text":"a"},{"start":Infinity,"text":"b"},{"start":-1,"text":"c"},'
            '{"start":true,"text":"d"},{"start":4,"text":null},{"start":3,"end":4,"text":"e"}]}',
            [(3, 4, "e")],
            [("bad_time", None, f"segment {number}") for number in range(1, 6)],
        ),
        (
            '{"segments":[{"start":1,"end":2,"text":"a\\ud800b\\udfff"}]}',
            [(1, 2, "a b")],
            [("characters_replaced", None, "a b")],
        ),
    ],
)
def test_what_is_mended_is_put_in_a_total_order_and_noted(
    tmp_path: Path,
    content: str,
    expected: list[tuple[float, float, str]],
    expected_notes: list[tuple[str, int | None, str]],
) -> None:
    transcript = read(tmp_path, content)
    assert [row[:3] for row in rows(transcript)] == expected
    assert notes(transcript) == expected_notes


@pytest.mark.parametrize(
    "content",
    [
        "0:01 --> zut\na\n\n0:03 --> 0:04\nb",
        '{"segments":[{"start":1,"end":NaN,"text":"a"},{"start":3,"end":4,"text":"b"}]}',
    ],
)
def test_an_unreadable_end_is_computed_from_the_next_start_and_noted(tmp_path: Path, content: str) -> None:
    transcript = read(tmp_path, content)
    assert rows(transcript) == [(1.0, 3.0, "a", None), (3.0, 4.0, "b", None)]
    assert len(transcript.report.notes) == 1


def test_lone_surrogates_reach_neither_title_nor_speaker(tmp_path: Path) -> None:
    transcript = read(tmp_path, document({"start": 0, "end": 1, "text": "a", "speaker": "Ada\ud800"}, title="T\udfff"))
    (speaker,) = transcript.report.speakers
    assert (speaker[:3], transcript.title[0]) == ("Ada", "T")
    assert "\ud800" not in speaker
    assert "\udfff" not in transcript.title


@pytest.mark.parametrize(
    ("content", "error", "details"),
    [
        (b"", FileEmpty, {}),
        (b"\xef\xbb\xbf \r\n\t\n", FileEmpty, {}),
        (b"ID3\x04\0\0\0\0\0\x00" + bytes(range(256)), FileBinary, {"reason": "MP3"}),
        (b"\xff\xfb\x90\x64" + bytes(100), FileBinary, {"reason": "binary"}),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), FileBinary, {"reason": "binary"}),
        (b"\0\0\0\x20ftypM4A " + bytes(range(256)), FileBinary, {"reason": "MP4"}),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(range(256)), FileBinary, {"reason": "WAV / AVI"}),
        ("é".encode("utf-16") + b"x", FileBinary, {"reason": "binary"}),
        ("Un\nDeux\nTrois\nQuatre", TimesMissing, {"head": "Un\nDeux\nTrois"}),
        ("x" * 100, TimesMissing, {"head": "x" * 79 + "…"}),
        ("WEBVTT\n\nzut --> zut\na", FormatBroken, {"format": "WebVTT", "line": 3}),
        ('{"segments":[]}', FormatBroken, {"format": "Whisper JSON", "line": 1}),
        ('{"segments":\n[{,}]}', FormatBroken, {"format": "JSON", "line": 2}),
        ('{"segments":' + "[" * 100_000, FormatBroken, {"line": 1}),
        ('{"segments":[{"start":' + "1" * 5000 + "}]}", FormatBroken, {"line": 1}),
        ('{"results": {"channels": []}}', FormatUnknown, {}),
        ('{"segments": [1, 2]}', FormatUnknown, {}),
    ],
)
def test_each_refusal_has_its_error_and_says_why(
    tmp_path: Path, content: str | bytes, error: type[TranscriptError], details: dict[str, object]
) -> None:
    with pytest.raises(error) as caught:
        read(tmp_path, content, "b.txt")
    assert type(caught.value) is error
    assert caught.value.details | details | {"path": "b.txt"} == caught.value.details
    assert all(str(value) in caught.value.message("fr") for value in details.values())


def test_a_time_too_large_for_a_number_is_a_bad_time(tmp_path: Path) -> None:
    content = '{"segments":[{"start":1' + "0" * 400 + ',"text":"a"},{"start":1,"end":2,"text":"b"}]}'
    transcript = read(tmp_path, content)
    assert rows(transcript) == [(1.0, 2.0, "b", None)]
    assert notes(transcript) == [("bad_time", None, "segment 1")]


def test_missing_files_and_folders_are_unreadable_and_size_has_a_limit(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.srt", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(FileUnreadable) as caught:
            read_transcript(path, name="shown")
        assert caught.value.details == {"path": "shown", "reason": reason}
    path = tmp_path / "large.txt"
    path.write_bytes(b"00:00" + b"a" * 999_995)
    assert read_transcript(path, limits=Limits(file_mb=1)).report.segments == 1
    path.write_bytes(b"00:00" + b"a" * 999_996)
    with pytest.raises(FileTooLarge) as too_large:
        read_transcript(path, limits=Limits(file_mb=1))
    assert too_large.value.details == {"path": "large.txt", "limit_mb": 1}


def test_the_shipped_debate_is_read_whole() -> None:
    transcript = read_transcript(TRANSCRIPT)
    report, last = transcript.report, transcript.segments[-1]
    assert (report.format, report.segments, report.words, report.speakers) == ("MM:SS text", 233, 2857, ())
    assert [note.line for note in report.notes] == [2, 3, 4]
    assert transcript.participants == (
        Participant("Constantin Pavléas", "Avocat en droit des nouvelles technologies, Pavléas Avocats"),
        Participant("Jean-Baptiste Kempf", "fondateur de VLC & Chief Technology Officer, Scaleway"),
    )
    assert (str(date_of(transcript.title)), transcript.language) == ("2024-11-19", "fr")
    assert (last.start, last.end, last.text, report.first, report.last) == (929.0, 930.0, "Merci.", 0.0, 930.0)


def outcome(path: Path) -> str:
    """The name of the format read or of the refusal; anything else than a QdqError goes through."""
    try:
        transcript = read_transcript(path)
    except QdqError as error:
        assert error.message("fr") != error.message("en")
        return type(error).__name__
    order = [(segment.start, segment.end) for segment in transcript.segments]
    assert order == sorted(order)
    assert all(0 <= start <= end for start, end in order)
    assert all(segment.text == " ".join(segment.text.split()) != "" for segment in transcript.segments)
    return transcript.report.format


@pytest.mark.skipif(not WILD.is_dir(), reason=f"no transcripts found in the wild at {WILD}")
@pytest.mark.parametrize(
    ("suffix", "accepted"), [("srt", {"SubRip"}), ("vtt", {"WebVTT", "SubRip"}), ("json", JSON_FORMATS)]
)
def test_files_found_in_the_wild_are_read_in_their_format_or_refused(suffix: str, accepted: set[str]) -> None:
    outcomes = {path.name: outcome(path) for path in sorted(WILD.rglob(f"*.{suffix}"))}
    refusals = {error.__name__ for error in TranscriptError.__subclasses__()}
    assert set(outcomes.values()) & accepted
    assert {name: found for name, found in outcomes.items() if found not in accepted | refusals} == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


_TOKENS = [*'\n:0159 [{<>"-é\u2028\x85&;', "\n\n", "WEBVTT\n", " --> ", "0:01", "<v A>", "NOTE", '{"segments":[', "]}"]
_TOKENS += ['{"start":1,"text":"a"}', "--> 0:0", "Ada Martin (", "\x00"]
_TEXTS = st.text() | st.lists(st.sampled_from(_TOKENS), max_size=40).map("".join)


@given(st.binary(max_size=200) | _TEXTS.map(str.encode))
def test_any_bytes_give_a_transcript_or_an_error_of_the_tree(folder: Path, data: bytes) -> None:
    path = folder / "random.txt"
    path.write_bytes(data)
    names = {error.__name__ for error in TranscriptError.__subclasses__()}
    assert outcome(path) in names | {row.name for row in FORMATS}
