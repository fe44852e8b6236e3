"""Measured in a fresh process: a product indexes a suite."""

import shutil
import time
from pathlib import Path
from typing import Any

from eval.bench.chunks import Cut, SuiteSource, read_cut
from eval.bench.figures import folder_bytes
from eval.bench.rivals.glue import module_of
from rag.settings import load_settings


def measure(rival: str, cut: dict[str, Any], model: str, folder: str) -> dict[str, Any]:
    """``seconds`` with the model already loaded, and the ``bytes`` that are left on disk."""
    suite = read_cut(Cut(**cut), load_settings())
    source, home = SuiteSource(suite.recordings), Path(folder)
    assert source.chunks  # cut before the clock runs
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    indexing = module_of(rival).Indexing(model, home)
    began = time.perf_counter()
    indexing.add(source)
    return {"seconds": time.perf_counter() - began, "bytes": folder_bytes(home)}
