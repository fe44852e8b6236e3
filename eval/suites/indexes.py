"""The index of a suite: built once for each content and each model, and kept in the cache folder.

The folder's name holds a hash of what was indexed, so an index is never out of date; it can be deleted at any time.
"""

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.suites.suite import Recording, Suite
from index.encoding.encoder import Encoder
from index.files import save_text
from index.local.schema import VERSION
from index.pieces.windows import WIDTHS, pieces, windows
from index.store import Store
from index.types import Debate, Progress
from index.words.lexical import terms
from index.writing.build import Details
from index.writing.embedding import index_fingerprint
from rag.engine import Engine
from rag.settings import Settings
from rag.stores import open_place, open_store

_REPORT = "built.json"
_NOBODY = "start\tspeaker\n0\t?\n"
"""A side file that takes away whatever names a transcript has."""


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """What building the index took. ``seconds`` is None when it went on from an interrupted run, or when the index is
    the user's own; ``tokens`` are those of all windows, ``peak_mb`` is of the whole process."""

    debates: int
    windows: int
    tokens: int
    seconds: float | None
    peak_mb: float | None
    bytes_per_window: float

    @property
    def tokens_per_second(self) -> float | None:
        return self.tokens / self.seconds if self.seconds else None


def open_index(
    suite: Suite, settings: Settings, encoder: Encoder, *, labelled: bool, progress: Progress | None = None
) -> tuple[Store, IndexFigures]:
    """The store on the recordings of ``suite``, with their speakers or without.

    The user's own index is opened as it is. Raises a QdqError.
    """
    encoder.load(progress)
    if suite.home is not None:
        store = open_store(settings, suite.home)
        store.check_fingerprint(index_fingerprint(encoder))
        return store, _figures(store, encoder, None, None)
    home = settings.cache / "eval" / f"{suite.name}-{_digest(suite, encoder, labelled)}"
    store = _own_index(home, settings)
    known = _reported(home / _REPORT)
    if known is None or known.debates != len(store.debates()):
        seconds = _build(Engine(store, encoder, settings), suite.recordings, labelled, progress)
        known = _figures(store, encoder, seconds, peak_memory())
        save_text(home / _REPORT, json.dumps(asdict(known), indent=1))
    return store, known


def _own_index(home: Path, settings: Settings) -> Store:
    """On the engine of the settings, and apart from what they name: nobody's debates are among those of a suite."""
    if settings.store is None or "://" not in settings.store:
        return open_place(str(home / "index.db") if settings.store else home, settings)
    return open_place(settings.store, settings, f"qdq_eval_{home.name.rpartition('-')[2]}")


def _reported(path: Path) -> IndexFigures | None:
    """What was written when the index was complete; None when it is not, or what was written is not understood."""
    try:
        return IndexFigures(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def peak_memory() -> float | None:
    """Of this process so far, in MB: Linux counts in KiB, macOS in bytes. None on Windows."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def _build(engine: Engine, recordings: Sequence[Recording], labelled: bool, progress: Progress | None) -> float | None:
    """Add what is not there yet. Returns the seconds, unless something was."""
    present = {debate.id for debate in engine.debates()}
    missing = [recording for recording in recordings if recording.debate.id not in present]
    alone = len(recordings) == 1
    began = time.perf_counter()
    for number, recording in enumerate(missing, start=1):
        with files_of(recording, labelled) as (path, details):
            engine.add(path, details, progress=progress if alone else None)
        if progress and not alone:
            progress("index", number, len(missing))
    return None if present else time.perf_counter() - began


@contextmanager
def files_of(recording: Recording, labelled: bool) -> Iterator[tuple[Path, Details]]:
    """The transcript and its details; a recording that is only its text is written down first."""
    debate = recording.debate
    with tempfile.TemporaryDirectory(prefix="qdq-eval-") as folder:
        path = recording.path or _written(debate, Path(folder) / "transcript.json")
        speakers = recording.side_file
        if not labelled:
            speakers = Path(folder) / "nobody.tsv"
            speakers.write_text(_NOBODY, "utf-8")
        details = Details(id=debate.id, title=debate.title, language=debate.language, speakers=speakers)
        yield path, details if recording.path is None else Details(id=debate.id, speakers=speakers)


def _written(debate: Debate, path: Path) -> Path:
    segments = [{"start": part.start, "end": part.end, "text": part.text} for part in debate.segments]
    path.write_text(json.dumps({"segments": segments}, ensure_ascii=False), "utf-8")
    return path


def _digest(suite: Suite, encoder: Encoder, labelled: bool) -> str:
    """Over all that the index is made from: the model, the schema, the contents, who is said to speak, and the windows
    and terms, so that a change in how they are cut or stemmed makes another index."""
    digest = hashlib.sha256(f"{index_fingerprint(encoder)} {VERSION} {labelled} {suite.corpus_hash}".encode())
    for debate in sorted((recording.debate for recording in suite.recordings), key=lambda debate: debate.id):
        speakers = [segment.speaker for segment in debate.segments] if labelled else []
        people = [(person.name, person.role) for person in debate.participants] if labelled else []
        digest.update(json.dumps([debate.id, debate.title, debate.language, people, speakers]).encode())
        for text in _window_texts(debate):
            digest.update(" ".join(terms(text, debate.language)).encode())
    return digest.hexdigest()[:12]


def _window_texts(debate: Debate) -> list[str]:
    parts = pieces(debate.segments)
    return [window.text for width in WIDTHS for window in windows(parts, width)]


def _figures(store: Store, encoder: Encoder, seconds: float | None, peak: float | None) -> IndexFigures:
    debates = [store.debate(summary.id) for summary in store.debates()]
    texts = [text for debate in debates for text in _window_texts(debate)]
    store.settle()  # the file of a large index counts as well
    return IndexFigures(
        debates=len(debates),
        windows=len(texts),
        tokens=encoder.count_tokens(texts),
        seconds=seconds,
        peak_mb=peak,
        bytes_per_window=store.size() / max(len(texts), 1),
    )
