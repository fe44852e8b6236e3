"""Fixtures of the tests of what may go wrong."""

import pytest

from index.local import vectors


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """FAISS's threads would wait for one another on a busy machine, far longer than they search."""
    monkeypatch.setattr(vectors, "_THREADS", 1)
