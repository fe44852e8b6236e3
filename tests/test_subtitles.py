"""Subtitles of every kind through read_transcript: times, text, speakers, words, and the line of each note."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import FileEmpty, FormatBroken, TimesMissing, TranscriptError
from index.read_options import ReadOptions
from index.transcripts import FORMATS, read_transcript
from index.transcripts.report import Cue, Transcript
from index.transcripts.source import Source
from index.transcripts.subtitles import iso6937, lrc, subrip_webvtt, ttml, youtube
from index.transcripts.subtitles.ttml_clock import Clock
from tests.binary_files import gsi, tti
from tests.reading import WILD, in_linear_time
from tests.reading import noted as notes

Row = tuple[float, float, str, str | None]
Noted = tuple[str, int | None, str]


def read(folder: Path, content: str | bytes, fps: float | None = None, name: str = "a.txt") -> Transcript:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_transcript(path, options=ReadOptions(frames_per_second=fps))


def rows(transcript: Transcript) -> list[Row]:
    return [(round(one.start, 3), round(one.end, 3), one.text, one.speaker) for one in transcript.segments]


def words(cues: list[Cue]) -> list[list[tuple[float, str]]]:
    return [[(round(word.start, 3), word.text) for word in cue.words] for cue in cues]


ROLLING = """WEBVTT
Kind: captions
Language: fr

00:00:00.160 --> 00:00:02.389 align:start position:0%
\x20
bonjour<00:00:00.400><c> à</c><00:00:00.880><c> tous</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
bonjour à tous
\x20

00:00:02.399 --> 00:00:05.000 align:start position:0%
bonjour à tous
non<00:00:02.560><c> non</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
non non
\x20

00:00:05.010 --> 00:00:07.000 align:start position:0%
non non
non<00:00:05.560><c> non</c>
"""


def test_each_line_of_youtubes_rolling_captions_comes_once_with_the_times_of_its_words(tmp_path: Path) -> None:
    transcript = read(tmp_path, ROLLING)
    assert rows(transcript) == [
        (0.16, 2.399, "bonjour à tous", None),
        (2.399, 5.01, "non non", None),
        (5.01, 7.0, "non non", None),
    ]
    assert (transcript.language, transcript.report.format) == ("fr", "WebVTT")
    assert notes(transcript) == [
        ("repeat_merged", 9, "bonjour à tous"),
        ("repeat_merged", 13, "bonjour à tous"),
        ("repeat_merged", 17, "non non"),
        ("repeat_merged", 21, "non non"),
    ]
    assert words(subrip_webvtt.read(Source("a", b"", ROLLING)).cues) == [
        [(0.16, "bonjour"), (0.4, "à"), (0.88, "tous")],
        [(2.399, "non"), (2.56, "non")],
        [(5.01, "non"), (5.56, "non")],
    ]


def rolled(count: int, shown: int = 2) -> str:
    """SubRip in which each caption shows the last ``shown`` lines."""
    texts = ["\n".join(f"ligne {line}" for line in range(max(0, at - shown + 1), at + 1)) for at in range(count)]
    return "\n\n".join(
        f"{at + 1}\n00:00:{at:02},000 --> 00:00:{at + 1:02},000\n{text}" for at, text in enumerate(texts)
    )


@pytest.mark.parametrize("arrow", ["->", "--->", "-- >", "–>", "—>", "=>", "→", "--&gt;", "-->"])
def test_a_timing_line_may_have_another_arrow(tmp_path: Path, arrow: str) -> None:
    written = f"1\n00:00:01,000 {arrow} 00:00:02,500\nUn.\n\n2\n00:00:03,000{arrow}00:00:04,500 X1:40 X2:60\nDeux."
    expected = [(1.0, 2.5, "Un.", None), (3.0, 4.5, "Deux.", None)]
    for text, name in ((written, "SubRip"), (f"WEBVTT\n\n{written}", "WebVTT")):
        transcript = read(tmp_path, text)
        assert (transcript.report.format, rows(transcript), notes(transcript)) == (name, expected, [])


@pytest.mark.parametrize(
    ("timing", "start", "end"),
    [
        ("00:00:01:000 --> 00:00:02:500", 1.0, 2.5),
        ("00:00:01:10 --> 00:00:02:00", 1.4, 2.0),
        ("00: 00: 01, 000 --> 00: 00: 02, 500", 1.0, 2.5),
        ("0:0:1,0 --> 0:0:2,5", 1.0, 2.5),
    ],
)
def test_a_time_may_have_spaces_frames_or_milliseconds_after_a_colon(
    tmp_path: Path, timing: str, start: float, end: float
) -> None:
    transcript = read(tmp_path, f"1\n{timing}\nUn.\n\n2\n00:00:03,000 --> 00:00:04,000\nDeux.\n", name="a.srt")
    assert rows(transcript) == [(start, end, "Un.", None), (3.0, 4.0, "Deux.", None)]
    assert transcript.report.format == "SubRip"


@pytest.mark.parametrize("comma", [",", ", ", " ,"])
def test_the_times_of_sbv_and_subviewer_may_have_a_space_between_them(tmp_path: Path, comma: str) -> None:
    for digits, name in (("000", "SBV"), ("00", "SubViewer")):
        transcript = read(tmp_path, f"0:00:01.{digits}{comma}0:00:02.{digits}\nUn.\n")
        assert (transcript.report.format, rows(transcript)) == (name, [(1.0, 2.0, "Un.", None)])


def test_what_stands_under_the_last_time_of_subviewer_1_is_not_text(tmp_path: Path) -> None:
    text = "[00:00:01]\nun\n[00:00:03]\n\n[END]\n**** END SCRIPT ****\n"
    transcript = read(tmp_path, text)
    assert rows(transcript) == [(1.0, 3.0, "un", None)]
    assert notes(transcript) == [("dropped_line", 5, "[END]"), ("dropped_line", 6, "**** END SCRIPT ****")]


def test_frames_in_a_timing_line_follow_the_rate_that_is_given(tmp_path: Path) -> None:
    transcript = read(tmp_path, "1\n00:00:01:12 --> 00:00:02:00\nUn.\n", fps=24)
    assert rows(transcript) == [(1.5, 2.0, "Un.", None)]


def test_a_sentence_with_an_arrow_is_text(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nDe 10:00 → à la fin\nde 1 => 2\n"
    assert rows(read(tmp_path, text)) == [(1.0, 2.0, "De 10:00 → à la fin de 1 => 2", None)]


@pytest.mark.parametrize("shown", [2, 3])
def test_captions_that_roll_without_times_of_words_are_merged_too(tmp_path: Path, shown: int) -> None:
    transcript = read(tmp_path, rolled(20, shown))
    assert [row[2] for row in rows(transcript)] == [f"ligne {line}" for line in range(20)]
    assert {kind for kind, _, _ in notes(transcript)} == {"repeat_merged"}


def test_what_is_said_twice_in_captions_that_do_not_roll_stays(tmp_path: Path) -> None:
    transcript = read(tmp_path, "0:01 --> 0:02\nNon.\n\n0:02 --> 0:03\nNon.\n\n0:03 --> 0:04\nNon.\nSi.\n")
    assert [row[2] for row in rows(transcript)] == ["Non.", "Non.", "Non. Si."]
    assert notes(transcript) == []


@pytest.mark.parametrize(
    ("payload", "expected", "removed"),
    [
        (
            "<v Ada>un <v.loud Bob>deux</v> trois</v> quatre",
            [("un", "Ada"), ("deux", "Bob"), ("trois", "Ada"), ("quatre", None)],
            "",
        ),
        ("<v Ada>un\n<v Bob>deux", [("un", "Ada"), ("deux", "Bob")], ""),
        ("</v>un</v> <v>deux", [("un", None), ("deux", None)], ""),
        ("<v R&amp;D>un &lt;b&gt; &nbsp;&quot;deux&quot;", [('un <b> "deux"', "R&D")], ""),
        ("<v un deux", [("un deux", None)], "<v"),
        ("<c.jaune>un</c trois", [("un trois", None)], "<c.jaune> </c"),
        ("<00:01.000 un <a0:01.5>deux", [("un deux", None)], "<00:01.000 <a0:01.5>"),
        ("un<br/>deux <rires> 2 < 3 > 1", [("un deux <rires> 2 < 3 > 1", None)], ""),
        ("<i>un</i> {\\an8}<lang en-GB>two</lang>", [("un two", None)], "<i> </i> {\\an8} <lang en-GB> </lang>"),
    ],
)
def test_voices_may_be_nested_or_open_and_what_is_no_text_is_removed_with_a_note(
    tmp_path: Path, payload: str, expected: list[tuple[str, str | None]], removed: str
) -> None:
    transcript = read(tmp_path, f"WEBVTT\n\n00:01.000 --> 00:02.000 line:42%,end region:a-->\n{payload}\n")
    assert [row[2:] for row in rows(transcript)] == expected
    assert notes(transcript) == ([("markup_removed", 3, removed)] if removed else [])


def test_blocks_of_webvtt_without_speech_are_noted_wherever_they_stand(tmp_path: Path) -> None:
    text = (
        "webvtt\n\nRegion: id=a\n\n00:01.000 --> 00:02.000\nun\n\nNOTE x\ny\n\n"
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:0\n\n00:03.000 --> 00:04.000\ndeux"
    )
    transcript = read(tmp_path, text)
    assert rows(transcript) == [(1.0, 2.0, "un", None), (3.0, 4.0, "deux", None)]
    assert notes(transcript) == [
        ("dropped_block", 3, "Region: id=a"),
        ("dropped_block", 8, "NOTE x"),
        ("dropped_block", 11, "WEBVTT"),
    ]


SBV = (
    "0:00:01.000,0:00:02.500\nun\ndeux\n\n0:00:0x.000,0:00:04.000\nperdu\n\n0:00:05.000,0:00:0y.000\ntrois\n\nquatre\n"
)
SUBVIEWER_2 = """[INFORMATION]
[TITLE]Le débat
[AUTHOR]Ada
[SUBTITLE]
00:00:01.00,00:00:02.50
un[br]<i>deux</i>

00:00:03.00,00:00:04.00
trois"""
SUBVIEWER_1 = "[TITLE]\nSans titre\n[00:00:01]\nun|deux\n[00:00:03]\n\n[00:00:05]\ntrois\n[00:00:06]\n"
MICRODVD = "{1}{1}10.0\n{10}{25}{y:i}un|/deux\n{30}{}trois\nhors\n"
SPRUCE = """$FontName = Arial
//remarque
00:00:01:05 , 00:00:02:00 , ^Iun^I | deux
00:00:03:00\t,00:00:04:00\t,trois
hors
"""
ASS = """[Script Info]
; remarque
Title: Le débat
[V4+ Styles]
Style: A,B
[Events]
Format: Start, End, Actor, Text
Dialogue: 0:00:01.00,0:00:02.50,Ada Martin,{\\i1}un,{\\i0}\\Ndeux\\htrois
Comment: 0:00:01.00,0:00:02.50,,non
Dialogue: 0:00:03.00,0:00:04.00,,{\\p1}m 0 0 l 1 1{\\p0}quatre
Dialogue: zut,0:00:04.00,,cinq
Dialogue: 0:00:05.00
Dialogue: 0:00:06.00,zut,,six
hors
"""
LRC = """[ti:Le débat]
[ar:Ada Martin (avocate)]
[la:fr]
[length:01:00]
[offset:+500]
[00:01.50]un
suite
[00:04.50][00:10.50]deux
[00:06.50]
[00:12.50]<00:12.50>trois <00:13.00>quatre
[00:99.00]cinq
"""
SAMI = """<SAMI><HEAD><TITLE>Le d&eacute;bat</TITLE><STYLE TYPE="text/css"><!--
.FRCC {Name: Français; lang: fr-FR; SAMI_Type: CC;}
.ENCC {Name: English; lang: en-US;} --></STYLE></HEAD><BODY>
<SYNC Start=1000><P Class=FRCC ID=Source>Ada<P Class=FRCC>un<br>&eacute;t&eacute;<P Class=ENCC>one
<SYNC Start="2500"><P class="frcc">&nbsp;<P Class=ENCC>&nbsp;</SYNC>
<SYNC Start=4000><P Class=FRCC ID=Source>&nbsp;<P Class=FRCC><i>deux</i><!-- x --></P><P Class=ENCC>two</P>
<SYNC Start=zut><P Class=FRCC>trois
<SYNC Start=6000 End=7000><P Class=FRCC>quatre
</BODY></SAMI>"""


@pytest.mark.parametrize(
    ("content", "format_name", "expected", "expected_notes"),
    [
        (
            SBV,
            "SBV",
            [(1, 2.5, "un deux", None), (5, 6, "trois quatre", None)],
            [
                ("bad_time", 5, "0:00:0x.000,0:00:04.000"),
                ("end_unreadable", 8, "0:00:05.000,0:00:0y.000"),
                ("joined_line", 11, "quatre"),
            ],
        ),
        (
            SUBVIEWER_2,
            "SubViewer",
            [(1, 2.5, "un deux", None), (3, 4, "trois", None)],
            [("dropped_line", 3, "[AUTHOR]Ada"), ("markup_removed", 5, "<i> </i>")],
        ),
        (
            SUBVIEWER_1,
            "SubViewer",
            [(1, 3, "un deux", None), (5, 6, "trois", None)],
            [("dropped_line", 2, "Sans titre")],
        ),
        (
            MICRODVD,
            "MicroDVD",
            [(1, 2.5, "un deux", None), (3, 4, "trois", None)],
            [("markup_removed", 2, "{y:i} /"), ("bad_line", 4, "hors")],
        ),
        (
            SPRUCE,
            "Spruce STL",
            [(1.2, 2, "un deux", None), (3, 4, "trois", None)],
            [("frame_rate_assumed", None, "25"), ("markup_removed", 3, "^I"), ("bad_line", 5, "hors")],
        ),
        (
            ASS,
            "SubStation Alpha",
            [(1, 2.5, "un, deux trois", "Ada Martin"), (3, 4, "quatre", None), (6, 7, "six", None)],
            [
                ("dropped_block", 4, "[V4+ Styles]"),
                ("markup_removed", 8, "{\\i1} {\\i0}"),
                ("dropped_block", 9, "Comment: 0:00:01.00,0:00:02.50,,non"),
                ("markup_removed", 10, "{\\p1} m 0 0 l 1 1 {\\p0}"),
                ("bad_time", 11, "Dialogue: zut,0:00:04.00,,cinq"),
                ("bad_line", 12, "Dialogue: 0:00:05.00"),
                ("end_unreadable", 13, "Dialogue: 0:00:06.00,zut,,six"),
                ("bad_line", 14, "hors"),
            ],
        ),
        (
            LRC,
            "LRC",
            [(1, 4, "un suite", None), (4, 6, "deux", None), (10, 12, "deux", None), (12, 60, "trois quatre", None)],
            [("joined_line", 7, "suite"), ("bad_time", 11, "[00:99.00]cinq")],
        ),
        (
            SAMI,
            "SAMI",
            [(1, 2.5, "un été", "Ada"), (4, 6, "deux", None), (6, 7, "quatre", None)],
            [
                ("markup_removed", 6, "<i> </i> <!-- x -->"),
                ("bad_time", 7, "<SYNC Start=zut>"),
                ("left_out", 4, "en: 2"),
            ],
        ),
    ],
)
def test_each_format_is_known_by_its_content_and_read_exactly(
    tmp_path: Path, content: str, format_name: str, expected: list[Row], expected_notes: list[Noted]
) -> None:
    transcript = read(tmp_path, content)
    assert (transcript.report.format, rows(transcript)) == (format_name, expected)
    assert notes(transcript) == expected_notes
    assert all(note.message("fr") != note.message("en") for note in transcript.report.notes)
    if "Le d" in content:
        assert transcript.title == "Le débat"


def test_titles_artists_and_languages_come_from_the_header(tmp_path: Path) -> None:
    song, sami = read(tmp_path, LRC), read(tmp_path, SAMI)
    assert (song.title, song.language, song.participants[0].name) == ("Le débat", "fr", "Ada Martin")
    assert (sami.title, sami.language) == ("Le débat", "fr")
    cues = lrc.read(Source("a", b"", LRC)).cues
    assert words(cues)[-1] == [(12.0, "trois"), (12.5, "quatre")]


@pytest.mark.parametrize(
    ("content", "fps", "end", "noted"),
    [
        ("{0}{60}un", None, 2.4, True),
        ("{0}{60}un", 30.0, 2.0, False),
        ("{0}{0}23,976\n{0}{60}un", None, 2.503, False),
        ("{1}{1}10\n{0}{60}un", 30.0, 2.0, False),
        ("00:00:00:00,00:00:02:10,un", None, 2.4, True),
        ("00:00:00:00,00:00:02:10,un", 50.0, 2.2, False),
    ],
)
def test_frames_a_second_are_those_given_by_a_person_or_the_file_or_25_with_a_note(
    tmp_path: Path, content: str, fps: float | None, end: float, noted: bool
) -> None:
    transcript = read(tmp_path, content, fps)
    assert rows(transcript) == [(0.0, end, "un", None)]
    assert [note[0] for note in notes(transcript)] == ["frame_rate_assumed"] * noted


@pytest.mark.parametrize("name", ["a.txt", "a.lrc"])
def test_plain_times_in_brackets_are_lrc_by_the_ending_only(tmp_path: Path, name: str) -> None:
    source = Source(name, b"", "[00:01]un\n[00:02]deux")
    assert lrc.looks_like(source) == name.endswith("lrc")


SRV1 = """<?xml version="1.0" encoding="utf-8" ?><transcript>
<text start="1.5" dur="2">C&amp;#39;est &lt;i>dit&lt;/i></text>
<text start="zut">perdu</text>
<text start="4">fin</text></transcript>"""
SRV3 = """<?xml version="1.0"?><timedtext format="3"><head><pen id="1" b="1"/></head><body><w t="0" id="1"/>
<p t="1000" d="2000" w="1"><s>on</s><s t="400"> y</s><s t="800"> va</s></p>
<p t="2000" d="500" w="1" a="1">
</p><p t="4000" d="1000"><s p="1">\u200b</s>\u200b<s p="1">c'est<br/>tout</s></p>
<p t="4000" d="1000"><s p="2">c'est<br/>tout</s></p></body></timedtext>"""
JSON3 = json.dumps(
    {
        "wireMagic": "pb3",
        "events": [
            {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
            {"tStartMs": 1000, "dDurationMs": 2000, "segs": [{"utf8": "on"}, {"utf8": " va", "tOffsetMs": 400}]},
            {"tStartMs": 2000, "aAppend": 1, "segs": [{"utf8": "\n"}]},
            {"tStartMs": None, "segs": [{"utf8": "perdu"}]},
            {"tStartMs": 4000, "segs": [{"utf8": "fin"}, 7]},
        ],
    }
)


@pytest.mark.parametrize(
    ("content", "format_name", "expected", "expected_notes"),
    [
        (
            SRV1,
            "YouTube XML",
            [(1.5, 3.5, "C'est dit", None), (4, 5, "fin", None)],
            [("markup_removed", 2, "<i> </i>"), ("bad_time", 3, "<text> perdu")],
        ),
        (
            SRV3,
            "YouTube XML",
            [(1, 3, "on y va", None), (4, 5, "c'est tout", None)],
            [("repeat_merged", 5, "c'est tout")],
        ),
        (
            JSON3,
            "YouTube JSON",
            [(1, 3, "on va", None), (4, 5, "fin", None)],
            [("bad_time", None, "event 4 perdu")],
        ),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.xml"])
def test_youtubes_own_formats_are_read(
    tmp_path: Path, content: str, format_name: str, expected: list[Row], expected_notes: list[Noted], name: str
) -> None:
    transcript = read(tmp_path, content, name=name)
    assert (transcript.report.format, rows(transcript), notes(transcript)) == (format_name, expected, expected_notes)


def test_words_of_youtube_count_from_the_start_of_their_line() -> None:
    xml, document = youtube.read_xml(Source("a", b"", SRV3)), youtube.read_json(Source("a", b"", JSON3))
    assert words(xml.cues) == [[(1.0, "on"), (1.4, "y"), (1.8, "va")], []]
    assert words(document.cues) == [[(1.0, "on"), (1.4, "va")], []]


def timed(name: str, begin: float, end: float, text: str) -> str:
    return f'<{name} begin="{begin}s" end="{end}s">{text}</{name}>'


def timed_text(body: str, root: str = "", head: str = "") -> str:
    names = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<tt {names} {root}><head>{head}</head>\n<body>{body}</body></tt>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<div><p begin="1s" dur="500ms">un<br/>deux</p><p begin="2.5" end="3s"><span>tr</span>ois</p></div>',
            [(1, 1.5, "un deux"), (2.5, 3, "trois")],
        ),
        (
            '<div begin="10s"><p dur="3s">un</p><p begin="1s" end="2s">deux</p></div>',
            [(10, 13, "un"), (11, 12, "deux")],
        ),
        ('<div begin="10s" end="12s"><p>un</p><p begin="1s">deux</p></div>', [(10, 12, "un"), (11, 12, "deux")]),
        (
            '<div timeContainer="seq"><p dur="1s">un</p><p begin="1s" dur="1s">deux</p></div>',
            [(0, 1, "un"), (2, 3, "deux")],
        ),
        (
            timed("p", 1, 5, timed("span", 0, 1, "un mot") + timed("span", 1, 2, "deux")),
            [(1, 2, "un mot"), (2, 3, "deux")],
        ),
        (
            '<div><p><span begin="1s" end="2s">un</span> <span begin="2s" end="3s">deux</span></p></div>',
            [(1, 3, "un deux")],
        ),
        (
            timed("p", 1, 2, '<metadata><ttm:desc>non</ttm:desc></metadata>un<!-- x --> d<set begin="1s"/>eux'),
            [(1, 2, "un deux")],
        ),
        (
            '<div><p xml:id="a" begin="1s" end="2s">un</p><p xml:id="a" begin="2s" end="3s">deux</p></div>',
            [(1, 2, "un"), (2, 3, "deux")],
        ),
        ('<div><p begin="1s" end="2s" x:y="z">un</p></div>', [(1, 2, "un")]),
        (
            f'{timed("p", 1, 2, "un")}<div xml:lang="en">{timed("p", 3, 4, "two")}</div>',
            [(1, 2, "un"), (3, 4, "two")],
        ),
    ],
)
def test_times_of_ttml_are_inherited_and_spans_are_words_or_passages(
    tmp_path: Path, body: str, expected: list[tuple[float, float, str]]
) -> None:
    transcript = read(tmp_path, timed_text(body))
    assert [row[:3] for row in rows(transcript)] == expected
    assert notes(transcript) == []


AGENTS = """<metadata><ttm:title>Le débat</ttm:title><ttm:agent xml:id="a" type="person">
<ttm:name type="alias">A</ttm:name><ttm:name type="full">Ada Martin</ttm:name></ttm:agent></metadata>"""


def test_agents_of_ttml_are_speakers(tmp_path: Path) -> None:
    second = timed("p", 2, 3, '<span ttm:agent="b">deux</span> trois')
    body = f'<div ttm:agent="a">{timed("p", 1, 2, "un")}{second}</div>'
    transcript = read(tmp_path, timed_text(body, 'xml:lang="en-GB"', AGENTS))
    assert rows(transcript) == [
        (1, 2, "un", "Ada Martin"),
        (2, 3, "deux", "b"),
        (2, 3, "trois", "Ada Martin"),
    ]
    assert (transcript.title, transcript.language) == ("Le débat", "en")


@pytest.mark.parametrize(
    ("body", "expected", "expected_notes"),
    [
        (
            '<div begin="1s" end="2s"><p>un</p>\n<p begin="2s" end="3s">deux</p></div>',
            [(1, 2, "un"), (2, 3, "deux")],
            [("times_shifted", 3, "div 1 → 0")],
        ),
        (
            f'hors<p begin="zut">un</p>\n<p>deux</p><p begin="3s" end="zut">trois</p>{timed("p", 4, 5, " ")}',
            [(3, 4, "trois")],
            [
                ("bad_time", 3, 'begin="zut"'),
                ("bad_time", 4, "deux"),
                ("end_unreadable", 4, 'begin="3s" end="zut"'),
                ("bad_line", 3, "hors"),
                ("empty_cue", 4, ""),
            ],
        ),
        (
            f'{timed("p", 1, 2, "un")}\n<div xml:lang="en">{timed("p", 1, 2, "one")}</div>',
            [(1, 2, "un")],
            [("left_out", 4, "en: 1")],
        ),
        (
            '<div><p begin="00:00:01:15" end="60f">un</p></div>',
            [(1.5, 2, "un")],
            [("frame_rate_assumed", None, "30")],
        ),
    ],
)
def test_what_ttml_leaves_open_is_noted(
    tmp_path: Path, body: str, expected: list[tuple[float, float, str]], expected_notes: list[Noted]
) -> None:
    transcript = read(tmp_path, timed_text(body))
    assert [row[:3] for row in rows(transcript)] == expected
    assert notes(transcript) == expected_notes


def test_spans_of_single_words_are_words_also_where_they_count_from_the_start_of_the_file() -> None:
    spans = timed("span", 19.7, 20, "be") + timed("span", 20, 21, "fore") + " " + timed("span", 21, 21.9, "all")
    reading = ttml.read(Source("a", b"", timed_text(timed("p", 19.7, 21.9, spans))))
    assert [(cue.start, cue.end, cue.text) for cue in reading.cues] == [(19.7, 21.9, "before all")]
    assert words(reading.cues) == [[(19.7, "before"), (21.0, "all")]]


@pytest.mark.parametrize(
    ("attributes", "text", "seconds"),
    [
        ({}, "00:00:01:15", 1.5),
        ({"frameRate": "25"}, "01:00:01:05", 3601.2),
        ({"frameRate": "24", "frameRateMultiplier": "1000 1001"}, "360f", 15.015),
        ({"frameRate": "30", "frameRateMultiplier": "1000:1001"}, "00:00:01:15.0", 1.5005),
        ({"frameRate": "25", "subFrameRate": "2"}, "00:00:00:00.1", 0.02),
        ({"tickRate": "10000000"}, "1374000000t", 137.4),
        ({"frameRate": "25"}, "50t", 2.0),
        ({"frameRate": "0", "tickRate": "x", "frameRateMultiplier": "1 0"}, "30f", 1.0),
        ({}, "1.5h", 5400.0),
        ({}, "2m", 120.0),
        ({}, "250ms", 0.25),
        ({}, "00:00:61", None),
        ({}, "wallclock(2001)", None),
        ({}, "", None),
    ],
)
def test_every_time_expression_of_ttml(attributes: dict[str, str], text: str, seconds: float | None) -> None:
    assert Clock.of(attributes).seconds(text) == (None if seconds is None else pytest.approx(seconds))


def test_ebu_stl_joins_the_blocks_of_a_subtitle_and_counts_from_the_start_of_the_programme(tmp_path: Path) -> None:
    data = gsi(start=b"10000000") + b"".join(
        [
            tti(1, (10, 0, 1, 5), (10, 0, 2, 0), b"\x0b\x80Caf\xc2e \xc8a\x81\x8a\x0b\xe1" + b"x" * 98, more=0),
            tti(1, (10, 0, 1, 5), (10, 0, 2, 0), b"yz \xa4"),
            tti(2, (10, 0, 3, 0), (10, 0, 4, 0), b"remarque", comment=1),
            tti(3, (10, 0, 3, 0), (10, 0, 4, 0), b"donn\xc2ees", more=0xFE),
            tti(4, (10, 0, 61, 0), (10, 0, 4, 0), b"perdu"),
            tti(5, (10, 0, 5, 0), (10, 0, 99, 0), b"fin\xe5"),
            b"\x00" * 128,
            b"coupe",
        ]
    )
    transcript = read(tmp_path, data)
    assert rows(transcript) == [(1.2, 2.0, f"Café ä Æ{'x' * 98}yz $", None), (5.0, 6.0, "fin\ufffd", None)]
    assert (transcript.title, transcript.language) == ("Le débat", "fr")
    assert (transcript.report.format, transcript.report.encoding) == ("EBU STL", "binary")
    assert notes(transcript) == [
        ("dropped_block", 3, "TTI 3, comment"),
        ("dropped_block", 4, "TTI 4, 128 bytes"),
        ("bad_time", 5, "perdu"),
        ("end_unreadable", 6, "fin\ufffd"),
        ("characters_replaced", 6, "fin\ufffd"),
        ("dropped_block", 8, "TTI 8, 5 bytes"),
        ("times_shifted", None, "10:00:00 → 0"),
    ]


@pytest.mark.parametrize(
    ("table", "encoding", "text"),
    [(b"01", "iso8859-5", "Да"), (b"02", "iso8859-6", "نعم"), (b"03", "iso8859-7", "Ναι"), (b"04", "iso8859-8", "כן")],
)
def test_ebu_stl_in_other_alphabets_and_at_30_frames(tmp_path: Path, table: bytes, encoding: str, text: str) -> None:
    transcript = read(tmp_path, gsi(30, table) + tti(1, (0, 0, 1, 15), (0, 0, 2, 0), text.encode(encoding)))
    assert rows(transcript) == [(1.5, 2.0, text, None)]


def test_iso_6937_has_every_accent_before_its_letter() -> None:
    assert iso6937.decode(b"\xc1a\xc2e\xc3i\xc4n\xc5o\xc6a\xc7z\xc8u\xcaA\xcbc\xcdo\xcee\xcfs") == "àéîñōăżüÅçőęš"
    assert iso6937.decode(b"\xaa\xe6\xf9\xfb\xba \xd5 \xe8 $") == "“Ĳøß” ♪ Ł $"


@pytest.mark.parametrize(
    ("content", "format_name", "line"),
    [
        ("WEBVTT", "WebVTT", 1),
        ("WEBVTT\n\n00:00.000 00:01.000\n", "WebVTT", 3),
        ("WEBVTT\n\nNOTE a\n\nzut --> 00:02.000\nun", "WebVTT", 5),
        ("[Script Info]\n[Events]\nFormat: Start, Text\nDialogue: 0:00:01.00,un", "SubStation Alpha", 3),
        ("[Script Info]\nTitle: a\n", "SubStation Alpha", 1),
        ('{"events":[\n{"tStartMs":1,}]}', "JSON", 2),
        ('{"wireMagic":"pb3"}', "YouTube JSON", 1),
        ("<tt>\n<body><p begin='1s'>\n</tt>", "TTML", 3),
        ("<tt><body><p>un</p></body></tt>", "TTML", 1),
        ("\n\n<?xml version='1.0'?>\n<tt><body><p>un</p></body></tt>", "TTML", 4),
        ("<tt>" + "<div>" * 300, "TTML", 1),
        ("<x><tt></tt></x>", "TTML", 1),
        ("<timedtext><body/></timedtext>", "YouTube XML", 1),
        ("<SAMI><BODY>\n<SYNC Start=zut><P>un", "SAMI", 2),
        (gsi(), "EBU STL", 1),
        (gsi() + tti(1, (99, 99, 0, 0), (0, 0, 0, 0), b"un"), "EBU STL", 1),
    ],
)
def test_hopeless_files_are_refused_with_their_format_and_the_line(
    tmp_path: Path, content: str | bytes, format_name: str, line: int
) -> None:
    with pytest.raises(FormatBroken) as caught:
        read(tmp_path, content)
    assert (caught.value.details["format"], caught.value.details["line"]) == (format_name, line)


@pytest.mark.parametrize(
    ("content", "expected", "expected_notes"),
    [
        (
            "[offset:zut]\nhors\n[00:01.00]un",
            [(1, 2, "un", None)],
            [("dropped_line", 2, "hors"), ("bad_line", None, "[offset:zut]")],
        ),
        (
            "[ti:x]\n[00:02.00]un\n[00:01.00]deux",
            [(1, 2, "deux", None), (2, 3, "un", None)],
            [("time_went_back", 3, "1 < 2")],
        ),
        (
            "00:01.000 --> zut\nun\n\n0:03 --> 0:04\ndeux\n\n3\n",
            [(1, 3, "un", None), (3, 4, "deux", None)],
            [("end_unreadable", 1, "00:01.000 --> zut"), ("dropped_line", 7, "3")],
        ),
        (
            gsi(table=b"zz")
            + tti(1, (0, 0, 1, 0), (0, 0, 2, 0), b"un", more=0)
            + tti(2, (0, 0, 3, 0), (0, 0, 4, 0), b"deux", more=1),
            [(1, 2, "un", None), (3, 4, "deux", None)],
            [("bad_line", None, "CCT b'zz'")],
        ),
    ],
)
def test_what_is_wrong_at_the_edges_is_noted(
    tmp_path: Path, content: str | bytes, expected: list[Row], expected_notes: list[Noted]
) -> None:
    transcript = read(tmp_path, content)
    assert (rows(transcript), notes(transcript)) == (expected, expected_notes)


MANY = 50_000
CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"


@pytest.mark.parametrize(
    "text",
    [
        CUE + "<v" + " " * MANY,
        CUE + "<v " * MANY,
        CUE + "<" + "1:" * MANY,
        CUE + "{\\" * MANY,
        "WEBVTT\n\n" + "1\n" * MANY,
        "WEBVTT\n\n" + "-->" * MANY,
        "0:0:" * MANY,
        "0:00:01.000,0:00:02.000\n" + "1:" * MANY,
        "[00:00:01]\na\n[00:00:02]\n\n" + "[00:00:01]\n" * MANY,
        "<SAMI>" + ".a{lang" * MANY + "<SYNC Start=1><P>" + "<!--" * MANY,
        "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,," + "{\\p1" * MANY,
        " \n" * MANY + "[Events]",
        "{1}{2}" + "{y:" * MANY,
        "[00:01.00]" * MANY + "[ti:" * MANY,
        f"<tt><body>{'<div>' * 200}<p begin='1s'>{'<span>a</span>' * MANY}</p>{'</div>' * 200}</body></tt>",
    ],
    ids=range(15),
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    source = Source("a", b"", text)
    with in_linear_time():
        for row in FORMATS:
            if not row.binary and row.name != "Whisper JSON" and row.looks_like(source):
                row.read(source)


def test_entities_of_a_document_are_not_expanded(tmp_path: Path) -> None:
    entities = '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = f"{entities}\n<tt><body>{timed('p', 1, 2, 'un &b;deux')}</body></tt>"
    assert rows(read(tmp_path, bomb)) == [(1.0, 2.0, "un deux", None)]


_SUBTITLES = {
    "srt",
    "vtt",
    "sbv",
    "ytt",
    "yt-xml",
    "ttml",
    "dfxp",
    "xml",
    "sami",
    "smi",
    "ass",
    "ssa",
    "sub",
    "stl",
    "lrc",
}
_FORMATS = {
    "ytt": {"YouTube XML"},
    "yt-xml": {"YouTube XML"},
    "xml": {"TTML"},
    "ttml": {"TTML"},
    "dfxp": {"TTML"},
    "sami": {"SAMI"},
    "smi": {"SAMI"},
    "ass": {"SubStation Alpha"},
    "ssa": {"SubStation Alpha"},
    "lrc": {"LRC"},
    "sub": {"MicroDVD", "SubViewer"},
    "stl": {"EBU STL", "Spruce STL"},
    "srt": {"SubRip"},
    "vtt": {"WebVTT"},
    "sbv": {"SBV"},
}


def _wild() -> list[tuple[str, Path]]:
    manifest = WILD / "manifest.json"
    listed = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else []
    return [(one["format"], WILD / one["file"]) for one in listed if one["format"] in _SUBTITLES]


def _no_times(text: str) -> str:
    """SubRip, WebVTT, SBV: without blocks, settings, numbers, names of cues and tags."""
    text = re.sub(
        r"\A\ufeff?WEBVTT[^\n]*\n(?:[^\n]+\n)*|^(?:NOTE|STYLE|Region:)[^\n]*\n(?:[^\n]+\n)*",
        "",
        text,
        flags=re.M | re.I,
    )
    text = re.sub(r"^[^\n]*\n(?=[^\n]*-->)|^[^\n]*-->[^\n]*$|^[\d:.]+,[\d:.]+$", "", text, flags=re.M)
    return html.unescape(re.sub(r"<[^<>\n]*>|</?[a-z]+(?= )|<[\d:.]+(?= )", "", text))


def _elements(text: str) -> str:
    text = re.sub("<!--.*?-->", "", text, flags=re.S)
    return " ".join(re.findall(r"<(?:p|text)\b[^>]*>(.*?)</(?:p|text)>", text, re.S))


def _no_tags(text: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", re.sub("<br[^>]*>", " ", text))).replace("\u200b", "")


def _dialogues(text: str) -> str:
    return re.sub(r"\{[^}]*\}|\\[Nn]", " ", "\n".join(re.findall(r"^Dialogue:(?:[^,\n]*,){9}(.*)", text, re.M)))


_DRAWN: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("srt", "vtt", "sbv"), _no_times),
    **dict.fromkeys(("ytt", "ttml", "dfxp", "xml"), lambda text: _no_tags(_elements(text))),
    "yt-xml": lambda text: _no_tags(_no_tags(_elements(text))),
    **dict.fromkeys(("sami", "smi"), lambda text: _no_tags(text.partition("<BODY>")[2])),
    **dict.fromkeys(("ass", "ssa"), _dialogues),
    "lrc": lambda text: re.sub(r"\[[^]]*\]", " ", text),
    "sub": lambda text: re.sub(r"\{[^}]*\}|^\[[A-Z ]+\].*|^[\d:.]+,[\d:.]+$|\[br\]|\|", " ", text, flags=re.M),
}
"""Format -> its words, drawn in the crudest way."""


@pytest.mark.skipif(not WILD.is_dir(), reason=f"no transcripts found in the wild at {WILD}")
@pytest.mark.parametrize(("kind", "path"), _wild(), ids=lambda value: value.name if isinstance(value, Path) else None)
def test_subtitles_found_in_the_wild_give_their_words_and_times_or_are_refused(kind: str, path: Path) -> None:
    try:
        transcript = read_transcript(path)
    except (FileEmpty, TimesMissing):
        assert path.stat().st_size < 20
        return
    except TranscriptError as error:
        assert isinstance(error, FormatBroken)
        assert error.details["format"] in _FORMATS[kind]
        return
    assert transcript.report.format in _FORMATS[kind]
    starts = [segment.start for segment in transcript.segments]
    assert starts == sorted(starts)
    if kind in _DRAWN and not {"bad_time", "dropped_line"} & {note[0] for note in notes(transcript)}:
        drawn = Counter(_DRAWN[kind](path.read_text("utf-8-sig")).split())
        named = any(note.kind == "speakers_in_text" for note in transcript.report.notes)  # their names left the text
        found = Counter(
            word
            for segment in transcript.segments
            for word in (f"{segment.speaker}: {segment.text}" if named else segment.text).split()
        )
        assert (drawn & found).total() >= 0.99 * drawn.total()
