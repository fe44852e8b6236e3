"""The encoder that settings mean."""

from pathlib import Path

from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.encoding.kept_vectors import KeptVectors
from index.encoding.onnx_encoder import OnnxEncoder
from index.encoding.questions import SharedQuestions
from index.encoding.sentence_transformer import SentenceTransformerEncoder


def encoder_for(
    model: str = DEFAULT_MODEL,
    *,
    cache: Path,
    kept_mb: int = 0,
    threads: int | None = None,
    sentence_transformers: bool = False,
) -> Encoder:
    """For ``model``, loaded when it is first used: the default one by ONNX Runtime, unless ``sentence_transformers`` is
    to run it as it runs any other. Vectors of passages are kept in ``cache``, up to ``kept_mb``."""
    if model == DEFAULT_MODEL and not sentence_transformers:
        encoder: Encoder = OnnxEncoder(cache=cache, threads=threads)
    else:
        encoder = SentenceTransformerEncoder(model, cache=cache)
    return SharedQuestions(KeptVectors(encoder, cache, kept_mb) if kept_mb else encoder)
