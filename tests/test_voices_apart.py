"""From vectors of windows to the voice of each segment: pure parts, against brute force and by hand."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sound.networks.voice_encoder import unit
from index.sound.reading.recording import RATE
from index.sound.telling.activity import STEP, Activity
from index.sound.telling.clusters import Array, Scale, centroids, scale_of
from index.sound.telling.laying import laid
from index.sound.telling.loudness import FRAME, Levels
from index.sound.telling.sequence import Listened, changes_before, posteriors, voices_of, word_ends
from index.sound.telling.turns import turns_of
from index.sound.telling.windows import LENGTH, VoiceWindow, sounds, voice_windows
from index.sound.types import VoiceTurn
from index.types import UNKNOWN, Attribution, Origin, Segment, WordTime

DIM = 32
CHANCE = np.random.default_rng(7)
VOICES = unit(CHANCE.standard_normal((4, DIM)).astype(np.float32))


def moments(*voices: int, noise: float = 0.6) -> npt.NDArray[np.float32]:
    """A vector for each, near that voice's."""
    chance = np.random.default_rng(len(voices))
    apart = unit(chance.standard_normal((len(voices), DIM)).astype(np.float32))
    return unit(VOICES[list(voices)] + np.float32(noise) * apart)


def segment(at: int, text: str, start: float, end: float) -> Segment:
    return Segment(at, start, end, text)


@given(st.lists(st.floats(0.0, 40.0), min_size=1, max_size=8))
def test_windows_lie_in_their_segment_and_leave_nothing_out(lengths: list[float]) -> None:
    starts = list(itertools.accumulate(lengths, initial=1.0))
    spans = list(itertools.pairwise(starts))
    windows = voice_windows(spans)
    for number, (start, end) in enumerate(spans):
        own = [window for window in windows if window.segment == number]
        assert own
        assert all(window.seconds <= LENGTH + 1e-9 for window in own)
        if end - start >= 2 * LENGTH:
            assert (own[0].start, own[-1].end) == pytest.approx((start, end))
            assert all(0.5 <= two.start - one.start <= 1.0 for one, two in itertools.pairwise(own))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 30), st.floats(0.3, 5)), min_size=1, max_size=12),
    st.lists(st.integers(1, 12 * RATE), min_size=1, max_size=8),
)
def test_the_sound_of_windows_is_cut_out_of_a_stream(spans: list[tuple[float, float]], blocks: list[int]) -> None:
    whole = np.arange(sum(blocks), dtype=np.float32)
    stream = np.split(whole, np.cumsum(blocks)[:-1])
    wanted = [VoiceWindow(at, start, start + length) for at, (start, length) in enumerate(spans)]
    found = dict(sounds(stream, wanted))
    for at, window in enumerate(wanted):
        expected = whole[round(window.start * RATE) : round(window.end * RATE)]
        if expected.size >= RATE / 4:
            assert np.array_equal(found[at], expected)
        else:
            assert at not in found


def test_the_scale_is_measured_between_moments_of_one_segment() -> None:
    windows = voice_windows([(10.0 * at, 10.0 * at + 4.5) for at in range(6)])
    vectors = moments(*(window.segment % 2 for window in windows))
    pairs = [[at for at, one in enumerate(windows) if one.segment == number] for number in range(6)]
    alike = [float(vectors[own[0]] @ vectors[own[-1]]) for own in pairs]
    found = scale_of(windows, vectors, np.ones(len(windows)))
    assert found.same == pytest.approx(float(np.median(alike)))
    assert scale_of(windows, vectors, np.zeros(len(windows))) == Scale()


def test_as_many_voices_are_found_as_speak_and_one_who_says_a_word_is_none() -> None:
    speakers = [0, 0, 1, 0, 2, 1, 0, 2, 1, 0, 3]
    seconds = np.array([4.0] * 10 + [0.4])
    means = moments(*speakers)
    found = centroids(means, seconds, Scale(0.7, 0.1), None, 0)
    assert [int((VOICES @ one).argmax()) for one in found] == [0, 1, 2]  # by how much they speak


@pytest.mark.parametrize("voices", [1, 2, 3])
def test_as_many_voices_as_are_told(voices: int) -> None:
    found = centroids(moments(0, 0, 1, 0, 2, 1, 0), np.full(7, 3.0), Scale(0.7, 0.1), voices, 0)
    assert len(found) == voices


def test_nobody_is_found_where_nothing_is_heard() -> None:
    assert len(centroids(np.zeros((3, DIM), np.float32), np.zeros(3), Scale(), None, 2)) == 0
    assert len(centroids(moments(0), np.ones(1), Scale(), None, 2)) == 1


def listened(vectors: npt.NDArray[np.float32], *, speech: float = 1.0) -> Listened:
    windows = [VoiceWindow(at, 2.0 * at, 2.0 * at + LENGTH) for at in range(len(vectors))]
    return Listened(windows, vectors, np.full(len(vectors), speech, np.float32))


def brute_force(changes: Array, emitted: Array) -> Array:
    """The probability of each state by going through every path."""
    count, states = emitted.shape
    total = np.zeros((count, states))
    for path in itertools.product(range(states), repeat=count):
        weight = emitted[0, path[0]] / states
        for at in range(1, count):
            stays = path[at] == path[at - 1]
            weight *= emitted[at, path[at]] * (1 - changes[at] if stays else changes[at] / (states - 1))
        for at, state in enumerate(path):
            total[at, state] += weight
    normalised: Array = total / total.sum(axis=1, keepdims=True)
    return normalised


def test_the_voice_of_each_window_is_that_of_all_paths() -> None:
    scale = Scale(0.7, 0.12)
    found = listened(moments(0, 0, 1, 1, 0, noise=1.2))
    changes = np.array([0.1, 0.02, 0.3, 0.1, 0.4])
    here = posteriors(found, changes, VOICES[:2], scale)
    same = np.sqrt(scale.same)
    other = float(VOICES[0] @ VOICES[1]) * same
    nobody = np.full(5, (same + other) / 2)
    nats = min(6.3, ((same - other) / scale.spread) ** 2 / 2) / (same - other)
    emitted = np.exp(nats * np.column_stack([found.vectors @ VOICES[:2].T, nobody]))
    np.testing.assert_allclose(here, brute_force(changes, emitted), atol=1e-9)


def test_a_word_of_another_voice_is_not_torn_out_of_a_sentence() -> None:
    unsure = unit((0.55 * VOICES[0] + 0.45 * VOICES[1])[None])  # rather the first, but not by much
    vectors = np.concatenate([moments(1, 1), unsure, moments(1, 1)]).astype(np.float32)
    within = np.full(5, 0.004)
    assert posteriors(listened(vectors), within, VOICES[:2], Scale(0.7, 0.12)).argmax(axis=1).tolist() == [1] * 5


def test_who_fits_no_voice_is_nobody() -> None:
    chances = posteriors(listened(moments(0, 2, 1)), np.full(3, 0.3), VOICES[:2], Scale(0.7, 0.12))
    assert chances.argmax(axis=1).tolist() == [0, 2, 1]


def test_silence_says_nothing_and_takes_what_is_around_it() -> None:
    found = listened(moments(0, 1, 0))
    found.speech[1] = 0.0
    chances = posteriors(found, np.full(3, 0.05), VOICES[:2], Scale(0.7, 0.12))
    assert chances.argmax(axis=1).tolist() == [0, 0, 0]


def test_centroids_move_to_those_who_speak_and_twins_become_one() -> None:
    vectors = moments(*[0, 0, 0, 1, 1, 1] * 3)
    start = unit(np.stack([VOICES[0], VOICES[0] + 0.3 * VOICES[3], VOICES[1]]).astype(np.float32))
    chances = voices_of(listened(vectors), np.full(18, 0.2), start, Scale(0.7, 0.12))
    assert chances.shape == (18, 3), "two voices and nobody"
    assert chances.argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1] * 3


def test_voices_change_after_sentences_most_after_questions() -> None:
    texts = ["Et vous ?", "Oui mais", "alors.", "Non."]
    segments = [segment(at, text, 2.0 * at, 2.0 * at + 1.4) for at, text in enumerate(texts)]
    windows = voice_windows([(one.start, one.end) for one in segments])
    assert changes_before(windows, segments).tolist()[1:] == [0.35, 0.02, 0.12]


def test_words_without_times_end_by_their_share_of_the_text() -> None:
    assert word_ends(segment(0, "un deux", 10.0, 18.0)) == pytest.approx([13.0, 18.0])
    timed = Segment(0, 0.0, 2.0, "un deux", words=(WordTime(0.1, 0.4, "un"), WordTime(1.2, None, "deux")))
    assert word_ends(timed) == [0.4, 1.2]


def rows(*states: int, sure: float = 0.99, voices: int = 2) -> npt.NDArray[np.float64]:
    found = np.full((len(states), voices + 1), (1 - sure) / voices)
    found[np.arange(len(states)), list(states)] = sure
    return found


def test_a_segment_of_two_voices_is_cut_at_the_end_of_a_sentence() -> None:
    text = "Vous êtes d'accord avec cela ? Non, pas du tout, je ne le pense pas."
    whole = segment(0, text, 0.0, 6.0)
    windows = voice_windows([(0.0, 6.0)])
    states = [0 if window.middle < 2.4 else 1 for window in windows]
    found = laid([whole], windows, rows(*states), ["SPEAKER_00", "SPEAKER_01"])
    assert [(one.index, one.text, one.voice) for one in found] == [
        (0, "Vous êtes d'accord avec cela ?", "SPEAKER_00"),
        (1, "Non, pas du tout, je ne le pense pas.", "SPEAKER_01"),
    ]
    assert found[0].start == 0.0
    assert found[0].end == found[1].start
    assert found[1].end == 6.0
    assert found[0].attribution == Attribution("SPEAKER_00", Origin.VOICE, 0.99)


def test_one_word_is_not_cut_and_doubt_is_nobody() -> None:
    word = segment(0, "Non.", 0.0, 6.0)
    windows = voice_windows([(0.0, 6.0)])
    half = len(windows) // 2
    found = laid([word], windows, rows(*[0] * half, *[1] * (len(windows) - half)), ["A", "B"])
    assert [one.voice for one in found] == ["A"]
    (doubted,) = laid([word], windows, rows(*[0] * len(windows), sure=0.7), ["A", "B"])
    assert (doubted.voice, doubted.attribution) == (None, UNKNOWN)
    (nobody,) = laid([word], windows, rows(*[2] * len(windows)), ["A", "B"])
    assert nobody.voice is None


def test_a_name_that_the_file_gives_stays() -> None:
    named = Segment(0, 0.0, 1.4, "Oui.", Attribution("Ada Martin", Origin.LABELLED, 1.0), voice="Ada Martin")
    (found,) = laid([named], voice_windows([(0.0, 1.4)]), rows(1), ["SPEAKER_00", "SPEAKER_01"])
    assert (found.voice, found.attribution) == ("SPEAKER_01", named.attribution)
    (nobody,) = laid([named], voice_windows([(0.0, 1.4)]), rows(2), ["SPEAKER_00", "SPEAKER_01"])
    assert (nobody.voice, nobody.attribution) == (None, named.attribution)  # no turn of a voice called Ada Martin


WORDS = st.lists(st.sampled_from(["oui", "non.", "mais,", "pourquoi ?", "c'est", "là"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(WORDS, st.floats(0.2, 15)), min_size=1, max_size=5), st.data())
def test_whatever_is_heard_every_word_stays_in_its_place(
    parts: list[tuple[list[str], float]], data: st.DataObject
) -> None:
    starts = list(itertools.accumulate((length for _words, length in parts), initial=0.0))
    segments = [
        segment(at, " ".join(" ".join(words).split()), starts[at], starts[at + 1])
        for at, (words, _length) in enumerate(parts)
    ]
    windows = voice_windows([(one.start, one.end) for one in segments])
    states = data.draw(st.lists(st.integers(0, 2), min_size=len(windows), max_size=len(windows)))
    found = laid(segments, windows, rows(*states), ["A", "B"])
    assert " ".join(one.text for one in found) == " ".join(one.text for one in segments)
    assert [one.index for one in found] == list(range(len(found)))
    assert all(one.start <= one.end for one in found)
    assert sorted(found, key=lambda one: (one.start, one.end, one.index)) == list(found)


def activity(seconds: float, *quiet: tuple[float, float], both: tuple[float, float] = (0, 0)) -> Activity:
    times = np.arange(round(seconds / STEP)) * STEP
    speech = np.ones(times.size, np.float32)
    for start, end in quiet:
        speech[(times >= start) & (times < end)] = 0.0
    at_once = ((times >= both[0]) & (times < both[1])).astype(np.float32)
    return Activity(speech, at_once, np.ones_like(speech), seconds)


def test_a_short_pause_shows_in_what_is_compared_with_a_transcript() -> None:
    sound = 0.3 * np.random.default_rng(1).standard_normal(20 * RATE).astype(np.float32)
    for at in (5.0, 12.5):
        sound[round(at * RATE) : round((at + 0.1) * RATE)] *= 0.01
    levels = Levels()
    assert sum(block.size for block in levels.passing(np.split(sound, [1000, 77_777, 200_000]))) == sound.size
    loud = levels.loudness()
    assert loud.shape == (-(-sound.size // FRAME),)
    found = Activity(np.ones_like(loud), np.zeros_like(loud), loud, 20.0).speech_by(0.1)
    assert found.shape == (200,)
    assert set(np.flatnonzero(found < 0.5)) <= {49, 50, 51, 124, 125, 126}
    assert max(found[50], found[125]) < 0.3


def voiced(*spans: tuple[float, float, str | None]) -> list[Segment]:
    return [
        Segment(at, start, end, "Oui.", Attribution(voice, Origin.VOICE, 0.9) if voice else UNKNOWN, voice=voice)
        for at, (start, end, voice) in enumerate(spans)
    ]


def turns(found: tuple[VoiceTurn, ...]) -> list[tuple[str, float, float]]:
    return [(turn.voice, round(turn.start, 1), round(turn.end, 1)) for turn in found]


def test_turns_are_where_somebody_speaks() -> None:
    segments = voiced((0, 3, "A"), (3, 6, "A"), (6, 9, "B"), (9, 10.5, None), (10.5, 12, "B"))
    found = turns_of(segments, activity(12, (2.0, 3.5)))
    assert turns(found) == [("A", 0.0, 2.0), ("A", 3.5, 6.0), ("B", 6.0, 9.0), ("B", 10.5, 12.0)]
    assert {turn.confidence for turn in found} == {0.9}


def test_turns_overlap_as_segments_do() -> None:
    found = turns_of(voiced((0, 5, "A"), (4, 8, "B"), (5.2, 9, "A")), activity(9))
    assert turns(found) == [("A", 0.0, 9.0), ("B", 4.0, 8.0)]


def test_where_two_speak_at_once_the_second_is_who_speaks_nearest() -> None:
    segments = voiced((0, 3, "A"), (3, 6, "B"))
    assert turns(turns_of(segments, activity(6, both=(2.0, 2.8)))) == [
        ("A", 0.0, 3.0),
        ("B", 2.0, 2.8),
        ("B", 3.0, 6.0),
    ]
