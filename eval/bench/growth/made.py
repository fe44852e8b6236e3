"""What every measurement of growth is told, and what it makes of it."""

from dataclasses import dataclass
from pathlib import Path

from eval.bench import parts
from eval.bench.growth.corpus import WINDOWS, Corpus
from eval.bench.growth.vectors import MadeVectors
from index.encoding.encoder import Encoder
from index.store import Store
from rag.engine import Engine
from rag.settings import load_settings


@dataclass(frozen=True, slots=True)
class Made:
    """``noise`` holds the sentences, ``home`` the index, of about ``windows`` windows; up to ``encoded`` of them have
    vectors of the model."""

    noise: str
    home: str
    windows: int
    encoded: int

    @property
    def debates(self) -> int:
        return max(1, self.windows // WINDOWS)

    @property
    def corpus(self) -> Corpus:
        return Corpus.read(Path(self.noise), max(1, self.encoded // WINDOWS))

    def vectors(self, corpus: Corpus, encoder: Encoder) -> MadeVectors:
        return MadeVectors(corpus, encoder, load_settings().cache, self.encoded // WINDOWS)

    def open(self) -> tuple[Engine, Store, Encoder]:
        """Raises RuntimeError unless the index holds what it should."""
        engine = parts.open_engine(self.home)
        if len(engine.debates()) != self.debates:
            raise RuntimeError(f"{len(engine.debates())} debates in the index, {self.debates} wanted: use --fresh")
        engine.warm_up()
        return engine, parts.store_of(engine), parts.encoder_of(engine)
