"""The formats of linguists and of NIST: what is read of each, what is noted, with its line."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FormatBroken, QdqError, TimesMissing
from index.read_options import ReadOptions
from index.times import decimal_seconds
from index.transcripts import read_transcript
from index.transcripts.report import Transcript
from tests.reading import WILD, in_linear_time, read
from tests.reading import noted as notes

Row = tuple[float, float, str, str | None]


def rows(transcript: Transcript) -> list[Row]:
    return [(segment.start, segment.end, segment.text, segment.speaker) for segment in transcript.segments]


TRS = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE Trans SYSTEM "trans-14.dtd">
<Trans scribe="x" audio_filename="f" version="3" version_date="051231" xml:lang="fr">
<Speakers>
<Speaker id="spk1" name="Ada Martin" check="no"/>
<Speaker id="spk2" name="" type="male"/>
</Speakers>
<Episode program="Le débat" air_date="040203">
<Section type="report" startTime="0" endTime="20">
<Turn speaker="spk1" startTime="0" endTime="5.25">
<Sync time="0"/>

<Sync time="1.5000000000000002"/>
bonjour <Event desc="rire" type="noise" extent="instantaneous"/> à
tous <Comment desc="inaudible"/>
<Sync time="3"/>
oui <Event desc="rire" type="noise" extent="instantaneous"/>
</Turn>
<Turn speaker="spk1 spk2" startTime="5.25" endTime="8">
<Sync time="5.25"/>
<Who nb="1"/>
non
<Who nb="2"/>
si
<Sync time="zut"/>
<Who nb="9"/>
mais
</Turn>
<Turn startTime="8" endTime="9">
<Sync time="8"/>
jingle
</Turn>
<Turn speaker="spk2" endTime="10">perdu</Turn>
</Section></Episode></Trans>
"""


def test_transcriber_turns_are_cut_at_each_sync_and_voices_told_apart(tmp_path: Path) -> None:
    transcript = read(tmp_path, TRS.encode("latin-1"))
    assert (transcript.report.format, transcript.title, transcript.language) == ("Transcriber", "Le débat", "fr")
    assert transcript.date == datetime.date(2004, 2, 3)
    assert rows(transcript) == [
        (1.5, 3.0, "bonjour à tous", "Ada Martin"),
        (3.0, 5.25, "oui", "Ada Martin"),
        (5.25, 8.0, "non", "Ada Martin"),
        (5.25, 8.0, "si", "spk2"),
        (5.25, 8.0, "mais", None),
        (8.0, 9.0, "jingle", None),
    ]
    assert notes(transcript) == [
        ("time_estimated", 25, "zut"),
        ("bad_time", 33, "perdu"),
        ("left_out", 14, "Event noise rire × 2"),
        ("left_out", 15, "Comment inaudible"),
    ]


@pytest.mark.parametrize(
    ("air_date", "expected"),
    [
        ("20040203:0700", datetime.date(2004, 2, 3)),
        ("2004-02-03", datetime.date(2004, 2, 3)),
        ("981217", datetime.date(1998, 12, 17)),
        ("041399", None),
        ("hier", None),
        ("", None),
    ],
)
def test_the_day_of_a_broadcast(tmp_path: Path, air_date: str, expected: datetime.date | None) -> None:
    assert read(tmp_path, TRS.replace("040203", air_date)).date == expected


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="x" DATE="2020-01-01T00:00:00+01:00" FORMAT="3.0" VERSION="3.0">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
<TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
<TIME_SLOT TIME_SLOT_ID="ts2"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="3500"/>
<TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="500"/>
</TIME_ORDER>
{tiers}
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="coded" CONTROLLED_VOCABULARY_REF="cv"/>
</ANNOTATION_DOCUMENT>
"""


def aligned(number: int, first: int, last: int, text: str) -> str:
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{first}" '
        f'TIME_SLOT_REF2="ts{last}"><ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n'
    )


def referring(number: int, to: int, text: str) -> str:
    return (
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a{number}" ANNOTATION_REF="a{to}"><ANNOTATION_VALUE>{text}'
        "</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>\n"
    )


def tier(name: str, *annotations: str, kind: str = "default-lt", **attributes: str) -> str:
    rest = "".join(f' {key.upper()}="{value}"' for key, value in attributes.items())
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="{kind}"{rest}>\n{"".join(annotations)}</TIER>\n'


def eaf(*tiers: str) -> str:
    return EAF.format(tiers="".join(tiers))


@pytest.mark.parametrize(
    ("content", "expected", "expected_notes"),
    [
        (
            eaf(
                tier("A", aligned(1, 1, 3, "Bonjour à tous."), participant="Ada Martin"),
                tier("A-en", referring(2, 1, "Hello everybody."), kind="translation", parent_ref="A"),
                tier("B", aligned(3, 4, 3, " "), aligned(4, 4, 1, "Oui."), participant="Jean Petit"),
                tier("mains", aligned(5, 1, 3, "gauche"), kind="coded"),
            ),
            [(0.5, 1.0, "Oui.", "Jean Petit"), (1.0, 3.5, "Bonjour à tous.", "Ada Martin")],
            [("other_tier", 13, "A-en × 1"), ("other_tier", 20, "mains × 1")],
        ),
        (
            eaf(
                tier("ref@SP1", aligned(1, 1, 3, "DK.001")),
                tier("tx@SP1", referring(2, 1, "on y va"), referring(3, 1, "alors"), parent_ref="ref@SP1"),
                tier("ft@SP1", referring(4, 1, "let us go then"), parent_ref="ref@SP1"),
            ),
            [(1.0, 2.25, "on y va", "SP1"), (2.25, 3.5, "alors", "SP1")],
            [
                ("other_tier", 10, "ref@SP1 × 1"),
                ("time_estimated", 14, "on y va"),
                ("time_estimated", 15, "alors"),
                ("other_tier", 17, "ft@SP1 × 1"),
            ],
        ),
        (
            eaf(tier("default", aligned(1, 1, 2, "un"), aligned(2, 2, 3, "deux"), aligned(3, 3, 9, "trois"))),
            [(1.0, 2.25, "un", None), (2.25, 3.5, "deux", None)],
            [("time_estimated", 11, "un"), ("time_estimated", 12, "deux"), ("bad_time", 13, "trois")],
        ),
        (
            eaf(
                tier("Ada", aligned(1, 1, 3, "Bonjour à tous."), kind="utterance"),
                tier("mots", aligned(2, 1, 2, "Bonjour"), aligned(3, 2, 3, "à"), parent_ref="Ada"),
                tier("LH", aligned(4, 1, 3, "se lève"), participant="Jean"),
                tier("RH", aligned(5, 1, 3, "se lève et marche"), participant="Jean", kind="utterance"),
            ),
            [(1.0, 3.5, "Bonjour à tous.", "Ada"), (1.0, 3.5, "se lève et marche", "Jean")],
            [("other_tier", 13, "mots × 2"), ("other_tier", 17, "LH × 1")],
        ),
        (
            eaf(tier("A", referring(1, 2, "un"), parent_ref="B"), tier("B", aligned(3, 1, 3, "deux"), parent_ref="A")),
            [(1.0, 3.5, "deux", None)],
            [("bad_time", 11, "un")],
        ),
    ],
)
def test_elan_tiers_of_speech_are_read_and_the_others_noted(
    tmp_path: Path, content: str, expected: list[Row], expected_notes: list[tuple[str, int | None, str]]
) -> None:
    transcript = read(tmp_path, content)
    assert (transcript.report.format, rows(transcript), notes(transcript)) == ("ELAN", expected, expected_notes)


def test_frames_are_counted_in_seconds(tmp_path: Path) -> None:
    content = eaf(tier("A", aligned(1, 1, 3, "un"))).replace("milliseconds", "PAL-frames")
    assert rows(read(tmp_path, content)) == [(40.0, 140.0, "un", None)]


LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 4.5
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "Ada"
        xmin = 0
        xmax = 4.5
        intervals: size = 3
        intervals [1]:
            xmin = -0.0
            xmax = 1.25
            text = "Elle dit ""oui""
à item [2]."
        intervals [2]:
            xmin = 1.25
            xmax = 2
            text = ""
        intervals [3]:
            xmin = 2
            xmax = 4.5
            text = "C'est tout ! Pas 12"
    item [2]:
        class = "IntervalTier"
        name = "Jean"
        xmin = 0
        xmax = 4.5
        intervals: size = 1
        intervals [1]:
            xmin = 1 ! un commentaire "
            xmax = 2,5
            text = "perdu"
        intervals [2]:
            xmin = 1.5
            xmax = 2.5
            text = "l'\\e't\\e' \\oe"
    item [3]:
        class = "TextTier"
        name = "bell"
        xmin = 0
        xmax = 4.5
        points: size = 1
        points [1]:
            number = 1
            mark = "ding"
"""
SHORT = """File type = "ooTextFile short"
"TextGrid"

0
4.5
<exists>
3
"IntervalTier"
"Ada"
0
4.5
2
0
1.25
"Elle dit ""oui"" à item [2]."
2
4.5
"C'est tout ! Pas 12"
"IntervalTier"
"Jean"
0
4.5
1
1.5
2.5
"l'été œ"
"TextTier"
"bell"
0
4.5
1
1
"ding"
"""
GRID = [
    (0.0, 1.25, 'Elle dit "oui" à item [2].', "Ada"),
    (1.5, 2.5, "l'été œ", "Jean"),
    (2.0, 4.5, "C'est tout ! Pas 12", "Ada"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252"])
def test_both_forms_of_a_textgrid_give_the_same_segments(tmp_path: Path, encoding: str) -> None:
    short, long = (read(tmp_path, content.encode(encoding)) for content in (SHORT, LONG.replace("\n", " \n")))
    assert (short.report.format, rows(short), rows(long)) == ("Praat TextGrid", GRID, GRID)
    assert notes(short) == [("other_tier", 27, "bell × 1")]
    assert notes(long) == [("other_tier", 43, "bell × 1"), ("bad_time", 37, "perdu")]


def grid(**tiers: Sequence[tuple[float, float, str]]) -> str:
    """In the short form; "__" in a name stands for " - "."""
    lines = ['"ooTextFile"', '"TextGrid"', "0", "9", "<exists>", str(len(tiers))]
    for name, intervals in tiers.items():
        lines += ['"IntervalTier"', f'"{name.replace("__", " - ")}"', "0", "9", str(len(intervals))]
        lines += [f'{start}\n{end}\n"{text}"' for start, end, text in intervals]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "expected", "left_out"),
    [
        (grid(Mary=[(0, 1, "a b")]), [(0, 1, "a b", None)], []),
        (
            grid(Ada__words=[(0, 1, "oui"), (1, 1.5, "sp"), (2, 3, "non")], Ada__phones=[(0, 1, "wi")]),
            [(0, 1, "oui", "Ada"), (2, 3, "non", "Ada")],
            ["Ada - phones × 1", "sp"],
        ),
        (
            grid(words=[(0, 1, "Oui,"), (1, 2, "non.")], phrase=[(0, 2, "Oui, non.")], maxF0=[(0, 2, "180")]),
            [(0, 2, "Oui, non.", None)],
            ["words × 2", "maxF0 × 1"],
        ),
        (
            grid(**{"ORT-MAU": [(0, 1, "Oui,"), (1, 2, "non.")], "MAU": [(0, 2, "wi")]}),
            [(0, 2, "Oui, non.", None)],
            ["MAU × 1"],
        ),
        (
            grid(Ada=[(0, 1, "a b")], Jean=[(1, 2, "c d")], bruits=[(2, 3, "porte")]),
            [(0, 1, "a b", "Ada"), (1, 2, "c d", "Jean")],
            ["bruits × 1"],
        ),
        (
            grid(x=[(at / 4, (at + 1) / 4, f"m{at}") for at in range(21)]),
            [(0, 5, " ".join(f"m{at}" for at in range(20)), None), (5, 5.25, "m20", None)],
            [],
        ),
    ],
)
def test_the_tiers_of_a_textgrid_that_hold_speech(
    tmp_path: Path, content: str, expected: list[Row], left_out: list[str]
) -> None:
    transcript = read(tmp_path, content)
    assert rows(transcript) == expected
    assert [note.detail for note in transcript.report.notes] == left_out


CHAT = """@UTF8
@Begin
@Languages:\tfra, eng
@Participants:\tADA Ada_Martin Guest , INV Investigator, PA1 Participant,
\tPA2 Participant
@ID:\tfra|x|ADA|||||Guest|||
@Date:\t19-NOV-2024
@Comment:\tdans un studio
*INV:\tbonjour . [+ exc]
*ADA:\tet <la loi> [//] (.) le &-euh règle(ment) n'est_pas
\tprêt +//. \x151000_3500\x15
%mor:\tx|y
\tz
*PA1:\toui \x153500_4000\x15 non: . \x154000_5000\x15
*PA2:\txxx . \x155000_5500\x15
%mor:\tx
*INV:\tbon ‡ d'accord ?
*ADA:\t0 &=rires ah +... \x15%snd:"f"_8000_9000\x15
@End
"""


def test_chat_lines_are_cut_at_their_bullets_and_cleared_of_codes(tmp_path: Path) -> None:
    transcript = read(tmp_path, CHAT)
    assert (transcript.report.format, transcript.language) == ("CLAN CHAT", "fr")
    assert transcript.date == datetime.date(2024, 11, 19)
    assert rows(transcript) == [
        (0.0, 1.0, "bonjour.", "Investigator"),
        (1.0, 3.5, "et la loi le euh règlement n'est pas prêt.", "Ada Martin"),
        (3.5, 4.0, "oui", "PA1"),
        (4.0, 5.0, "non.", "PA1"),
        (5.5, 8.0, "bon, d'accord?", "Investigator"),
        (8.0, 9.0, "ah…", "Ada Martin"),
    ]
    assert notes(transcript) == [
        ("time_estimated", 9, "bonjour."),
        ("time_estimated", 17, "bon, d'accord?"),
        ("left_out", 8, "@Comment"),
        ("left_out", 12, "%mor × 2"),
        ("markup_removed", 9, "[…] × 2"),
        ("markup_removed", 10, "&-…"),
        ("markup_removed", 10, "(.)"),
        ("markup_removed", 10, "+… × 2"),
        ("markup_removed", 10, "<…> × 2"),
        ("markup_removed", 10, "(…) × 2"),
        ("markup_removed", 14, ":"),
        ("markup_removed", 15, "xxx"),
        ("markup_removed", 17, "‡ „"),
        ("markup_removed", 18, "&=…"),
        ("markup_removed", 18, "0…"),
        ("empty_cue", 15, ""),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("there's a cookie <on the table> [//] (..) on it .", "there's a cookie on the table on it."),
        ("oh (.) ‡ I (0.5) too(k) it (1:05.3) „ Eve ?", "oh, I took it, Eve?"),
        ("you 0v gonna [: going to] how_about +..?", "you gonna how about…?"),
        ("+< hello@s:eng &+fr &~ba &*MOT:mhm +\"/.", "hello fr ba."),
        ("he:llo ⌈wo↑rld⌉ # ##long yes !", "hello world yes!"),
        ("[- eng] 1998 +/.", "1998."),
    ],
)  # fmt: skip
def test_the_codes_of_chat(tmp_path: Path, line: str, expected: str) -> None:
    (row,) = rows(read(tmp_path, f"@Begin\n*A:\t{line} 20780_24300\n@End"))
    assert row == (20.78, 24.3, expected, "A")


def test_chat_without_times_is_read_at_the_pace_that_is_given(tmp_path: Path) -> None:
    content = "@Begin\n*A:\tun deux .\n*B:\ttrois quatre cinq six .\nsept\n@End"
    with pytest.raises(FormatBroken, match="CLAN CHAT"):
        read(tmp_path, content)
    transcript = read(tmp_path, content, options=ReadOptions(words_per_minute=60))
    assert rows(transcript) == [(0.0, 2.0, "un deux.", "A"), (2.0, 7.0, "trois quatre cinq six. sept", "B")]
    assert [note[0] for note in notes(transcript)] == ["joined_line", "time_estimated", "time_estimated"]


STM = """;; CATEGORY "0" "" ""
d 1 Ada_Martin 0.00 1.50 <o,f0,female> what { a / { an / one } / @ } idea(2) (uh) <sil> (d-0.00-1.50)
d 1 inter_segment_gap 1.5 2 <o,,unknown>
d 2 spk_01 1.25 2.5 yes %hm AC/DC
d 1 unknown 2 3 <o> IGNORE_TIME_SEGMENT_IN_SCORING
d 1 unknown 3 zut <o> plus
d 1 unknown zut 5 <o> perdu
d 1 court
d 1 x 8 9 <o>
e 1 other 0 1 <o> rien
e 1 other 1 2 <o> rien
d 1 x 9 10 <o> fin
d 1 x 10 11 <o> fin
d 1 x 11 12 <o> fin
d 1 x 12 13 <o> fin
d 1 x 13 14 <o> fin
"""


def test_stm_segments_of_the_first_recording(tmp_path: Path) -> None:
    transcript = read(tmp_path, STM)
    assert transcript.report.format == "NIST STM"
    assert rows(transcript) == [
        (0.0, 1.5, "what a idea uh", "Ada Martin"),
        (1.25, 2.5, "yes %hm AC/DC", "spk_01"),
        (3.0, 9.0, "plus", None),
        *((float(at), at + 1.0, "fin", "x") for at in range(9, 14)),
    ]
    assert notes(transcript) == [
        ("bad_line", 8, "d 1 court"),
        ("other_recording", 10, "e × 2"),
        ("end_unreadable", 6, "zut"),
        ("bad_time", 7, "zut perdu"),
        ("left_out", 3, "inter_segment_gap"),
        ("left_out", 5, "IGNORE_TIME_SEGMENT_IN_SCORING"),
        ("markup_removed", 2, "{ / } × 2"),
        ("markup_removed", 2, "(…) × 2"),
        ("markup_removed", 2, "<sil>"),
        ("empty_cue", 9, ""),
    ]


CTM = """;; comment
 d A 1.0 0.5 Bonjour 0.98 lex Ada_Martin
d A 1.5 0.25 (euh) 0.9 fp Ada_Martin
d A * * <ALT_BEGIN>
d A 1.75 0.2 un
d A * * <ALT>
d A 1.75 0.2 deux
d A * * <ALT_END>
d A 2 0.5 toux 1 non-lex
d A 3 0.5 0.999 lex Ada_Martin
d A 3.5 x trois. 1 lex unknow
d A
d B 1.25 0.5 oui
d B 1.75 0.5 <sil>
d B 5 0.5 non
d zut 4 5
e A 1 1 rien
d B zut 0.5 perdu
d B 5.5 0.5 plus
d B 6 0.5 rien
d B 6.5 0.5 non
d B 7 0.5 plus
"""


def test_ctm_words_become_cues_of_each_speaker_or_channel(tmp_path: Path) -> None:
    transcript = read(tmp_path, CTM)
    assert transcript.report.format == "NIST CTM"
    assert rows(transcript) == [
        (1.0, 1.75, "Bonjour euh", "Ada Martin"),
        (1.25, 1.75, "oui", "channel B"),
        (1.75, 1.95, "un", "channel A"),
        (3.5, 5.0, "trois.", "channel A"),
        (5.0, 7.5, "non plus rien non plus", "channel B"),
    ]
    assert notes(transcript) == [
        ("bad_line", 10, "d A 3 0.5 0.999 lex Ada_Martin"),
        ("bad_line", 12, "d A"),
        ("bad_line", 16, "d zut 4 5"),
        ("other_recording", 17, "e"),
        ("markup_removed", 4, "<ALT_BEGIN>"),
        ("markup_removed", 6, "<ALT>"),
        ("markup_removed", 8, "<ALT_END>"),
        ("end_unreadable", 11, "x"),
        ("bad_time", 18, "zut perdu"),
        ("left_out", 9, "toux"),
        ("left_out", 14, "<sil>"),
    ]


RTTM = """;; comment
SPEAKER d 1 1.0 2.0 <NA> <NA> Ada <NA>
LEXEME d 1 1.0 0.5 oui lex Ada <NA>
NON-LEX d 1 1.5 0.5 <NA> laugh Ada <NA>
LEXEME d 1 2.0 0.5 non. lex Ada <NA>
LEXEME d 1 zut
LEXEME d 1 2.2 0.5 si lex <NA> <NA>
"""


def test_the_words_of_an_rttm(tmp_path: Path) -> None:
    transcript = read(tmp_path, RTTM)
    assert transcript.report.format == "NIST RTTM"
    assert rows(transcript) == [(1.0, 2.5, "oui non.", "Ada"), (2.2, 2.7, "si", None)]
    assert notes(transcript) == [("bad_line", 6, "LEXEME d 1 zut")]


@pytest.mark.parametrize(
    ("content", "format_name", "line", "reason"),
    [
        ("<Trans>\n<Episode/></Trans>", "Transcriber", 1, "no Turn in it"),
        ("<Trans>\n<Turn></Trans>", "Transcriber", 2, "Opening and ending tag mismatch"),
        ("<ANNOTATION_DOCUMENT></ANNOTATION_DOCUMENT>", "ELAN", 1, "no TIME_ORDER in it"),
        (SHORT[:-3], "Praat TextGrid", 33, "quotes are not closed"),
        ("SPEAKER d 1 1.0 2.0 <NA> <NA> Ada <NA>\n", "NIST RTTM", 1, "--speakers"),
    ],
)
def test_a_hopeless_file_is_refused_with_its_line(
    tmp_path: Path, content: str, format_name: str, line: int, reason: str
) -> None:
    with pytest.raises(FormatBroken) as caught:
        read(tmp_path, content)
    details = caught.value.details
    assert (details["format"], details["line"]) == (format_name, line)
    assert reason in str(details["reason"])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("902.62400000000002", 902.624),
        ("-0.0", 0.0),
        (" 1e2 ", 100.0),
        (".5", 0.5),
        ("5.", 5.0),
        *((bad, None) for bad in ("-1", "1_0", "1,5", "nan", "inf", "1e9", "", "٣", "1" * 400)),
    ],
)
def test_plain_seconds(text: str, seconds: float | None) -> None:
    assert decimal_seconds(text) == seconds


HOSTILE: list[Callable[[int], str]] = [
    lambda n: "@Begin\n*A:\t" + "[" * n + " 1_2",
    lambda n: "@Begin\n*A:\t" + "%a" * n + '%a:"' * n + " 1_2",
    lambda n: "@Begin\n*A:\t" + "1_" * n + " 1_2",
    lambda n: "@Begin\n*A:\t" + "(." * n + "#" * n + "+" * n + ":" * n + "‡ " * n + " 1_2",
    lambda n: "@Begin\n*A:\t" + " " * n + "x" + "@x" * n + "\n",
    lambda n: "@Begin\n*A:\ta" + " " * n + "x" + "[x]" * n + " 1_2",
    lambda n: SHORT + '"' * (2 * n + 1),
    lambda n: SHORT + '1 "' * (2 * n + 1),
    lambda n: SHORT + "!" * n + "1" * n + "<" * n,
    lambda n: "f 1 x 0 1 <o> " + "{ " * n + "/ " * n + "} " * n,
    lambda n: "f 1 x 0 1 <o> " + "<" * n + "(" * n,
    lambda n: "\n".join(f"f{at} {at} {at} 1 x" for at in range(n // 2)),
    lambda n: eaf(*(tier(f"t{at}", aligned(at, 1, 3, "a"), parent_ref=f"t{at + 1}") for at in range(n // 10))),
    lambda n: eaf(tier("a", *(referring(at, at - 1, "x") for at in range(n // 5)))),
]


@pytest.mark.parametrize("make", HOSTILE)
def test_what_is_made_to_be_slow_is_not(tmp_path: Path, make: Callable[[int], str]) -> None:
    content = make(50_000)
    try:
        with in_linear_time():
            read(tmp_path, content)
    except QdqError as error:
        assert isinstance(error, FormatBroken | TimesMissing)


_SAMPLES = [TRS, eaf(tier("A", aligned(1, 1, 3, "un"))), LONG, SHORT, CHAT, STM, CTM, RTTM]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


@given(st.sampled_from(_SAMPLES), st.data())
def test_damaged_files_give_a_transcript_or_an_error_of_the_tree(
    folder: Path, sample: str, data: st.DataObject
) -> None:
    """A part is cut out, and something else stands there."""
    begin = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(begin, len(sample)))
    damage = data.draw(st.text(max_size=5) | st.sampled_from(['"', "<", "\n", "\t", "9" * 30, "-1", "\x15", sample]))
    try:
        transcript = read(folder, sample[:begin] + damage + sample[end:])
    except QdqError:
        return
    order = [(segment.start, segment.end) for segment in transcript.segments]
    assert order == sorted(order)
    assert all(0 <= start <= end for start, end in order)


_EXPECTED: dict[str, tuple[str, int, int, tuple[str, ...], float, float]] = {
    "asclite__testfiles__basic.ctm": ("NIST CTM", 2, 7, ("channel 1", "channel 2"), 1.0, 5.2),
    "asclite__testfiles__overlap.ctm": ("NIST CTM", 2, 18, (), 108.74, 115.08),
    "asclite__testfiles__stmctm.ctm": ("NIST CTM", 1, 8, (), 0.0, 1.4),
    "hubscr__testArb.base__test.arb2004.txt.ctm": ("NIST CTM", 18, 204, ("channel B", "channel A"), 0.05, 19.6),
    "asclite__testfiles__basic.stm": ("NIST STM", 2, 7, ("CHRIS", "JEROME"), 1.0, 6.0),
    "asclite__testfiles__overlap.stm": ("NIST STM", 6, 33, ("TBVSTT", "COU", "YWTKTM", "NWXRPL"), 107.675, 115.267),
    "asclite__testfiles__rttmstm.stm": ("NIST STM", 2, 9, ("OMEGA", "THETA"), 1.0, 8.0),
    "hubscr__testArb.base__test.arb2004.txt.stm": (
        *("NIST STM", 33, 218, ("test.arb2004_B", "test.arb2004_A"), 0.0, 19.6),
    ),
    "asclite__testfiles__generic-1.rttm": ("NIST RTTM", 2, 9, ("SYS1", "SYS2"), 100.5, 107.3),
    "asclite__testfiles__rttmstm.rttm": ("NIST RTTM", 2, 9, ("OMEGA", "THETA"), 1.0, 8.0),
}


@pytest.mark.parametrize("name", _EXPECTED)
def test_files_found_in_the_wild(name: str) -> None:
    path = WILD / "usnistgov+SCTK" / f"src__{name}"
    if not path.is_file():
        pytest.skip(f"no such transcript found in the wild at {path}")
    report = read_transcript(path).report
    found = (report.format, report.segments, report.words, report.speakers, report.first, report.last)
    assert found == _EXPECTED[name]
