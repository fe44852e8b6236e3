"""Measured in a fresh process: what every product is given of a suite."""

from typing import Any

from eval.bench import parts
from eval.bench.chunks import Cut, SuiteSource, read_cut
from index.types import joined_text
from rag.settings import load_settings


def measure(cut: dict[str, Any], home: str) -> dict[str, Any]:
    """Counts; ``tokens`` are those of the transcripts, each once, however often a product reads them."""
    suite = read_cut(Cut(**cut), load_settings())
    chunks = SuiteSource(suite.recordings).chunks
    texts = [segment.text for recording in suite.recordings for segment in recording.debate.segments]
    engine = parts.open_engine(home)
    tokens = parts.encoder_of(engine).count_tokens(texts)
    engine.close()
    return {
        "recordings": len(suite.recordings),
        "questions": len(suite.questions),
        "answerable": sum(question.answerable for question in suite.questions),
        "words": sum(len(joined_text(recording.debate.segments).split()) for recording in suite.recordings),
        "tokens": tokens,
        "chunks": len(chunks),
    }
