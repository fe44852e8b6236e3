"""What listens to recordings, as the settings mean it."""

from collections.abc import Sequence
from pathlib import Path

from index.sound.ears import Ears
from index.sound.hear import HearOptions, hear
from index.sound.types import Heard
from index.sound.voice_vectors import voice_vectors
from index.types import Debate, Progress, Vectors
from index.writing.hearing import Hear
from rag.enrolled import VoiceVectors
from rag.settings import Settings


def open_ears(settings: Settings) -> Hear:
    """Its networks are loaded for each recording, and kept for none."""

    def listen(
        path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        ears = Ears(cache=settings.cache, threads=settings.threads)
        return hear(path, debate, options, ears=ears, progress=progress)

    return listen


def open_voice_vectors(settings: Settings) -> VoiceVectors:
    """By the encoder of the settings; its networks are loaded for each recording, and kept for none."""

    def vectors(path: Path, spans: Sequence[tuple[float, float]]) -> tuple[Vectors, str]:
        ears = Ears(cache=settings.cache, threads=settings.threads)
        return voice_vectors(path, spans, ears), ears.voice.fingerprint

    return vectors
