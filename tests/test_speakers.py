"""Who takes part, which name a label stands for, and who speaks when by a side file."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from eval.shipped import SPEAKERS, TRANSCRIPT
from index.errors import FileUnreadable, SpeakersInvalid
from index.speakers.cast import date_of, participants_of
from index.speakers.labels import Label, attribute, read_labels
from index.speakers.names import canonical, close, name_parts, same_person
from index.transcripts import read_transcript
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment

INF = float("inf")
WILD = Path(__file__).parents[2] / "shared" / "transcripts"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("X reçoit Ada Martin (avocate) et Jean Roy (chef (Z))", [("Ada Martin", "avocate"), ("Jean Roy", "chef (Z)")]),
        ("Ce soir, Léa Roy (a\n b) et Marc Bel", [("Léa Roy", "a b")]),
        ("Avec Léa Roy (juge)", [("Léa Roy", "juge")]),
        ("Débat entre Ada Martin et Jean-Luc de la Tour", [("Ada Martin", ""), ("Jean-Luc de la Tour", "")]),
        ("Avec Léa O'Roy, J.-B. Roy & Al Van der Bo", [("Léa O'Roy", ""), ("J.-B. Roy", ""), ("Al Van der Bo", "")]),
        ("Interview with Ada Lovelace and Alan Turing", [("Ada Lovelace", ""), ("Alan Turing", "")]),
        ("Le point avec Ada Martin. Le débat", [("Ada Martin", "")]),
        ("Avec Ada Martin qui parle et Jean Petit", [("Ada Martin", "")]),
        ("Ada Martin (2024) et le RGPD (règlement)", []),
        ("Ada Martin (avocate), puis A. Martin (juge)", [("Ada Martin", "avocate")]),
        ("Avec le ministre", []),
        ("Intelligence artificielle : où va l'Europe ?", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_people_whom_a_title_introduces(title: str, expected: list[tuple[str, str]]) -> None:
    assert participants_of(title) == [Participant(name, role) for name, role in expected]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mardi 19 novembre 2024, SMART TECH", date(2024, 11, 19)),
        ("1er mai 2023", date(2023, 5, 1)),
        ("12 AOÛT 2020", date(2020, 8, 12)),
        ("12 aout 2020", date(2020, 8, 12)),
        ("November 3rd, 2021", date(2021, 11, 3)),
        ("the 4th of July 1999", date(1999, 7, 4)),
        ("a 2024-02-29 b", date(2024, 2, 29)),
        ("2024-02-30", None),
        ("31 avril 2024", None),
        ("12 brumaire 2024", None),
        ("en 2024", None),
        ("12024-01-01", None),
    ],
)
def test_the_date_that_a_title_gives(title: str, expected: date | None) -> None:
    assert date_of(title) == expected


@pytest.mark.parametrize(
    ("label", "name", "expected"),
    [
        ("J.-B. Kempf", "Jean-Baptiste Kempf", True),
        ("JB Kempf", "Jean-Baptiste Kempf", True),
        ("KEMPF", "Jean-Baptiste Kempf", True),
        ("M. Kempf", "Jean-Baptiste Kempf", True),
        ("Jean Kempf", "Jean-Baptiste Kempf", True),
        ("kempf jean-baptiste", "Jean-Baptiste Kempf", True),
        ("Pavleas", "Constantin Pavléas", True),
        ("Charles Gaulle", "Charles de Gaulle", True),
        ("Mme Le Pen", "Marine Le Pen", True),
        ("Bernard Kempf", "Jean-Baptiste Kempf", False),
        ("P. Kempf", "Jean-Baptiste Kempf", False),
        ("Jean-Baptiste", "Jean-Baptiste Kempf", False),
        ("SPEAKER_1", "SPEAKER_01", False),
        ("1", "Speaker 1", False),
        ("", "Ada Martin", False),
    ],
)
def test_whether_a_label_can_stand_for_a_name_does_not_depend_on_the_order(
    label: str, name: str, expected: bool
) -> None:
    assert (same_person(label, name), same_person(name, label)) == (expected, expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("M. Jean-Baptiste Kempf", ["jean", "baptiste", "kempf"]),
        ("Maître Éluard", ["eluard"]),
        ("Maître", ["maitre"]),
        ("SPEAKER_01", ["speaker", "01"]),
        ("?", []),
    ],
)
def test_the_parts_of_a_name(name: str, expected: list[str]) -> None:
    assert name_parts(name) == expected


@pytest.mark.parametrize(
    ("word", "name", "expected"),
    [
        ("kempf", "kempf", True),
        ("kemf", "kempf", True),
        ("kewpf", "kempf", True),
        ("pavlias", "pavleas", True),
        ("pavlia", "pavleas", True),
        ("lepne", "lepen", True),
        ("sirak", "chirac", True),
        ("kamp", "kempf", False),
        ("tartin", "martin", False),
        ("bavlias", "pavleas", False),
        ("jan", "jean", False),
        ("rou", "roi", False),
    ],
)
def test_a_word_is_close_to_a_name_by_sound_or_by_few_edits(word: str, name: str, expected: bool) -> None:
    assert close(word, name) is expected


@pytest.mark.parametrize(
    ("label", "names", "expected"),
    [
        ("Kempf", ["Jean-Baptiste Kempf", "Ada Martin"], "Jean-Baptiste Kempf"),
        ("Kempf", ["Jean-Baptiste Kempf", "Bernard Kempf"], "Kempf"),
        ("jean kempf", ["Jean Kempf", "Jean-Baptiste Kempf"], "Jean Kempf"),
        ("Zoé", ["Ada Martin"], "Zoé"),
        ("Zoé", [], "Zoé"),
    ],
)
def test_a_label_becomes_the_one_name_it_stands_for(label: str, names: list[str], expected: str) -> None:
    assert canonical(label, names) == expected


def labels_of(folder: Path, content: str | bytes) -> list[Label]:
    path = folder / "s.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_labels(path)


RTTM = """;; who
SPKR-INFO d 1 <NA> <NA> <NA> adult_female Ada_Martin <NA>
SPEAKER d 1 2.0 8.0 <NA> <NA> spk_01 <NA>
SPEAKER  d 1  1.0 6.0 <NA> <NA> Ada_Martin 0.9 <NA>
LEXEME d 1 1.0 1.0 oui lex Ada_Martin <NA>
SPEAKER d 1 6.3 0.2 <NA> <NA> <NA> <NA>
"""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("start\tspeaker\n00:00\tAda\n1:40\tJean  Petit\n", [(0, 100, "Ada"), (100, INF, "Jean Petit")]),
        ("# who\nindex;Start;SPEAKER\n\n0;0:05;?\n1;0:02;Ada\n2;0:09;", [(2, 5, "Ada"), (5, 9, None), (9, INF, None)]),
        ('start,end,speaker\r\n0,"1,5","Martin, Ada"\r\n2,,Jean', [(0, 1.5, "Martin, Ada"), (2, INF, "Jean")]),
        ("start\tspeaker\n3\n", [(3, INF, None)]),
        (RTTM, [(1, 7, "Ada Martin"), (2, 10, "spk_01"), (6.3, 6.5, None)]),
        ('[{"start":2,"end":3.5,"speaker":"A"},{"start":"00:00","speaker":"B C"}]', [(0, 2, "B C"), (2, 3.5, "A")]),
        ('{"segments":[{"start":0,"end":1,"text":"a"}],"x":1}', [(0, 1, None)]),
        ('{"diarization":[{"start":0.5,"end":1,"speaker":0},{"start":1}]}', [(0.5, 1, "0"), (1, INF, None)]),
        ("[]", []),
    ],
)  # fmt: skip
def test_a_side_file_is_read_in_order_of_time(
    tmp_path: Path, content: str, expected: list[tuple[float, float, str | None]]
) -> None:
    assert labels_of(tmp_path, content) == [Label(*row) for row in expected]
    assert labels_of(tmp_path, content.encode("utf-16")) == [Label(*row) for row in expected]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"# only\n\n", 1, "it is empty"),
        (b"\x89PNG\0\0", 1, "it is not a text"),
        (b"# c\nstart\twho\n0\tA", 2, "its columns are start, who"),
        (b"start\tspeaker\n0\tA\n\n3h40\tB", 4, "“3h40” is no time"),
        (b"speaker,start\nA", 2, "“” is no time"),
        (b"SPEAKER d 1 0 1 <NA> <NA> A <NA>\nSPEAKER d 1 x 1 <NA> <NA> A <NA>", 2, "“x” is no time"),
        (b"SPEAKER d 1 0 -1 <NA> <NA> A <NA>", 1, "“-1” is no time"),
        (b";; c\nSPEAKER d 1 0 1", 2, "it has 5 columns"),
        (b"SPEAKER d 1 0 1 <NA> <NA> A <NA>\nSPEAKER e 1 0 1 <NA> <NA> A <NA>", 2, "“e” is a second recording"),
        (b"SPKR-INFO d 1 <NA> <NA> <NA> adult A <NA>", 1, "it has no SPEAKER line"),
        (b'{"segments":\n[1 2]}', 2, "Expecting ',' delimiter"),
        (b"[" * 100_000, 1, "nested too deeply"),
        (b'{"words":[]}', 1, "it has no list “segments”"),
        (b'{"a":"[",\n"segments" :\n[{"start":0},\n\n{"start":[true]},5]}', 5, "“[True]” is no time"),
        (b' [{"start":0},\n5]', 2, "“5” is no time"),
        (b'[\n{"start":0,"end":NaN}]', 2, "“nan” is no time"),
        (b'[{"start":1' + b"0" * 400 + b"}]", 1, "is no time"),
    ],
)
def test_a_side_file_that_cannot_be_used_names_its_line(tmp_path: Path, content: bytes, line: int, reason: str) -> None:
    with pytest.raises(SpeakersInvalid) as caught:
        labels_of(tmp_path, content)
    details = caught.value.details
    assert (details["path"], details["line"]) == ("s.tsv", line)
    assert reason in str(details["reason"])
    assert str(details["reason_fr"]) in caught.value.message("fr")


def test_a_side_file_of_a_header_alone_names_nobody_or_is_refused(tmp_path: Path) -> None:
    with suppress(SpeakersInvalid):
        assert labels_of(tmp_path, "start\tspeaker") == []


def test_a_cell_longer_than_csv_allows_is_a_fault_of_the_side_file(tmp_path: Path) -> None:
    with pytest.raises(SpeakersInvalid) as caught:
        labels_of(tmp_path, "start\tspeaker\n0\t" + "a" * 200_000)
    assert caught.value.details["line"] == 2


def test_a_side_file_that_is_missing_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_labels(tmp_path / "none.tsv", name="shown")
    assert caught.value.details == {"path": "shown", "reason": "No such file or directory"}


LABELS = [Label(0, 10, "Kempf"), Label(10, 12, None), Label(12, 20, "Ada"), Label(30, 40, "Zoé")]


@pytest.mark.parametrize(
    ("start", "end", "expected", "share"),
    [
        (0, 5, "Jean-Baptiste Kempf", 1.0),
        (2, 11, "Jean-Baptiste Kempf", 0.889),
        (7, 12, None, 0.0),
        (9, 12, None, 0.0),
        (8, 17, None, 0.0),
        (10, 10, None, 0.0),
        (12, 12, "Ada", 1.0),
        (19, 30, None, 0.0),
        (22, 28, None, 0.0),
        (29, 35, "Zoé", 0.833),
        (40, 50, None, 0.0),
    ],
)
def test_a_segment_belongs_to_whoever_has_nearly_all_of_it(
    start: float, end: float, expected: str | None, share: float
) -> None:
    segment = Segment(0, start, end, "a", Attribution("Old", Origin.LABELLED, 1.0))
    (found,) = attribute([segment], LABELS, [Participant("Jean-Baptiste Kempf")])
    assert found.attribution == (Attribution(expected, Origin.LABELLED, share) if expected else UNKNOWN)
    assert (found.start, found.end, found.text) == (start, end, "a")


def test_labels_in_whole_seconds_mean_the_segments_that_begin_within_them() -> None:
    times = [(0.4, 4.7), (4.8, 5.9), (6.2, 9.0)]
    segments = [Segment(index, start, end, "a") for index, (start, end) in enumerate(times)]
    labels = [Label(0, 4, "Ada"), Label(4, 6, "Zoé"), Label(6, float("inf"), "Ada")]
    assert [segment.speaker for segment in attribute(segments, labels, [])] == ["Ada", "Zoé", "Ada"]


def test_a_segment_that_two_people_share_is_nobodys() -> None:
    (found,) = attribute([Segment(0, 0.0, 20.0, "Non. Si.")], [Label(0, 11, "Ada"), Label(11, 99, "Zoé")], [])
    assert found.attribution == UNKNOWN


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([Label(0, 20, "Ada"), Label(2, 20, "Zoé")], UNKNOWN),
        ([Label(0, 20, "Ada"), Label(8, 9, "Zoé")], Attribution("Ada", Origin.LABELLED, 1.0)),
        ([Label(0, 8, "Ada"), Label(0, 9, "Ada")], Attribution("Ada", Origin.LABELLED, 1.0)),
    ],
)
def test_diarization_may_overlap(labels: list[Label], expected: Attribution) -> None:
    (found,) = attribute([Segment(0, 0.0, 10.0, "Non. Si.")], labels, [])
    assert found.attribution == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("generic-1", [(100.5, 103.5, "SYS1"), (102.8, 104, "SYS2"), (104.5, 107.3, "SYS2")]),
        ("rttmstm", [(1, 7, "OMEGA"), (2, 10, "THETA")]),
    ],
)
def test_rttm_found_in_the_wild(name: str, expected: list[tuple[float, float, str]]) -> None:
    path = WILD / "usnistgov+SCTK" / f"src__asclite__testfiles__{name}.rttm"
    if not path.is_file():
        pytest.skip(f"no such side file found in the wild at {path}")
    assert read_labels(path) == [Label(*row) for row in expected]


def test_segments_in_order_find_the_same_speakers_together_as_alone() -> None:
    times = [(0, 5), (4, 30), (9.5, 11), (10, 10), (11, 13), (12, 40), (30, 31), (50, 60)]
    segments = [Segment(index, start, end, "a") for index, (start, end) in enumerate(times)]
    alone = [attribute([segment], LABELS, [])[0] for segment in segments]
    assert list(attribute(segments, LABELS, [])) == alone
    assert [segment.speaker for segment in alone] == ["Kempf", None, None, None, None, None, "Zoé", None]


def test_the_shipped_side_file_names_whom_it_lists_segment_by_segment() -> None:
    transcript = read_transcript(TRANSCRIPT)
    listed = [line.split("\t")[2] for line in SPEAKERS.read_text("utf-8").splitlines() if line[0].isdigit()]
    found = attribute(transcript.segments, read_labels(SPEAKERS), transcript.participants)
    assert [segment.speaker or "?" for segment in found] == listed
    assert (listed.count("Jean-Baptiste Kempf"), listed.count("Constantin Pavléas"), listed.count("?")) == (113, 55, 4)
