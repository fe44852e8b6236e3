"""Anonymous voices and their names."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.attribution.trials import Told, told_from, trials_of
from eval.attribution.voices import measure_voices, read_told, verdict
from eval.shipped import FOLDER
from index.speakers.voices import NamedVoice, attribute_voices, is_anonymous, name_voices
from index.speakers.voices.hosts import announced_hosts
from index.speakers.voices.mentions import Said, find_mentions, words_of
from index.speakers.voices.voice_evidence import Evidence, EvidenceKind
from index.speakers.voices.voice_runs import mend, noise_of
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment

FREDSUM = Path(__file__).parents[2] / "shared" / "bench" / "fredsum-dev"
ADA, LEA = Participant("Ada Martin", "avocate"), Participant("Léa Roy")


def spoken(*lines: tuple[str | None, str]) -> tuple[Segment, ...]:
    """A line every five seconds."""
    return tuple(
        Segment(at, 5.0 * at, 5.0 * at + 5, text, Attribution(voice, Origin.LABELLED, 1.0) if voice else UNKNOWN)
        for at, (voice, text) in enumerate(lines)
    )


LONG = "je crois que mon pays a besoin de justice et je le dis depuis vingt ans avec mes amis de tous les bords. " * 2
DEBATE = spoken(
    ("S1", "Bonsoir Ada Martin. Bonsoir Léa Roy. Que pensez-vous de cette loi, Ada Martin ?"),
    ("S2", LONG),
    ("S1", "Et vous, Léa Roy ?"),
    ("S3", LONG),
    ("S1", "Que répondez-vous, Ada Martin ?"),
    ("S2", "Je ne suis pas d'accord avec Léa Roy. " + LONG),
    ("S1", "Léa Roy ?"),
    ("S3", "Madame Martin se trompe. " + LONG),
    ("S1", "Pourquoi dites-vous cela, madame Martin ?"),
    ("S2", LONG),
    ("S1", "Et votre conclusion, Léa Roy ?"),
    ("S3", LONG),
)
NAMES = {"S1": "Présentateur", "S2": "Ada Martin", "S3": "Léa Roy"}


def names_of(named: tuple[NamedVoice, ...]) -> dict[str, str | None]:
    return {one.voice: one.speaker for one in named}


@pytest.mark.parametrize(
    "label",
    [
        *("SPEAKER_00", "spk_0", "S1", "Speaker 1", "Speaker A", "Locuteur 2", "Intervenant 3", "Voix 4", "3", "[S2]"),
        *("Unknown speaker 1", "Unknown", "Sprecher 2", "Inconnu", "speaker", "Intervenante_1", "Person 2"),
    ],
)
def test_labels_that_only_tell_voices_apart(label: str) -> None:
    assert is_anonymous(label)


@pytest.mark.parametrize("label", ["Jean", "Présentateur", "Présentateur 1", "Ada Martin", "GV", "Simon", "", "Sam 2"])
def test_labels_that_say_who_it_is(label: str) -> None:
    assert not is_anonymous(label)


def test_a_host_and_two_guests_who_are_called_by_name() -> None:
    assert names_of(name_voices(DEBATE, [ADA, LEA])) == NAMES


def test_a_host_whom_the_description_announces() -> None:
    named = name_voices(DEBATE, [ADA, LEA], "Débat animé par Marc Bel.")
    assert names_of(named) == NAMES | {"S1": "Marc Bel"}


def test_the_evidence_can_be_shown() -> None:
    guest = name_voices(DEBATE, [ADA, LEA])[1]
    assert guest.evidence[0] == Evidence(0.0, EvidenceKind.INTRODUCED, "Ada Martin")
    assert Evidence(20.0, EvidenceKind.CALLED, "Ada Martin") in guest.evidence
    assert guest.evidence[0].message("fr") == "00:00 à l'antenne, on présente Ada Martin"
    assert Evidence(72.0, EvidenceKind.ASKS, "").message("en") == "01:12 asks a question"


def test_names_that_no_title_announces_come_from_the_text() -> None:
    assert names_of(name_voices(DEBATE * 2, []))["S2"] == "Ada Martin"


def test_an_english_host_is_called_in_english() -> None:
    turns = spoken(
        *[
            line
            for _turn in range(4)
            for line in (
                ("A", "What do you think of that, Ada Martin?"),
                ("B", "I think that it is the law of the land and I was there. " * 5),
                ("A", "And why is it that you and your friends, Léa Roy, do not?"),
                ("C", "I was not there, and to me it is wrong, that is my view. " * 5),
            )
        ]
    )
    assert names_of(name_voices(turns, [ADA, LEA]))["A"] == "Host"


@pytest.mark.parametrize("text", ["Une phrase sans aucun nom.", "…"])
def test_where_nobody_is_named_nobody_gets_a_name(text: str) -> None:
    segments = spoken(("S1", text), ("S2", text), ("S1", text), ("S2", text))
    assert set(names_of(name_voices(segments, [ADA, LEA])).values()) == {None}


def test_no_voices() -> None:
    assert name_voices(spoken((None, "Bonsoir Ada Martin.")), [ADA]) == ()
    assert name_voices((), []) == ()


def test_voices_become_attributions() -> None:
    named = (NamedVoice("S1", "Ada Martin", 0.97), NamedVoice("S2", None, 0.4))
    segments = spoken(("S1", "Oui."), ("S2", "Non."), ("S3", "Bof."), (None, "Ah."))
    found = [segment.attribution for segment in attribute_voices(segments, named)]
    assert found == [Attribution("Ada Martin", Origin.VOICE, 0.97), UNKNOWN, UNKNOWN, UNKNOWN]


def test_a_piece_of_another_voice_within_a_sentence_is_mended() -> None:
    lines: list[tuple[str | None, str]] = []
    for turn in range(30):
        voice, other = ("S1", "S2") if turn % 2 else ("S2", "S1")
        lines += [
            (voice, "alors que le pays"),
            (other if turn % 3 == 0 else voice, "attend des réponses"),
            (voice, "claires."),
        ]
    segments = spoken(*lines)
    assert noise_of(segments) > 0.1
    assert [one.speaker for one in mend(segments)] == [lines[3 * (at // 3)][0] for at in range(len(lines))]


def test_a_real_interruption_stays() -> None:
    segments = spoken(*[("S1", "Je le dis."), ("S2", "Non."), ("S1", "Si, et je le répète.")] * 20)
    assert mend(segments) == segments


def test_two_who_share_a_surname_are_told_by_their_first_names() -> None:
    words = words_of(spoken(("S1", "Monsieur Martin, Ada Martin, et Ada à François Martin")))
    found = find_mentions(words, [["Ada Martin"], ["François Martin"]], 2)
    assert [(one.name, one.said) for one in found] == [(0, Said.WHOLE), (0, Said.GIVEN), (1, Said.WHOLE)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Alors Jean-Baptiste Kempf", Said.WHOLE),
        ("Alors, Jean-Baptiste Kemf", Said.WHOLE),
        ("Non, monsieur Kemf", Said.SURNAME),
        ("le kempf", Said.SURNAME),
        ("Bien, Jean-Baptiste.", Said.GIVEN),
        ("Bien, Jean-Baptiste Dupont", None),
        ("Une kemf", None),
    ],
)
def test_how_much_of_a_name_is_said(text: str, said: Said | None) -> None:
    found = find_mentions(words_of(spoken(("S1", text))), [["Jean-Baptiste Kempf"]], 1)
    assert [one.said for one in found] == ([said] if said else [])


@pytest.mark.parametrize(
    ("description", "hosts"),
    [
        ("Débat entre A et B, animé par Alain Duhamel, Guillaume Durand.", ["Alain Duhamel", "Guillaume Durand"]),
        ("Hosted by Ada Martin and Léa Roy", ["Ada Martin", "Léa Roy"]),
        ("Un débat.", []),
    ],
)
def test_hosts_whom_a_description_announces(description: str, hosts: list[str]) -> None:
    assert announced_hosts(description) == hosts


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("Ada Martin", "Ada Martin", "right"),
        ("Ada Martin", "Léa Roy", "wrong"),
        ("Ada Martin", None, "unnamed"),
        (None, "Ada Martin", "wrong"),
        ("Présentatrice", "Présentateur 2", "right"),
        ("Marc Bel", "Présentateur", "role"),
        ("Ada Martin", "Présentateur", "wrong"),
        ("GV", "Guy Verhofstadt", "right"),
        ("GV", "Présentateur 1", "wrong"),
        ("Aurélien Pradié", "Aurélien Pradier", "right"),
    ],
)
def test_what_a_name_is_worth(gold: str | None, found: str | None, expected: str) -> None:
    assert verdict(gold, found, ["Marc Bel"]) == expected


@given(st.permutations(["S1", "S2", "S3"]), st.permutations([ADA, LEA, Participant("Bérénice Valtour")]))
@settings(max_examples=20, deadline=None)
def test_neither_the_labels_nor_the_order_of_the_title_matter(labels: list[str], people: list[Participant]) -> None:
    renamed = dict(zip(["S1", "S2", "S3"], labels, strict=True))
    segments = tuple(
        replace(one, attribution=replace(one.attribution, speaker=renamed[one.speaker or ""])) for one in DEBATE
    )
    before = name_voices(DEBATE, [ADA, LEA, Participant("Bérénice Valtour")])
    after = name_voices(segments, people)
    assert after == tuple(replace(one, voice=renamed[one.voice]) for one in before)


def test_the_shipped_debate() -> None:
    rows = {row.kind: row for row in measure_voices(read_told(FOLDER), lambda _id: None, repeats=1)}
    assert (rows["clean"].right, rows["clean"].wrong) == (1.0, 0.0)
    assert rows["10 % wrong"].wrong == 0.0


def test_trials_are_the_same_anywhere() -> None:
    told = told_from("made", "Débat entre Ada Martin et Léa Roy", "", DEBATE)
    assert trials_of(told) == trials_of(told)
    assert {trial.kind for trial in trials_of(told)} >= {"clean", "one split", "two merged"}


@pytest.mark.skipif(not FREDSUM.is_dir(), reason="the debates of FREDSum are not here")
def test_ten_debates_with_what_is_shipped() -> None:
    told: list[Told] = read_told(FREDSUM)
    kinds = ("clean", "10 % wrong", "20 % wrong")
    rows = {row.kind: row for row in measure_voices(told, lambda _id: None, repeats=1, kinds=kinds)}
    bounds = {"clean": (0.99, 0.002), "10 % wrong": (0.985, 0.003), "20 % wrong": (0.96, 0.01)}
    for kind, (right, wrong) in bounds.items():
        assert rows[kind].right >= right, rows[kind]
        assert rows[kind].wrong <= wrong, rows[kind]
