"""Whether a transcript and a recording belong together: made speech that follows a made transcript, moved in each way
in which recordings differ from the one that was transcribed."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import RecordingOther, RecordingShifted, RecordingShort
from index.sound.fit.alignment import Alignment, Verdict, agreed, aligned, described, resampled
from index.sound.fit.clock import Clock, Stretch, clock_of
from index.sound.fit.expected import Activity, expected_speech, said_words
from index.types import Segment

STEP = 0.1


def transcript(seed: int, minutes: float, *, gaps: float = 0.3) -> list[Segment]:
    """Captions of some seconds, ``gaps`` of them with a pause behind."""
    random = np.random.default_rng(seed)
    segments: list[Segment] = []
    now = 2.0
    while now < minutes * 60:
        words = int(random.integers(6, 16))
        text = " ".join(["mot"] * words) + str(random.choice([".", ",", "", " ?"]))
        segments.append(Segment(len(segments), round(now, 2), round(now + words * 0.36, 2), text))
        now = segments[-1].end + (random.uniform(0.4, 2.5) if random.random() < gaps else 0.05)
    return segments


def speech(segments: list[Segment], seed: int, *, wrong: float = 0.1, off: float = 0.15) -> Activity:
    """What a detector would hear: borders off by a deviation of ``off`` s, pauses inside, ``wrong`` of the frames
    wrong."""
    random = np.random.default_rng(seed)
    heard = np.zeros(round((segments[-1].end + 10) / STEP))
    for segment in segments:
        start, end = segment.start + random.normal(0, off), segment.end + random.normal(0, off)
        heard[max(0, round(start / STEP)) : round(end / STEP)] = 1.0
        if random.random() < 0.5:
            pause = random.uniform(start, end)
            heard[round(pause / STEP) : round((pause + random.uniform(0.2, 0.6)) / STEP)] = 0.0
    burst = np.repeat(random.random(heard.size // 5 + 1) < wrong, 5)[: heard.size]
    return np.where(burst, 1 - heard, heard).astype(np.float32) * 0.9 + np.float32(0.05)


def quiet(seconds: float, seed: int = 5) -> Activity:
    return np.random.default_rng(seed).uniform(0, 0.1, round(seconds / STEP)).astype(np.float32)


def later(heard: Activity, seconds: float) -> Activity:
    return np.concatenate([quiet(seconds), heard]) if seconds > 0 else heard[round(-seconds / STEP) :]


def with_inside(heard: Activity, at: float, inside: Activity) -> Activity:
    return np.concatenate([heard[: round(at / STEP)], inside, heard[round(at / STEP) :]])


def at_rate(heard: Activity, rate: float) -> Activity:
    """Of a recording that lasts ``rate`` times as long."""
    return np.interp(np.arange(round(heard.size * rate)) / rate, np.arange(heard.size), heard).astype(np.float32)


def of(heard: Activity, segments: list[Segment]) -> Alignment:
    return aligned(heard, STEP, segments, heard.size * STEP)


TOLD = transcript(1, 30)
HEARD = speech(TOLD, 2)
ADVERT = speech(transcript(9, 4, gaps=0.1), 10)[: round(183 / STEP)]


def test_what_belongs_together_fits() -> None:
    found = of(HEARD, TOLD)
    assert (found.verdict, found.clock.is_identity) == (Verdict.FITS, True)
    assert found.proof > 10
    assert agreed(found, TOLD, 1800, align=False).is_identity


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_captions_that_lag_are_no_shift(seed: int) -> None:
    told = transcript(seed, 20)
    rough = speech(told, seed + 50, wrong=0.2, off=0.3)
    assert of(rough, told).verdict is Verdict.FITS
    assert of(later(rough, -0.5), told).verdict is Verdict.FITS


@pytest.mark.parametrize("seconds", [1.4, 12.4, 400.0, -1.4, -1.0, -600.0])
def test_a_shift_is_found_and_told(seconds: float) -> None:
    told = [replace(one, start=one.start + 700, end=one.end + 700) for one in TOLD]
    found = of(later(later(HEARD, 700), seconds), told)
    assert found.verdict is Verdict.SHIFTED
    assert [stretch.start for stretch in found.clock.stretches] == [0]
    assert found.clock.to_recording(1000) == pytest.approx(1000 + seconds, abs=0.3)


def test_an_advert_is_found_between_the_captions_where_it_was() -> None:
    border = next(one.start for one in TOLD if one.start > 900)
    found = of(with_inside(HEARD, border - 0.05, ADVERT), TOLD)
    assert found.verdict is Verdict.SHIFTED
    first, second = found.clock.stretches
    assert [first.offset, second.offset] == pytest.approx([0, 183], abs=0.5)
    assert second.start == pytest.approx(border, abs=8)


def test_a_cut_and_an_advert() -> None:
    cut = np.concatenate([HEARD[: round(600 / STEP)], HEARD[round(690 / STEP) :]])
    found = of(with_inside(cut, 1110, ADVERT), TOLD)
    assert [stretch.offset for stretch in found.clock.stretches] == pytest.approx([0, -90, 93], abs=0.5)
    assert found.clock.to_recording(650) <= 600.5


@pytest.mark.parametrize("rate", [25 / 24, 24 / 25, 25 / 23.976, 24 / 23.976])
def test_another_number_of_pictures_a_second(rate: float) -> None:
    found = of(at_rate(HEARD, rate), TOLD)
    assert found.verdict is Verdict.SHIFTED
    for moment in (10.0, 900.0, 1780.0):
        assert found.clock.to_recording(moment) == pytest.approx(moment * rate, abs=0.8)


@pytest.mark.parametrize("seed", range(3))
def test_another_recording_is_refused(seed: int) -> None:
    told = transcript(seed, 30)
    foreign = speech(transcript(seed + 20, 30), seed)
    assert of(foreign, told).verdict is Verdict.OTHER
    with pytest.raises(RecordingOther, match="its pauses are nowhere"):
        agreed(of(foreign, told), told, 1800, align=True)


def test_little_evidence_is_no_refusal() -> None:
    """Two minutes of captions without a gap."""
    told = transcript(3, 2, gaps=0.0)
    for heard in (speech(told, 4), speech(transcript(5, 2, gaps=0.0), 6)):
        found = of(heard, told)
        assert found.verdict in (Verdict.FITS, Verdict.UNSURE)
        assert agreed(found, told, heard.size * STEP, align=False).is_identity


def test_a_recording_that_ends_before_its_transcript() -> None:
    half = HEARD[: HEARD.size // 2]
    found = of(half, TOLD)
    assert found.verdict is Verdict.SHORT
    with pytest.raises(RecordingShort, match="lasts 15:0"):
        agreed(found, TOLD, half.size * STEP, align=True)


@pytest.mark.parametrize("gone", [(0, 180), (600, 690)])
def test_text_that_the_recording_does_not_hold_is_not_laid_on_one_moment(gone: tuple[int, int]) -> None:
    """Its times would be lost for good."""
    first, last = (round(moment / STEP) for moment in gone)
    heard = np.concatenate([HEARD[:first], HEARD[last:]])
    found = of(heard, TOLD)
    assert found.verdict is Verdict.SHORT
    with pytest.raises(RecordingShort, match="of its text is not in it"):
        agreed(found, TOLD, heard.size * STEP, align=True)


def test_a_last_caption_may_stay_longer() -> None:
    told = [*TOLD, Segment(len(TOLD), TOLD[-1].end + 15, TOLD[-1].end + 25, "Sous-titres : une personne")]
    assert of(HEARD, told).verdict is Verdict.FITS


@pytest.mark.parametrize("heard", [quiet(1810), np.zeros(18_100, np.float32)])
def test_music_and_silence_are_another_recording(heard: Activity) -> None:
    found = of(heard, TOLD)
    assert found.verdict is Verdict.OTHER
    assert "hardly anybody speaks" in found.why[0]


def test_speech_that_goes_on_for_long_is_another_recording() -> None:
    told = transcript(3, 3, gaps=0.0)
    long = np.concatenate([speech(transcript(4, 30), 7)])
    found = of(long, told)
    assert found.verdict is Verdict.OTHER
    assert "after the end of the text" in found.why[0]


def test_text_where_nobody_speaks_is_another_recording() -> None:
    told = transcript(3, 6, gaps=0.0)
    heard = np.concatenate([speech(transcript(4, 3, gaps=0.0), 7), quiet(180)])
    found = of(heard[: round(370 / STEP)], told)
    assert found.verdict is Verdict.OTHER
    assert "where there is text" in found.why[0]


@pytest.mark.parametrize("heard", [np.ones(18_100, np.float32), np.full(18_100, 0.9, np.float32)])
def test_where_no_pause_is_heard_nothing_is_known(heard: Activity) -> None:
    assert of(heard, TOLD).verdict is Verdict.UNSURE


def test_a_transcript_that_claims_years_takes_little_memory() -> None:
    told = [*TOLD, Segment(len(TOLD), 9e7, 9.9e7, "Un mot de trop, et puis encore beaucoup d'autres mots en plus.")]
    tracemalloc.start()
    assert of(HEARD, told).verdict is Verdict.FITS
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6


@pytest.mark.parametrize("told", [[], [Segment(0, 0.0, 4.0, "[Musique]")]])
def test_without_a_word_nothing_is_known(told: list[Segment]) -> None:
    assert of(HEARD, told).verdict is Verdict.UNSURE


def test_a_shift_is_refused_unless_it_is_asked_for() -> None:
    found = of(later(HEARD, 12.4), TOLD)
    with pytest.raises(RecordingShifted) as raised:
        agreed(found, TOLD, 1830, align=False)
    assert raised.value.message("en") == (
        "The recording is shifted against the transcript: heard 12.4 s later than written. "
        "To take that into account: --align (over HTTP: align=true)."
    )
    assert "entendu 12,4 s plus tard qu'écrit" in raised.value.message("fr")
    assert agreed(found, TOLD, 1830, align=True) == found.clock


def test_how_a_clock_is_told() -> None:
    clock = Clock((Stretch(0.0), Stretch(1880.0, 183.0), Stretch(2000.0, 100.0, 25 / 24)))
    assert described(clock) == (
        "heard as written; from 31:20 on, heard 183.0 s later than written; "
        "from 33:20 on, heard 183.3 s later than written, 4.17 % slower (24/25)",
        "entendu aux temps écrits ; à partir de 31:20, entendu 183,0 s plus tard qu'écrit ; "
        "à partir de 33:20, entendu 183,3 s plus tard qu'écrit, 4,17 % plus lentement (24/25)",
    )
    assert described(Clock((Stretch(0.0, -2.0),)))[0] == "heard 2.0 s earlier than written"


def test_expected_speech_is_where_words_are() -> None:
    told = [
        Segment(0, 1.0, 3.0, "un deux trois quatre cinq"),
        Segment(1, 5.0, 15.0, "un"),
        Segment(2, 16.0, 20.0, "[Musique] (applaudissements)"),
    ]
    expected = expected_speech(told, 0.1, 20.0)
    assert expected.size == 200
    assert expected[14:26] == pytest.approx(1.0)
    assert expected[35:45] == pytest.approx(0.0)
    assert expected[60:140] == pytest.approx(0.045)
    assert expected[165:] == pytest.approx(0.0)


def test_pauses_are_expected_where_sentences_end() -> None:
    told = [Segment(0, 0.0, 10.0, "mot " * 12 + "fin. " + "mot " * 13)]
    expected = expected_speech(told, 0.1, 10.0)
    assert float(expected[5:-5].argmin()) * 0.1 + 0.5 == pytest.approx(5.0, abs=0.3)


def test_what_is_not_said_is_no_word() -> None:
    assert said_words("♪ [Rires] Bonjour (il sort) à tous ♪") == 3


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=60), st.sampled_from([0.05, 0.1, 0.2, 0.25]))
def test_resampling_keeps_the_sum(values: list[float], other: float) -> None:
    activity = np.array(values, np.float32)
    found = resampled(activity, 0.1, other, activity.size * 0.1)
    assert float(found.sum()) * other <= float(activity.sum()) * 0.1 + 1e-3
    assert found.size == max(1, round(activity.size * 0.1 / other))
    assert found.min() >= -1e-6
    assert found.max() <= 1 + 1e-6


stretch = st.builds(
    Stretch, st.floats(0, 10_000), st.floats(-2_000, 2_000), st.sampled_from([1.0, 25 / 24, 24 / 25, 1.001])
)
clocks = st.lists(stretch, min_size=1, max_size=5).map(lambda found: clock_of(sorted(found, key=lambda one: one.start)))
moments = st.floats(-100, 20_000)


@given(clocks, moments, moments)
def test_times_never_run_backwards(clock: Clock, one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert clock.to_recording(early) <= clock.to_recording(late) + 1e-6


@given(clocks, moments)
def test_a_moment_is_where_its_stretch_has_it_unless_the_next_one_begins_before(clock: Clock, moment: float) -> None:
    begun = [one for one in clock.stretches if one.start <= moment] or [*clock.stretches[:1]]
    following = [one.at(one.start) for one in clock.stretches[len(begun) :]]
    assert clock.to_recording(moment) == min([begun[-1].at(moment), *following[:1]])


def test_what_only_the_transcript_has_is_one_moment_of_the_recording() -> None:
    cut = Clock((Stretch(0.0), Stretch(600.0, -30.0)))
    assert [cut.to_recording(at) for at in (569.0, 575.0, 599.0, 600.0, 601.0)] == [569.0, 570.0, 570.0, 570.0, 571.0]


@given(moments)
def test_the_identity(moment: float) -> None:
    clock = Clock.identity()
    assert clock.is_identity
    assert clock.to_recording(moment) == moment


def test_stretches_that_run_backwards_are_none() -> None:
    with pytest.raises(ValueError, match="in order"):
        Clock((Stretch(0.0), Stretch(10.0, -20.0)))
    with pytest.raises(ValueError, match="in order"):
        Clock(())
