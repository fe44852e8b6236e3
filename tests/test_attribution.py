"""Who is said to speak, measured as a user brings a recording, and the command that prints it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands import main as cli
from eval.attribution.modes import MODES, mode_rows
from eval.shipped import FOLDER
from eval.suites.native import read_folder
from index.speakers.attribution import attributed
from index.speakers.corrections import Correction, CorrectionKind
from index.transcripts.limits import LIMITS
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment
from index.writing.labelling import turns_of


@pytest.fixture(scope="module")
def debate() -> Debate:
    """The shipped one, as its side file tells it."""
    return read_folder(FOLDER, "debate", limits=LIMITS).recordings[0].debate


def relabelled(debate: Debate, label: str | None, speaker: str) -> Debate:
    """The words of ``speaker`` under another label."""
    attribution = Attribution(label, Origin.LABELLED, 1.0) if label else UNKNOWN
    return replace(
        debate,
        segments=tuple(
            replace(part, attribution=attribution, voice=label) if part.speaker == speaker else part
            for part in debate.segments
        ),
    )


def test_each_mode_on_the_shipped_debate(debate: Debate) -> None:
    rows = {row.mode: row.measures for row in mode_rows([debate])}
    assert list(rows) == list(MODES)
    assert (rows["labelled"].accuracy_100, rows["voices"].accuracy_100) == (1.0, 1.0)
    assert rows["text alone"].accuracy >= 0.95
    assert rows["five answers"].accuracy_100 > 0.6


def test_names_of_the_file_stay_beside_anonymous_voices(debate: Debate) -> None:
    mixed = relabelled(debate, "SPEAKER_07", "Jean-Baptiste Kempf")
    found = attributed(mixed, [], {})
    assert [(one.voice, one.speaker) for one in found.voices] == [("SPEAKER_07", "Jean-Baptiste Kempf")]
    assert found.voices[0].evidence[0].message("fr").startswith("00:29")
    assert [part.speaker for part in found.debate.segments] == [part.speaker for part in debate.segments]
    origins = {part.speaker: part.attribution.origin for part in found.debate.segments}
    assert origins["Jean-Baptiste Kempf"] is Origin.VOICE
    assert origins["Constantin Pavl\u00e9as"] is Origin.LABELLED
    assert "SPEAKER_07" not in {person.name for person in found.debate.participants}


def test_voices_without_evidence_are_nobody_and_stay_turns_of_their_own() -> None:
    texts = ("Le budget augmente depuis dix ans.", "Les dépenses aussi.", "Je le regrette.", "Nous verrons bien.")
    parts = tuple(
        Segment(at, 5.0 * at, 5.0 * at + 5, text, Attribution(voice, Origin.LABELLED, 1.0), (), voice)
        for at, (text, voice) in enumerate(zip(texts, ("SPEAKER_00", "SPEAKER_00", "SPEAKER_01", "S2"), strict=True))
    )
    found = attributed(Debate("d", "Enregistrement 12", parts), [], {})
    assert [part.speaker for part in found.debate.segments] == [None] * 4
    assert [(turn.first, turn.last, turn.voice) for turn in turns_of(found)] == [
        (0, 1, "SPEAKER_00"),
        (2, 2, "SPEAKER_01"),
        (3, 3, "S2"),
    ]


def test_one_answer_names_a_whole_voice_and_two_different_ones_do_not() -> None:
    parts = tuple(
        Segment(
            at, 5.0 * at, 5.0 * at + 5, f"Texte {at} sans nom.", Attribution(voice, Origin.LABELLED, 1.0), (), voice
        )
        for at, voice in enumerate(["S1", "S2", "S1", "S1", "S2"])
    )
    base = Debate("d", "Enregistrement 12", parts)
    one, other = (
        Correction(CorrectionKind.SPEAKER, parts[at].start, parts[at].end, parts[at].text, name)
        for at, name in ((0, "Ada Martin"), (2, "Jean Petit"))
    )
    named = attributed(base, [one], {}).debate.segments
    assert [part.speaker for part in named] == ["Ada Martin", None, "Ada Martin", "Ada Martin", None]
    assert [part.attribution.origin for part in named[:3:2]] == [Origin.CORRECTED, Origin.VOICE]
    apart = attributed(base, [one, other], {}).debate.segments
    assert [part.speaker for part in apart] == ["Ada Martin", None, "Jean Petit", None, None]


def test_the_command_prints_the_tables_and_one_json_document(tmp_path: Path) -> None:
    run = CliRunner()
    shown = run.invoke(cli.app, ["eval", "speakers"])
    assert (shown.exit_code, "smart-tech-2024-11-19 voices" in shown.stdout) == (0, True)
    document = json.loads(run.invoke(cli.app, ["eval", "speakers", "--json"]).stdout)
    assert {row["mode"] for row in document["modes"]} == set(MODES)
    assert [row["labels"] for row in document["labels"]] == [0, 1, 3, 5, 8, 12]
    nowhere = run.invoke(cli.app, ["eval", "speakers", "--suite", str(tmp_path)])
    assert (nowhere.exit_code, str(tmp_path) in nowhere.stderr) == (1, True)
