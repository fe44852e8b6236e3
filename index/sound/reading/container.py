"""The file of a recording, opened by FFmpeg's libraries: what it may hold, and which of its tracks is heard.

FFmpeg gets the opened file, never a name: it can open neither an address nor another file, whatever stands in this
one. It reads the formats of a list, on which there is no playlist, no picture and nothing that guesses raw sound.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.errors import (
    RecordingDamaged,
    RecordingUnknown,
    RecordingUnreadable,
    RecordingUnsupported,
    RecordingWithoutSound,
)
from index.sound.networks.extra import needed
from index.times import format_time

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

LONGEST = 48 * 3600.0
"""Seconds. What says that it is longer is no debate, or lies."""

_FORMATS = (
    *("mov", "matroska", "wav", "w64", "flac", "asf", "avi", "aiff", "caf", "au", "mp3"),
    *("aac", "ac3", "eac3", "ogg", "amr", "amrnb", "amrwb", "ape", "tta", "wv", "mpc", "mpc8", "dts"),
    *("flv", "mpeg", "mpegts", "mxf", "mxf_opatom", "rm", "nut", "ivf", "loas", "voc", "ircam", "nistsphere", "gxf"),
)
_OPTIONS = {"format_whitelist": ",".join(_FORMATS), "protocol_whitelist": "none"}
_LOCKED = ("enca", "drms", "aavd")
"""As MP4 marks a track that is encrypted (ISO/IEC 23001-7), of FairPlay, of Audible."""

_MAGIC = ((4, b"ftyp"), (0, b"RIFF"), (0, b"OggS"), (0, b"fLaC"), (0, b"\x1aE\xdf\xa3"), (0, b"ID3"))
_CHANNELS = 64
_RATES = range(1_000, 1_000_001)
_BUFFER = 1 << 18


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file, as FFmpeg sees it. Raises RecordingUnreadable, RecordingUnknown, RecordingDamaged, AudioMissing."""
    with needed():
        import av
    with _file(path) as file:
        head = file.read(16)
        if not head:
            raise RecordingUnknown(path=path, reason="it is empty", reason_fr="il est vide")
        file.seek(0)
        try:
            container = av.open(file, "r", options=_OPTIONS, metadata_errors="replace", buffer_size=_BUFFER)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _refused(path, head) from error
        with container:
            yield container


def sound_track(container: InputContainer, path: Path) -> AudioStream:
    """The track that players choose: the first that is marked as the default one, else the best. Raises
    RecordingWithoutSound, RecordingUnsupported."""
    from av.stream import Disposition

    tracks = container.streams.audio
    if not tracks:
        raise RecordingWithoutSound(path=path)
    usable = [track for track in tracks if _fault(track) is None]
    if not usable:
        reason, reason_fr = _fault(tracks[0]) or ("", "")
        raise RecordingUnsupported(path=path, reason=reason, reason_fr=reason_fr)
    marked = [track for track in usable if track.disposition & Disposition.default]
    best = container.streams.best("audio")
    return (marked or [track for track in usable if best is not None and track.index == best.index] or usable)[0]


def _fault(track: AudioStream) -> tuple[str, str] | None:
    """Why a track cannot be decoded, in English and French."""
    if track.codec_context is None:
        return "no decoder for its kind", "pas de décodeur pour ce codage"
    if _tag(track) in _LOCKED:
        return "it is encrypted", "il est chiffré"
    if not 1 <= track.channels <= _CHANNELS or track.sample_rate not in _RATES:
        return (
            f"{track.channels} channels of {track.sample_rate} Hz",
            f"{track.channels} canaux de {track.sample_rate} Hz",
        )
    return None


def _tag(track: AudioStream) -> str:
    try:
        return track.codec_tag
    except UnicodeDecodeError:
        return ""


def _file(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise RecordingUnreadable(path=path, reason=os.strerror(errno.EISDIR))
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise RecordingUnreadable(path=path, reason=getattr(error, "strerror", None) or error) from error


def _refused(path: Path, head: bytes) -> RecordingUnknown | RecordingDamaged:
    """For what FFmpeg does not open: something else, or the beginning of a recording and no more."""
    if any(head[at : at + len(magic)] == magic for at, magic in _MAGIC):
        reason, reason_fr = "its description is missing or broken", "sa description manque ou est abîmée"
        return RecordingDamaged(path=path, time=format_time(0), reason=reason, reason_fr=reason_fr)
    return RecordingUnknown(path=path, reason="neither audio nor video", reason_fr="ni audio ni vidéo")
