"""Recordings of every kind: what is heard is heard at its time, and what cannot be heard is refused with its reason."""

import contextlib
import os
import re
import socket
import struct
import sys
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from index.errors import (
    AudioMissing,
    RecordingDamaged,
    RecordingError,
    RecordingTruncated,
    RecordingUnknown,
    RecordingUnreadable,
    RecordingUnsupported,
    RecordingWithoutSound,
)
from index.sound.reading.recording import RATE, blocks, open_recording
from index.sound.reading.timeline import Samples, Timeline
from tests.media_files import play, tone, write_media


def heard(path: Path, seconds: float = 10.0) -> Samples:
    return np.concatenate(list(blocks(open_recording(path), seconds)))


def pitch(samples: Samples) -> float:
    """Of the strongest tone, in hertz."""
    return float(np.abs(np.fft.rfft(samples * np.hanning(samples.size))).argmax() * RATE / samples.size)


def level(samples: Samples, start: float, end: float) -> float:
    """The height of a sine that fills a stretch of seconds."""
    part = samples[round(start * RATE) : round(end * RATE)]
    return float(np.sqrt(2 * np.mean(part**2)))


KINDS = {
    "a.wav": ("pcm_s16le", 16_000, 1, "wav", "pcm_s16le"),
    "telephone.wav": ("pcm_s16le", 8_000, 1, "wav", "pcm_s16le"),
    "stereo.wav": ("pcm_s16le", 44_100, 2, "wav", "pcm_s16le"),
    "around.flac": ("flac", 48_000, 6, "flac", "flac"),
    "b.mp3": ("libmp3lame", 44_100, 2, "mp3", "mp3float"),
    "c.ogg": ("libopus", 48_000, 1, "ogg", "opus"),
    "d.flac": ("flac", 44_100, 2, "flac", "flac"),
    "e.m4a": ("aac", 44_100, 2, "mov", "aac"),
    "f.webm": ("libopus", 48_000, 2, "matroska", "opus"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_tone_comes_out_as_it_went_in(tmp_path: Path, name: str) -> None:
    codec, rate, channels, container, read_as = KINDS[name]
    path = write_media(tmp_path / name, tone(3, rate, channels=channels), codec, rate)
    recording = open_recording(path)
    assert (recording.container, recording.codec) == (container, read_as)
    assert recording.duration == pytest.approx(3.0, abs=0.03)
    samples = heard(path)
    assert samples.dtype == np.float32
    assert samples.size == pytest.approx(3 * RATE, abs=0.03 * RATE)
    assert pitch(samples[:RATE]) == 440
    # five of the six channels go into the mix, weighted; it never leaves the range
    expected = pytest.approx(0.5, abs=0.04) if channels < 6 else pytest.approx(0.5, abs=0.15)
    assert level(samples, 0.5, 2.5) == expected


def test_samples_of_a_plain_file_are_those_of_the_file(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", sound := tone(2.5, hertz=1000))
    assert np.abs(heard(path, 1.0) - sound[0]).max() < 2 / 32768


def test_blocks_are_as_long_as_asked_and_the_last_one_shorter(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", tone(2.5))
    sizes = [block.size for block in blocks(open_recording(path), 0.7)]
    assert sizes == [11_200, 11_200, 11_200, 6_400]
    assert np.array_equal(heard(path, 0.7), heard(path, 10.0))


def test_blocks_are_the_callers_own(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", tone(2))
    first, second = blocks(open_recording(path), 1.0)
    kept = second.copy()
    first[:] = 0
    assert np.array_equal(second, kept)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.mkv", "aac"), ("a.ts", "aac"), ("b.mkv", "libopus")])
def test_sound_that_begins_after_the_pictures_keeps_its_time(tmp_path: Path, name: str, codec: str) -> None:
    path = write_media(tmp_path / name, tone(2, 48_000), codec, 48_000, pictures=5, late=2.0)
    samples = heard(path)
    assert level(samples, 0.1, 1.9) < 0.01
    assert level(samples, 2.1, 3.9) == pytest.approx(0.5, abs=0.04)
    assert np.flatnonzero(np.abs(samples) > 0.1)[0] / RATE == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.mkv", "libopus"), ("a.ts", "aac")])
def test_a_gap_is_silence(tmp_path: Path, name: str, codec: str) -> None:
    sound = np.concatenate([tone(2, 48_000, hertz=400), tone(2, 48_000, hertz=900)], axis=1)
    samples = heard(write_media(tmp_path / name, sound, codec, 48_000, gap=(2.0, 3.0)))
    assert samples.size / RATE == pytest.approx(7.0, abs=0.05)
    assert level(samples, 2.1, 4.9) < 0.01
    assert pitch(samples[RATE // 2 : RATE * 3 // 2]) == 400
    assert pitch(samples[RATE * 11 // 2 : RATE * 13 // 2]) == 900


def frame(samples: Samples, start: float | None, rate: int = RATE) -> av.AudioFrame:
    made = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
    made.sample_rate = rate
    if start is not None:
        made.pts, made.time_base = round(start * rate), Fraction(1, rate)
    return made


def placed(*pieces: tuple[float, float | None], end: float = 10.0) -> list[float]:
    """Frames of a height and a start, each a second long -> the heights at the middle of every half second."""
    line = Timeline(0.0, end)
    made = [frame(np.full(RATE, height, np.float32), start) for height, start in pieces]
    whole = np.concatenate([part for each in made for part in line.place(each)] + list(line.rest()))
    assert line.written == whole.size
    return [round(float(height), 3) for height in whole[RATE // 4 :: RATE // 2]]


def test_frames_lie_at_their_times() -> None:
    assert placed((0.1, 0.0), (0.2, 1.0)) == [0.1, 0.1, 0.2, 0.2]
    assert placed((0.1, 0.0), (0.2, 1.04), (0.3, 1.96)) == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]
    assert placed((0.1, 0.5), (0.2, 2.0)) == [0.0, 0.1, 0.1, 0.0, 0.2, 0.2]
    assert placed((0.1, None), (0.2, None)) == [0.1, 0.1, 0.2, 0.2]


def test_times_that_go_back_a_little_add_nothing() -> None:
    assert placed((0.1, 0.0), (0.2, 0.5), (0.3, 1.5)) == [0.1, 0.1, 0.2, 0.3, 0.3]
    assert placed((0.1, 0.0), (0.2, 1.0), (0.3, 0.5), (0.4, 1.5)) == [0.1, 0.1, 0.2, 0.2, 0.4]
    assert placed((0.1, -0.5), (0.2, 0.5)) == [0.1, 0.2, 0.2]


def test_a_counter_that_begins_again_goes_on() -> None:
    late = placed((0.1, 5.0), (0.2, 0.0), (0.3, 1.5))
    assert late == [0.0] * 10 + [0.1, 0.1, 0.2, 0.2, 0.0, 0.3, 0.3]
    assert placed((0.1, 0.0), (0.2, 9000.0), (0.3, 9001.0)) == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]


def test_files_that_were_joined_follow_one_another(tmp_path: Path) -> None:
    """Their second halves begin at 0 again, and here with another rate and two channels."""
    first = write_media(tmp_path / "1.ts", tone(4, 44_100, hertz=400), "aac", 44_100)
    second = write_media(tmp_path / "2.ts", tone(4, 48_000, hertz=900, channels=2), "aac", 48_000)
    (tmp_path / "both.ts").write_bytes(first.read_bytes() + second.read_bytes())
    samples = heard(tmp_path / "both.ts")
    assert samples.size / RATE == pytest.approx(8.0, abs=0.15)
    assert [pitch(samples[RATE : RATE * 2]), pitch(samples[RATE * 6 : RATE * 7])] == [400, 900]


def test_two_mp3_that_were_joined_are_not_taken_for_half_of_one(tmp_path: Path) -> None:
    one = write_media(tmp_path / "1.mp3", tone(9, 44_100), "libmp3lame", 44_100).read_bytes()
    (tmp_path / "both.mp3").write_bytes(one + one)
    assert heard(tmp_path / "both.mp3").size / RATE == pytest.approx(18.0, abs=0.2)


def refusal(path: Path) -> RecordingError:
    with pytest.raises(RecordingError) as raised:
        heard(path)
    assert raised.value.message("fr") != raised.value.message("en")
    return raised.value


@pytest.mark.parametrize("content", [b"", b"Bonjour, ceci est un texte. " * 200, bytes(5000), b"\xff" * 9])
def test_what_is_no_recording(tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "debat.mp3").write_bytes(content)
    assert type(refusal(tmp_path / "debat.mp3")) is RecordingUnknown
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["missing.wav", "folder", "a\0b.wav"])
def test_what_cannot_be_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert type(refusal(tmp_path / name)) is RecordingUnreadable


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "debat.wav")
    assert type(refusal(tmp_path / "debat.wav")) is RecordingUnreadable


def test_pictures_alone(tmp_path: Path) -> None:
    error = refusal(write_media(tmp_path / "a.mp4", None, pictures=1))
    assert type(error) is RecordingWithoutSound
    assert "a.mp4" in error.message("fr")


@pytest.mark.parametrize(
    ("old", "new", "said"), [(b"A_OPUS", b"A_OPXX", "no decoder"), (b"mp4a", b"enca", "it is encrypted")]
)
def test_sound_that_cannot_be_decoded(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    name, codec = ("a.webm", "libopus") if old == b"A_OPUS" else ("a.m4a", "aac")
    path = write_media(tmp_path / name, tone(1, 48_000), codec, 48_000)
    path.write_bytes(path.read_bytes().replace(old, new))
    error = refusal(path)
    assert type(error) is RecordingUnsupported
    assert said in error.message("en")


def wav(channels: int, rate: int, size: int, content: bytes) -> bytes:
    """A RIFF file that claims to have ``size`` bytes of sound."""
    format_chunk = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2 % 2**32, channels * 2 % 65536, 16)
    head = b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + b"WAVEfmt " + format_chunk
    return head + b"data" + struct.pack("<I", size) + content


@pytest.mark.parametrize(("channels", "rate"), [(65_535, 16_000), (40, 16_000), (1, 2**32 - 1), (1, 0), (0, 16_000)])
def test_hostile_heads_are_refused_in_little_memory(tmp_path: Path, channels: int, rate: int) -> None:
    (tmp_path / "a.wav").write_bytes(wav(channels, rate, 320_000, bytes(320_000)))
    tracemalloc.start()
    error = refusal(tmp_path / "a.wav")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert type(error) in (RecordingUnsupported, RecordingDamaged)
    assert peak < 20e6


def test_a_time_that_no_debate_has(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.mkv", tone(1, 48_000), "libopus", 48_000)
    whole = path.read_bytes()
    at = whole.index(b"\x44\x89\x88") + 3
    path.write_bytes(whole[:at] + struct.pack(">d", 1e12) + whole[at + 8 :])
    error = refusal(path)
    assert type(error) is RecordingUnsupported
    assert "277778 hours" in error.message("en")


def test_times_that_leap_do_not_make_hours_of_silence(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.mkv", tone(2, 48_000), "libopus", 48_000, gap=(1.0, 40_000.0))
    error = refusal(path)
    assert type(error) is RecordingDamaged
    assert "leap" in error.message("en")


@pytest.mark.parametrize("name", ["a.wav", "b.mp3", "c.ogg", "d.flac", "e.m4a", "f.webm"])
def test_a_file_with_some_bytes_changed_is_heard_or_refused(tmp_path: Path, name: str) -> None:
    codec, rate, channels, _container, _codec = KINDS[name]
    path = write_media(tmp_path / name, tone(1, rate, channels=channels), codec, rate)
    whole, random = path.read_bytes(), np.random.default_rng(11)
    for _ in range(25):
        changed = bytearray(whole)
        for at in random.integers(0, min(len(whole), 600), size=3):
            changed[at] = random.integers(256)
        path.write_bytes(changed)
        with contextlib.suppress(RecordingError):
            assert np.abs(heard(path)).max() <= 1.0


def test_a_size_that_was_not_known_when_it_was_written(tmp_path: Path) -> None:
    sound = (tone(4)[0] * 32767).astype("<i2").tobytes()
    (tmp_path / "a.wav").write_bytes(wav(1, RATE, 2**32 - 1, sound))
    assert heard(tmp_path / "a.wav").size == 4 * RATE


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        *(("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame"), ("a.mkv", "libopus")),
        *(("a.avi", "libmp3lame"), ("a.mp4", "aac")),
    ],
)
def test_what_was_cut_off_says_where(tmp_path: Path, name: str, codec: str) -> None:
    options = {"movflags": "faststart"} if name == "a.mp4" else None
    path = write_media(tmp_path / name, tone(12, 48_000), codec, 48_000, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    error = refusal(path)
    assert type(error) is RecordingTruncated
    assert re.search(r"lasts 00:1[12] and ends at 00:0[56]", error.message("en"))


def test_a_download_without_the_end_that_describes_it(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.m4a", tone(3, 48_000), "aac", 48_000)
    path.write_bytes(path.read_bytes()[:-3000])
    assert type(refusal(path)) is RecordingDamaged


def spoiled(path: Path, start: float, end: float) -> Path:
    """Other bytes from one part of the file to another."""
    content = bytearray(path.read_bytes())
    first, last = round(len(content) * start), round(len(content) * end)
    content[first:last] = np.random.default_rng(7).bytes(last - first)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mkv", "libopus"), ("a.mp4", "aac"), ("a.flac", "flac"), ("a.ts", "aac"), ("a.ogg", "libopus")],
)
def test_a_little_damage_is_bridged_and_the_time_kept(tmp_path: Path, name: str, codec: str) -> None:
    sound = np.concatenate([tone(10, 48_000, hertz=400), tone(10, 48_000, hertz=900)], axis=1)
    path = spoiled(write_media(tmp_path / name, sound, codec, 48_000), 0.30, 0.32)
    samples = heard(path)
    assert samples.size / RATE == pytest.approx(20.0, abs=0.1)
    assert pitch(samples[: 2 * RATE]) == 400
    assert pitch(samples[round(10.05 * RATE) : 12 * RATE]) == pytest.approx(900, abs=1)
    assert level(samples, 12.0, 19.0) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.flac", "flac"), ("a.ogg", "libopus")])
def test_much_damage_says_where_it_begins(tmp_path: Path, name: str, codec: str) -> None:
    path = spoiled(write_media(tmp_path / name, tone(20, 48_000), codec, 48_000), 0.25, 0.75)
    error = refusal(path)
    assert type(error) is RecordingDamaged
    assert re.search(r"from 00:0[3-6] on", error.message("en"))


def test_what_is_gone_from_the_middle_of_an_mp3_is_missing_at_its_end(tmp_path: Path) -> None:
    path = spoiled(write_media(tmp_path / "a.mp3", tone(20, 48_000), "libmp3lame", 48_000), 0.25, 0.75)
    assert type(refusal(path)) in (RecordingDamaged, RecordingTruncated)


PLAYLISTS = {
    "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n",
    "a.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n",
    "a.ffconcat": "ffconcat version 1.0\nfile '{target}'\n",
    "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\na={target}\n",
    "a.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{target}</BaseURL></MPD>',
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_a_list_of_other_files_is_not_followed(tmp_path: Path, name: str) -> None:
    secret = write_media(tmp_path / "secret.ts", tone(1, 48_000), "aac", 48_000)
    (tmp_path / name).write_text(PLAYLISTS[name].format(target=secret))
    assert type(refusal(tmp_path / name)) is RecordingUnknown


@pytest.mark.parametrize("name", PLAYLISTS)
def test_no_address_is_connected_to(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / name).write_text(PLAYLISTS[name].format(target=address))
        assert type(refusal(tmp_path / name)) is RecordingUnknown
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("name", ["http:127.0.0.1.wav", "concat:a|b.wav", os.fsdecode(b"\xff\xe9.wav")])
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    path = write_media(tmp_path / "a.wav", tone(1)).rename(tmp_path / name)
    assert heard(path).size == RATE


@pytest.mark.parametrize(("marked", "hertz"), [(0, 300), (1, 700)])
def test_the_track_that_is_marked_is_heard(tmp_path: Path, marked: int, hertz: int) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as file:
        tracks = [file.add_stream("libopus", rate=48_000, layout="mono") for _ in range(2)]
        for number, track in enumerate(tracks):
            track.disposition = Disposition.default if number == marked else Disposition.comment
        for track, tones in zip(tracks, (300, 700), strict=True):
            play(file, track, tone(2, 48_000, hertz=tones))
    assert pitch(heard(tmp_path / "a.mkv")) == pytest.approx(hertz, abs=1)


def test_a_recording_streams(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(1, RATE, 400 * RATE, bytes(400 * RATE)))
    tracemalloc.start()
    seconds = sum(block.size for block in blocks(open_recording(path))) / RATE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds == 200
    assert peak < 4e6


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_media(tmp_path / "a.wav", tone(1))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(AudioMissing, match=re.escape("pip install 'qui-dit-quoi[audio]'")):
        open_recording(path)
