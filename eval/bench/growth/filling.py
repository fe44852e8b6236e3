"""Measured in a fresh process: the index grows to a size, debate by debate, through ``Store.add``."""

import shutil
import time
from pathlib import Path
from typing import Any

from eval.bench import parts
from eval.bench.growth.corpus import id_of
from eval.bench.growth.made import Made
from index.store import Store


def measure(anew: bool, **made: Any) -> dict[str, Any]:
    """Milliseconds a window of adding what was not there (embedding does not count) and ``settle_s``, what the first
    search after it takes more: some engines put off work until then. Bytes a window of the whole index.
    ``anew`` begins with an empty one."""
    size = Made(**made)
    home = Path(size.home)
    if anew:
        shutil.rmtree(home, ignore_errors=True)
    corpus, engine = size.corpus, parts.open_engine(home)
    store, encoder = parts.store_of(engine), parts.encoder_of(engine)
    present = {debate.id for debate in engine.debates()}
    vectors = size.vectors(corpus, encoder)
    missing = [number for number in range(size.debates) if id_of(number) not in present]
    added, seconds, embedding = 0, 0.0, 0.0
    for number in missing:
        began = time.perf_counter()
        entry, fingerprint = vectors.entry(number)
        ready = time.perf_counter()
        store.add(entry, fingerprint)
        seconds += time.perf_counter() - ready
        embedding += ready - began
        added += len(entry.windows)
    settle = _settled(store, vectors.of(0).vectors[0])
    windows = store.document_frequencies(["a"])[1]
    return {
        "windows": windows,
        "debates": size.debates,
        "added": added,
        "add_ms": 1000 * seconds / max(added, 1),
        "settle_s": settle,
        "bytes_window": store.size() / windows,
        "embedded": vectors.made,
        "embedding_s": embedding,
        "copies": sum(corpus.base_of(number) != number for number in range(size.debates)),
    }


def _settled(store: Store, vector: Any) -> float:
    """Seconds."""
    began = time.perf_counter()
    store.background(vector)
    return time.perf_counter() - began
