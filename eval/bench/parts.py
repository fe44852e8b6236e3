"""The parts of an engine as ``Engine.open`` makes them: whatever it takes for an encoder and a store is measured."""

from pathlib import Path

from index.encoding import bundled
from index.encoding.encoder import DEFAULT_MODEL, Encoder
from index.store import Store
from rag.engine import Engine
from rag.settings import Settings


def open_engine(home: Path | str) -> Engine:
    """On the index in ``home``, with the settings of this machine."""
    return Engine.open(home)


def store_of(engine: Engine) -> Store:
    return engine._store


def encoder_of(engine: Engine) -> Encoder:
    return engine._encoder


def model_folder(settings: Settings) -> Path | str:
    """What other products load: the same weights, as sentence-transformers reads them. Raises an EncoderError."""
    return bundled.prepare(settings.cache) if settings.model == DEFAULT_MODEL else settings.model
