"""txtai: its hybrid index, vectors and BM25, which keeps the texts as well."""

from pathlib import Path

from txtai import Embeddings

from eval.bench.rivals import Found, Source


class Indexing:
    def __init__(self, model: str, folder: Path) -> None:
        self._embeddings = Embeddings(path=model, method="sentence-transformers", hybrid=True, content=True)
        self._folder = folder

    def add(self, source: Source) -> None:
        self._embeddings.index((chunk.number, chunk.named, None) for chunk in source.chunks)
        self._embeddings.save(str(self._folder))


class Searching:
    def __init__(self, model: str, folder: Path, k: int) -> None:  # noqa: ARG002  the index knows its model
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))
        self._k = k

    def search(self, question: str) -> Found:
        return [(int(found["id"]), float(found["score"])) for found in self._embeddings.search(question, self._k)]
