"""Small files of sound and pictures, made by PyAV, for tests. Sound is ``(channels, n)`` float32 in [-1, 1]."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import OutputContainer

Sound = npt.NDArray[np.float32]

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def tone(seconds: float, rate: int = 16_000, *, hertz: float = 440.0, height: float = 0.5, channels: int = 1) -> Sound:
    """A sine."""
    times = np.arange(round(seconds * rate)) / rate
    return np.tile((height * np.sin(2 * np.pi * hertz * times)).astype(np.float32), (channels, 1))


def write_media(
    path: Path,
    sound: Sound | None,
    codec: str = "pcm_s16le",
    rate: int = 16_000,
    *,
    pictures: float = 0.0,
    late: float = 0.0,
    gap: tuple[float, float] = (0.0, 0.0),
    container: str | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """A file whose ending says what it is. The sound begins ``late`` seconds after ``pictures`` of so many seconds;
    ``gap`` is a moment of the sound, and the seconds for which nothing is written there."""
    with av.open(str(path), "w", format=container, container_options=options or {}) as file:
        # every stream is there before the first packet: the head is written with that
        heard = None if sound is None else file.add_stream(codec, rate=rate, layout=_LAYOUTS[sound.shape[0]])
        if pictures:
            _draw(file, pictures)
        if sound is not None:
            assert isinstance(heard, av.AudioStream)
            play(file, heard, sound, late, gap)
    return path


def play(
    file: OutputContainer,
    stream: av.AudioStream,
    sound: Sound,
    late: float = 0.0,
    gap: tuple[float, float] = (0.0, 0.0),
) -> None:
    """All of the sound into a stream of the file."""
    layout, rate = _LAYOUTS[sound.shape[0]], stream.codec_context.sample_rate
    size = stream.codec_context.frame_size or 1024
    resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate)
    for start in range(0, sound.shape[1], size):
        piece = np.ascontiguousarray(sound[:, start : start + size])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate = rate
        moved = late + (gap[1] if start >= gap[0] * rate else 0.0)
        for ready in resampler.resample(frame):
            ready.pts, ready.time_base = start + round(moved * rate), Fraction(1, rate)
            file.mux(stream.encode(ready))
    file.mux(stream.encode(None))


def _draw(file: OutputContainer, seconds: float) -> None:
    stream = file.add_stream("mpeg4", rate=25)
    assert isinstance(stream, av.VideoStream)
    stream.width = stream.height = 32
    stream.pix_fmt = "yuv420p"
    for number in range(round(seconds * 25)):
        frame = av.VideoFrame.from_ndarray(np.full((48, 32), number % 256, np.uint8), format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, 25)
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))
