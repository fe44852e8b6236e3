"""What is measured against what: ``RIVALS``, each with the module that holds a user's code for it.

A module has ``Indexing(model, folder)`` with ``add(source)``, and ``Searching(model, folder, k)``; every line of it
that is no import of ours or of types counts as a line that a user has to write. Nothing heavy is imported here: the
memory and the start of a product's own process are measured.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index.writing.build import Details

Found = list[tuple[int, float]]
"""The numbers of chunks with their scores, the best first."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Pieces ``first`` to ``last`` (both included) of a debate; ``start`` and ``end`` in seconds. ``number`` counts
    from 0 through all debates. ``text`` stands in the transcript as it is; ``named`` has the names of those who speak
    written in, as a script has them, and is what is indexed."""

    number: int
    debate: str
    first: int
    last: int
    start: float
    end: float
    text: str
    named: str


class Source(Protocol):
    """What a product is given: whole recordings, or their chunks, as it wants them."""

    @property
    def chunks(self) -> Sequence[Chunk]: ...

    def files(self) -> Iterator[tuple[Path, "Details"]]:
        """Each transcript with what is said of it; it may be gone when the next is asked for."""


class Indexing(Protocol):
    """Made with the model's folder and an empty one; whatever it loads, it loads when it is made."""

    def add(self, source: Source) -> None:
        """Index and save."""


class Searching(Protocol):
    """Made with the model's folder, one that ``Indexing`` filled, and how many chunks are wanted at most."""

    def search(self, question: str) -> Found: ...


@dataclass(frozen=True, slots=True)
class Rival:
    """``title`` is for tables, ``module`` the file beside this one; ``packages`` are what its user installs."""

    title: str
    module: str
    packages: tuple[str, ...]


OURS = "ours"
_RIVALS = (
    Rival("qui dit quoi", OURS, ()),
    Rival("sentence-transformers + numpy", "plain", ("sentence-transformers",)),
    Rival("txtai, hybrid", "txtai_hybrid", ("txtai",)),
    Rival(
        "LlamaIndex, fusion (RRF)",
        "llamaindex_fusion",
        ("llama-index-core", "llama-index-retrievers-bm25", "llama-index-embeddings-huggingface"),
    ),
    Rival("Haystack, hybrid (RRF)", "haystack_hybrid", ("haystack-ai", "sentence-transformers-haystack")),
)
RIVALS: Mapping[str, Rival] = MappingProxyType({rival.module: rival for rival in _RIVALS})
"""By the names of their modules, ours first."""
