"""Qui dit quoi: the transcripts as they are, not chunks of them; its answers carry their places."""

from pathlib import Path

from eval.bench.rivals import Source
from rag.engine import Engine
from rag.types import Answer


class Indexing:
    def __init__(self, model: str, folder: Path) -> None:  # noqa: ARG002  that of the settings
        self._engine = Engine.open(folder)
        self._engine.warm_up()

    def add(self, source: Source) -> None:
        for path, details in source.files():
            self._engine.add(path, details)


class Searching:
    def __init__(self, model: str, folder: Path, k: int) -> None:  # noqa: ARG002
        self.engine = Engine.open(folder)
        self._k = k

    def search(self, question: str) -> Answer:
        return self.engine.ask(question, top_k=self._k)
