"""Tables of passages: separators, headers, units, and rows that are not as they should be."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FormatBroken, FormatUnknown, TimesMissing
from index.read_options import ReadOptions
from index.transcripts.text.table_columns import ROLES, chosen, guessed, named
from tests.reading import noted, read

Row = tuple[float, float, str | None, str]


def table(folder: Path, content: str, name: str = "a.txt", **columns: str) -> list[Row]:
    transcript = read(folder, content, name, ReadOptions(columns=columns))
    assert transcript.report.format == "CSV / TSV"
    return [(one.start, one.end, one.speaker, one.text) for one in transcript.segments]


TWO = [(1.5, 4.0, "Ada", "Oui, bien."), (4.0, 6.25, "Jean", "Non")]


@pytest.mark.parametrize(
    "content",
    [
        'start,end,speaker,text\n1.5,4,Ada,"Oui, bien."\n4,6.25,Jean,Non\n',
        "Début;Fin;Locuteur;Texte\n00:01,5;00:04;Ada;Oui, bien.\n00:04;00:06,25;Jean;Non\n",
        "tc_in\ttc_out\tNom\tParoles\n00:00:01.500\t00:00:04.000\tAda\tOui, bien.\n00:00:04.000\t0:06.25\tJean\tNon\n",
        'N, In, Out, Name, Text\n1,"1.5","4","Ada","Oui,\nbien."\n2,"4","6.25","Jean","Non"\n',
        "speaker,text,start_ms,end_ms\nAda,\"Oui, bien.\",1500,4000\nJean,Non,4000,6250\n",
        "Speaker Name|Start Time (s)|Duration|Transcript\nAda|1.5s|2.5|Oui, bien.\nJean|4 s|2.25|Non\n",
        "startTime,endTime,speakerLabel,content\n1500 ms,4000ms,Ada,\"Oui, bien.\"\n4000ms,6250ms,Jean,Non\n",
        "start\tend\tspeaker\ttext\n1500\t4000\tAda\tOui, bien.\n4000\t6250\tJean\tNon\n",
        "sep=;\nstart;end;speaker;text\n1,5;4;Ada;Oui, bien.\n4;6,25;Jean;Non\n",
        "1.500000\t4.000000\tAda:\tOui, bien.\n4.000000\t6.250000\tJean:\tNon\n",
        "1;00:01,5;00:04;Ada;Oui, bien.\n2;00:04;00:06,25;Jean;Non\n",
        "Timespan\tSpeaker\tContent\n0:01,5 - 0:04,0\tAda\tOui, bien.\n[0:04.0 - 0:06.25]\tJean\tNon\n",
        "start;end;speaker;text\n0:0:1.5;0:0:4;Ada;Oui, bien.;;\n00:00:04:00;00:00:06.25;Jean;Non;\n",
        "| Time | End | Who | Text |\n| 0:01.5 | 0:04 | Ada | Oui, bien. |\n| 0:04 | 0:06.25 | Jean | Non |\n",
        "Un titre\n\nstart;end;speaker;text\n1.5;4;Ada;Oui, bien.\n4;6.25;Jean;Non\n",
    ],
)  # fmt: skip
def test_separators_headers_and_units_are_found(tmp_path: Path, content: str) -> None:
    assert table(tmp_path, content) == TWO


def test_columns_can_be_said_by_name_or_number(tmp_path: Path) -> None:
    content = "Quand,Bla,Quoi,Qui ?\n1.5,x,Bonjour,Ada\n3,y,Oui,Jean\n"
    expected = [(1.5, 3.0, "Ada", "Bonjour"), (3.0, 4.0, "Jean", "Oui")]
    assert table(tmp_path, content, start="quand", text="3", speaker="Qui ?") == expected
    assert table(tmp_path, content.split("\n", 1)[1], start="1", text="3", speaker="4") == expected
    with pytest.raises(FormatUnknown) as unknown:
        table(tmp_path, content, "a.csv")
    assert "--columns; columns: Quand, Bla, Quoi, Qui ?" in str(unknown.value)
    for wrong, reason in (
        ({"start": "Quan", "text": "3"}, "no column “Quan”"),
        ({"start": "1", "text": "5"}, "no column “5”"),
        ({"start": "1"}, "does not say which one is “text”"),
        ({"start": "1", "text": "3", "begin": "2"}, "“begin” is none of start, end, duration, text, speaker"),
    ):
        with pytest.raises(FormatBroken, match=reason):
            table(tmp_path, content, **wrong)


def test_rows_that_cannot_be_read_are_noted_with_their_lines(tmp_path: Path) -> None:
    content = 'id;langue;start;end;text\n1;fr;1;2;"a\nb"\n2;fr;zut;3;c\n3;fr;4;zut;d; e\n4;fr;6\n'
    transcript = read(tmp_path, content)
    assert [(one.start, one.end, one.text) for one in transcript.segments] == [(1, 2, "a b"), (4, 5, "d; e")]
    assert noted(transcript) == [
        ("left_out", 1, "langue"),
        ("bad_time", 4, "2;fr;zut;3;c"),
        ("cells_joined", 5, "d; e"),
        ("end_unreadable", 5, "zut"),
        ("empty_cue", 6, ""),
    ]


def test_whole_numbers_are_milliseconds_only_where_speech_would_be_too_slow(tmp_path: Path) -> None:
    milliseconds = read(tmp_path, "start\tend\ttext\n0\t4000\tBonjour à tous\n4000\t6500\tOui\n")
    assert [one.start for one in milliseconds.segments] == [0, 4]
    assert noted(milliseconds) == [("milliseconds_guessed", 2, "")]
    seconds = read(tmp_path, "start\tend\ttext\n0\t4\tBonjour à tous\n40\t65\tOui\n")
    assert ([one.start for one in seconds.segments], noted(seconds)) == ([0, 40], [])


@pytest.mark.parametrize(
    ("content", "line"),
    [('start,text\n1,"a\n2,b\n', 2), ('start,text\n1,"a"\n2,"b\n' + "3,c\n" * 500, 3)],
)
def test_a_quotation_mark_that_is_never_closed_refuses_the_file(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(FormatBroken) as caught:
        read(tmp_path, content)
    assert caught.value.details["line"] == line


@pytest.mark.parametrize(
    "content",
    [
        "a,b\nc,d\n",
        "Lundi, mardi\nUn, deux",
        "name,age\nAda,12\n",
        "1;2;3\n4;5;6\n",
    ],
)
def test_what_is_no_table_is_not_read_as_one(tmp_path: Path, content: str) -> None:
    with pytest.raises(TimesMissing):
        read(tmp_path, content)


def test_what_each_column_is() -> None:
    assert named(["N", "In", "Out", "Text"]).places == {"start": 1, "end": 2, "text": 3}
    assert named(["Début (ms)", "Durée (ms)", "Nom", "Paroles"]).milliseconds
    assert named(["time", "start", "text"]).places["start"] == 1
    assert guessed([["00:20", "Ada", "Ada Martin"], ["00:25", "Jean", "Oui."]]).places == {
        "start": 0,
        "speaker": 1,
        "text": 2,
    }
    assert guessed([["1", "2", "a"], ["3", "2", "b"]]).places == {"start": 0, "end": 1, "text": 2}
    assert guessed([["a", "00:20"]]).places == {}
    assert guessed([["1", "a"]]).places == {}
    assert chosen({"start": "1", "text": "2"}, ["0.5", "a"]).header is False
    assert set(ROLES) == {"start", "end", "duration", "text", "speaker"}


_TEXTS = st.text(st.sampled_from("aé ,;\t|\"'\n.0«»"), min_size=1, max_size=30).map(lambda text: f"a {text}".strip())
_SPEAKERS = st.sampled_from(["Ada", "Jean Petit"])


@given(
    rows=st.lists(st.tuples(st.integers(0, 10**7), _SPEAKERS, _TEXTS), min_size=1, max_size=10),
    separator=st.sampled_from("\t;,|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_that_was_written_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, str]], separator: str, quoting: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Début", "Texte", "Locuteur"])
    writer.writerows([f"{start / 1000:.3f}", text, speaker] for start, speaker, text in rows)
    found = table(tmp_path_factory.getbasetemp(), out.getvalue())
    expected = sorted((start / 1000, speaker, " ".join(text.split())) for start, speaker, text in rows)
    assert sorted((start, speaker, text) for start, _end, speaker, text in found) == expected
