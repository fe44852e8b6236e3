"""Two clocks, that of a transcript and that of a recording: where each moment of the one lies in the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` of the transcript on, time t lies at ``rate`` * t + ``offset`` of the recording, all in seconds;
    ``rate`` is above 0."""

    start: float
    offset: float = 0.0
    rate: float = 1.0

    def at(self, seconds: float) -> float:
        """A moment of the transcript in the recording, were there this stretch alone."""
        return self.rate * seconds + self.offset


@dataclass(frozen=True, slots=True)
class Clock:
    """Stretches in order, the first of which holds for all that is before it too. Times never run backwards: what only
    the recording has, such as an advert, is jumped over; what only the transcript has is one moment of the recording.

    >>> advert = Clock((Stretch(0.0), Stretch(600.0, offset=30.0)))
    >>> advert.to_recording(599.0), advert.to_recording(600.0)
    (599.0, 630.0)
    >>> cut = Clock((Stretch(0.0), Stretch(600.0, offset=-30.0)))
    >>> cut.to_recording(569.0), cut.to_recording(599.0), cut.to_recording(600.0)
    (569.0, 570.0, 570.0)
    """

    stretches: tuple[Stretch, ...] = (Stretch(0.0),)

    def __post_init__(self) -> None:
        begins = [stretch.at(stretch.start) for stretch in self.stretches]
        starts = [stretch.start for stretch in self.stretches]
        if not starts or starts != sorted(starts) or begins != sorted(begins):
            raise ValueError(f"stretches of a clock are in order in both times: {self.stretches}")

    @classmethod
    def identity(cls) -> Clock:
        """Both are one."""
        return cls()

    @property
    def is_identity(self) -> bool:
        return all(stretch.offset == 0 and stretch.rate == 1 for stretch in self.stretches)

    def to_recording(self, seconds: float) -> float:
        """Where a moment of the transcript is heard."""
        number = max(0, bisect_right([stretch.start for stretch in self.stretches], seconds) - 1)
        heard = self.stretches[number].at(seconds)
        following = self.stretches[number + 1 : number + 2]
        return min([heard, *(stretch.at(stretch.start) for stretch in following)])


def clock_of(stretches: Sequence[Stretch]) -> Clock:
    """Of stretches in the order of their starts: one that would begin before the last one did is left out."""
    kept: list[Stretch] = []
    for stretch in stretches:
        if not kept or stretch.at(stretch.start) >= kept[-1].at(kept[-1].start):
            kept.append(stretch)
    return Clock(tuple(kept))
