"""Haystack: a pipeline of vectors and BM25, joined by reciprocal ranks."""

from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from eval.bench.rivals import Found, Source


class Indexing:
    def __init__(self, model: str, folder: Path) -> None:
        self._embedder = SentenceTransformersDocumentEmbedder(model=model, prefix="passage: ", progress_bar=False)
        self._embedder.warm_up()
        self._folder = folder

    def add(self, source: Source) -> None:
        documents = [Document(id=str(chunk.number), content=chunk.named) for chunk in source.chunks]
        store = InMemoryDocumentStore()
        store.write_documents(self._embedder.run(documents)["documents"])
        store.save_to_disk(str(self._folder / "store.json"))


class Searching:
    def __init__(self, model: str, folder: Path, k: int) -> None:
        store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        self._pipeline = Pipeline()
        self._pipeline.add_component(
            "embedder", SentenceTransformersTextEmbedder(model=model, prefix="query: ", progress_bar=False)
        )
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=k))
        self._pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=k))
        self._pipeline.add_component("joiner", DocumentJoiner("reciprocal_rank_fusion", top_k=k))
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.connect("words", "joiner")
        self._pipeline.warm_up()

    def search(self, question: str) -> Found:
        found = self._pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [(int(document.id), float(document.score)) for document in found["joiner"]["documents"]]
