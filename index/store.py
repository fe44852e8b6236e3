"""What a search engine must do for us. ``local/`` is SQLite and FAISS, ``milvus/`` is for several servers; both follow
the same contract tests."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from index.pieces.table import PieceTable
from index.pieces.tokens import TokenVectors
from index.speakers.corrections import Correction
from index.transcripts.report import ImportReport
from index.types import Debate, DebateSummary, Hit, Scope, Vectors, Window

ATTEMPTS = 20
"""How often a change is made anew that somebody else's came before, until the store is said to be busy."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a debate was read from: ``source`` is a hash of the files and of all that was said of them."""

    source: str
    report: ImportReport


@dataclass(frozen=True, slots=True)
class IndexedDebate:
    """A debate with its windows: one vector and one list of terms each, in the same order. ``origin`` is what it was
    read from; None leaves what is known of that as it is. ``base`` is the debate as its file gave it; None where that
    is the debate itself. ``renames`` are names of its people that the index knows in another spelling. ``tokens`` are
    those of its text; None leaves those that are known of a debate that is only cut otherwise. ``corrections``, where
    given, take the place of those that are known. Each of their acts gets a new number, after all that the index has
    given: theirs may be another debate's there, and an act over several debates falls apart into one for each."""

    debate: Debate
    windows: Sequence[Window]
    vectors: Vectors
    terms: Sequence[Sequence[str]]
    origin: Import | None = None
    base: Debate | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    tokens: TokenVectors | None = None
    corrections: Sequence[Correction] | None = None

    def __post_init__(self) -> None:
        if not len(self.windows) == len(self.vectors) == len(self.terms):
            raise ValueError(
                f"{len(self.windows)} windows, {len(self.vectors)} vectors, {len(self.terms)} lists of terms"
            )


@dataclass(frozen=True, slots=True)
class Relabelling:
    """A change of who speaks: ``debates`` have other speakers in the segments that they had, ``recut`` other segments,
    and, where they bring them, another base and report, and corrections in place of those that are known.

    ``added`` are corrections by debate, which are one act, ``removed`` acts that go, ``renames`` the names that a name
    goes by from now on (None: by itself again).
    """

    debates: Sequence[Debate] = ()
    recut: Sequence[IndexedDebate] = ()
    added: Mapping[str, Sequence[Correction]] = field(default_factory=dict)
    removed: Sequence[int] = ()
    renames: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """Other fields of a debate (title, date, url, language, media, participants), whose segments stay. ``debate`` is
    what is searched and shown from now on, ``base`` what corrections are laid over; ``terms`` are those of its windows,
    in their order, where it is read in another language."""

    debate: Debate
    base: Debate
    terms: Sequence[Sequence[str]] | None = None


class Store(Protocol):
    """Everything is seen at once or not at all; what was added is searched at once, by every open store on the same
    index."""

    @property
    def place(self) -> str:
        """Where the index lies, for messages."""

    def generation(self) -> str:
        """Names the state of the index: another one after each change, by whichever program, and never the same
        again."""

    def reading(self) -> AbstractContextManager[None]:
        """One state of the index for all that is read inside, whatever is written meanwhile."""

    def fingerprint(self) -> str:
        """What its vectors depend on; empty while it has none."""

    def check_fingerprint(self, fingerprint: str) -> None:
        """Raises ModelMismatch when the index has vectors under a fingerprint that is not ``mixable`` with this one."""

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        """Add a debate, in place of one with the same id. The index keeps the fingerprint of its first vectors."""

    def remove(self, debate: str) -> None:
        """Raises DebateUnknown."""

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str, since: str) -> bool:
        """Put ``entries`` in place of everything, under a new fingerprint, unless the index is no longer in the state
        ``since``: then nothing, and False."""

    def debates(self) -> list[DebateSummary]:
        """In the order of their ids."""

    def summary(self, debate: str) -> DebateSummary | None:
        """That of one debate, None where there is none of this id."""

    def names(self) -> frozenset[str]:
        """Everybody who speaks or takes part in any debate, as ``speakers`` and the participants say."""

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        """With all its segments, and with the times of their ``words`` where they are wanted and known. Raises
        DebateUnknown."""

    def original(self, debate: str) -> Debate:
        """As its file gave it: the file's own labels, nothing corrected. Raises DebateUnknown."""

    def corrections(self, debate: str) -> list[Correction]:
        """What was corrected in a debate of this id, in the order in which it was made; also before it is added."""

    def renames(self) -> dict[str, str]:
        """The name that each renamed name goes by."""

    def relabel(self, change: Relabelling, since: str) -> bool:
        """Make ``change`` whole, unless the index is no longer in the state ``since``: then nothing, and False. The
        vectors stay what they are."""

    def describe(self, description: Description, since: str) -> bool:
        """Make the change whole, unless the index is no longer in the state ``since``: then nothing, and False. The
        vectors and the corrections stay what they are. Raises DebateUnknown."""

    def vectors(self, debate: str) -> dict[tuple[int, int, int], Vectors]:
        """The vector of each window by width, first and last piece. Raises DebateUnknown."""

    def tokens(self, debate: str) -> TokenVectors | None:
        """The vectors of its tokens; None where the model gives none, or for a debate that was added before they were
        kept. Raises DebateUnknown."""

    def pieces(self, debate: str) -> PieceTable:
        """Its pieces as columns. An engine that keeps none makes them of the debate. Raises DebateUnknown."""

    def report(self, debate: str) -> ImportReport | None:
        """What was done when it was read; None for a debate that was added before this was kept. Raises
        DebateUnknown."""

    def stored(self, debate: str) -> IndexedDebate:
        """Everything that is kept of it, to be added to another store: the vectors as sixteen bits keep them, so of
        length 1 but for their rounding; the terms of a window in any order. Renames are the index's. Raises
        DebateUnknown."""

    def sources(self) -> dict[str, str]:
        """The id of the debate that came of each source, by the source's hash."""

    def speakers(self) -> dict[str, frozenset[str]]:
        """Each name that segments are attributed to, and the ids of those debates; what the bare text suggests of a few
        segments does not say where somebody speaks."""

    def dense(self, vector: Vectors, width: int, k: int, scope: Scope) -> list[Hit]:
        """The ``k`` windows of ``width`` nearest to ``vector`` (cosine), best first."""

    def background(self, vector: Vectors) -> tuple[float, float]:
        """Mean and standard deviation of the cosine of ``vector`` to the windows of the index."""

    def lexical(self, terms: Sequence[str], width: int, k: int, scope: Scope) -> list[Hit]:
        """The ``k`` windows of ``width`` with the best BM25 for any of ``terms``, best first; statistics are the
        whole index's."""

    def document_frequencies(self, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        """In how many windows each term stands, and how many windows there are."""

    def vocabulary(self) -> dict[str, int]:
        """Every term of the index, and in how many windows it stands."""

    def size(self) -> int:
        """Bytes that the index takes on disk, its caches included."""

    def settle(self) -> None:
        """Wait for what the engine makes beside: after many additions, that which the next program opens quickly."""

    def close(self) -> None:
        """Let go of files. The store is not used afterwards."""
