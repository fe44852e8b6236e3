"""A backup is made: each database as it is at one moment, while others read and write.

index in use -> a copy of one moment --+
answers, keys, watches, the same  -----+-> hashes -> one file, beside, then under its name
"""

import datetime
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import BackupEmpty, BackupPresent, FileUnwritable, StoreFull
from index.local import LocalStore
from index.local.copying import contents, copied
from index.local.whole_files import copied_file
from index.migrate import migrate
from index.types import Progress
from rag.backup.archive import FORMAT, Manifest, member_of, write
from rag.backup.databases import ANSWERS, BESIDE, INDEX, KEYS, KNOWN, Database
from rag.backup.room import holds, room_in
from rag.records import program_version
from rag.settings import Settings
from rag.stores import open_store


@dataclass(frozen=True, slots=True)
class Backup:
    """``bytes`` is the length of the file at ``path``."""

    path: Path
    bytes: int
    manifest: Manifest


def back_up(
    settings: Settings,
    path: Path,
    *,
    force: bool = False,
    answers: bool = True,
    keys: bool = True,
    progress: Progress | None = None,
) -> Backup:
    """Write the index of ``settings`` and the databases of its home to one file at ``path``, in place of one there only
    by ``force``; without the ``answers`` that are kept or without the ``keys`` where these are not wanted. Raises
    BackupPresent, BackupEmpty, FileUnwritable, a StoreError; then ``path`` is as it was."""
    if path.exists() and not force:
        raise BackupPresent(path=str(path))
    if path.exists() and not _ours_to_replace(path, settings):
        raise FileUnwritable(path=str(path), reason="not a file, or part of the index")
    left_out = {*(() if answers else (ANSWERS,)), *(() if keys else (KEYS,))}
    with room_in(path.absolute().parent) as folder:
        try:
            manifest = _copied(settings, folder, [one for one in BESIDE if one not in left_out], progress)
        except StoreFull as error:  # there, not where the index lies
            raise FileUnwritable(path=str(path), reason="no room left") from error
        write(path, manifest, folder, progress)
    return Backup(path, path.stat().st_size, manifest)


def _copied(settings: Settings, folder: Path, beside: Sequence[Database], progress: Progress | None) -> Manifest:
    """The index and what lies ``beside`` it as files in ``folder``, each as it was at one moment."""
    index = folder / INDEX.name
    _copy_index(settings, index, progress)
    held = contents(index)
    members = [member_of(index, held.schema)]
    for one in beside:
        live, copy = settings.home / one.name, folder / one.name
        if holds(live):
            members.append(member_of(copy, copied_file(live, copy, one.application, one.version)))
    return Manifest(
        FORMAT,
        program_version(),
        datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        held.generation,
        held.fingerprint,
        held.debates,
        held.windows,
        tuple(members),
    )


def _ours_to_replace(path: Path, settings: Settings) -> bool:
    """Whether it is a file, rather than a folder or a device, and none of what is to be kept."""
    home = settings.home.resolve()
    return path.is_file() and not (path.resolve().parent == home and path.resolve().name.startswith(tuple(KNOWN)))


def _copy_index(settings: Settings, target: Path, progress: Progress | None) -> None:
    """To the new file ``target``. What lies on a server is copied as ``qdq migrate`` does, in one state of it."""
    if settings.store is None:
        live = settings.home / INDEX.name
        if not live.is_file():
            raise BackupEmpty(path=str(settings.home))
        copied(live, target, progress)
        return
    between = target.parent / "server"
    with closing(open_store(settings)) as source, closing(LocalStore(between)) as local, source.reading():
        migrate(source, local, progress=progress)
    copied(between / INDEX.name, target, progress)
    shutil.rmtree(between)
