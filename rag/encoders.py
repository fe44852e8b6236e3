"""The encoder that the settings mean."""

from index.encoding.encoder import Encoder
from index.encoding.open import encoder_for
from rag.settings import Settings


def open_encoder(settings: Settings) -> Encoder:
    """Loaded when it is first used."""
    return encoder_for(
        settings.model,
        cache=settings.cache,
        kept_mb=settings.keep_vectors_mb,
        threads=settings.threads,
        sentence_transformers=settings.encoder == "sentence-transformers",
    )
