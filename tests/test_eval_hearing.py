"""How hearing is judged: word by word, by the rules of names, beside what perfect voices would give."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.commands.evaluate_speakers import Sounding
from api.commands.main import app
from eval.attribution.heard_words import Sure, in_voice, judged_words, perfectly_heard, surenesses
from eval.attribution.hearing import Asked, HearingRow, hearing_rows, pooled
from eval.attribution.made_script import CONDITIONS
from eval.attribution.made_sound import Made, Voices, make
from eval.attribution.tables import hearing_dict, hearing_text
from eval.attribution.tape import RATE, levelled
from eval.attribution.voices import JudgedVoice
from index.errors import RecordingUnreadable
from index.sound.types import Heard
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment

GUESTS = "Ada Martin", "Jean Petit"


def said(*turns: tuple[str, str], id_: str = "made", guests: Sequence[str] = GUESTS) -> Debate:
    segments = tuple(
        Segment(at, 3.0 * at, 3.0 * at + 2.9, text, Attribution(speaker, Origin.LABELLED, 1.0))
        for at, (speaker, text) in enumerate(turns)
    )
    return Debate(id_, "Débat " + " – ".join(guests), segments, tuple(map(Participant, guests)))


EVENING = said(
    ("Présentateur", "Bonsoir, Ada Martin, que pensez-vous du budget ?"),
    ("Ada Martin", "Il doit doubler dans les trois ans."),
    ("Présentateur", "Jean Petit, vous lui répondez."),
    ("Jean Petit", "Je refuse."),
)


@pytest.fixture(scope="module")
def tones() -> Voices:
    seconds = np.arange(5 * RATE) / RATE
    return Voices({f"v{at}": levelled(np.sin(2 * np.pi * 150 * (at + 1) * seconds)) for at in range(4)})


@pytest.fixture
def made(tones: Voices, tmp_path: Path) -> Made:
    return make(EVENING, tones, "clean", tmp_path / "a.wav")


def named(segments: Sequence[Segment], *names: str | None) -> list[Segment]:
    return [
        replace(one, attribution=Attribution(name, Origin.VOICE, 1.0) if name else UNKNOWN)
        for one, name in zip(segments, names, strict=True)
    ]


def verdicts(made: Made, found: Sequence[Segment]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in judged_words(made, EVENING, found):
        counts[one.verdict] = counts.get(one.verdict, 0) + one.words
    return counts


def test_words_are_judged_by_the_rules_of_names(made: Made) -> None:
    """8 and 5 words of the host, 7 and 2 of the guests; a host without a name is right under any number."""
    found = named(made.debate.segments, "Présentatrice 2", "A. Martin", None, "Ada Martin")
    assert verdicts(made, found) == {"right": 15, "unnamed": 5, "wrong": 2}


def test_a_segment_that_was_cut_is_judged_in_its_parts(made: Made) -> None:
    first = made.debate.segments[0]
    parts = [replace(first, text="Bonsoir, Ada Martin,"), replace(first, text="que pensez-vous du budget ?")]
    found = named([*parts, *made.debate.segments[1:]], "Présentateur", "Ada Martin", "Ada Martin", None, None)
    assert verdicts(made, found) == {"right": 10, "wrong": 5, "unnamed": 7}
    with pytest.raises(ValueError, match="zip"):
        judged_words(made, EVENING, found[1:])


def test_a_voice_is_one_speakers_and_a_speaker_has_one(made: Made) -> None:
    def with_voices(*voices: str | None) -> float:
        found = [replace(one, voice=voice) for one, voice in zip(made.debate.segments, voices, strict=True)]
        return in_voice(made, found) * 22

    assert with_voices("b", "a", "b", "c") == pytest.approx(22)
    assert with_voices("b", "a", "d", "c") == pytest.approx(17), "the host in two voices"
    assert with_voices("a", "a", "a", "a") == pytest.approx(13), "all in the host's"
    assert with_voices("b", None, "b", None) == pytest.approx(13)
    assert with_voices(None, None, None, None) == 0


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_perfect_ear_has_every_word_in_its_voice(condition: str, tones: Voices, tmp_path: Path) -> None:
    debate = replace(EVENING, segments=tuple(
        replace(one, start=one.start + 12 * turn, end=one.end + 12 * turn, index=4 * turn + one.index)
        for turn in range(12)
        for one in EVENING.segments
    ))  # fmt: skip
    heard_of = make(debate, tones, condition, tmp_path / "a.wav")
    found = perfectly_heard(heard_of)
    assert in_voice(heard_of, found) == 1
    assert [word for one in found for word in one.text.split()] == [
        word for one in debate.segments for word in one.text.split()
    ]
    assert all(one.start < one.end <= two.start + 1e-9 for one, two in pairwise(found))
    assert [one.index for one in found] == list(range(len(found)))


class _Ear:
    """Hears all in one voice, but refuses one debate."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.heard: list[tuple[str, str]] = []

    def __call__(self, path: Path, debate: Debate) -> Heard:
        assert path.stat().st_size > 44
        assert {one.speaker for one in debate.segments} == {None}
        self.heard.append((debate.id, path.suffix))
        if debate.id == self.refused:
            raise RecordingUnreadable(path=path, reason="not this one")
        voice = "SPEAKER_00"
        mine = [replace(one, voice=voice, attribution=Attribution(voice, Origin.VOICE, 0.9)) for one in debate.segments]
        return Heard(tuple(mine), (), (), 0.0, 0.0)


def test_each_debate_is_heard_under_each_condition_and_two_in_one(tones: Voices) -> None:
    morning = said(("Zoé Roux", "Le nucléaire."), ("Présentateur", "Et vous ?"), id_="matin", guests=("Zoé Roux",))
    crowd = said(*[(f"Nom{at} Prénom", "Oui.") for at in range(5)], id_="foule")
    nobody = replace(
        EVENING, id="personne", segments=tuple(replace(one, attribution=UNKNOWN) for one in EVENING.segments)
    )
    ear = _Ear(refused="matin")
    told: list[tuple[str, int, int]] = []
    rows = list(
        hearing_rows(
            [EVENING, morning, crowd, nobody], tones, ear, Asked(("clean", "two")), lambda *step: told.append(step)
        )
    )
    assert [(row.debate, row.condition) for row in rows] == [
        (debate, condition) for condition in ("clean", "two") for debate in ("made", "matin", "made+matin")
    ]
    assert told == [("made", at, 6) for at in range(7)]
    assert [row.speakers for row in rows[:3]] == [3, 2, 4]
    assert [row.words for row in rows[:3]] == [22, 5, 27]
    assert [rows[0].voices, rows[0].in_voice] == pytest.approx([1, 13 / 22])
    assert (rows[1].right, rows[1].voices, rows[1].refused != "", rows[0].refused) == (0, 0, True, "")


def test_names_are_right_as_often_as_they_are_sure() -> None:
    """Not counting those that nobody has and those that are only a role."""
    judged = [
        *(JudgedVoice(30, "right", 0.96), JudgedVoice(10, "wrong", 0.97), JudgedVoice(5, "role", 0.97)),
        *(JudgedVoice(7, "unnamed", 0.0), JudgedVoice(20, "right", 1.0), JudgedVoice(4, "wrong", 0.5)),
    ]
    assert [one for one in surenesses(judged) if one.words] == [
        Sure(0.5, 4, 2.0, 0),
        Sure(0.95, 40, 0.96 * 30 + 0.97 * 10, 30),
        Sure(0.98, 20, 20.0, 20),
    ]


def _row(condition: str, words: int, right: float, refused: str = "") -> HearingRow:
    sure = (Sure(0.0, 0, 0.0, 0), Sure(0.9, words, 0.95 * words, round(right * words)))
    return HearingRow("d", condition, 60.0, 3, 4, words, right, 0.02, 0.0, 1.0, right, 2.0, sure, refused)


def test_conditions_are_pooled_by_words() -> None:
    clean, hard = pooled([_row("clean", 300, 1.0), _row("hard", 10, 0.5), _row("clean", 100, 0.6, "no")])
    assert (clean.condition, clean.words) == ("clean", 400)
    assert [clean.right, clean.wrong] == pytest.approx([0.9, 0.02])
    assert (clean.seconds, clean.took, clean.refused) == (120, 4, "1")
    assert (clean.speakers, clean.voices, hard.words) == (6, 8, 10)
    assert clean.sure == (Sure(0.0, 0, 0.0, 0), Sure(0.9, 400, 0.95 * 300 + 0.95 * 100, 360))


def test_the_table_tells_each_condition_each_debate_and_what_was_refused() -> None:
    rows = [_row("clean", 300, 0.98765), _row("hard", 100, 0.9, "Not this one.")]
    english, french = hearing_text(rows, "en"), hearing_text(rows, "fr")
    assert "clean (300)  0.988  0.020  0.000    1.000     0.988         3       4  30" in english
    assert "clean 0.00      0      –      –\nclean 0.90    300  0.950  0.987" in english
    assert english.splitlines()[-2:] == ["Refused", "d, hard: Not this one."]
    assert french.splitlines()[-2:] == ["Refusés", "d, hard : Not this one."]
    document = json.loads(json.dumps(hearing_dict(rows)))
    assert [row["right"] for row in document["pooled"]] == pytest.approx([0.98765, 0.9])
    assert document["hearing"][1]["refused"] == "Not this one."


def test_the_command_knows_every_condition() -> None:
    assert [one.value for one in Sounding] == list(CONDITIONS)


def test_a_folder_without_voices_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["eval", "speakers", "--audio", str(tmp_path), "--json"])
    assert (ran.exit_code, json.loads(ran.stdout)["type"]) == (1, "urn:qui-dit-quoi:suite-invalid")
