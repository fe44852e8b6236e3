"""Where the index is, and the store that opens it: the only place that chooses one."""

from pathlib import Path

from index.store import Store
from rag.settings import Settings


def open_store(settings: Settings, home: Path | None = None) -> Store:
    """The store that the settings name; without one, SQLite and FAISS in the folder ``home``, or that of the settings.
    Raises a StoreError."""
    return open_place(settings.store or (home or settings.home), settings)


def open_place(place: str | Path, settings: Settings, name: str | None = None) -> Store:
    """The store at ``place``: a server's address, a path that ends in ``.db``, or a folder, made when there is none; a
    Path is always a folder. On a server, ``name`` tells an index from the others there. Raises a StoreError."""
    if not is_milvus(place):
        from index.local import LocalStore

        return LocalStore(Path(place))
    from index.milvus.schema import PREFIX, Options
    from index.milvus.store import MilvusStore

    token = settings.store_token.get_secret_value() if settings.store_token else ""
    options = Options(
        settings.store_index, settings.store_consistency, settings.store_partitions, settings.store_replicas
    )
    return MilvusStore(str(place), token if "://" in str(place) else "", options, name or PREFIX)


def is_milvus(place: str | Path) -> bool:
    """Whether it is not a folder.

    >>> is_milvus("http://host:19530"), is_milvus("index.db"), is_milvus("folder")
    (True, True, False)
    """
    return isinstance(place, str) and ("://" in place or place.endswith(".db"))
