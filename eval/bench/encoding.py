"""Measured in a fresh process: tokens a second of the model alone, as the product runs it and as sentence-transformers
runs the same weights by itself, in turns."""

import time
from collections.abc import Callable
from typing import Any

from eval.bench import parts
from eval.shipped import TRANSCRIPT
from index.encoding.open import encoder_for
from index.writing.build import Details, read_debate
from index.writing.embedding import windows_of
from rag.settings import load_settings

_ROUNDS = 3


def measure() -> dict[str, Any]:
    """Over every window of the shipped debate, the best of three rounds; the least cosine of the two vectors of one
    window."""
    settings = load_settings()
    ours = encoder_for(cache=settings.cache, threads=settings.threads)
    plain = _plain(str(parts.model_folder(settings)))
    texts = [window.text for window in windows_of(read_debate(TRANSCRIPT, Details())[0])]
    tokens = ours.count_tokens(texts)
    found = [(_timed(ours.embed_passages, texts), _timed(plain, texts)) for _round in range(1 + _ROUNDS)][1:]
    ((vectors, _), (others, _)) = found[0]
    return {
        "tokens": tokens,
        "ours_tokens_s": tokens / min(seconds for (_, seconds), _other in found),
        "plain_tokens_s": tokens / min(seconds for _own, (_, seconds) in found),
        "least_cosine": float((vectors * others).sum(axis=1).min()),
    }


def _plain(folder: str) -> Callable[[list[str]], Any]:
    """As its documentation has it: it sorts by length and takes 32 at a time."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder)
    return lambda texts: model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)


def _timed(embed: Callable[[list[str]], Any], texts: list[str]) -> tuple[Any, float]:
    began = time.perf_counter()
    found = embed(texts)
    return found, time.perf_counter() - began
