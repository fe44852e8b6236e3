"""Text -> vectors. Imports sentence-transformers only when a vector is wanted, as ``reranker.py`` does."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from index import bundled
from index.errors import ModelUnavailable
from index.tokens import Tokens
from index.types import Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "default"
_BATCH = 32
_QUERY = ("query",)
_PASSAGE = ("document", "passage", "corpus")
"""What sentence-transformers calls the prompts, in the order in which it looks for them."""

T = TypeVar("T")


class Encoder(Protocol):
    """Vectors are float32 of length 1, so that their dot product is the cosine similarity."""

    @property
    def fingerprint(self) -> str:
        """Names the vectors: two encoders with one fingerprint give the same vector for the same text."""

    def load(self, progress: Progress | None = None) -> None:
        """Get ready now; otherwise the first vector does. Raises an EncoderError."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many tokens the model reads for ``texts``, without the prompt that it puts before each."""

    def embed_query(self, text: str) -> Vectors:
        """``(dim,)`` for a question."""

    def embed_question(self, text: str) -> tuple[Vectors, Tokens]:
        """The same with its tokens; none where the model gives none."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """``(len(texts), dim)`` for passages, in their order."""

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        """The tokens of passages, in their order; none where the model gives none."""


class SentenceTransformerEncoder:
    """A sentence-transformers model by name or path, loaded when it is first used. Safe to share between threads."""

    def __init__(self, model: str = DEFAULT_MODEL, *, cache: Path) -> None:
        self._name = model
        self._cache = cache
        self._lock = threading.RLock()
        self._model: SentenceTransformer | None = None
        self._digest = ""

    @property
    def fingerprint(self) -> str:
        """Known without loading the default model; others are loaded for it, and their weights read once."""
        if self._name == DEFAULT_MODEL:
            return bundled.fingerprint()
        with self._lock:
            self._digest = self._digest or _weights_digest(self._loaded())
        return f"{Path(self._name).name if is_path(self._name) else self._name}@{self._digest}"

    def load(self, progress: Progress | None = None) -> None:
        """Load now what would be loaded at first use. Raises ModelUnavailable, or ModelDamaged for the default one."""
        with self._lock:
            if self._model is None:
                if progress:
                    progress("load", 0, 0)
                self._model = _load(self._name, self._cache, progress)
                if progress:
                    progress("load", 1, 0)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """What lies beyond the model's longest input is not counted, as it is not read."""
        model = self._loaded()
        with self._lock:
            tokens = model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)["input_ids"]
        return sum(map(len, tokens))

    def embed_query(self, text: str) -> Vectors:
        with self._lock:
            vector: Vectors = self._loaded().encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return vector.astype(np.float32, copy=False)

    def embed_question(self, text: str) -> tuple[Vectors, Tokens]:
        """In one pass through the model."""
        model = self._loaded()
        with self._lock:
            found: Any = model.encode_query(text, output_value=None, show_progress_bar=False)
            vector: Vectors = found["sentence_embedding"].float().cpu().numpy()
            return vector / np.linalg.norm(vector), self._tokens([text], [found], _QUERY)[0]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        model = self._loaded()

        def vectors(batch: list[str]) -> Iterable[Vectors]:
            found: Vectors = model.encode_document(batch, normalize_embeddings=True, show_progress_bar=False)
            return found

        found = self._in_batches(texts, vectors, "embed", progress)
        return np.array(found, np.float32).reshape(len(texts), model.get_embedding_dimension() or 0)

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        """Those vectors as halves: a long recording has a hundred thousand of them."""
        model = self._loaded()

        def tokens(batch: list[str]) -> list[Tokens]:
            found: Any = model.encode_document(batch, output_value=None, show_progress_bar=False)
            return self._tokens(batch, found, _PASSAGE)

        return self._in_batches(texts, tokens, "tokens", progress)

    def _in_batches(
        self, texts: Sequence[str], made: Callable[[list[str]], Iterable[T]], stage: str, progress: Progress | None
    ) -> list[T]:
        """Long texts first, so that a batch pads little and the progress never slows down at the end."""
        order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
        found: dict[int, T] = {}
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            with self._lock:  # a question need not wait for more than one batch
                found.update(zip(batch, made([texts[position] for position in batch]), strict=True))
            if progress:
                progress(stage, len(found), len(texts))
        return [found[position] for position in range(len(texts))]

    def _tokens(self, texts: list[str], found: Sequence[dict[str, Any]], names: Sequence[str]) -> list[Tokens]:
        """Without those of the prompt, which goes by one of ``names``, and without those that stand for no text."""
        model = self._loaded()
        if not getattr(model.tokenizer, "is_fast", False) or any("token_embeddings" not in one for one in found):
            nothing = np.zeros((0, model.get_embedding_dimension() or 0), np.float16)
            return [Tokens(nothing, np.zeros(0, np.int64)) for _text in texts]
        prompt = next(filter(None, map(model.prompts.get, names)), "")
        read = model.tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
        )
        each = zip(texts, found, read["offset_mapping"], strict=True)
        return [_in_text(text, one["token_embeddings"], offsets, len(prompt)) for text, one, offsets in each]

    def _loaded(self) -> "SentenceTransformer":
        self.load()
        assert self._model is not None
        return self._model


def _in_text(text: str, vectors: Any, offsets: Sequence[tuple[int, int]], prompt: int) -> Tokens:
    """A tokenizer may count the space before a word as the beginning of its token."""
    kept = [(row, begin - prompt) for row, (begin, end) in enumerate(offsets) if end > max(begin, prompt)]
    rows = vectors[[row for row, _begin in kept]].float().cpu().numpy()
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    begins = [max(0, begin) + (text[max(0, begin)] == " ") for _row, begin in kept]
    return Tokens(rows.astype(np.float16), np.array(begins, np.int64))


def is_path(name: str) -> bool:
    """Hub names are relative too: "intfloat/multilingual-e5-base"."""
    return Path(name).is_absolute() or name.startswith((".", "~"))


def _load(name: str, cache: Path, progress: Progress | None) -> "SentenceTransformer":
    path = str(bundled.prepare(cache, progress) if name == DEFAULT_MODEL else Path(name).expanduser())
    if is_path(name) and not Path(path).is_dir():
        raise ModelUnavailable(model=name, reason="no such folder", setting="QDQ_MODEL")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(path, device=None)
    except Exception as error:  # the library raises what its many backends raise
        raise ModelUnavailable(
            model=name, reason=str(error).split("\n")[0] or type(error).__name__, setting="QDQ_MODEL"
        ) from error
    if "e5" in name.lower() and not any(model.prompts.values()):
        model.prompts = {"query": "query: ", "document": "passage: "}  # published with the models, not stored in them
    return model


def _weights_digest(model: "SentenceTransformer") -> str:
    """Twelve hexadecimal digits over every weight, so that a model that was trained further is another one."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()[:12]
