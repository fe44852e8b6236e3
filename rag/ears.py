"""What listens to recordings, as the settings mean it."""

from pathlib import Path

from index.sound.ears import Ears
from index.sound.hear import HearOptions, hear
from index.sound.types import Heard
from index.types import Debate, Progress
from index.writing.hearing import Hear
from rag.settings import Settings


def open_ears(settings: Settings) -> Hear:
    """Its networks are loaded for each recording, and kept for none."""

    def listen(
        path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        ears = Ears(cache=settings.cache, threads=settings.threads)
        return hear(path, debate, options, ears=ears, progress=progress)

    return listen
