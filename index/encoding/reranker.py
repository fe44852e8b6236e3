"""(question, passage) -> how well the passage answers, by a model that reads both at once. Loaded only when one is set.

The second module that imports sentence-transformers, and as late as the first: a reranker gives no vectors, so that it
is no encoder, and an index does not depend on it.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.encoding.encoder import is_path
from index.errors import ModelUnavailable
from index.types import Progress

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 16


class Reranker(Protocol):
    def load(self, progress: Progress | None = None) -> None:
        """Get ready now; otherwise the first question does. Raises an EncoderError."""

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """``(len(texts),)``, higher is better; comparable within one question only. Raises an EncoderError."""


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers by name or path. Safe to share between threads."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.RLock()
        self._model: CrossEncoder | None = None

    def load(self, progress: Progress | None = None) -> None:
        """Raises ModelUnavailable."""
        self._loaded(progress)

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        model = self._loaded()
        if not texts:
            return np.zeros(0, np.float32)
        with self._lock:
            found = model.predict(
                [(question, text) for text in texts], batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
            )
        return np.asarray(found, np.float32).reshape(len(texts))

    def _loaded(self, progress: Progress | None = None) -> "CrossEncoder":
        with self._lock:
            if self._model is None:
                if progress:
                    progress("load", 0, 0)
                self._model = _load(self._name)
                if progress:
                    progress("load", 1, 0)
            return self._model


def _load(name: str) -> "CrossEncoder":
    path = str(Path(name).expanduser())
    if is_path(name) and not Path(path).is_dir():
        raise ModelUnavailable(model=name, reason="no such folder", setting="QDQ_RERANKER")
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model: CrossEncoder = CrossEncoder(path)
    except Exception as error:  # the library raises what its many backends raise
        reason = str(error).split("\n")[0] or type(error).__name__
        raise ModelUnavailable(model=name, reason=reason, setting="QDQ_RERANKER") from error
    if model.num_labels != 1:
        reason = f"{model.num_labels} labels instead of 1"
        raise ModelUnavailable(model=name, reason=reason, setting="QDQ_RERANKER")
    return model
