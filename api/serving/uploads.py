"""The files of a form: on disk as long as they are read, under names of ours."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from fastapi import UploadFile

from index.errors import FileTooLarge
from index.media import media_from_afar
from index.writing.build import Details
from index.writing.metadata import with_metadata
from rag.settings import Settings


def name_of(file: UploadFile) -> str:
    """The name that the client gives, without any folder: it only names the debate and stands in messages."""
    return Path((file.filename or "").replace("\\", "/")).name or "upload"


@contextmanager
def on_disk(
    file: UploadFile,
    given: Details,
    settings: Settings,
    *,
    speakers: UploadFile | None = None,
    metadata: UploadFile | None = None,
) -> Iterator[tuple[Path, Details]]:
    """What ``Engine.add`` takes: copies that are gone afterwards, and the details, ``given`` first. Raises
    FileTooLarge, MetadataInvalid, FieldInvalid."""
    limit_mb, media = settings.max_file_mb, partial(media_from_afar, folder=settings.media_folder)
    with ExitStack() as copies:
        path = copies.enter_context(_copied(file, limit_mb))
        details = replace(given, name=name_of(file))
        if speakers:
            side_file = copies.enter_context(_copied(speakers, limit_mb))
            details = replace(details, speakers=side_file, speakers_name=name_of(speakers))
        if metadata:
            about = copies.enter_context(_copied(metadata, limit_mb))
            details = with_metadata(details, about, media=media, name=name_of(metadata))
        yield path, details


@contextmanager
def _copied(upload: UploadFile, limit_mb: int) -> Iterator[Path]:
    """Raises FileTooLarge before more than the limit is copied; the form was put on disk whole before, within
    ``api.serving.limits``."""
    with tempfile.TemporaryDirectory(prefix="qdq-") as folder:
        copy = Path(folder) / "upload"
        with copy.open("wb") as file:
            while part := upload.file.read(1 << 20):
                file.write(part)
                if file.tell() > limit_mb * 1_000_000:
                    raise FileTooLarge(path=name_of(upload), limit_mb=limit_mb)
        yield copy
