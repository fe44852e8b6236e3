"""A backup is put back: nothing is touched before all of it is read, hashed and found whole.

    file -> its members, hashed -> each found whole by SQLite -> one transaction on the index, then on each file beside

Servers that run go on, and answer from what was restored with their next question. A file that cannot be opened any
more, or was made by a later version, is put aside under another name: whoever has it open has to be started again.
"""

import datetime
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.doctor.findings import Finding
from index.encoding.encoder import mixable
from index.errors import BackupInvalid, BackupOccupied, StoreDamaged, StoreNewer
from index.local import LocalStore
from index.local.copying import replaced
from index.local.doctor import index_findings
from index.local.schema import connect
from index.local.whole_files import checked_file, put_file
from index.migrate import migrate
from index.store import ATTEMPTS, Relabelling, Store
from index.types import Progress
from rag.backup.archive import Manifest, opened
from rag.backup.databases import BESIDE, INDEX, KEYS, KNOWN, Database
from rag.backup.room import holds, room_in
from rag.settings import Settings
from rag.stores import open_store

_BESIDE_IT = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file that is changed."""
_UNLIKE = (sqlite3.Error, ValueError, KeyError, TypeError)
"""What bringing up a file raises that is of an earlier version by its number alone."""


@dataclass(slots=True)
class Restored:
    """Names of files: those that were ``put`` in place, and those that were ``kept`` as they are here. ``aside`` are
    paths of files that could not be opened, which lie there still."""

    manifest: Manifest
    put: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


def check(path: Path, settings: Settings, progress: Progress | None = None) -> tuple[Manifest, list[Finding]]:
    """What the backup at ``path`` holds, all of it found whole, and what the doctor has to say of its index. Raises
    FileUnreadable, BackupInvalid, StoreNewer."""
    with room_in(settings.home) as folder:
        manifest = _read(path, folder, progress)
        return manifest, index_findings(folder / INDEX.name, mend=False, progress=progress)


def restore(
    settings: Settings, path: Path, *, replace: bool = False, keys: bool = False, progress: Progress | None = None
) -> Restored:
    """Put the backup at ``path`` in the place of the index of ``settings`` and of the databases of its home; an index
    that has debates, and a file that is there, only to ``replace`` them. Keys that are there stay unless ``keys``:
    those that were revoked since would open again. Raises FileUnreadable, BackupInvalid, BackupOccupied, a StoreError;
    each file is then as it was, or wholly as it is in the backup, the index first."""
    with room_in(settings.home) as folder:
        done = Restored(_read(path, folder, progress))
        if settings.store is None:
            try:
                _put_index(settings.home / INDEX.name, folder / INDEX.name, replace, done, progress)
            except sqlite3.Error as error:  # tables that it says to have, and has not
                raise _invalid(path, f"{INDEX.name}: {error}") from error
        else:
            _put_on_server(settings, folder, replace, progress)
        done.put.append(INDEX.name)
        for one in BESIDE:
            if done.manifest.member(one.name) is not None:
                wanted = keys if one is KEYS else replace
                _put_beside(one, settings.home / one.name, folder / one.name, wanted, done)
    return done


def _read(path: Path, folder: Path, progress: Progress | None) -> Manifest:
    """The members of a backup as files in ``folder``, each whole and of a version that is known."""
    with opened(path) as archive:
        archive.extract(folder, progress)
        manifest = archive.manifest
    if manifest.member(INDEX.name) is None:
        raise BackupInvalid(path=str(path), reason="no index in it", reason_fr="sans index")
    for member in manifest.members:
        known = KNOWN[member.name]
        try:
            checked_file(folder / member.name, known.application, known.version)
            if known is INDEX:
                connect(folder / member.name).close()  # up to this version
        except StoreNewer as error:
            raise StoreNewer(path=path, found=error.details["found"], known=known.version) from error
        except (StoreDamaged, *_UNLIKE) as error:
            raise _invalid(path, f"{member.name}: {_why(error)}") from error
    return manifest


def _invalid(path: Path, reason: str) -> BackupInvalid:
    return BackupInvalid(path=str(path), reason=reason, reason_fr=reason)


def _why(error: Exception) -> object:
    return error.details["reason"] if isinstance(error, StoreDamaged) else error


def _put_index(live: Path, source: Path, replace: bool, done: Restored, progress: Progress | None) -> None:
    try:
        replaced(live, source, replace=replace, progress=progress)
    except (StoreDamaged, StoreNewer):
        if not replace or not live.is_file():
            raise
        done.aside.append(str(_put_aside(live)))
        replaced(live, source, replace=True, progress=progress)


def _put_beside(one: Database, live: Path, source: Path, wanted: bool, done: Restored) -> None:
    """A file that is not there is put there at once, since the folder it comes from lies beside."""
    if holds(live) and not wanted:
        done.kept.append(one.name)
        return
    if holds(live):
        try:
            checked_file(live, one.application, one.version)
            put_file(source, live)
        except (StoreDamaged, StoreNewer):
            done.aside.append(str(_put_aside(live)))
    if not holds(live):
        for left in _BESIDE_IT:  # by a file that is gone: SQLite would take it for this one's
            live.with_name(live.name + left).unlink(missing_ok=True)
        source.replace(live)
    done.put.append(one.name)


def _put_aside(live: Path) -> Path:
    """With what SQLite keeps beside it, under a name that tells when; that name."""
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = live.with_name(f"{live.name}.aside-{moment}")
    for end in ("", *_BESIDE_IT):
        file = live.with_name(live.name + end)
        if file.exists():
            file.replace(aside.with_name(aside.name + end))
    return aside


def _put_on_server(settings: Settings, folder: Path, replace: bool, progress: Progress | None) -> None:
    """A debate at a time, each whole or not at all: what is interrupted is run again."""
    with closing(open_store(settings)) as target, closing(LocalStore(folder)) as source:
        there = target.debates()
        if there and not replace:
            raise BackupOccupied(path=target.place, count=len(there))
        wanted = {summary.id for summary in source.debates()}
        mixed = bool(there) and not mixable(target.fingerprint(), source.fingerprint())
        _emptied(target, set() if mixed else wanted)
        if source.debates():
            migrate(source, target, replace=True, progress=progress)


def _emptied(target: Store, wanted: set[str]) -> None:
    """Without other debates than those that are ``wanted``, and without renames."""
    for summary in target.debates():
        if summary.id not in wanted:
            target.remove(summary.id)
    for _attempt in range(ATTEMPTS):
        since = target.generation()
        renames: dict[str, str | None] = dict.fromkeys(target.renames())
        if not renames or target.relabel(Relabelling(renames=renames), since):
            return
