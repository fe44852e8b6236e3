"""The default model run by ONNX Runtime: neither PyTorch nor sentence-transformers is imported.

Its vectors agree with those of sentence-transformers to a cosine of .9999 (``tests/test_encoder.py``).
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.encoding import bundled
from index.encoding.batches import Counted, longest_first
from index.encoding.onnx_graph import GRAPH_FILE
from index.encoding.onnx_session import open_session
from index.encoding.reading import Reader, Tokenised
from index.pieces.tokens import Tokens, tokens_in
from index.types import Progress, Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_READ_AT_ONCE = 1024
"""Texts whose tokens are held at a time."""
_BATCH_TOKENS = 768
"""With padding; more of them leave the processor's caches."""

_Ids = npt.NDArray[np.int64]


class OnnxEncoder:
    """Loaded when it is first used. Safe to share between threads. Passages go through the model a batch at a time,
    whoever brings them: each pass takes all processors anyway, and keeps the memory that it needed. Questions do not
    wait for them."""

    def __init__(self, *, cache: Path, threads: int | None = None) -> None:
        """``threads`` of the processor for one batch; None: all."""
        self._cache = cache
        self._threads = threads
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._session: InferenceSession | None = None
        self._reader: Reader | None = None

    @property
    def fingerprint(self) -> str:
        return f"{bundled.fingerprint()}+{bundled.GRAPH_ARITHMETIC}"

    def load(self, progress: Progress | None = None) -> None:
        """Load now what would be loaded at first use. Raises ModelUnavailable or ModelDamaged."""
        with self._lock:
            if self._session is None:
                folder = bundled.prepare_graph(self._cache, progress)
                if progress:
                    progress("load", 0, 0)
                self._reader = Reader(folder)
                self._session = open_session(
                    folder / GRAPH_FILE, self._threads, model=bundled.NAME, setting="QDQ_MODEL"
                )
                if progress:
                    progress("load", 1, 0)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """What lies beyond the model's longest input is not counted, as it is not read."""
        return sum(
            len(one.ids)
            for at in range(0, len(texts), _READ_AT_ONCE)
            for one in self._read(list(texts[at : at + _READ_AT_ONCE]))
        )

    def embed_query(self, text: str) -> Vectors:
        (vectors,) = self._run(self._read([bundled.PROMPTS["query"] + text]), ["sentence"])
        found: Vectors = vectors[0]
        return found

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        """In one pass through the model."""
        prompt = bundled.PROMPTS["query"]
        read = self._read([prompt + text for text in texts])
        vectors, rows = self._run(read, ["sentence", "tokens"])
        return list(zip(vectors, _tokens(texts, rows, read, len(prompt)), strict=True))

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        found = np.zeros((len(texts), self._dimension()), np.float32)
        counted = Counted("embed", texts, progress)
        for positions, read in self._batches(texts):
            with self._turn:
                found[positions] = self._run(read, ["sentence"])[0]
            counted.add(positions)
        return found

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        """Those vectors as halves: a long recording has a hundred thousand of them."""
        found: dict[int, Tokens] = {}
        counted = Counted("tokens", texts, progress)
        for positions, read in self._batches(texts):
            with self._turn:
                (rows,) = self._run(read, ["tokens"])
            batch = [texts[position] for position in positions]
            found.update(zip(positions, _tokens(batch, rows, read, len(bundled.PROMPTS["passage"])), strict=True))
            counted.add(positions)
        return [found[position] for position in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Tokenised]]]:
        """Passages of about one length, as many as are worth a pass."""
        prompt = bundled.PROMPTS["passage"]
        for positions in longest_first(texts, _READ_AT_ONCE):
            read = self._read([prompt + texts[position] for position in positions])
            order = sorted(range(len(read)), key=lambda at: -len(read[at].ids))
            while order:
                size = max(1, _BATCH_TOKENS // len(read[order[0]].ids))
                batch, order = order[:size], order[size:]
                yield [positions[at] for at in batch], [read[at] for at in batch]

    def _read(self, texts: list[str]) -> list[Tokenised]:
        self.load()
        assert self._reader is not None
        return self._reader.read(texts)

    def _run(self, read: list[Tokenised], wanted: list[str]) -> list[npt.NDArray[np.float32]]:
        assert self._session is not None
        longest = max(len(one.ids) for one in read)
        ids, mask = (np.zeros((len(read), longest), np.int64) for _ in range(2))
        for row, one in enumerate(read):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        found: Any = self._session.run(wanted, {"input_ids": ids, "attention_mask": mask})
        return list(found)

    def _dimension(self) -> int:
        self.load()
        assert self._session is not None
        return int(self._session.get_outputs()[0].shape[1])


def _tokens(texts: Sequence[str], rows: Any, read: list[Tokenised], prompt: int) -> list[Tokens]:
    each = zip(texts, rows, read, strict=True)
    return [tokens_in(text, vectors, one.offsets, prompt) for text, vectors, one in each]
