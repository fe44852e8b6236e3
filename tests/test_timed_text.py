"""Texts with times in every layout: what is read, what is noted, and what is no name."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import TimesMissing, TranscriptError
from index.read_options import AS_IT_IS, ReadOptions
from index.times import format_time
from index.transcripts import FORMATS
from index.transcripts.report import Cue, Reading
from index.transcripts.source import Source
from index.transcripts.speaker_name import looks_like_name
from index.transcripts.speaker_prefix import carry_on, labels_of, split_prefix
from index.transcripts.text import google_meet, untimed
from index.transcripts.timestamps import clock_seconds, spelled_seconds, stamped
from tests.reading import Said, noted, read, rounded, said

ADA, JEAN = "Ada Martin", "Jean Petit"
NAMED, CLOCK, TEAMS, MEET = "NAME [MM:SS] text", "MM:SS text", "Teams / Premiere", "Google Meet"
PREMIERE = "00:00:20:00 - 00:00:21:00\nAda Martin\nBonjour.\n\n00:00:25:00 - 00:00:26:12\nJean Petit\nOui, bien."
BOTH = [(20.0, ADA, "Bonjour."), (25.0, JEAN, "Oui, bien.")]
NOBODY = [(20.0, None, "Bonjour."), (25.0, None, "Oui, bien.")]


@pytest.mark.parametrize(
    ("content", "format_name", "expected"),
    [
        ("Ada Martin [00:20]\nBonjour.\n\nJean Petit [00:25]\nOui,\nbien.\n", NAMED, BOTH),
        ("**Ada Martin** [00:20]\nBonjour.\n\n**Jean Petit** [00:25]\nOui, bien.", NAMED, BOTH),
        ("**Ada Martin [0:20]**\n\nBonjour.\n\n### Jean Petit (0:25)\n\nOui, bien.", NAMED, BOTH),
        ("Ada Martin  0:20  \nBonjour.\n\nJean Petit  0:25  \nOui, bien.\n", NAMED, BOTH),
        ("Ada Martin   0:20\nBonjour.\nJean Petit   0:25\nOui, bien.\n", NAMED, BOTH),
        ("Ada Martin 00:00:20\nBonjour.\nJean Petit 00:00:25\nOui, bien.\n", NAMED, BOTH),
        ("[Ada Martin] 00:00:20\nBonjour.\n\n[Jean Petit] 00:00:25\nOui, bien.\n", NAMED, BOTH),
        ("A [00:20]\nBonjour.\n\nB  00:25\nOui, bien.", NAMED, [(20.0, "A", "Bonjour."), (25.0, "B", "Oui, bien.")]),
        ("Ada Martin (00:20): Bonjour.\nJean Petit (00:25):\nOui, bien.\n", NAMED, BOTH),
        ("Ada Martin: [00:20] Bonjour.\nJean Petit: [00:25] Oui, bien.\n", NAMED, BOTH),
        ("Ada Martin [00:20 - 00:23]\nBonjour.\nJean Petit [00:25 - 00:29]\nOui, bien.", NAMED, BOTH),
        ("00:20 Ada Martin: Bonjour.\n00:25 Jean Petit : Oui, bien.\n", CLOCK, BOTH),
        ("[00:20] Ada Martin: Bonjour.\n[00:25] Jean Petit: Oui, bien.\n", CLOCK, BOTH),
        ("00:20\nAda Martin: Bonjour.\n\n00:25\nJean Petit: Oui, bien.\n", CLOCK, BOTH),
        ("00:20\tAda Martin:\tBonjour.\n00:25\tJean Petit:\tOui, bien.\n", "CSV / TSV", BOTH),
        ("0:0:20.0 --> 0:0:23.120\nAda Martin\nBonjour.\n\n0:0:25.0 --> 0:0:30.5\nJean Petit\nOui, bien.", TEAMS, BOTH),
        (PREMIERE, TEAMS, BOTH),
        ("[00:00:20:00 - 00:00:21:00]\nBonjour.\n\n[00:00:25:00 - 00:00:26:12]\nOui, bien.", TEAMS, NOBODY),
        ("00:20 Bonjour.\n00:25 Oui, bien.", CLOCK, NOBODY),
        ("[00:00:20] Bonjour.\n[00:00:25] Oui, bien.", CLOCK, NOBODY),
        ("(00:20) Bonjour.\n(00:25) Oui, bien.", CLOCK, NOBODY),
        ("**[00:20]** Bonjour.\n**00:25** Oui, bien.", CLOCK, NOBODY),
        ("00:20 : Bonjour.\n00:25 | Oui, bien.", CLOCK, NOBODY),
        ("0:20\nBonjour.\n0:25\nOui,\nbien.", CLOCK, NOBODY),
        ("[00:00:20.00]\nBonjour.\n\n[00:00:25.00]\nOui, bien.", CLOCK, NOBODY),
    ],
)  # fmt: skip
def test_each_layout_gives_times_speakers_and_text(
    tmp_path: Path, content: str, format_name: str, expected: list[Said]
) -> None:
    transcript = read(tmp_path, content)
    assert (transcript.report.format, said(transcript)) == (format_name, expected)
    assert {kind for kind, _line, _detail in noted(transcript)} <= {"speakers_in_text"}


def test_ends_are_read_where_a_layout_gives_them(tmp_path: Path) -> None:
    for content in (
        "[00:00.000 --> 00:07.500]  Bonjour.\n[00:09.000 --> 00:09.500]  Oui.",
        "00:00:00:00 - 00:00:07:12\nAda\nBonjour.\n\n00:00:09:00 - 00:00:09:12\nJean\nOui.",
        "0:0:0.0 --> 0:0:7.5\nAda\nBonjour.\n\n0:0:9.0 --> 0:0:9.5\nJean\nOui.",
    ):
        transcript = read(tmp_path, content, options=ReadOptions(frames_per_second=24))
        assert [(one.start, one.end) for one in transcript.segments] == [(0.0, 7.5), (9.0, 9.5)]


def test_a_name_after_a_time_is_told_from_a_text_by_what_follows_and_comes_back(tmp_path: Path) -> None:
    word = "Débat\n00:00:03 Speaker 1\nBonjour.\n00:00:10 Speaker 2\nOui.\n00:00:12 Speaker 1\nNon."
    transcript = read(tmp_path, word)
    assert said(transcript) == [(3, "Speaker 1", "Bonjour."), (10, "Speaker 2", "Oui."), (12, "Speaker 1", "Non.")]
    scribe = "[00:00:03.500] - Ada\nBonjour.\n\n[00:00:10.000] - Jean\nOui.\n\n[00:00:12.000] - Ada\nNon."
    assert said(read(tmp_path, scribe)) == [(3.5, "Ada", "Bonjour."), (10, "Jean", "Oui."), (12, "Ada", "Non.")]
    text = "00:03 Paris\nest loin.\n00:10 Londres\naussi.\n00:12 Bonn\nnon."
    assert [speaker for _start, speaker, _text in said(read(tmp_path, text))] == [None, None, None]


def test_times_inside_named_passages(tmp_path: Path) -> None:
    """In brackets they go on with the speaker; alone on a line they are Otter's for a voice it does not know."""
    content = "Ada Martin  0:03\nBonjour.\n[00:05] Et merci.\n0:10\nOui.\nJean Petit  0:12\nVers 12:30 environ.\n"
    assert said(read(tmp_path, content)) == [
        (3, ADA, "Bonjour."),
        (5, ADA, "Et merci."),
        (10, None, "Oui."),
        (12, JEAN, "Vers 12:30 environ."),
    ]


def test_what_nobody_said_is_dropped_and_noted(tmp_path: Path) -> None:
    otter = "Réunion\n19 novembre\n\nAda Martin  0:03\nBonjour.\n\nTranscribed by https://otter.ai\n"
    transcript = read(tmp_path, otter)
    assert (transcript.title, said(transcript)) == ("Réunion", [(3, ADA, "Bonjour.")])
    assert noted(transcript) == [
        ("dropped_line", 2, "19 novembre"),
        ("dropped_line", 7, "Transcribed by https://otter.ai"),
    ]
    youtube = read(tmp_path, "0:00\nbonjour\n0:05\n5 secondes\noui\n1:05\n1 minute et 5 secondes\nmerci\n5 secondes")
    assert [text for _start, _speaker, text in said(youtube)] == ["bonjour", "oui", "merci 5 secondes"]
    assert noted(youtube) == [("dropped_line", 4, "5 secondes"), ("dropped_line", 7, "1 minute et 5 secondes")]


MEET_EXPORT = """Réunion - Transcription
Attendees
00:00:00

Ada Martin: Un deux trois.
Jean Petit: Quatre
cinq six sept huit neuf.

00:05:00
Ada Martin: Un deux trois quatre cinq.
Jean Petit: Non.
Meeting ended after 00:06:00 👋
"""


def test_sections_of_several_speakers_share_their_time_by_words(tmp_path: Path) -> None:
    transcript = read(tmp_path, MEET_EXPORT)
    assert (transcript.report.format, transcript.title) == (MEET, "Réunion - Transcription")
    assert rounded(said(transcript)) == [
        (0, ADA, "Un deux trois."),
        (100, JEAN, "Quatre cinq six sept huit neuf."),
        (300, ADA, "Un deux trois quatre cinq."),
        (302, JEAN, "Non."),
    ]
    assert noted(transcript) == [
        ("dropped_line", 12, "Meeting ended after 00:06:00 👋"),
        ("dropped_line", 2, "Attendees"),
        ("times_from_words", 3, "2 passages"),
        ("times_from_words", 9, "2 passages"),
    ]


UNTIMED = "Ada Martin: Un deux trois.\nJean Petit : Quatre\ncinq.\nAda Martin: Six."


def test_a_text_without_times_needs_a_speed_and_the_refusal_says_so(tmp_path: Path) -> None:
    with pytest.raises(TimesMissing) as caught:
        read(tmp_path, UNTIMED)
    assert all("--words-per-minute" in caught.value.message(language) for language in ("fr", "en"))
    transcript = read(tmp_path, UNTIMED, options=ReadOptions(words_per_minute=60))
    assert said(transcript) == [(0, ADA, "Un deux trois."), (3, JEAN, "Quatre cinq."), (5, ADA, "Six.")]
    assert (transcript.report.last, noted(transcript)) == (6.0, [("times_from_words", None, "60 / min")])
    assert "estimés" in transcript.report.notes[0].message("fr")


@pytest.mark.parametrize("read_text", [google_meet.read, untimed.read])
def test_a_text_of_another_format_or_none_gives_no_passages(read_text: Callable[[Source], Reading]) -> None:
    assert read_text(Source("a", b"", "\n")).cues == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Un deux\ntrois.\n\nQuatre.\n\n", [(0, None, "Un deux trois."), (3, None, "Quatre.")]),
        ("Un deux.\nTrois.\n", [(0, None, "Un deux."), (2, None, "Trois.")]),
        ("00:10 Un\n00:20 deux", [(10, None, "Un"), (20, None, "deux")]),
    ],
)
def test_a_text_without_names_is_parted_at_empty_lines_or_at_each(
    tmp_path: Path, content: str, expected: list[Said]
) -> None:
    assert said(read(tmp_path, content, options=ReadOptions(words_per_minute=60))) == expected


@pytest.mark.parametrize("content", ['{"a": 1}', "<a>b</a>", "WEBVTT\n\nzut --> zut\na"])
def test_the_speed_makes_no_text_of_a_structured_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(TranscriptError):
        read(tmp_path, content, options=ReadOptions(words_per_minute=60))


def subrip(*texts: str) -> str:
    return "\n\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{text}"
        for number, text in enumerate(texts, start=1)
    )


def test_names_before_captions_become_speakers_and_two_in_one_caption_become_two(tmp_path: Path) -> None:
    transcript = read(
        tmp_path, subrip("- ADA : Oui.\n- JEAN : Non.\nJamais.", ">> ADA: Bon.", "Mme Petit : Ah."), "a.srt"
    )
    assert [(one.start, one.end, one.speaker, one.text) for one in transcript.segments] == [
        (1.0, 1.9, "ADA", "Oui."),
        (1.0, 1.9, "JEAN", "Non. Jamais."),
        (2.0, 2.9, "ADA", "Bon."),
        (3.0, 3.9, "Mme Petit", "Ah."),
    ]
    assert noted(transcript) == [("speakers_in_text", None, "4")]


def test_names_that_mark_changes_hold_until_the_next(tmp_path: Path) -> None:
    texts = ["Ada: Un.", "Deux.", "Jean: Trois.", "Ada: Quatre.", "- Cinq ?", "Six.", "Jean: Sept."]
    transcript = read(tmp_path, subrip(*texts), "a.srt")
    assert [one.speaker for one in transcript.segments] == ["Ada", "Ada", "Jean", "Ada", None, None, "Jean"]
    assert noted(transcript) == [("speakers_in_text", None, "4"), ("speakers_carried", None, "1")]
    unnamed_first = read(tmp_path, subrip("Zéro.", *texts), "a.srt")
    assert [one.speaker for one in unnamed_first.segments][:3] == [None, "Ada", None]


def test_voices_of_a_file_are_left_as_they_are(tmp_path: Path) -> None:
    content = "WEBVTT\n\n0:01 --> 0:02\n<v Ada>Jean: oui\n\n0:02 --> 0:03\n<v Ada>Jean: non"
    assert said(read(tmp_path, content)) == [(1, "Ada", "Jean: oui"), (2, "Ada", "Jean: non")]


@pytest.mark.parametrize(
    "texts",
    [
        ["Voici : un.", "Voici : deux.", "Trois."],
        ["Résultat : un.", "Résultat : deux."],
        ["Question : où ?", "Réponse : là."],
        ["Il l'a dit : non.", "Elle a dit: oui."],
        ["http://a.fr et http://b.fr", "https://c.fr"],
        ["12:30 : midi", "10: dix"],
        ["Le problème : ceci.", "Le problème : cela."],
        ["Verdict : oui.", "Verdict : non.", "Le verdict tombe, le verdict est là."],
        ["Ada: seule.", *["Rien."] * 9],
        ["Windows11: a", "Windows11: b"],
        ["Article 5 : a", "Article 6 : b", "Article 5 : c"],
        ["Lundi : a", "Mardi : b", "Lundi : c"],
        ["Ada: a", "Ada: b", *["Rien."] * 200],
    ],
)
def test_what_is_no_name_stays_in_the_text(texts: list[str]) -> None:
    cues = [Cue(float(at), at + 1.0, text) for at, text in enumerate(texts)]
    assert split_prefix(cues) == cues


NAMES = """
Ada, ADA MARTIN, Jean-Baptiste Kempf, M. Dupont, Mme la ministre, LE PRÉSIDENT, Le président, Speaker 1, SPEAKER_00,
D'Ormesson, Charles de Gaulle, J.-B. Kempf, Leo Dion (host), Dr. Smith, Présentatrice, Émilie, O'Brien,
Participant 2, M. le président, Will, Don Juan
"""
NO_NAMES = """
voici, Voici, Et Jean, 12, A, Le problème, G7, Note, Deuxième point, http, Une phrase. Et, Un deux trois quatre, ...,
L'idée, D'abord, Ada-, Article 5
"""


@pytest.mark.parametrize(("names", "are_names"), [(NAMES, True), (NO_NAMES, False)])
def test_the_shape_of_names(names: str, are_names: bool) -> None:
    assert [
        name for name in names.replace("\n", " ").strip().split(", ") if looks_like_name(name) is not are_names
    ] == []
    assert not any(map(looks_like_name, ("", "A", "A" + "x" * 40)))
    assert looks_like_name("A", letters=True)


def test_labels_of_a_text_and_names_that_are_not_carried() -> None:
    labels = labels_of(["Ada: a", "b", "Jean Petit: c", "Ada: d", "e", "f", "g", "h"])
    assert (labels.split("Ada : x"), labels.split("- JEAN PETIT: x")) == (("Ada", "x"), ("JEAN PETIT", "x"))
    assert labels.split("Zoé: x") is None
    always = [
        Cue(0, 1, "a", "Ada"),
        Cue(1, 2, "b", "Ada"),
        Cue(2, 3, "c"),
        Cue(3, 4, "d", "Jean"),
        Cue(4, 5, "e", "Jean"),
    ]
    assert carry_on(always) == always


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:20", 20),
        ("1:02:03,5", 3723.5),
        ("0:0:3.120", 3.12),
        ("00:00:01:05", 1.2),
        ("1:60", None),
        ("1:75:00", None),
        ("x", None),
    ],
)
def test_times_need_not_be_padded_and_may_count_frames(text: str, seconds: float | None) -> None:
    assert clock_seconds(text) == seconds


def test_a_time_is_not_read_out_of_a_number_or_an_open_bracket() -> None:
    assert [stamped(line) for line in ("[00:20 rires", "a 00:20", "00:2", "1,5")] == [None] * 4
    found = stamped("00:205 millions")
    assert found is not None
    assert (found.start, found.text) == (20.0, "5 millions")
    assert [spelled_seconds(line) for line in ("1 heure, 2 minutes", "5 fois", "", "2 minutes plus tard")] == [
        3720,
        None,
        None,
        None,
    ]


_NAMES = ["Ada Martin", "Jean-Baptiste Kempf", "Émilie", "M. Dupont"]
_WORDS = ["l'été", "à", "Paris", "GPU", "12", "oui,", "bien.", "C'est-à-dire", "œuvre", "(rires)", "20 %", "Où ?"]
_ROWS = st.lists(
    st.tuples(st.integers(1, 600), st.sampled_from(_NAMES), st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12)),
    min_size=2,
    max_size=12,
)
_LAYOUTS: dict[str, Callable[[str, str, str], str]] = {
    "bracket": lambda time, name, text: f"{name} [{time}]\n{text}\n",
    "bold": lambda time, name, text: f"**{name}** [{time}]\n{text}\n",
    "otter": lambda time, name, text: f"{name}  {time}  \n{text}\n",
    "rev": lambda time, name, text: f"{name} ({time}): {text}",
    "zoom": lambda time, name, text: f"[{name}] {time}\n{text}\n",
    "prefix": lambda time, name, text: f"{time} {name}: {text}",
    "brackets first": lambda time, name, text: f"[{time}] {name} : {text}",
    "alone": lambda time, name, text: f"{time}\n{name}: {text}",
    "table": lambda time, name, text: f"{time}\t{name}\t{text}",
    "teams": lambda time, name, text: f"{time} --> {time}\n{name}\n{text}\n",
}


@pytest.mark.parametrize("layout", _LAYOUTS)
@settings(max_examples=30)  # of each layout
@given(rows=_ROWS)
def test_what_is_written_in_a_layout_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, layout: str, rows: Sequence[tuple[int, str, list[str]]]
) -> None:
    start, expected = 0, []
    for length, name, words in rows:
        start += length
        expected.append((float(start), name, " ".join(["Et", *words])))
    text = "\n".join(_LAYOUTS[layout](_padded(start, layout), name, text) for start, name, text in expected)
    assert said(read(tmp_path_factory.getbasetemp(), text)) == expected


def _padded(start: float, layout: str) -> str:
    if layout == "teams":
        return f"{int(start) // 3600}:{int(start) // 60 % 60}:{int(start) % 60}.0"
    return format_time(start)


_TOKENS = ["\n", "\n\n", "00:20", "[00:20]", "(1:02:03)", "Ada", "Ada Martin", ": ", " : ", "- ", ">> ", "**", "\t"]
_TOKENS += ["0:0:3.1 --> 0:0:4", " - ", "start", "text", '"', "12", "5 seconds", "é", "\ufffd", ";", ",", "|"]
_TOKENS += ["<p>", "<cite>", "<time>", "{\\rtf1"]
_ANY = st.text() | st.lists(st.sampled_from(_TOKENS), max_size=40).map("".join)
_OPTIONS = st.sampled_from(
    [
        None,
        ReadOptions(words_per_minute=100),
        ReadOptions(columns={"start": "1", "text": "text"}),
        ReadOptions(columns={"x": "1"}),
    ]
)


@given(text=_ANY, options=_OPTIONS)
def test_any_text_gives_a_transcript_or_an_error_of_the_tree(
    tmp_path_factory: pytest.TempPathFactory, text: str, options: ReadOptions | None
) -> None:
    try:
        transcript = read(tmp_path_factory.getbasetemp(), text.encode("utf-8", "replace"), options=options or AS_IT_IS)
    except TranscriptError:
        return
    assert transcript.report.format in {row.name for row in FORMATS}
    assert all(0 <= segment.start <= segment.end for segment in transcript.segments)
    assert all(
        1 <= note.line <= text.count("\n") + text.count("\r") + 1 for note in transcript.report.notes if note.line
    )
