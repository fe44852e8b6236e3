"""What hears recordings as the settings want it."""

from pathlib import Path

from index.sound.ears import Ears
from index.sound.hear import HearOptions, hear
from index.sound.types import Heard
from index.types import Debate, Progress
from index.writing.hearing import Hear
from rag.settings import Settings


def listener(settings: Settings) -> Hear:
    """Its models are loaded for each recording and dropped after it."""

    def listen(
        path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        return hear(path, debate, options, ears=open_ears(settings), progress=progress)

    return listen


def open_ears(settings: Settings) -> Ears:
    """Loaded when they are first used."""
    return Ears(cache=settings.cache, threads=settings.threads, voice_model=settings.voice_model)
