"""The vocabulary of sound: what a recording tells of who speaks. Times are seconds."""

from dataclasses import dataclass

from index.types import Segment


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """``voice`` speaks from ``start`` to ``end`` of the recording; confidence in [0, 1]."""

    start: float
    end: float
    voice: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of hearing a recording.

    ``segments`` are those of the transcript, each with the voice that speaks it ("SPEAKER_00", origin voice) or
    unknown where none fits; one that holds two voices is cut in two. A name that the file itself gives stays.
    ``turns`` are in order and overlap where two speak at once, which is in the moments ``at_once``. ``duration`` is
    that of the recording, ``spoken`` how much of it is speech. ``proven``: whether the times of the transcript show
    that it is the right recording; else nothing speaks against it, and nothing for it.
    """

    segments: tuple[Segment, ...]
    turns: tuple[VoiceTurn, ...]
    at_once: tuple[tuple[float, float], ...]
    duration: float
    spoken: float
    proven: bool = True

    @property
    def voices(self) -> tuple[str, ...]:
        """In the order in which they first speak."""
        return tuple(dict.fromkeys(turn.voice for turn in self.turns))
