"""A recording that is brought for a debate: a copy that was uploaded, a file of the media folder, an address, or what
the debate plays already. It is heard, or only kept as what plays."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import UploadFile

from api.access.quotas import Share
from api.serving.arriving import Copy
from api.serving.hearing import OneAtATime
from api.serving.uploads import name_of
from index.errors import FieldInvalid, MediaMissing, RecordingError
from index.media import is_address, media_from_afar
from index.sound.hear import HearOptions
from index.speakers.attribution import Attributed
from index.transcripts.report import Note
from index.types import Progress
from index.writing.editing import Changes


@dataclass(frozen=True, slots=True)
class Outcome:
    """The debate with its recording; ``notes`` say what listening came to, None where nobody listened."""

    known: Attributed
    notes: tuple[Note, ...] | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A recording at hand: an address, or the whole path of a file that messages call ``name``."""

    media: str
    name: str

    @property
    def is_here(self) -> bool:
        return not is_address(self.media)


def recording_at_hand(
    share: Share, debate: str, file: UploadFile | None, path: str | None, stack: ExitStack
) -> Brought:
    """What somebody sends or names, with room for it until ``stack`` closes: a copy that no debate plays by then is
    gone. Neither means what the debate plays. Raises FieldInvalid, MediaMissing, DebateUnknown, QuotaExceeded."""
    engine = share.engine
    sent = isinstance(file, Copy)
    if sent and path:
        expected, expected_fr = "a file or a path, not both", "un fichier ou un chemin, pas les deux"
        raise FieldInvalid(field="path", value=path[:60], expected=expected, expected_fr=expected_fr)
    if isinstance(file, Copy):
        copy = file.claim()
        stack.callback(engine.uploads.settle, copy)
        stack.enter_context(share.bringing(debate, copy.stat().st_size))
        return Brought(str(copy), name_of(file))
    if path:
        found = media_from_afar(path, engine.settings.media_folder)
        return Brought(found, path)
    media = engine.debate(debate).media
    if media is None or is_address(media) or not Path(media).is_file():
        raise MediaMissing(debate=debate)
    return Brought(media, Path(media).name)


def heard(
    share: Share,
    debate: str,
    brought: Brought,
    options: HearOptions | None,
    place: OneAtATime,
    progress: Progress | None = None,
) -> Outcome:
    """Gives a debate its recording, and listens with ``options`` unless they are None or it is elsewhere. Raises a
    RecordingError, which tells nobody where a file lies."""
    if options is None or not brought.is_here:
        share.engine.edit(debate, Changes(media=brought.media))
        return Outcome(share.engine.attribution(debate))
    with _named(brought), place.turn(progress):
        laid = share.engine.hear(debate, Path(brought.media), options=options, progress=progress)
        return Outcome(laid.known, laid.notes)


@contextmanager
def _named(brought: Brought) -> Iterator[None]:
    """Whoever asks from afar is told of a file by the name that they gave it."""
    try:
        yield
    except RecordingError as error:
        told = {
            name: value.replace(brought.media, brought.name) if isinstance(value, str) else value
            for name, value in error.details.items()
        }
        if "path" in told:
            told["path"] = brought.name
        raise type(error)(**told) from error
