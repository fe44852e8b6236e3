"""Many files at once: which of a folder are transcripts, read by several processes, embedded and stored one by one.

What is stored is stored: an interrupted run goes on where it stopped, since a file whose contents and details are
in the index already is left as it is.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from index.cores import cores
from index.encoding.encoder import Encoder
from index.errors import DebateError, DebateTwice, QdqError, RecordingError, TranscriptError
from index.store import Store
from index.transcripts.limits import Limits
from index.transcripts.report import NoteKind
from index.types import Progress
from index.writing.build import Added, Completed, Details, ReadFile, read_file, source_hash, store_file
from index.writing.metadata import beside, details_of, is_beside

_FEW = 8
"""Files up to which starting processes costs more than it saves."""
_AHEAD = 4
"""Files that each process may have read before they are stored: they wait in memory."""
_MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: ``added``, or ``unchanged`` (the debate that it already is), or ``error``."""

    path: Path
    added: Added | None = None
    unchanged: str | None = None
    error: QdqError | None = None


def transcripts_in(folder: Path, *, recursive: bool) -> list[Path]:
    """The files of ``folder`` that may be transcripts, in order: neither hidden ones nor what goes with another."""
    found = folder.rglob("*") if recursive else folder.glob("*")
    return sorted(path for path in found if path.is_file() and not is_beside(path) and not _hidden(path, folder))


def transcripts_among(files: Sequence[Path]) -> list[Path]:
    """``files`` without those that go with another one of them: ``folder/*`` names them too."""
    side: dict[Path, list[str]] = {}
    for file in filter(is_beside, files):
        side.setdefault(file.parent, []).append(file.name)
    taken = {
        file.parent / name
        for file in files
        if not is_beside(file)
        for name in beside(file.name, side.get(file.parent, ()))
        if name
    }
    return [file for file in files if file not in taken]


def add_files(
    store: Store,
    encoder: Encoder,
    files: Sequence[Path],
    details: Details,
    *,
    limits: Limits,
    progress: Progress | None = None,
    completed: Completed | None = None,
    hears: bool = False,
) -> Iterator[Outcome]:
    """One outcome for each file, in order; a bad file does not stop the others. Two files that would become one debate
    are an error of the second. Where ``completed`` ``hears`` recordings, a file whose recording could not be heard is
    not unchanged. Raises a StoreError or an EncoderError, which concern all."""
    ids: dict[str, Path] = {}
    alone = len(files) == 1
    for number, (path, found) in enumerate(_read_ahead(files, details, store.sources(), limits), start=1):
        again = isinstance(found, str) and hears and _is_unheard(store, found)
        read = _read(path, details, {}, limits) if again else found
        if isinstance(read, QdqError):
            yield Outcome(path, error=read)
        else:
            id_ = read if isinstance(read, str) else read.debate.id
            first = ids.setdefault(id_, path)
            if first != path:
                yield Outcome(path, error=DebateTwice(path=str(path), debate=id_, other=str(first)))
            elif isinstance(read, str):
                yield Outcome(path, unchanged=read)
            else:
                try:
                    whole = completed(read) if completed else read
                except RecordingError as error:
                    yield Outcome(path, error=error)
                else:
                    yield Outcome(path, added=store_file(store, encoder, whole, progress=progress if alone else None))
        if progress and not alone:
            progress("files", number, len(files))


_Read = ReadFile | str | QdqError


def _is_unheard(store: Store, debate: str) -> bool:
    """Whether its recording was to be listened to, and could not be."""
    report = store.report(debate)
    return report is not None and any(note.kind is NoteKind.NOT_HEARD for note in report.notes)


def _read_ahead(
    files: Sequence[Path], details: Details, known: Mapping[str, str], limits: Limits
) -> Iterator[tuple[Path, _Read]]:
    """Each file as it was read, or the debate that it already is, or why it cannot be."""
    if len(files) <= _FEW:
        yield from ((path, _read(path, details, known, limits)) for path in files)
        return
    processes = min(cores(), _MOST_PROCESSES)
    # spawned, not forked: the model's threads live in this process
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = deque(files)
        running: deque[tuple[Path, Future[_Read]]] = deque()
        while waiting or running:
            while waiting and len(running) < _AHEAD * processes:
                path = waiting.popleft()
                running.append((path, pool.submit(_read, path, details, known, limits)))
            path, future = running.popleft()
            yield path, future.result()


def _read(path: Path, details: Details, known: Mapping[str, str], limits: Limits) -> _Read:
    try:
        completed = details_of(path, details)
        unchanged = known.get(source_hash(path, completed)) if _fits(path, limits) else None
        return unchanged or read_file(path, completed, limits=limits)
    except (TranscriptError, DebateError) as error:
        return error


def _fits(path: Path, limits: Limits) -> bool:
    """A file that is too large is not hashed either."""
    try:
        return path.stat().st_size <= limits.file_mb * 1_000_000
    except (OSError, ValueError):
        return False


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
