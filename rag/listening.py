"""What hears recordings as the settings want it."""

from collections.abc import Sequence
from pathlib import Path

from index.sound.hear import HearOptions, hear
from index.sound.networks.ears import Ears
from index.sound.telling.voice_vectors import voice_vectors
from index.sound.types import Heard
from index.types import Debate, Progress, Vectors
from index.writing.hearing import Hear
from rag.enrolled import VoiceVectors
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


def open_voice_vectors(settings: Settings) -> VoiceVectors:
    """For people who are enrolled: always by the encoder that ships, since what tells two people apart was measured
    with its vectors."""

    def vectors(path: Path, spans: Sequence[tuple[float, float]]) -> tuple[Vectors, str]:
        ears = Ears(cache=settings.cache, threads=settings.threads)
        return voice_vectors(path, spans, ears), ears.voice.fingerprint

    return vectors
