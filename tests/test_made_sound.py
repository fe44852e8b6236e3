"""Debates of known truth: the same for the same seed, all words kept, each condition does what it says."""

import wave
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.attribution.made_script import CONDITIONS, Condition, joined, script_of
from eval.attribution.made_sound import Made, Voices, make, read_voices
from eval.attribution.tape import LEVEL, RATE, Sound, levelled
from index.errors import SuiteInvalid
from index.types import Attribution, Debate, Origin, Participant, Segment

HERTZ = {"grave": 150.0, "haut": 450.0, "moyen": 300.0}


def gold(count: int = 200, people: tuple[str, ...] = ("Ada Martin", "Jean Petit"), id_: str = "made") -> Debate:
    """Captions of 1 to 4 seconds, three a turn, .1 s between them."""
    segments, now = [], 0.0
    for at in range(count):
        seconds = 1.0 + at % 4
        who = Attribution(people[at // 3 % len(people)], Origin.LABELLED, 1.0)
        segments.append(Segment(at, now, now + seconds, " ".join(f"mot{at}-{n}" for n in range(3 + at % 5)), who))
        now += seconds + 0.1
    return Debate(id_, "Débat", tuple(segments), tuple(map(Participant, people)))


@pytest.fixture(scope="module")
def tones() -> Voices:
    seconds = np.arange(5 * RATE) / RATE
    return Voices({name: levelled(np.sin(2 * np.pi * hertz * seconds)) for name, hertz in HERTZ.items()})


def read(path: Path) -> Sound:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / np.float32(32_767)


def pitch(sound: Sound) -> float:
    """The loudest frequency."""
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE / len(sound))


def words(debate: Debate) -> list[str]:
    return [word for segment in debate.segments for word in segment.text.split()]


def gold_words(debate: Debate) -> Mapping[str, str | None]:
    return {word: segment.speaker for segment in debate.segments for word in segment.text.split()}


def heard(made: Made, sound: Sound) -> list[str]:
    """Whose voice plays in the middle of each utterance, by its pitch."""
    found = []
    for one in made.spoken:
        middle = round((one.start + one.end) / 2 * RATE)
        hertz = pitch(sound[middle - RATE // 4 : middle + RATE // 4])
        found.append(min(HERTZ, key=lambda name: abs(HERTZ[name] - hertz)))
    return found


def test_each_speaker_is_heard_in_one_voice_when_the_transcript_says(tones: Voices, tmp_path: Path) -> None:
    debate = gold(30)
    made = make(debate, tones, "clean", tmp_path / "a.wav")
    sound = read(made.path)
    assert len(sound) == round(made.duration * RATE)
    assert len(set(made.cast.values())) == 2
    assert heard(made, sound) == [made.cast[one.speaker] for one in made.spoken]
    assert [(one.start, one.end) for one in made.debate.segments] == [(one.start, one.end) for one in debate.segments]
    assert {one.speaker for one in made.debate.segments} == {None}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_word_keeps_its_speaker(condition: str, tones: Voices, tmp_path: Path) -> None:
    debate = gold(40)
    made = make(debate, tones, condition, tmp_path / "a.wav")
    assert words(made.debate) == words(debate)
    assert dict(zip(words(made.debate), made.words, strict=True)) == gold_words(debate)
    assert heard(made, read(made.path)) == [made.cast[one.speaker] for one in made.spoken]


def test_the_same_seed_makes_the_same_and_another_makes_another(tones: Voices, tmp_path: Path) -> None:
    debate = gold(40)
    one, two = (make(debate, tones, "hard", tmp_path / name, seed=1) for name in ("1.wav", "2.wav"))
    other = make(debate, tones, "hard", tmp_path / "3.wav", seed=2)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert (one.debate, one.words, one.spoken, one.cast) == (two.debate, two.words, two.spoken, two.cast)
    assert (one.debate, one.path.read_bytes()) != (other.debate, other.path.read_bytes())


def test_a_speaker_keeps_the_voice_in_every_condition_and_length(tones: Voices, tmp_path: Path) -> None:
    debate = gold(40)
    casts = [make(debate, tones, name, tmp_path / "a.wav", minutes=1).cast for name in CONDITIONS]
    assert casts == [make(debate, tones, "clean", tmp_path / "a.wav").cast] * len(CONDITIONS)


@pytest.mark.parametrize(("condition", "decibels"), [("noise", 10.0), ("clean", 40.0)])
def test_noise_lies_as_far_below_speech_as_it_says(
    condition: str, decibels: float, tones: Voices, tmp_path: Path
) -> None:
    sound = read(make(gold(30), tones, condition, tmp_path / "a.wav").path)
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    tones_only = np.any([np.abs(hertz - tone) < 30 for tone in HERTZ.values()], axis=0)
    beside = (hertz > 2_000) & (hertz < 7_900)
    quiet = sound[round(1.02 * RATE) : round(1.08 * RATE)]  # between two captions
    assert 10 * np.log10(LEVEL**2 / np.mean(quiet**2)) == pytest.approx(decibels, abs=3)
    assert spectrum[tones_only].sum() / len(sound) ** 2 * 2 == pytest.approx(LEVEL**2, rel=0.15)
    assert spectrum[beside].sum() < spectrum[tones_only].sum() * 10 ** (-decibels / 10)


def test_music_plays_between_turns_and_moves_what_follows() -> None:
    debate = gold()
    script, plain = (script_of(debate, CONDITIONS[name]) for name in ("music", "clean"))
    lengths = [end - start for start, end in script.jingles]
    assert len(lengths) >= 3
    assert all(3 <= length <= 8 for length in lengths)
    assert script.duration == pytest.approx(plain.duration + sum(lengths))
    for start, end in script.jingles:
        before = max(one.end for one in script.spoken if one.end <= start)
        after = next(one for one in script.spoken if one.start >= end)
        assert not [one for one in script.spoken if one.start < end and one.end > start]
        assert after.start - end == pytest.approx(0.1)
        assert before == start
    changes = [two.start for one, two in pairwise(script.spoken) if one.speaker != two.speaker]
    assert all(any(moment == pytest.approx(end + 0.1) for moment in changes) for _start, end in script.jingles)


@given(st.floats(0.05, 0.6), st.integers(0, 50))
def test_borders_move_by_no_more_than_they_may_and_every_caption_lasts(shift: float, seed: int) -> None:
    debate = gold(30)
    script = script_of(debate, Condition(shift=shift), seed=seed)
    plain = script_of(debate, Condition(), seed=seed)
    assert script.spoken == plain.spoken
    for one, was in zip(script.captions, plain.captions, strict=True):
        assert max(abs(one.start - was.start), abs(one.end - was.end)) <= shift + 1e-9
        assert one.end - one.start >= (was.end - was.start) / 3 - 1e-9
    assert all(two.start - one.end == pytest.approx(0.1) for one, two in pairwise(script.captions))
    moved = [one.end - was.end for one, was in zip(script.captions, plain.captions, strict=True)]
    assert np.std(moved[:-1]) > 0.3 * shift


@given(st.integers(0, 50))
def test_as_many_captions_as_asked_hold_two_voices(seed: int) -> None:
    script = script_of(gold(), CONDITIONS["two"], seed=seed)
    several = [one for one in script.captions if len(set(one.speakers)) > 1]
    assert len(several) == 10  # of 200
    assert all(len([1 for a, b in pairwise(one.speakers) if a != b]) == 1 for one in several)
    assert all(two.start >= one.end - 1e-9 for one, two in pairwise(script.captions))
    assert script.spoken == script_of(gold(), CONDITIONS["clean"], seed=seed).spoken


@given(st.integers(0, 50))
def test_some_turns_begin_before_the_one_before_has_ended(seed: int) -> None:
    script = script_of(gold(), CONDITIONS["overlap"], seed=seed)
    changes = [(one, two) for one, two in pairwise(script.spoken) if one.speaker != two.speaker]
    both = [one.end - two.start for one, two in changes if one.end > two.start]
    assert 0.05 < len(both) / len(changes) < 0.4
    assert all(0 < seconds < 1 + 1e-9 for seconds in both)


def test_the_first_minutes_are_the_beginning_of_the_whole() -> None:
    whole, part = (script_of(gold(), CONDITIONS["clean"], minutes=minutes) for minutes in (None, 2))
    assert part.captions == whole.captions[: len(part.captions)]
    assert 120 <= part.duration < 126


def test_two_debates_are_joined_with_the_people_of_both() -> None:
    one, two = gold(100, ("Ada Martin", "Jean Petit"), "un"), gold(100, ("Zoé Roux", "Jean Petit"), "deux")
    both = joined(one, two, 1)
    late = next(at for at, segment in enumerate(both.segments) if segment.speaker == "Zoé Roux")
    assert [person.name for person in both.participants] == ["Ada Martin", "Jean Petit", "Zoé Roux"]
    assert both.title == "Débat Ada Martin – Jean Petit – Zoé Roux"
    assert both.segments[late].start == both.segments[late - 1].end >= 60
    assert [segment.index for segment in both.segments] == list(range(len(both.segments)))


def test_voices_are_read_from_files_named_by_them(tones: Voices, tmp_path: Path) -> None:
    folder = tmp_path / "voices"
    folder.mkdir()
    for name in ("grave-1", "grave-2", "haut-1"):
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(2 * RATE)
            sound = np.repeat(tones.sounds[name.split("-")[0]], 2)
            file.writeframes((sound * 32_767).astype("<i2").tobytes())
    found = read_voices(folder)
    assert found.names == ("grave", "haut")
    assert len(found.sounds["grave"]) == pytest.approx(10 * RATE, abs=200)
    for name, sound in found.sounds.items():
        assert pitch(sound) == pytest.approx(HERTZ[name], abs=1)
        assert np.sqrt(np.mean(sound**2)) == pytest.approx(LEVEL, rel=1e-3)


def test_too_few_voices_and_a_folder_without_any_are_refused(tones: Voices, tmp_path: Path) -> None:
    crowd = gold(30, ("A", "B", "C", "D"))
    with pytest.raises(SuiteInvalid, match="too few voices, 3 < 4"):
        make(crowd, tones, "clean", tmp_path / "a.wav")
    with pytest.raises(SuiteInvalid, match="VOICE-NUMBER"):
        read_voices(tmp_path)
