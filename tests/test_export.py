"""What is exported, to the letter, and that it is the same when it is read again."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.export import ExportFormat, exported
from index.speakers.labels import attribute, read_labels
from index.transcripts import FORMATS, read_transcript
from index.transcripts.segments import plain
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment, WordTime

Said = tuple[float, float, str, str | None]


def debate(*said: Said) -> Debate:
    return Debate(
        id="le-debat",
        title="Le débat --> 2",
        segments=tuple(
            Segment(index, start, end, text, Attribution(speaker, Origin.LABELLED, 1.0) if speaker else UNKNOWN)
            for index, (start, end, text, speaker) in enumerate(said)
        ),
        participants=(Participant("Ada Martin", "avocate", ("Adèle",)),),
        date=datetime.date(2024, 11, 19),
        url="https://youtu.be/abc",
        language="fr",
    )


DEBATE = debate(
    (0.0, 1.5, "Bonjour à tous.", "Ada Martin"),
    (1.5, 4.0004, "R&D, a < b", "Ada Martin"),
    (5.0, 6.0, 'Le <b> et "-->" {\\an8}', 'M. & "Mme" <Zoé>: X'),
    (6.0, 6.5, "Qui ?", None),
    (3661.9996, 3725.25, "2024", "Ada Martin"),
)

SRT = """1
00:00:00,000 --> 00:00:01,500
Bonjour à tous.

2
00:00:01,500 --> 00:00:04,000
R&D, a < b

3
00:00:05,000 --> 00:00:06,000
Le &lt;b&gt; et "--&gt;" &#123;\\an8}

4
00:00:06,000 --> 00:00:06,500
Qui ?

5
01:01:02,000 --> 01:02:05,250
2024
"""
VTT = """WEBVTT - Le débat → 2
Language: fr

00:00:00.000 --> 00:00:01.500
<v Ada Martin>Bonjour à tous.

00:00:01.500 --> 00:00:04.000
<v Ada Martin>R&amp;D, a &lt; b

00:00:05.000 --> 00:00:06.000
<v M. &amp; "Mme" &lt;Zoé&gt;: X>Le &lt;b&gt; et "--&gt;" &#123;\\an8}

00:00:06.000 --> 00:00:06.500
Qui ?

01:01:02.000 --> 01:02:05.250
<v Ada Martin>2024
"""
TXT = """Le débat --> 2

00:00:00 Ada Martin: Bonjour à tous.
00:00:01 Ada Martin: R&D, a < b
00:00:05 M. & "Mme" <Zoé> X: Le <b> et "-->" {\\an8}
00:00:06 Qui ?
01:01:02 Ada Martin: 2024
"""
TSV = """start\tend\tspeaker\ttext
0.000\t1.500\tAda Martin\tBonjour à tous.
1.500\t4.000\tAda Martin\tR&D, a < b
5.000\t6.000\t"M. & ""Mme"" <Zoé>: X"\t"Le <b> et ""-->"" {\\an8}"
6.000\t6.500\t\tQui ?
3662.000\t3725.250\tAda Martin\t2024
"""
RTTM = """SPEAKER le-debat 1 0.000 4.000 <NA> <NA> Ada_Martin <NA> <NA>
SPEAKER le-debat 1 5.000 1.000 <NA> <NA> M._&_"Mme"_<Zoé>:_X <NA> <NA>
SPEAKER le-debat 1 3662.000 63.250 <NA> <NA> Ada_Martin <NA> <NA>
"""


@pytest.mark.parametrize(
    ("export_format", "expected"), [("srt", SRT), ("vtt", VTT), ("txt", TXT), ("tsv", TSV), ("rttm", RTTM)]
)
def test_what_is_written(export_format: str, expected: str) -> None:
    assert exported(DEBATE, ExportFormat(export_format)) == expected


def test_json_is_the_layout_of_whisper_with_what_we_know_besides() -> None:
    document = json.loads(exported(DEBATE, ExportFormat.JSON))
    segments = document.pop("segments")
    assert document == {
        "generator": "qui-dit-quoi",
        "title": "Le débat --> 2",
        "language": "fr",
        "date": "2024-11-19",
        "url": "https://youtu.be/abc",
        "media": None,
        "participants": [{"name": "Ada Martin", "role": "avocate", "aliases": ["Adèle"]}],
    }
    assert segments[1] == {"start": 1.5, "end": 4.0004, "text": "R&D, a < b", "speaker": "Ada Martin"}
    assert segments[3]["speaker"] is None


_TIMES = st.builds(
    WordTime,
    st.integers(0, 9_000_000).map(lambda ms: ms / 1000),
    st.none() | st.just(9_001.5),
    st.sampled_from(["Ada", "«", "l'"]),
)


@given(
    words=st.lists(
        st.lists(_TIMES, max_size=4).map(tuple), min_size=len(DEBATE.segments), max_size=len(DEBATE.segments)
    )
)
def test_json_brings_back_all_that_is_known(folder: Path, words: list[tuple[WordTime, ...]]) -> None:
    """Also a text that looks like a name and what it says, and passages that a recogniser's would be cut or joined."""
    long = "Note : " + "mot " * 60 + "fin."
    segments = [replace(part, text=long, words=own) for part, own in zip(DEBATE.segments, words, strict=True)]
    path = folder / "whole.json"
    path.write_text(exported(replace(DEBATE, segments=tuple(segments)), ExportFormat.JSON), "utf-8")
    again = read_transcript(path)
    assert again.report.format == "qui-dit-quoi JSON"
    assert list(again.segments) == segments
    assert (again.participants, again.date, again.url) == (DEBATE.participants, DEBATE.date, DEBATE.url)


def test_the_head_of_a_file_is_read_again(tmp_path: Path) -> None:
    for export_format, title in (("vtt", "Le débat → 2"), ("json", "Le débat --> 2")):
        path = tmp_path / f"a.{export_format}"
        path.write_text(exported(DEBATE, ExportFormat(export_format)), "utf-8")
        transcript = read_transcript(path)
        assert (transcript.title, transcript.language, transcript.report.notes) == (title, "fr", ())


_NASTY = (
    "--> - <b> </i> <v Zoé> <00:01.000> &amp; &lt; &amp &copy AT&T {\\an8} {b} NOTE STYLE WEBVTT 1 00:01 2024 12: : "
)
_NASTY += "\" ' \\ / # ; , ?? [x] (x) * _ % SPEAKER @ ‎ שלום مرحبا 👩‍🚀 é é 𝒳 \u200b . ¿ « » “ 00:00:01,000"
_PLAIN = st.lists(st.sampled_from(_NASTY.split(" ")) | st.text(max_size=8), max_size=6).map(" ".join).map(plain)
_TEXTS = _PLAIN.filter(bool)
_NAMES = st.none() | _TEXTS.map(lambda name: name.rstrip(" :")).filter(bool)
"""A colon after a name is not a part of it."""
_MILLISECONDS = st.integers(0, 90_000_000) | st.integers(0, 5_000)


def _debates(names: st.SearchStrategy[str | None]) -> st.SearchStrategy[Debate]:
    """With segments in their order, which is total."""
    said = st.tuples(_MILLISECONDS, st.integers(0, 60_000), _TEXTS, names)
    return st.lists(said, min_size=1, max_size=8).map(
        lambda rows: debate(
            *sorted(
                ((start / 1000, (start + length) / 1000, text, name) for start, length, text, name in rows),
                key=lambda row: row[:2],
            )
        )
    )


_TABLES = pytest.mark.skipif(not any("TSV" in row.name for row in FORMATS), reason="no reader of TSV transcripts")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported")


@pytest.mark.parametrize("export_format", ["srt", "vtt", "json", pytest.param("tsv", marks=_TABLES)])
@given(found=_debates(_NAMES))
def test_what_is_exported_comes_back_the_same(folder: Path, export_format: str, found: Debate) -> None:
    path = folder / f"a.{export_format}"
    path.write_text(exported(found, ExportFormat(export_format)), "utf-8", newline="\n")
    speaks = export_format != "srt"
    assert [(part.start, part.end, part.text, part.speaker) for part in read_transcript(path).segments] == [
        (part.start, part.end, part.text, part.speaker if speaks else None) for part in found.segments
    ]


@pytest.mark.parametrize("export_format", ["rttm", "tsv", "json"])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 3_000), st.integers(1, 9_000), st.sampled_from([None, "Ada", "Jean-Luc Petit", "SPEAKER_00"])
        ),
        min_size=1,
        max_size=12,
    ).filter(lambda rows: any(name for _gap, _length, name in rows))
)
def test_what_is_exported_says_who_speaks_as_a_side_file(
    folder: Path, export_format: str, rows: list[tuple[int, int, str | None]]
) -> None:
    """Segments one after another, some with a pause before them."""
    said: list[Said] = []
    at = 0
    for gap, length, name in rows:
        said.append(((at + gap) / 1000, (at + gap + length) / 1000, "a", name))
        at += gap + length
    found = debate(*said)
    path = folder / f"who.{export_format}"
    path.write_text(exported(found, ExportFormat(export_format)), "utf-8", newline="\n")
    nameless = debate(*((start, end, text, None) for start, end, text, _name in said))
    again = attribute(nameless.segments, read_labels(path), ())
    assert [part.speaker for part in again] == [name for _start, _end, _text, name in said]
