"""Measured in a fresh process: a product answers a suite's questions one after the other, and is judged."""

from pathlib import Path
from typing import Any

from eval.bench.chunks import Cut, SuiteSource, read_cut
from eval.bench.figures import times
from eval.bench.rivals.glue import system_of
from eval.runs.run import evaluate
from eval.runs.summary import summarised
from rag.settings import load_settings


def measure(rival: str, cut: dict[str, Any], model: str, folder: str) -> dict[str, Any]:
    """``quality`` by the names of the measures, milliseconds, and how many questions failed."""
    suite = read_cut(Cut(**cut), load_settings())
    chunks = SuiteSource(suite.recordings).chunks
    records = evaluate(system_of(rival, model, Path(folder), chunks), suite)
    failed = [record.error for record in records if record.error is not None]
    return {
        "quality": {name: value.value for name, value in summarised(records).items()},
        "query_ms": times([record.took_ms for record in records]),
        "questions": len(records),
        "failed": len(failed),
        "first_failure": failed[0] if failed else None,
    }
