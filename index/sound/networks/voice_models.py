"""Other encoders of voices than the one that ships: a graph, or a model that transformers loads.

    QDQ_VOICE_MODEL=/models/voxceleb-resnet34.onnx        a graph of WeSpeaker or 3D-Speaker: it reads the same features
    QDQ_VOICE_MODEL=microsoft/wavlm-base-plus-sv          any x-vector model by its hub name, or a folder

How alike two moments of one voice are is measured in each recording, so that an encoder needs no thresholds.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoding.onnx_session import open_session
from index.encoding.prepared import sha256
from index.errors import ModelUnavailable, VoiceModelUnusable
from index.sound.networks.voice_encoder import FeatureEncoder, VoiceEncoder, unit
from index.sound.reading.recording import RATE
from index.sound.reading.timeline import Samples
from index.types import Vectors

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_GRAPH = ".onnx"
_AXES = 3
_SETTING = "QDQ_VOICE_MODEL"
_NOISE = (0.1 * np.random.default_rng(0).standard_normal(RATE)).astype(np.float32)
"""A second, on which a model is tried before hours of sound."""


def open_voice_model(model: str, threads: int | None) -> VoiceEncoder:
    """Loaded and tried. Raises VoiceModelUnusable."""
    name = str(Path(model).expanduser()) if model.startswith("~") else model
    found = _graph(Path(name), threads) if name.endswith(_GRAPH) else _from_transformers(name)
    try:
        (vector,) = found.embed([_NOISE])
    except Exception as error:  # the library's own, of many kinds
        raise _unusable(model, _first_line(error)) from error
    if vector.ndim != 1 or not np.isfinite(vector).all() or not vector.any():
        raise _unusable(model, f"it gives no vector but {vector.shape}", f"il donne {vector.shape}, et non un vecteur")
    return found


def _graph(path: Path, threads: int | None) -> VoiceEncoder:
    try:
        session = open_session(path, threads, model=path.name, setting=_SETTING)
        inputs = session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != _AXES:
            wanted = "(windows, frames, 80)"
            raise _unusable(path.name, f"it has another input than {wanted}", f"son entrée n'est pas {wanted}")
        return FeatureEncoder(session, f"{path.stem}@{sha256(path)[:12]}")
    except (OSError, ModelUnavailable) as error:
        raise _unusable(path.name, str(error)) from error


def _from_transformers(model: str) -> VoiceEncoder:
    try:
        from transformers import AutoFeatureExtractor, AutoModelForAudioXVector

        read: Any = AutoFeatureExtractor.from_pretrained(model)  # type: ignore[no-untyped-call]
        return _XVectors(model, AutoModelForAudioXVector.from_pretrained(model).eval(), read)
    except Exception as error:  # the library's own, of many kinds
        raise _unusable(model, _first_line(error)) from error


def _unusable(model: str, reason: str, reason_fr: str | None = None) -> VoiceModelUnusable:
    """What a library or the system says is in English only."""
    return VoiceModelUnusable(model=model, reason=reason, reason_fr=reason_fr or reason)


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0] or type(error).__name__


class _XVectors:
    """Of transformers, run by PyTorch one piece at a time."""

    def __init__(self, name: str, model: "PreTrainedModel", read: Any) -> None:
        self._name = name
        self._model = model
        self._read = read

    @property
    def fingerprint(self) -> str:
        return f"{self._name}@{getattr(self._model.config, '_commit_hash', None) or 'local'}"

    def embed(self, sounds: Iterable[Samples]) -> Iterator[Vectors]:
        import torch

        for sound in sounds:
            read = self._read(sound, sampling_rate=RATE, return_tensors="pt")
            with torch.inference_mode():
                found = self._model(**read).embeddings[0].float().numpy()
            yield unit(found) if sound.any() else np.zeros_like(found)
