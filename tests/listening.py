"""An ear for tests: it takes any file for a recording in which two voices speak by turns."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.errors import RecordingError
from index.sound.hear import HearOptions
from index.sound.types import Heard, VoiceTurn
from index.types import Attribution, Debate, Origin, Progress, Segment

CERTAIN = 0.9
_ESTIMATED = HearOptions()
SECONDS = 60
"""After which a test that waits for something fails."""


class Ear:
    """``index.sound.hear.hear``: raises ``error`` where there is one; tells its progress until ``free`` is set, and is
    ``here`` once for each recording that it listens to."""

    def __init__(self) -> None:
        self.error: Callable[[Path], RecordingError] | None = None
        self.listened: list[tuple[bytes, HearOptions]] = []
        self.here = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()

    def __call__(
        self, path: Path, debate: Debate, options: HearOptions = _ESTIMATED, *, progress: Progress | None = None
    ) -> Heard:
        self.listened.append((path.read_bytes(), options))
        self.here.release()
        while not self.free.wait(0.01):
            if progress:
                progress("load", 0, 0)
        if self.error:
            raise self.error(path)
        count = options.voices or 2
        segments = tuple(_spoken(segment, f"SPEAKER_{segment.index % count:02}") for segment in debate.segments)
        turns = tuple(VoiceTurn(one.start, one.end, one.voice or "", CERTAIN) for one in segments)
        end = max(segment.end for segment in segments)
        return Heard(segments, turns, (), end, end)


def _spoken(segment: Segment, voice: str) -> Segment:
    if segment.speaker:
        return replace(segment, voice=voice)
    return replace(segment, voice=voice, attribution=Attribution(voice, Origin.VOICE, CERTAIN))
