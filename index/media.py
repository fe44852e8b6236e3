"""Where a debate is heard or seen: an address, or a file of this machine.

Whoever types a command, or writes the YAML beside a transcript, may name any file of sound or pictures. Whoever comes
over HTTP may not: an address, or a file of the one folder that the server was given.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import FieldInvalid
from index.transcripts.report import shortened

TYPES = {
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
}
"""The media type of each ending that is taken. A table of ours: each system has its own."""

_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


def is_address(text: str) -> bool:
    """Whether it can be opened by a browser, anywhere: http or https, and a host."""
    try:
        return _ADDRESS.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:
        return False


def media_type(name: str) -> str | None:
    """By the ending of a file's name or of a path; None for what is neither sound nor pictures."""
    return TYPES.get(Path(name).suffix.lower())


def media_from_here(text: str, folder: Path) -> str:
    """An address as it is, or the absolute path of a file, read from ``folder``. Raises FieldInvalid."""
    found = text if is_address(text) else _file(folder / Path(text).expanduser())
    if found is None:
        raise _invalid(text, "a path to an audio or video file", "un chemin vers un fichier audio ou vidéo")
    return found


def media_from_afar(text: str, folder: Path | None) -> str:
    """An address as it is, or the absolute path of a file in ``folder``: nothing outside it is looked at, by whatever
    name or link. Raises FieldInvalid, which does not tell what there is on this machine."""
    found = text if is_address(text) else _within(text, folder) if folder else None
    if found is None:
        where, where_fr = "a file of the server's media folder", "un fichier du dossier de médias du serveur"
        raise _invalid(text, f"{where} (QDQ_MEDIA_FOLDER)", f"{where_fr} (QDQ_MEDIA_FOLDER)")
    return found


def check_media(media: str) -> None:
    """Whether it can be stored: what the two functions above give. Raises FieldInvalid."""
    if not is_address(media) and not (Path(media).is_absolute() and media_type(media)):
        expected, expected_fr = (
            "the whole path of an audio or video file",
            "le chemin entier d'un fichier audio ou vidéo",
        )
        raise _invalid(media, expected, expected_fr)


_NONE = (OSError, ValueError, RuntimeError)
"""No permission, a NUL in the name, links in a circle."""


def _within(text: str, folder: Path) -> str | None:
    try:
        root = folder.resolve()
        inside = not Path(text).is_absolute() and (root / text).resolve().is_relative_to(root)
    except _NONE:
        return None
    return _file(root / text) if inside else None


def _file(path: Path) -> str | None:
    try:
        found = path.resolve()
        return str(found) if media_type(found.name) and found.is_file() else None
    except _NONE:
        return None


def _invalid(value: str, expected: str, expected_fr: str) -> FieldInvalid:
    return FieldInvalid(
        field="media",
        value=shortened(value),
        expected=f"an address that begins with http:// or https://, or {expected}",
        expected_fr=f"une adresse qui commence par http:// ou https://, ou {expected_fr}",
    )
