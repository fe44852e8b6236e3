"""``qdq voices``, ``qdq add --media`` and ``qdq label --voices``: heard, shown, named."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner

from api.commands import main as cli
from api.commands.console import LANGUAGE
from api.commands.voices_text import voices_text
from api.schemas.voices import voices_out
from index.local import LocalStore
from index.sound.hear import HearOptions
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import Ear, HashEncoder

A, B = "SPEAKER_00", "SPEAKER_01"
TEXTS = (
    "Bonsoir à tous et bienvenue dans notre émission du soir.",
    "Le nucléaire est nécessaire pour notre industrie.",
    "Les éoliennes coûtent trop cher aux communes.",
)
Command: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ear() -> Ear:
    return Ear(A, B, (B, A))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "soir.srt"
    cues = (f"{at + 1}\n00:00:{at}1,000 --> 00:00:{at}9,000\n{text}\n" for at, text in enumerate(TEXTS))
    path.write_text("\n".join(cues), "utf-8")
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "soir.mp3"
    path.write_bytes(b"sound")
    return path


@pytest.fixture
def engine(home: Path, file: Path, ear: Ear) -> Iterator[Engine]:
    opened = Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=ear)
    opened.add(file, Details(title="Débat entre Ada Martin (maire) et Jean Petit (avocat)"))
    yield opened
    opened.close()


@pytest.fixture
def command(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``qdq`` in this process, on the index of ``engine``."""
    monkeypatch.setattr(Engine, "open", classmethod(lambda _cls, *_: engine))

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        result = CliRunner().invoke(cli.app, list(arguments), input=typed)
        return result.exit_code, result.stdout, result.stderr

    return run


def test_a_recording_is_heard_and_its_voices_are_shown(command: Command, ear: Ear, sound: Path) -> None:
    code, stdout, _stderr = command("voices", "soir", "--media", str(sound), "--voices", "2", "--align", "--json")
    assert code == 0
    assert ear.listened[0][0::2] == (sound, HearOptions(2, True))
    found = json.loads(stdout)["voices"]
    assert [(one["voice"], one["speaker"], one["words"]) for one in found] == [(A, None, 14), (B, None, 10)]
    assert found[1]["excerpts"][0]["text"] == TEXTS[1]


def test_the_debates_own_recording_is_heard_once(command: Command, engine: Engine, ear: Ear, sound: Path) -> None:
    code, _stdout, stderr = command("voices", "soir")
    assert code == 1 and "qdq edit soir --media" in stderr
    engine.hear("soir", sound)
    assert command("voices", "soir")[0] == 0
    assert len(ear.listened) == 1
    ear.voices = (A, B, B, A)
    assert command("voices", "soir", "--voices", "2")[0] == 0
    assert [path for path, _debate, _options in ear.listened] == [sound, sound]


def test_what_is_shown_for_people(engine: Engine, sound: Path) -> None:
    laid = engine.hear("soir", sound)
    known = engine.name_voice("soir", B, "Ada Martin")
    text = voices_text(voices_out(known, "fr").voices, "fr", laid.notes)
    assert text.splitlines()[:4] == [
        "voix distinguées dans l'enregistrement : 2",
        "passages coupés, deux voix s'y suivent : 1",
        "SPEAKER_00 : inconnu, 58 % des mots",
        "  00:01–00:09  « Bonsoir à tous et bienvenue dans notre émission du soir. »  /d/soir?t=1,9",
    ]
    assert "SPEAKER_01 : Ada Martin (95 %), 41 % des mots" in text
    assert "  00:11 quelqu'un a dit de cette voix : Ada Martin" in text
    assert voices_text((), "en") == "No voice without a name in this debate."


def test_who_speaks_when_is_written_as_rttm(command: Command, engine: Engine, sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "soir.rttm"
    assert command("voices", "soir", "--media", str(sound), "--rttm", str(out))[0] == 0
    assert out.read_text("utf-8").splitlines()[:2] == [
        "SPEAKER soir 1 1.000 8.000 <NA> <NA> SPEAKER_00 <NA> <NA>",
        "SPEAKER soir 1 11.000 8.000 <NA> <NA> SPEAKER_01 <NA> <NA>",
    ]
    engine.name_voice("soir", B, "Ada Martin")
    assert command("voices", "soir", "--rttm", str(out))[0] == 0
    exported = command("export", "soir", "--format", "rttm")[1]
    assert out.read_text("utf-8") == exported
    assert [line.split()[7] for line in exported.splitlines()] == [A, "Ada_Martin", "Ada_Martin", A]


def test_the_operators_own_diarization_is_laid_under_a_debate_that_is_there(
    command: Command, engine: Engine, tmp_path: Path
) -> None:
    side = tmp_path / "soir.rttm"
    lines = ((0.0, 10.0, "spk_0"), (10.0, 10.0, "Ada_Martin"), (20.0, 10.0, "spk_0"))
    side.write_text("".join(f"SPEAKER x 1 {at} {length} <NA> <NA> {who} <NA> <NA>\n" for at, length, who in lines))
    engine.correct("soir", 2, 2, "Jean Petit")
    code, stdout, _stderr = command("voices", "soir", "--speakers", str(side), "--json")
    assert (code, [one["voice"] for one in json.loads(stdout)["voices"]]) == (0, ["spk_0"])
    parts = engine.debate("soir").segments
    assert [(part.voice, part.speaker) for part in parts][1:] == [("Ada Martin", "Ada Martin"), ("spk_0", "Jean Petit")]
    report = engine.report("soir")
    assert report is not None and report.speakers == ("spk_0", "Ada Martin")
    assert command("voices", "soir", "--speakers", str(side), "--align")[0] == 2


def test_a_file_is_added_with_its_recording(command: Command, file: Path, ear: Ear, sound: Path) -> None:
    given = ("add", str(file), "--media", str(sound), "--title", "Autre", "--json")
    assert command(*given, "--no-voices")[0] == 0
    assert not ear.listened
    assert command("add", str(file), "--align")[0] == 2
    code, stdout, _stderr = command(*given, "--id", "neuf", "--voices", "2")
    assert code == 0
    assert ear.listened[0][2] == HearOptions(2)
    (added,) = json.loads(stdout)["files"]
    assert list(added["voices"]) == [A, B]


def test_voices_are_named_with_one_key_each(command: Command, engine: Engine, sound: Path) -> None:
    engine.hear("soir", sound)
    code, stdout, stderr = command("label", "soir", "--voices", typed="1n\nZoé Roux\n")
    assert code == 0
    assert "[1] Ada Martin  [2] Jean Petit" in stderr
    assert [part.speaker for part in engine.debate("soir").segments] == [
        "Ada Martin",
        "Zoé Roux",
        "Zoé Roux",
        "Ada Martin",
    ]
    assert f"{B}{' : ' if LANGUAGE == 'fr' else ': '}Zoé Roux" in stdout
    command("label", "soir", "--voices", typed=" bz0q")
    assert [part.speaker for part in engine.debate("soir").segments] == [None, None, None, None]
    code, stdout, _stderr = command("label", "soir", "--voices", "--json")
    assert [one["voice"] for one in json.loads(stdout)["voices"]] == [A, B]


def test_an_address_is_not_listened_to(command: Command, ear: Ear, file: Path) -> None:
    address = "https://example.org/soir.mp3"
    for arguments in (("voices", "soir", "--media", address), ("add", str(file), "--media", address, "--align")):
        code, _stdout, stderr = command(*arguments)
        assert code == 2 and "--media" in stderr
    assert not ear.listened
