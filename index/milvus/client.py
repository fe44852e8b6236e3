"""The calls to Milvus that the store makes, and what may go wrong with them said in our errors.

``pymilvus`` tries a call again for minutes unless it is told how long: each is given seconds here. Its log and
milvus-lite's repeat every error on stderr, which is ours to tell, so they are silent.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from index.errors import StoreDamaged, StoreExtraMissing, StoreHeld, StoreUnreachable, StoreUnwritable
from index.files import make_private
from index.milvus.schema import PREFIX, Collection

CONNECT_SECONDS = 5.0
"""After which a server that does not answer is said not to."""
CALL_SECONDS = 10.0
"""In which a call is tried again: a server that restarts is waited for, one that is gone is not."""
LOCAL_SECONDS = 60.0
"""The same for milvus-lite, whose server is in this process: it is never away, only slow on a machine that is busy."""
LOAD_SECONDS = 300.0
"""For a collection to be made, or brought into memory."""
BATCH = 500
"""Rows of windows that are sent at once: a megabyte or two, far below the 64 of a server."""
FLUSHED = 500
"""Rows after which milvus-lite is told to index what it has: until then it reads them one by one, in Python, which took
1.5 s for 7,500 windows against 20 ms. A server sees to that by itself."""
_NO_PINGS = {"grpc.keepalive_time_ms": 2**31 - 1, "grpc.keepalive_permit_without_calls": False}
"""pymilvus asks every ten seconds whether an idle server is there; milvus-lite, in this process, takes that for an
attack and hangs up, now and then in the middle of a call."""
STRONG = "Strong"

Row = dict[str, Any]
_T = TypeVar("_T")
_local_locks: dict[str, threading.RLock] = {}


class Client:
    """One connection, safe to share between threads. ``place`` is a server's address or a ``.db`` path; on it, the
    names of collections begin with ``prefix``, which nobody here has to say again."""

    def __init__(self, place: str, token: str = "", prefix: str = PREFIX) -> None:
        self.place, self._token, self._prefix = place, token, prefix + "_"
        self.is_local = place.endswith(".db")
        self._unflushed: dict[str, int] = {}
        self._calling = (
            _local_locks.setdefault(str(Path(place).resolve()), threading.RLock()) if self.is_local else None
        )
        self._pymilvus = _pymilvus(self.is_local)
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if self.is_local:
            _check_folder(Path(place))
        options = {"grpc_options": _NO_PINGS} if self.is_local else {}
        seconds = LOCAL_SECONDS if self.is_local else CONNECT_SECONDS
        with self._locked(), self._translated():
            self._milvus = self._pymilvus.MilvusClient(uri=place, token=token, timeout=seconds, **options)

    def close(self) -> None:
        """The server of a ``.db`` lives on in this process, for the other stores on it."""
        with suppress(Exception):  # whatever it says, the connection is not used any more
            self._milvus.close()

    def collections(self) -> set[str]:
        names = self._call(self._milvus.list_collections)
        return {name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)}

    def ensure(self, collection: Collection, replicas: int) -> None:
        """There, with its indexes, in the memory of the servers: whatever of that is missing is made, also where a
        program was killed half-way. Raises StoreDamaged for a collection of somebody else."""
        name = self._named(collection.name)
        if collection.name not in self.collections():
            self._create(name, collection)
        found = self._call(self._milvus.describe_collection, name)
        if {field["name"] for field in found["fields"]} != {field.name for field in collection.fields}:
            raise StoreDamaged(path=self.place, reason=f"{name} is not a collection of qui-dit-quoi")
        there = set(self._call(self._milvus.list_indexes, name))
        missing = [index for index in collection.indexes if index.name not in there]
        if missing:
            indexes = self._milvus.prepare_index_params()
            for one in missing:
                indexes.add_index(one.name, one.type, one.name, metric_type=one.metric, params=dict(one.build))
            self._call(self._milvus.create_index, name, indexes, timeout=LOAD_SECONDS, sync=False)
        if "Loaded" not in str(self._call(self._milvus.get_load_state, name)["state"]):
            self._call(self._milvus.load_collection, name, replica_number=replicas, timeout=LOAD_SECONDS)

    def _create(self, name: str, collection: Collection) -> None:
        schema = self._milvus.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in collection.fields:
            named = {key: self._type(value) if key == "element_type" else value for key, value in field.options.items()}
            schema.add_field(field.name, self._type(field.type), **named)
        options = {"consistency_level": STRONG, "timeout": LOAD_SECONDS, **collection.options}
        self._call(self._milvus.create_collection, name, schema=schema, **options)

    def _named(self, collection: str) -> str:
        return self._prefix + collection

    def _type(self, name: str) -> Any:
        return getattr(self._pymilvus.DataType, name)

    def index_type(self, name: str, field: str) -> str:
        return str(self._call(self._milvus.describe_index, self._named(name), field).get("index_type", ""))

    def insert(self, name: str, rows: Sequence[Row], batch: int = BATCH) -> None:
        for begin in range(0, len(rows), batch):
            self._call(self._milvus.insert, self._named(name), list(rows[begin : begin + batch]))
        self._unflushed[name] = self._unflushed.get(name, 0) + len(rows)
        if self.is_local and self._unflushed[name] >= FLUSHED:
            self._unflushed[name] = 0
            self._call(self._milvus.flush, self._named(name))

    def upsert(self, name: str, row: Row) -> None:
        self._call(self._milvus.upsert, self._named(name), [row])

    def delete(self, name: str, condition: str) -> None:
        self._call(self._milvus.delete, self._named(name), filter=condition)

    def get(self, name: str, ids: Sequence[str], fields: Sequence[str], level: str) -> dict[str, Row]:
        """The rows with these ids that there are, by id."""
        rows = self._call(
            self._milvus.get, self._named(name), ids=list(ids), output_fields=["id", *fields], consistency_level=level
        )
        return {row["id"]: row for row in rows}

    def query(self, name: str, condition: str, fields: Sequence[str], level: str) -> list[Row]:
        """At most 16,384 rows: more than that is refused by a server, so it is asked for in batches."""
        return list(
            self._call(
                self._milvus.query,
                self._named(name),
                filter=condition,
                output_fields=list(fields),
                limit=16_384,
                consistency_level=level,
            )
        )

    def every(self, name: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """All rows, however many."""
        with self._locked(), self._translated():
            found = self._milvus.query_iterator(
                self._named(name),
                batch_size=5_000,
                filter=condition,
                output_fields=list(fields),
                timeout=self._seconds(),
                consistency_level=STRONG,
            )
        while rows := self._next(found):
            yield from rows
        found.close()

    def _next(self, iterator: Any) -> list[Row]:
        with self._locked(), self._translated():
            return list(iterator.next())

    def search(
        self,
        name: str,
        vector: object,
        field: str,
        limit: int,
        condition: str,
        fields: Sequence[str],
        parameters: Mapping[str, Any],
        level: str,
    ) -> list[Row]:
        """The best first: each with its ``id``, ``score`` (higher is better) and ``fields``."""
        found = self._call(
            self._milvus.search, self._named(name), data=[vector], anns_field=field, limit=limit, filter=condition,
            output_fields=list(fields), search_params={"params": dict(parameters)}, consistency_level=level,
        )  # fmt: skip
        return [{**hit["entity"], "id": hit["id"], "score": float(hit["distance"])} for hit in found[0]]

    def _call(self, function: Callable[..., _T], *given: Any, **named: Any) -> _T:
        with self._locked(), self._translated():
            return function(*given, **{"timeout": self._seconds(), **named})

    def _seconds(self) -> float:
        return LOCAL_SECONDS if self.is_local else CALL_SECONDS

    def _locked(self) -> Any:
        """milvus-lite writes without a lock of its own: one call at a time, in all stores of this process."""
        return self._calling or nullcontext()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import grpc

        try:
            yield
        except (self._pymilvus.MilvusException, grpc.RpcError) as error:
            raise self._translation(error) from error

    def _translation(self, error: Exception) -> StoreHeld | StoreDamaged | StoreUnreachable:
        """What is open elsewhere is busy; the rest is told in the server's words, less the token."""
        reason = " ".join(str(getattr(error, "message", "") or error).split())
        if self._token:
            reason = reason.replace(self._token, "…")
        if self.is_local and "Open local milvus failed" in reason:
            return _not_opened(self.place)
        return StoreUnreachable(place=self.place, reason=reason[:300])


def _not_opened(place: str) -> StoreHeld | StoreDamaged:
    """milvus-lite logs why and says nothing: a folder that another process holds is its usual reason."""
    from milvus_lite.db import MilvusLite
    from milvus_lite.exceptions import DataDirLockedError

    try:
        MilvusLite(place).close()
    except DataDirLockedError:
        return StoreHeld(path=place)
    except Exception as error:
        return StoreDamaged(path=place, reason=str(error))
    return StoreHeld(path=place)


def _pymilvus(local: bool) -> Any:
    try:
        import pymilvus

        if local:
            import milvus_lite  # noqa: F401
    except ImportError as error:
        extra = "milvus-lite" if error.name == "milvus_lite" else "qui-dit-quoi[milvus]"
        raise StoreExtraMissing(package=extra) from error
    return pymilvus


def _check_folder(path: Path) -> None:
    if path.is_file():
        raise StoreDamaged(path=path, reason="not a file of milvus-lite 3")
    try:
        make_private(path.parent)
    except OSError as error:
        raise StoreUnwritable(path=path.parent, reason=error.strerror) from error
