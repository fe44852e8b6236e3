"""What a plain RAG does: the model's own vectors, their dot products, nothing else."""

import json
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from eval.bench.rivals import Found, Source


class Indexing:
    def __init__(self, model: str, folder: Path) -> None:
        self._model = SentenceTransformer(model)
        self._folder = folder

    def add(self, source: Source) -> None:
        texts = [chunk.named for chunk in source.chunks]
        np.save(self._folder / "vectors.npy", self._model.encode_document(texts, normalize_embeddings=True))
        (self._folder / "texts.json").write_text(json.dumps(texts), "utf-8")


class Searching:
    def __init__(self, model: str, folder: Path, k: int) -> None:
        self._model = SentenceTransformer(model)
        self._vectors = np.load(folder / "vectors.npy")
        self._texts = json.loads((folder / "texts.json").read_text("utf-8"))
        self._k = k

    def search(self, question: str) -> Found:
        scores = self._vectors @ self._model.encode_query(question, normalize_embeddings=True)
        return [(int(at), float(scores[at])) for at in np.argsort(-scores)[: self._k]]
