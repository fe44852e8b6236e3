"""The file of a backup: a ZIP archive, nothing in it compressed, that says of each of its files what it has to be.

    index.sqlite, answers.db, keys.db, watches.db     those that there are
    manifest.json                                     what ``Manifest`` says, last

What is read may come from anywhere: a file of another name, a compressed one, one of another length or another hash is
refused, and nothing is written outside the folder that is given.
"""

import datetime
import errno
import hashlib
import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from index.errors import BackupInvalid, FileUnreadable, FileUnwritable, StoreNewer
from index.transcripts.segments import plain
from index.types import Progress
from rag.backup.databases import KNOWN

FORMAT = 1
_MANIFEST = "manifest.json"
_DRAFT = "draft"
_MOST_MANIFEST_BYTES = 1_000_000
_CHUNK = 1 << 22
_OWNERS = 0o600
"""It holds transcripts: nobody else reads it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the files: its length, SHA-256 and the version of its tables."""

    name: str
    bytes: int
    sha256: str
    schema: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """``made`` is a moment in UTC (ISO 8601), ``program`` the version of this program that made it; the rest tells of
    the index: the state that it is of, the model of its vectors, how many debates and windows."""

    format: int
    program: str
    made: str
    generation: str
    fingerprint: str
    debates: int
    windows: int
    members: tuple[Member, ...]

    def member(self, name: str) -> Member | None:
        return next((one for one in self.members if one.name == name), None)


_MANIFESTS = TypeAdapter(Manifest)


def member_of(path: Path, schema: int) -> Member:
    """What the file at ``path`` is as it lies there."""
    with path.open("rb") as file:
        return Member(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), schema)


def write(path: Path, manifest: Manifest, folder: Path, progress: Progress | None = None) -> None:
    """Put the members of ``manifest`` that lie in ``folder``, on the same disk, into one file at ``path``, which is
    there whole or as it was. Raises FileUnwritable."""
    draft = folder / _DRAFT
    try:
        with _private(draft) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                _fill(archive, manifest, folder, progress)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _synced(path.parent)
    except OSError as error:
        raise FileUnwritable(path=str(path), reason=error.strerror or str(error)) from error


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), _OWNERS), "wb")


def _fill(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, progress: Progress | None) -> None:
    done, total = 0, sum(member.bytes for member in manifest.members)
    for member in manifest.members:
        with (
            (folder / member.name).open("rb") as source,
            archive.open(_entry(member.name), "w", force_zip64=True) as to,
        ):
            while piece := source.read(_CHUNK):
                to.write(piece)
                done += len(piece)
                if progress:
                    progress("write", done, total)
    archive.writestr(_entry(_MANIFEST), _MANIFESTS.dump_json(manifest, indent=1))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = _OWNERS << 16
    return entry


def _synced(folder: Path) -> None:
    """A name that a power cut does not take back, where the system can say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Archive:
    """A backup that is open to be read. Each method raises BackupInvalid."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        """Raises StoreNewer for a layout that a later version made."""
        self._path = path
        self._archive = archive
        self.manifest = self._read_manifest()
        names = [entry.filename for entry in archive.infolist()]
        wanted = [*(member.name for member in self.manifest.members), _MANIFEST]
        if sorted(names) != sorted(wanted) or len(set(wanted)) != len(wanted):
            raise self._invalid("other files in it than it says", "d'autres fichiers qu'annoncé")
        for member in self.manifest.members:
            self._check(member)

    def extract(self, folder: Path, progress: Progress | None = None) -> None:
        """Write all members into ``folder``, and see that each is what it was. Raises FileUnwritable."""
        done, total = 0, sum(member.bytes for member in self.manifest.members)
        for member in self.manifest.members:
            digest = hashlib.sha256()
            try:
                with _private(folder / member.name) as to:
                    for piece in self._pieces(member):
                        digest.update(piece)
                        to.write(piece)
                        done += len(piece)
                        if progress:
                            progress("read", done, total)
            except OSError as error:
                raise FileUnwritable(path=str(folder), reason=error.strerror or str(error)) from error
            if digest.hexdigest() != member.sha256:
                raise self._invalid(f"{member.name}: another checksum", f"{member.name} : autre somme de contrôle")

    def _pieces(self, member: Member) -> Iterator[bytes]:
        try:
            with self._archive.open(member.name) as source:
                while piece := source.read(_CHUNK):
                    yield piece
        except _BROKEN as error:
            raise self._invalid(f"{member.name}: {error}", f"{member.name} : {error}") from error

    def _read_manifest(self) -> Manifest:
        try:
            entry = self._archive.getinfo(_MANIFEST)
            if entry.file_size > _MOST_MANIFEST_BYTES or entry.compress_type != zipfile.ZIP_STORED:
                raise self._invalid("its list of files is too long", "sa liste de fichiers est trop longue")
            content = self._archive.read(entry)
            self._check_format(content)
            manifest = _MANIFESTS.validate_json(content, strict=True)
            datetime.datetime.fromisoformat(manifest.made)
            return manifest
        except (KeyError, ValidationError, *_BROKEN) as error:
            raise self._invalid("no list of its files", "sans liste de ses fichiers") from error

    def _check_format(self, content: bytes) -> None:
        """Before the rest is read, which another layout has otherwise."""
        found = TypeAdapter(dict[str, object]).validate_json(content).get("format")
        if isinstance(found, int) and found > FORMAT:
            raise StoreNewer(path=self._path, found=found, known=FORMAT)

    def _check(self, member: Member) -> None:
        """Raises StoreNewer, too."""
        entry = self._archive.getinfo(member.name)
        if member.name not in KNOWN:
            raise self._invalid(f"{member.name}: unknown", f"{member.name} : inconnu")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != member.bytes or entry.flag_bits & 1:
            raise self._invalid(f"{member.name}: another length", f"{member.name} : autre longueur")
        if member.schema > KNOWN[member.name].version:
            raise StoreNewer(path=self._path, found=member.schema, known=KNOWN[member.name].version)

    def _invalid(self, reason: str, reason_fr: str) -> BackupInvalid:
        """Names in a file that is brought may be anything, and are shown on a terminal."""
        return BackupInvalid(path=str(self._path), reason=plain(reason), reason_fr=plain(reason_fr))


_BROKEN = (
    *(zipfile.BadZipFile, struct.error, OSError, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What ``zipfile`` raises for files that are none, or not whole."""


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises FileUnreadable, BackupInvalid, StoreNewer."""
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "not a file")  # a pipe would be waited for
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise BackupInvalid(path=str(path), reason="no archive", reason_fr="pas une archive") from error
        with archive:
            yield Archive(path, archive)
