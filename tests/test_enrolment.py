"""Voices of people that are kept: known again where that is switched on, listed, deleted; of a hearing none is."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.commands import main as cli
from index.errors import (
    EnrolledUnknown,
    EnrolmentOff,
    EnrolmentShort,
    EnrolmentUnheard,
    FieldInvalid,
    MediaMissing,
    PersonUnknown,
    StoreDamaged,
)
from index.local import LocalStore
from index.sound.hear import HearOptions
from index.speakers.voices.voice_evidence import EvidenceKind
from index.types import Origin, Vectors
from index.writing.build import Details
from index.writing.editing import Changes
from rag.backup.databases import KNOWN
from rag.engine import Engine
from rag.enrolled.file import DATABASE, Enrolled, EnrolledFile
from rag.enrolled.matching import LEAST, probability, recognised
from rag.settings import Settings
from tests.fakes import Ear, HashEncoder

A, B = "SPEAKER_00", "SPEAKER_01"
ADA, ZOE = "Ada Martin", "Zoé Roux"
SAID = [f"La phrase numéro {at} parle du budget, de la culture et de l'énergie." for at in range(8)]
MODEL = "voices@1"


def direction(number: int) -> Vectors:
    vector = np.full(16, 0.013, np.float32)
    vector[number] = 1.0
    found: Vectors = vector / np.linalg.norm(vector)
    return found


class Prints:
    """Vectors of voices: those who speak in the stretches that begin before ``changes`` seconds are one, the others
    another."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, Sequence[tuple[float, float]]]] = []
        self.model = MODEL

    def __call__(self, path: Path, spans: Sequence[tuple[float, float]]) -> tuple[Vectors, str]:
        self.asked.append((path, spans))
        return np.stack([direction(int(start >= 40)) for start, _end in spans]), self.model


@pytest.fixture
def prints() -> Prints:
    return Prints()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "un.mp3"
    path.write_bytes(b"sound")
    return path


Open = Callable[[bool], Engine]


@pytest.fixture
def opened(home: Path, tmp_path: Path, prints: Prints) -> Iterator[Open]:
    """The engine, with enrolment switched on or off, and two debates of eight sentences of ten seconds."""
    engines: list[Engine] = []
    cues = (
        f"{at + 1}\n00:0{at // 6}:{at % 6}0,000 --> 00:0{at // 6}:{at % 6}9,000\n{text}\n"
        for at, text in enumerate(SAID)
    )
    path = tmp_path / "un.srt"
    path.write_text("\n".join(cues), "utf-8")

    def open_one(on: bool) -> Engine:
        settings = Settings(home=home, voice_enrolment=on)
        ear = Ear(*[A] * 4, *[B] * 4)
        engine = Engine(LocalStore(home), HashEncoder(), settings, hear=ear, vectors=prints, watches=home)
        if not engines:
            engine.add(path, Details(title="Débat"))
            engine.add(path, Details(id="deux", title="Débat"))
        engines.append(engine)
        return engine

    yield open_one
    for engine in engines:
        engine.close()


def enrolled(engine: Engine, sound: Path) -> None:
    engine.hear("un", sound)
    engine.name_voice("un", A, ADA)
    engine.enrol("un", ADA)


def test_somebody_who_is_enrolled_is_known_again(opened: Open, sound: Path, prints: Prints, home: Path) -> None:
    engine = opened(True)
    enrolled(engine, sound)
    assert [(one.name, one.debate, one.model) for one in engine.enrolment.all()] == [(ADA, "un", MODEL)]
    assert prints.asked == [(sound, ((0.0, 9.0), (10.0, 19.0), (20.0, 29.0), (30.0, 39.0)))]
    known = engine.hear("deux", sound).known
    assert [part.speaker for part in known.debate.segments] == [ADA] * 4 + [None] * 4
    assert engine.debate("deux") == known.debate
    attribution = known.debate.segments[0].attribution
    assert attribution.origin is Origin.VOICE and attribution.confidence == pytest.approx(0.9, abs=0.01)
    assert [one.kind for one in known.voices[0].evidence] == [EvidenceKind.ENROLLED]
    assert (home / DATABASE).stat().st_mode & 0o777 == 0o600
    assert DATABASE not in KNOWN  # in no backup


def test_a_person_s_word_stands_above_a_voice_that_was_recognised(opened: Open, sound: Path) -> None:
    engine = opened(True)
    enrolled(engine, sound)
    engine.hear("deux", sound)
    engine.name_voice("deux", A, ZOE)
    known = engine.hear("deux", sound).known
    assert {part.speaker for part in known.debate.segments[:4]} == {ZOE}
    for act in [one.act or 0 for one in engine.corrections("deux")]:
        engine.undo("deux", act)
    assert {part.speaker for part in engine.debate("deux").segments} == {None}


def test_hearing_again_keeps_whom_it_knew_until_they_are_forgotten(opened: Open, sound: Path) -> None:
    engine = opened(True)
    enrolled(engine, sound)
    for _twice in range(2):
        assert engine.hear("deux", sound).known.debate.segments[0].speaker == ADA
    assert len(engine.corrections("deux")) == 1
    engine.enrolment.forget(ADA)
    assert engine.debate("deux").segments[0].speaker == ADA  # a name that was given stays until it is undone
    assert engine.hear("deux", sound).known.debate.segments[0].speaker is None
    assert engine.corrections("deux") == []


def test_switched_off_nothing_is_computed_compared_or_kept(
    opened: Open, sound: Path, prints: Prints, home: Path
) -> None:
    on, off = opened(True), opened(False)
    enrolled(on, sound)
    asked = len(prints.asked)
    assert off.hear("deux", sound).known.debate.segments[0].speaker is None
    with pytest.raises(EnrolmentOff, match="QDQ_VOICE_ENROLMENT=true"):
        off.enrol("un", ADA)
    with pytest.raises(EnrolmentOff):
        off.enrolment.recognised(off.attribution("deux"), sound)
    assert len(prints.asked) == asked
    assert [one.name for one in off.enrolment.all()] == [ADA]
    off.enrolment.forget(ADA)
    assert on.enrolment.all() == []
    assert Settings(home=home).voice_enrolment is False


def test_of_a_hearing_no_vector_is_kept_or_logged(
    opened: Open, sound: Path, prints: Prints, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    engine = opened(True)
    enrolled(engine, sound)
    engine.hear("deux", sound)
    engine._store.settle()
    heard = direction(1)  # of the voice that nobody enrolled, though it was compared
    assert any(start >= 40 for _path, spans in prints.asked for start, _end in spans)
    signs = [heard.tobytes(), heard.astype(np.float16).tobytes(), heard.astype(np.float64).tobytes()]
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files and not any(sign in path.read_bytes() for path in files for sign in signs)
    texts = [str(heard[0])[:6], repr(heard)]
    assert not any(text in caplog.text for text in texts)


def test_what_is_forgotten_is_overwritten(tmp_path: Path) -> None:
    file, vector = EnrolledFile(tmp_path), direction(3)
    assert (file.all(), file.forget(ADA), file.path.exists()) == ([], False, False)
    for name, number in ((ADA, 3), (ZOE, 4)):
        file.put(Enrolled(name, "un", 1.0, MODEL), direction(number))
    assert vector.tobytes() in file.path.read_bytes()
    assert list(file.vectors(MODEL)) == [ADA, ZOE]
    assert file.vectors("another@1") == {}
    assert file.forget(ADA)
    assert vector.tobytes() not in file.path.read_bytes()
    file.put(Enrolled(ZOE, "deux", 2.0, MODEL), direction(5))
    assert direction(4).tobytes() not in file.path.read_bytes()
    assert [(one.name, one.debate) for one in file.all()] == [(ZOE, "deux")]
    assert sorted(path.name for path in tmp_path.iterdir()) == [DATABASE]


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(StoreDamaged):
        EnrolledFile(tmp_path).all()


def test_who_cannot_be_enrolled(opened: Open, sound: Path) -> None:
    engine = opened(True)
    engine.correct("un", 0, 0, ZOE)
    with pytest.raises(MediaMissing):
        engine.enrol("un", ZOE)
    engine.hear("un", sound)
    with pytest.raises(PersonUnknown, match=ZOE):
        engine.enrol("un", ADA)
    engine.name_voice("un", A, ADA)
    with pytest.raises(EnrolmentShort, match=r"\(9 s, 10 are needed\)"):
        engine.enrol("un", ZOE)
    with pytest.raises(FieldInvalid, match="name of a person"):
        engine.enrol("un", "Présentateur 2")
    with pytest.raises(EnrolledUnknown, match="Voices kept: –"):
        engine.enrolment.forget(ADA)


def test_a_name_that_was_guessed_or_recognised_is_no_proof_of_whose_the_voice_is(opened: Open, sound: Path) -> None:
    engine = opened(True)
    enrolled(engine, sound)
    assert engine.hear("deux", sound).known.debate.segments[0].speaker == ADA  # recognised
    with pytest.raises(EnrolmentShort, match=r"\(0 s, 10 are needed\)"):
        engine.enrol("deux", ADA)
    engine.correct("deux", 0, 1, ADA)
    assert engine.enrol("deux", ADA).debate == "deux"


def test_only_from_a_recording_that_was_listened_to(opened: Open, sound: Path, prints: Prints) -> None:
    engine = opened(True)
    engine.correct("un", 0, 3, ADA)
    engine.edit("un", Changes(media=str(sound)))
    with pytest.raises(EnrolmentUnheard, match="qdq voices un --media"):
        engine.enrol("un", ADA)
    assert not prints.asked


def test_silence_is_nobody_s_print(opened: Open, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(True)
    engine.hear("un", sound)
    engine.name_voice("un", A, ADA)
    one_heard = np.stack([direction(0), *[np.zeros(16, np.float32)] * 3])
    monkeypatch.setattr(engine.enrolment, "_vectors", lambda _path, _spans: (one_heard, MODEL))
    with pytest.raises(EnrolmentShort, match=r"\(9 s, 10 are needed\)"):
        engine.enrol("un", ADA)
    assert engine.enrolment.all() == []


def test_a_debate_is_heard_though_nobody_can_be_known_again(
    opened: Open, sound: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = opened(True)
    (home / DATABASE).write_bytes(b"not a database" * 100)
    known = engine.hear("un", sound).known
    assert [part.voice for part in known.debate.segments] == [A] * 4 + [B] * 4
    assert engine.debate("un") == known.debate
    path = sound.with_name("un.srt")
    for name in ("trois", "quatre"):
        path.with_name(f"{name}.srt").write_bytes(path.read_bytes())
    files = [path.with_name("trois.srt"), path.with_name("quatre.srt")]
    outcomes = list(engine.add_files(files, Details(media=str(sound)), voices=HearOptions()))
    assert [len(one.added.voices) for one in outcomes if one.added] == [2, 2]
    assert caplog.text.count("StoreDamaged") == 3


def test_nobody_is_two_voices_and_the_nearest_is_taken() -> None:
    near = (direction(0) + 0.2 * direction(1)) / np.linalg.norm(direction(0) + 0.2 * direction(1))
    voices = {A: near.astype(np.float32), B: direction(0)}
    assert recognised(voices, {ADA: direction(0)}) == {B: (ADA, 0.999)}
    assert recognised({A: direction(2)}, {ADA: direction(0)}) == {}
    assert recognised({A: np.zeros(16, np.float32)}, {ADA: direction(0)}) == {}
    assert probability(0.9) > LEAST > probability(0.85)


def test_on_the_command_line(opened: Open, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(True)
    engine.hear("un", sound)
    engine.name_voice("un", A, ADA)
    monkeypatch.setattr(Engine, "open", classmethod(lambda _cls, *_: engine))

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        result = CliRunner().invoke(cli.app, ["people", *arguments], input=typed)
        return result.exit_code, result.stdout, result.stderr

    code, _stdout, stderr = run("enroll", ADA, "--debate", "un", typed="n\n")
    assert code == 1 and ("article 9" in stderr) and not engine.enrolment.all()
    assert run("enroll", ADA, "--debate", "un", typed="y\n")[0] == 0
    assert ADA in run("enrolled")[1]
    (person,) = json.loads(run("enrolled", "--json")[1])["enrolled"]
    assert (person["name"], person["debate"], person["model"]) == (ADA, "un", MODEL)
    assert run("enroll", ADA, "--debate", "un", "--yes", "--json")[0] == 0
    code, stdout, _stderr = run("forget", ADA, "--json")
    assert (code, json.loads(stdout)) == (0, {"enrolled": []})
    assert run("forget", ADA)[0] == 1
    engine.enrolment.on = False
    code, _stdout, stderr = run("enroll", ADA, "--debate", "un", typed="y\n")
    assert code == 1 and "QDQ_VOICE_ENROLMENT=true" in stderr and "article 9" not in stderr
