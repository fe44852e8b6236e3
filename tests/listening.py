"""An ear for servers in tests: to it any file is a recording in which voices speak by turns."""

import threading
from collections.abc import Callable
from pathlib import Path

from index.errors import RecordingError
from index.sound.hear import HearOptions
from index.sound.types import Heard
from index.types import Debate, Progress
from tests.fakes import Ear

CERTAIN = 0.9
SECONDS = 60
"""After which a test that waits for something fails."""


class Listener:
    """``index.sound.hear.hear``: two voices, or as many as are asked for. Raises ``error`` where there is one; tells
    its progress until ``free`` is set, and is ``here`` once for each recording."""

    def __init__(self) -> None:
        self.error: Callable[[Path], RecordingError] | None = None
        self.listened: list[tuple[bytes, HearOptions]] = []
        self.here = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()

    def __call__(
        self, path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        options = options or HearOptions()
        self.listened.append((path.read_bytes(), options))
        self.here.release()
        while not self.free.wait(0.01):
            if progress:
                progress("load", 0, 0)
        if self.error:
            raise self.error(path)
        labels = [f"SPEAKER_{one.index % (options.voices or 2):02}" for one in debate.segments]
        return Ear(*labels, sure=CERTAIN)(path, debate, options)
