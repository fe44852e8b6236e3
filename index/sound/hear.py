"""A recording and its transcript in, who speaks when out."""

from dataclasses import dataclass
from pathlib import Path

from index.sound.types import Heard
from index.types import Debate, Progress


@dataclass(frozen=True, slots=True)
class HearOptions:
    """``voices``: how many there are, None: as many as are heard; ``align``: fit the times of the transcript to the
    recording where they are shifted, instead of refusing."""

    voices: int | None = None
    align: bool = False


def hear(
    path: Path, debate: Debate, options: HearOptions = HearOptions(), *, progress: Progress | None = None
) -> Heard:
    """Raises a RecordingError."""
    raise NotImplementedError
