"""A recording -> blocks of sound, streamed: a debate of six hours never lies in memory whole.

Time 0 is where players begin, the earliest of all its tracks. The clock is kept: a track of sound that begins two
seconds after the pictures begins at two seconds, a gap is silence, and what cannot be decoded is silence as long as it
is a small part. Not noticed is a piece that is gone without a trace from a format without times (MP3, AAC): the sound
after it comes too early, which index/sound/fit/clock.py may find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import RecordingDamaged, RecordingTruncated, RecordingUnsupported
from index.sound.reading.container import LONGEST, opened, sound_track
from index.sound.reading.ending import MICROSECONDS, duration_of, format_of, told_end
from index.sound.reading.timeline import RATE, Samples, Timeline
from index.times import format_time

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

__all__ = ["RATE", "Recording", "blocks", "open_recording"]

_FEW = 20
_SHARE = 0.1
"""Damaged is more than this many packets, and more than this part of them."""

_GAPLESS = ("flac", "ogg")
"""Formats that leave no gaps: where one is, something is gone, of which FFmpeg says nothing."""

_GAPS = 600.0
"""Seconds of silence that gaps may need, if that is more than there is sound."""

_TOLERANCE = 3.0
_TOLERANCE_SHARE = 0.005
"""How much earlier than told a whole recording may end: seconds, and as a part of it. Heads are a little off."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file in which something is heard. ``duration`` is in seconds as the file tells it, None where it does not; a
    format without a head (MP3) has it guessed. ``codec`` and ``container`` are FFmpeg's names ("aac", "mov")."""

    path: Path
    duration: float | None
    codec: str
    container: str


def open_recording(path: Path) -> Recording:
    """What it is, its sound unread. Raises a RecordingError: AudioMissing, RecordingUnreadable, RecordingUnknown,
    RecordingWithoutSound, RecordingUnsupported, RecordingDamaged."""
    with opened(path) as container:
        track = sound_track(container, path)
        told = told_end(container, track, path)
        if told is not None and told > LONGEST:
            raise _too_long(path, told)
        return Recording(path, duration_of(container), track.codec_context.name, format_of(container))


def blocks(recording: Recording, seconds: float = 10.0) -> Iterator[Samples]:
    """All of it in order at ``RATE``, in blocks of ``seconds``, the last one shorter; the caller may keep and change
    them. Raises a RecordingError, also on the way: RecordingDamaged, RecordingTruncated, RecordingUnsupported."""
    size = round(seconds * RATE)
    block, filled = np.empty(size, np.float32), 0
    for piece in _pieces(recording.path):
        rest = piece
        while rest.size:
            taken = rest[: size - filled]
            block[filled : filled + taken.size] = taken
            filled, rest = filled + taken.size, rest[taken.size :]
            if filled == size:
                yield block
                block, filled = np.empty(size, np.float32), 0
    if filled:
        yield block[:filled]


def _pieces(path: Path) -> Iterator[Samples]:
    with opened(path) as container:
        reading = _Reading(path, container, sound_track(container, path))
        try:
            yield from reading.sound()
        except ValueError as error:
            reason, reason_fr = "its channels cannot be mixed", "ses canaux ne peuvent pas être mélangés"
            raise RecordingUnsupported(path=path, reason=reason, reason_fr=reason_fr) from error
        reading.check_end()


def _too_long(path: Path, seconds: float) -> RecordingUnsupported:
    hours = round(min(seconds, 1e9) / 3600)
    return RecordingUnsupported(
        path=path, reason=f"{hours} hours, more than any debate", reason_fr=f"{hours} heures, plus qu'aucun débat"
    )


class _Reading:
    """One way through a file, and what was met on it."""

    def __init__(self, path: Path, container: InputContainer, track: AudioStream) -> None:
        self._path = path
        self._container = container
        self._track = track
        self._zero = (container.start_time or 0) / MICROSECONDS
        self._told = told_end(container, track, path)
        self._packets = 0
        self._bad = 0
        self._first_bad = float("inf")
        self._seen = 0.0
        self._skip_pictures()
        self.line = Timeline(self._zero, self._told or duration_of(container) or 0.0)

    def sound(self) -> Iterator[Samples]:
        """In order, each piece at its time. Raises RecordingDamaged as soon as that is plain, RecordingUnsupported."""
        for frame in self._frames():
            silence = self.line.silence / RATE + self.line.gap(frame)
            if silence > max(_GAPS, self._heard / 2):
                raise self._damaged(self._heard, "its times leap", "ses temps font des sauts")
            yield from self.line.place(frame)
            if self._heard > LONGEST:
                raise _too_long(self._path, self._heard)
        yield from self.line.rest()

    def check_end(self) -> None:
        """When all was read. Raises RecordingDamaged, RecordingTruncated."""
        if self.line.written == 0:
            raise self._damaged(0.0, "nothing in it can be decoded", "rien n'y est lisible")
        gone = self.line.silence / self.line.written if format_of(self._container) in _GAPLESS else 0.0
        if self._bad > max(1, self._packets * _SHARE) or gone > _SHARE:
            raise self._undecoded()
        found = max(self._heard, self._seen)
        if self._told is not None and self._told - found > max(_TOLERANCE, self._told * _TOLERANCE_SHARE):
            raise RecordingTruncated(path=self._path, told=format_time(self._told), found=format_time(found))

    def _skip_pictures(self) -> None:
        """They are not read at all, unless it is they who tell how far the file goes."""
        from av.stream import Discard

        for stream in self._container.streams:
            if self._track.duration is not None and stream.index != self._track.index:
                stream.discard = Discard.all

    @property
    def _heard(self) -> float:
        """Seconds up to here."""
        return self.line.written / RATE

    def _frames(self) -> Iterator[AudioFrame]:
        import av

        for packet in self._demuxed():
            try:
                yield from self._track.codec_context.decode(packet)
            except av.FFmpegError:
                self._count_bad()

    def _demuxed(self) -> Iterator[Packet[Stream]]:
        """Those of the track; the last one is empty, and makes the decoder give what it holds. A file may be broken in
        places: reading goes on behind them."""
        import av

        for _ in range(_FEW):
            try:
                for packet in self._container.demux():
                    self._note_end(packet)
                    if packet.stream.index == self._track.index:
                        self._packets += 1
                        yield packet
                return
            except IndexError:
                return  # a track appeared on the way, which PyAV does not expect at the end
            except (av.FFmpegError, OSError):
                self._count_bad()
        raise self._undecoded()

    def _note_end(self, packet: Packet[Stream]) -> None:
        """Where the pictures go on after the sound, nothing is cut off."""
        if packet.pts is not None and packet.time_base is not None:
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base) - self._zero
            self._seen = max(self._seen, end)

    def _count_bad(self) -> None:
        self._bad += 1
        self._first_bad = min(self._first_bad, self._heard)
        if self._bad > max(_FEW, self._packets * _SHARE):
            raise self._undecoded()

    def _undecoded(self) -> RecordingDamaged:
        first = min(self._first_bad, self.line.first_gap)
        return self._damaged(first, "it cannot be decoded", "il ne peut pas être décodé")

    def _damaged(self, seconds: float, reason: str, reason_fr: str) -> RecordingDamaged:
        return RecordingDamaged(path=self._path, time=format_time(seconds), reason=reason, reason_fr=reason_fr)
