"""Any model that sentence-transformers loads. The library is imported only when a vector is wanted, as
``reranker.py`` does."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index.encoding import bundled
from index.encoding.batches import Counted, longest_first
from index.encoding.encoder import DEFAULT_MODEL, is_path
from index.errors import ModelUnavailable
from index.pieces.tokens import Tokens, tokens_in
from index.types import Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_QUERY = ("query",)
_PASSAGE = ("document", "passage", "corpus")
"""What sentence-transformers calls the prompts, in the order in which it looks for them."""

T = TypeVar("T")


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

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        """In one pass through the model."""
        model = self._loaded()
        with self._lock:
            found: Any = model.encode_query(list(texts), output_value=None, show_progress_bar=False)
            vectors = [one["sentence_embedding"].float().cpu().numpy() for one in found]
            tokens = self._tokens(texts, found, _QUERY)
        return [(vector / np.linalg.norm(vector), told) for vector, told in zip(vectors, tokens, strict=True)]

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
        found: dict[int, T] = {}
        counted = Counted(stage, texts, progress)
        for batch in longest_first(texts, _BATCH):
            with self._lock:  # a question need not wait for more than one batch
                found.update(zip(batch, made([texts[position] for position in batch]), strict=True))
            counted.add(batch)
        return [found[position] for position in range(len(texts))]

    def _tokens(self, texts: Sequence[str], found: Sequence[dict[str, Any]], names: Sequence[str]) -> list[Tokens]:
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
        return [
            tokens_in(text, one["token_embeddings"].float().cpu().numpy(), offsets, len(prompt))
            for text, one, offsets in each
        ]

    def _loaded(self) -> "SentenceTransformer":
        self.load()
        assert self._model is not None
        return self._model


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
