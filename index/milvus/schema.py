"""The collections of an index, and their fields.

    qdq_state           the root (one row), and the claims of those who write
    qdq_blobs           parts of debates that are read whole: segments, tokens, counts of terms ...
    qdq_windows_<dim>   what is searched: a vector, the weights of its terms, who speaks in it

Every row but the root is written once, under a ``version`` that nothing refers to yet, and never changed. Fields say
what Milvus filters by; debates and dates need none, since the state knows the versions of each (``state.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Literal

VERSION = 1
PREFIX = "qdq"
STATE = "state"
BLOBS = "blobs"
WINDOWS = "windows_"

TEXT_BYTES = 65_535
"""The longest VARCHAR."""
_SPEAKERS = 1_024
"""More than the words of a window, so more than its speakers."""

IndexType = Literal["AUTOINDEX", "HNSW", "IVF_SQ8", "FLAT"]

_LISTS = 1_024
_BUILD: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {"HNSW": {"M": 16, "efConstruction": 200}, "IVF_SQ8": {"nlist": _LISTS}}
)
_EVERYTHING = 100_000
"""Windows of one process: those of some hundred hours."""


@dataclass(frozen=True, slots=True)
class Options:
    """What an administrator may choose, see ``rag/settings.py`` for the reasons. ``partitions`` and ``index`` are those
    of a collection when it is made."""

    index: IndexType = "AUTOINDEX"
    consistency: Literal["Strong", "Bounded"] = "Strong"
    partitions: int = 16
    replicas: int = 1


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Field:
    """``type`` is a name of pymilvus' ``DataType``."""

    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Index:
    """Of one field, by ``name``; ``build`` are the parameters that its type has."""

    name: str
    type: str
    metric: str
    build: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """All that Milvus wants to know to make one."""

    name: str
    fields: tuple[Field, ...]
    indexes: tuple[Index, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


_KEY = Field("id", "VARCHAR", {"is_primary": True, "max_length": 64})
_CONTENT = Field("content", "VARCHAR", {"max_length": TEXT_BYTES})
_NOTHING = Field("nothing", "FLOAT_VECTOR", {"dim": 2})
"""A collection has to have a vector."""
_NOTHING_INDEX = Index("nothing", "FLAT", "L2")

STATE_COLLECTION = Collection(STATE, (_KEY, _CONTENT, _NOTHING), (_NOTHING_INDEX,))
BLOBS_COLLECTION = Collection(
    BLOBS, (_KEY, Field("version", "INT64"), Field("number", "INT32"), _CONTENT, _NOTHING), (_NOTHING_INDEX,)
)


def windows_collection(dimension: int) -> str:
    return f"{WINDOWS}{dimension}"


def windows(dimension: int, options: Options) -> Collection:
    """``version`` is the partition key: a search in one debate reads one partition."""
    numbers = (Field(name, "INT32") for name in ("number", "width", "first", "last", "rung"))
    fields = (
        _KEY,
        Field("version", "INT64", {"is_partition_key": True}),
        *numbers,
        Field("speakers", "ARRAY", {"element_type": "INT64", "max_capacity": _SPEAKERS}),
        Field("terms", "VARCHAR", {"max_length": TEXT_BYTES}),
        Field("vector", "FLOAT_VECTOR", {"dim": dimension}),
        Field("weights", "SPARSE_FLOAT_VECTOR"),
    )
    indexes = (
        Index("vector", options.index, "COSINE", _BUILD.get(options.index, {})),
        Index("weights", "SPARSE_INVERTED_INDEX", "IP"),
    )
    return Collection(windows_collection(dimension), fields, indexes, {"num_partitions": options.partitions})


def locally(options: Options) -> Options:
    """What milvus-lite makes: its AUTOINDEX is an HNSW that looks at 64 neighbours however many are wanted, where a
    server's sees to that by itself. What one process keeps is read whole in some milliseconds."""
    return replace(options, index="FLAT") if options.index == "AUTOINDEX" else options


def search_parameters(index_type: str, limit: int, local: bool) -> dict[str, int]:
    """How thoroughly an approximate index looks: at least at as much as is wanted. ``local``: milvus-lite's counts
    among that what a scope leaves out, so it looks at all."""
    if index_type.startswith("HNSW") or (local and index_type == "AUTOINDEX"):
        return {"ef": _EVERYTHING if local else max(2 * limit, 128)}
    return {"nprobe": _LISTS if local else 64} if index_type.startswith("IVF") else {}


def speaker_number(name: str) -> int:
    """Stands for a name in filters: a hash of 63 bits, so that no name is too long nor has a sign that means
    something in an expression."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


def term_number(term: str) -> int:
    """Of a term among the weights, from 1 on. Two terms may share one: candidates are scored by their terms."""
    return (int.from_bytes(blake2b(term.encode(), digest_size=4).digest()) >> 1) or 1
