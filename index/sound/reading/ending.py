"""Where the sound of a file ends, as the head of the file tells: what ends long before was cut off.

A format without a head (AAC, MPEG-TS) and one whose length FFmpeg finds at its end (OGG) tell nothing. Of WAV and AVI
it believes the size of the file more than the head, and of an MP3 without a head it guesses: the bytes are looked at.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

MICROSECONDS = 1e6
"""In a second: FFmpeg's unit for a whole file."""

_HEADED = ("mov", "matroska", "w64", "flac", "asf", "aiff", "caf", "au")
_ENDLESS = 0x7FFF_0000
"""From this size on a RIFF file was written by a program that did not know it, to a pipe."""

_TAGS = 65_536
"""Bytes of tags that may follow the sound of an MP3."""


def told_end(container: InputContainer, track: AudioStream, path: Path) -> float | None:
    """Seconds from the beginning, None where nothing tells it."""
    match format_of(container):
        case "wav" | "avi":
            return _by_size(path, duration_of(container))
        case "mp3":
            return duration_of(container) if _counts_bytes(path) else None
        case name if name in _HEADED:
            return _end(track, container)
    return None


def duration_of(container: InputContainer) -> float | None:
    """Seconds, as FFmpeg reads or guesses them."""
    return container.duration / MICROSECONDS if container.duration and container.duration > 0 else None


def format_of(container: InputContainer) -> str:
    """FFmpeg's first name for it: "mov", "matroska"."""
    return container.format.name.partition(",")[0]


def _end(track: AudioStream, container: InputContainer) -> float | None:
    if track.duration is None or track.time_base is None:
        return duration_of(container)
    zero = (container.start_time or 0) / MICROSECONDS
    return float(((track.start_time or 0) + track.duration) * track.time_base) - zero


def _by_size(path: Path, duration: float | None) -> float | None:
    """A RIFF file begins with its own size less 8 (Multimedia Programming Interface and Data Specifications 1.0,
    1991)."""
    with path.open("rb") as file:
        head = file.read(8)
    there, told = path.stat().st_size, int.from_bytes(head[4:8], "little") + 8
    if duration is None or head[:4] != b"RIFF" or not there < told < _ENDLESS:
        return duration
    return duration * told / there


def _counts_bytes(path: Path) -> bool:
    """Whether the first frame of an MP3 tells of as many bytes as there are, or of more: of fewer, several were joined.
    Encoders write "Xing" or "Info" there, which numbers there are, that of frames and that of bytes. A tag before it
    has a size of 7 bits in each byte (https://id3.org/id3v2.4.0-structure)."""
    with path.open("rb") as file:
        head = file.read(10)
        tag = 0
        if head[:3] == b"ID3":
            tag = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        file.seek(tag)
        frame = file.read(256)
    found = re.search(rb"(?:Xing|Info)...[\x03\x07\x0b\x0f]....(....)", frame, re.DOTALL)
    return found is not None and path.stat().st_size - tag <= int.from_bytes(found[1], "big") + _TAGS
