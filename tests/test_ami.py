"""The error rate of diarization by hand-made turns, and plain clustering of voices that are tones."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from eval.attribution.ami import Der, as_debate, plain, read_reference
from eval.attribution.made_script import Spoken
from eval.attribution.tape import RATE, Sound

RTTM = """SPEAKER b 1 4.500 1.500 <NA> <NA> Zoé <NA> <NA>
;; a comment
SPEAKER a 1 0.000 4.000 <NA> <NA> Ada <NA> <NA>
SPEAKER b 1 0.250 2.000 <NA> <NA> Jean <NA> <NA>
"""
TRUE = [Spoken(0, 10, "Ada"), Spoken(10, 20, "Jean")]


def test_turns_are_read_by_recording_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "speakers.rttm"
    path.write_text(RTTM, "utf-8")
    assert read_reference(path) == {
        "b": [Spoken(0.25, 2.25, "Jean"), Spoken(4.5, 6.0, "Zoé")],
        "a": [Spoken(0.0, 4.0, "Ada")],
    }


def test_turns_stand_for_segments_that_tell_nothing() -> None:
    debate = as_debate("b", [Spoken(0.25, 2.25, "Jean"), Spoken(2.25, 2.3, "Zoé")])
    assert [(one.start, one.end, one.text, one.speaker) for one in debate.segments] == [
        (0.25, 2.25, "mot mot mot mot mot mot", None),
        (2.25, 2.3, "mot", None),
    ]


@pytest.mark.parametrize(
    ("found", "strict", "lenient"),
    [
        ([Spoken(0, 10, "V1"), Spoken(10, 20, "V2")], 0.0, 0.0),
        ([Spoken(0, 10.2, "V1"), Spoken(10.2, 20, "V2")], 0.01, 0.0),
        ([Spoken(0, 12, "V1"), Spoken(12, 20, "V2")], 0.1, 1.75 / 19),
        ([Spoken(0, 20, "V1")], 0.5, 0.5),
        ([Spoken(0, 10, "V1")], 0.5, 0.5),
        ([], 1.0, 1.0),
    ],
)
def test_errors_are_missed_false_and_confused_time(found: list[Spoken], strict: float, lenient: float) -> None:
    """.25 s on each side of the borders at 0, 10 and 20 s is 1 s of the 20 s, of which a wrong voice loses as much."""
    assert Der().add(TRUE, found, 20.0) == pytest.approx((strict, lenient))


def test_time_at_once_counts_only_in_the_strict_rate() -> None:
    both = [Spoken(0, 10, "Ada"), Spoken(5, 10, "Jean"), Spoken(10, 15, "Jean")]
    found = [Spoken(0, 10, "V1"), Spoken(10, 15, "V2")]
    assert Der().add(both, found, 15.0) == pytest.approx((5 / 20, 0.0))


def test_recordings_are_pooled_by_time() -> None:
    der = Der()
    der.add(TRUE, [], 20.0)
    der.add([Spoken(0, 60, "Ada")], [Spoken(0, 60, "V1")], 60.0)
    assert der.total()[0] == pytest.approx(20 / 80)


def _pitch(sound: Sound) -> npt.NDArray[np.float32]:
    assert len(sound) >= RATE // 2
    loudest = np.argmax(np.abs(np.fft.rfft(sound, RATE)))
    return np.array([np.cos(loudest / 400), np.sin(loudest / 400)], dtype=np.float32)


@pytest.mark.parametrize("count", [None, 2])
def test_plain_clustering_puts_each_turn_with_its_voice(count: int | None) -> None:
    turns = [Spoken(at, at + (0.1 if at == 2 else 0.9), "Ada" if at % 2 else "Jean") for at in range(6)]
    sound = np.zeros(6 * RATE, dtype=np.float32)
    for one in turns:
        times = np.arange(RATE) / RATE
        sound[int(one.start) * RATE : (int(one.start) + 1) * RATE] = np.sin(
            2 * np.pi * (150 if one.speaker == "Ada" else 750) * times
        )
    found = plain(sound, turns, _pitch, count)
    assert [(one.start, one.end) for one in found] == [(one.start, one.end) for one in turns]
    assert Der().add(turns, found, 6.0)[0] == 0
