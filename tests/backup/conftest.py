"""An index, the settings that name it, and where its backup goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.local import LocalStore
from index.store import Relabelling
from index.writing.labelling import Saying, correct
from rag.settings import Settings
from tests.backup.indexes import add


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    """Two debates; in one of them a person said who speaks, under a name that goes by another."""
    store = LocalStore(home)
    add(store, "un", 1)
    add(store, "deux", 2)
    correct(store, "un", [Saying(0, 3, "Ada")])
    assert store.relabel(Relabelling(renames={"Zoé": "Zoé Petit"}), store.generation())
    yield store
    store.close()


@pytest.fixture
def settings(home: Path, tmp_path: Path) -> Settings:
    return Settings(home=home, cache=tmp_path / "cache")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "monday.qdq"
