"""LlamaIndex: a vector index and BM25 with French stems, fused by reciprocal ranks."""

from pathlib import Path

import Stemmer
from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from eval.bench.rivals import Found, Source


def _embedding(model: str) -> HuggingFaceEmbedding:
    return HuggingFaceEmbedding(model_name=model, query_instruction="query: ", text_instruction="passage: ")


class Indexing:
    def __init__(self, model: str, folder: Path) -> None:
        Settings.embed_model = _embedding(model)
        self._folder = folder

    def add(self, source: Source) -> None:
        index = VectorStoreIndex([TextNode(id_=str(chunk.number), text=chunk.named) for chunk in source.chunks])
        index.storage_context.persist(self._folder)


class Searching:
    def __init__(self, model: str, folder: Path, k: int) -> None:
        Settings.embed_model = _embedding(model)
        Settings.llm = None
        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder)))
        words = BM25Retriever.from_defaults(
            docstore=index.docstore, stemmer=Stemmer.Stemmer("french"), language="fr", similarity_top_k=k
        )
        both = [index.as_retriever(similarity_top_k=k), words]
        self._fusion = QueryFusionRetriever(
            both, similarity_top_k=k, num_queries=1, mode="reciprocal_rerank", use_async=False
        )

    def search(self, question: str) -> Found:
        return [(int(found.node.node_id), float(found.score or 0.0)) for found in self._fusion.retrieve(question)]
