"""The two networks that hear, ready to run: what speaks when, and a vector for each voice."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoding.onnx_session import open_session
from index.sound.networks import weights
from index.sound.networks.voice_encoder import FeatureEncoder, VoiceEncoder
from index.sound.networks.voice_models import open_voice_model
from index.types import Progress

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

DEFAULT_VOICE_MODEL = "bundled"
_SETTING = "QDQ_VOICE_MODEL"


class Ears:
    """Loaded when they are first used, dropped with the last reference: a server keeps nothing of them between two
    recordings."""

    def __init__(self, *, cache: Path, threads: int | None = None, voice_model: str = DEFAULT_VOICE_MODEL) -> None:
        """``threads`` of the processor for one pass; None: all. ``voice_model`` as in ``voice_models``."""
        self._cache = cache
        self._threads = threads
        self._voice_model = voice_model
        self._folder: Path | None = None

    def load(self, progress: Progress | None = None) -> None:
        """Load now what would be loaded at first use. Raises AudioMissing, VoiceWeightsDamaged,
        VoiceModelUnusable, ModelUnprepared."""
        self._folder = self._folder or weights.prepare(self._cache, progress)
        _ = self.segmentation, self.voice

    @cached_property
    def segmentation(self) -> "InferenceSession":
        return self._session(weights.SEGMENTATION_FILE)

    @cached_property
    def voice(self) -> VoiceEncoder:
        if self._voice_model != DEFAULT_VOICE_MODEL:
            return open_voice_model(self._voice_model, self._threads)
        return FeatureEncoder(self._session(weights.VOICE_FILE), weights.voice_fingerprint())

    def _session(self, name: str) -> "InferenceSession":
        self._folder = self._folder or weights.prepare(self._cache)
        return open_session(self._folder / name, self._threads, model=weights.VOICE_NAME, setting=_SETTING)
