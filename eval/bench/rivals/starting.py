"""Measured in a fresh process: a product is imported, opens what it saved and gives its first answer. The process' own
time and memory are what counts."""

import importlib
from pathlib import Path
from typing import Any


def measure(rival: str, model: str, folder: str, question: str, round: int) -> dict[str, Any]:  # noqa: A002, ARG001
    """How many passages came; ``round`` tells one start from another."""
    searching = importlib.import_module(f"eval.bench.rivals.{rival}").Searching(model, Path(folder), 5)
    found = searching.search(question)
    return {"found": len(getattr(found, "citations", found))}
