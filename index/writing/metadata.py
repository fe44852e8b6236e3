"""What lies beside a transcript: NAME.speakers.tsv says who speaks, NAME.yaml what the file does not say of itself.

title: Le grand débat
date: 2024-11-19
url: https://example.org/video
media: recordings/debate.mp4
language: fr
participants:
  - name: Jean-Baptiste Kempf
    role: fondateur de VLC
    aliases: [JBK, Kempf]
  - Constantin Pavléas
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from index.errors import FieldInvalid, MetadataInvalid
from index.media import media_from_here
from index.transcripts.report import shortened
from index.transcripts.segments import plain
from index.types import Participant
from index.writing.build import Details

SUFFIXES = (".yaml", ".yml")
SIDE_FILE = ".speakers"
_FIELDS = ("title", "date", "url", "media", "language", "participants")
_PARTICIPANT = ("name", "role", "aliases")
_LARGEST = 1_000_000


class _WithoutAliases(yaml.SafeLoader):
    """A few lines of aliases of aliases can stand for more than the memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read")
        return super().compose_node(parent, index)


def details_of(path: Path, given: Details) -> Details:
    """``given``, completed with what lies beside ``path``; a path in it begins there. Raises MetadataInvalid,
    FieldInvalid."""
    others = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    labels, about = beside(path.name, [other.name for other in others])
    media = partial(media_from_here, folder=path.parent)
    completed = with_metadata(given, path.with_name(about), media=media) if about else given
    return replace(completed, speakers=given.speakers or (path.with_name(labels) if labels else None))


def beside(name: str, others: Iterable[str]) -> tuple[str | None, str | None]:
    """Which of the file names ``others`` go with the transcript ``name``: who speaks, and its metadata.

    >>> beside("a.srt", ["a.srt", "a.speakers.tsv", "a.yaml", "b.yaml"]), beside("b.srt", ["a.yaml"])
    (('a.speakers.tsv', 'a.yaml'), (None, None))
    """
    known, stem = list(others), Path(name).stem
    labels = next((other for other in known if Path(other).stem == stem + SIDE_FILE), None)
    return labels, next((stem + suffix for suffix in SUFFIXES if stem + suffix in known), None)


def participants_in(text: str) -> tuple[Participant, ...]:
    """A person a line, their role after a comma. Raises FieldInvalid for a role without a name.

    >>> participants_in("Ada Martin, avocate\\nJean Petit")
    (Participant(name='Ada Martin', role='avocate', aliases=()), Participant(name='Jean Petit', role='', aliases=()))
    """
    return tuple(_participant_line(line) for line in text.splitlines() if line.strip())


def _participant_line(line: str) -> Participant:
    name, _, role = (plain(part) for part in line.partition(","))
    if not name:
        expected, expected_fr = "a name, then a role after a comma", "un nom, puis un rôle après une virgule"
        raise FieldInvalid(field="participants", value=line.strip(), expected=expected, expected_fr=expected_fr)
    return Participant(name, role)


def with_metadata(given: Details, path: Path, *, media: Callable[[str], str], name: str | None = None) -> Details:
    """``given``, completed with what the YAML at ``path`` says, called ``name`` in messages. ``media`` tells what its
    media stands for, since a file that comes over HTTP may not name every one. Raises MetadataInvalid, FieldInvalid."""
    found = _read(path, name or path.name)
    return replace(
        given,
        title=given.title or found.get("title"),
        date=given.date or found.get("date"),
        url=given.url or found.get("url"),
        language=given.language or found.get("language"),
        participants=given.participants or found.get("participants", ()),
        media=given.media or (media(found["media"]) if found.get("media") else None),
    )


def is_beside(path: Path) -> bool:
    """Whether a file only goes with another one."""
    return path.stem.endswith(SIDE_FILE) or path.suffix.lower() in SUFFIXES


def _read(path: Path, shown: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _invalid(shown, "it is over 1 MB", "il dépasse 1 Mo")
        found = yaml.load(path.read_text("utf-8-sig"), _WithoutAliases) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise _invalid(shown, *[" ".join(str(error).split())[:200]] * 2) from error
    if not isinstance(found, dict):
        raise _invalid(shown, "it is no list of fields", "ce n'est pas une liste de champs")
    if unknown := sorted(set(map(str, found)) - set(_FIELDS)):
        raise _invalid(shown, f"unknown: {', '.join(unknown)}", f"inconnu : {', '.join(unknown)}")
    return {name: _field(shown, name, value) for name, value in found.items() if value is not None}


def _field(shown: str, name: str, value: Any) -> Any:
    if name == "participants":
        return tuple(_participant(shown, entry) for entry in (value if isinstance(value, list) else [value]))
    if name == "date":
        return _date(shown, value)
    return _text(shown, name, value)


def _participant(shown: str, entry: Any) -> Participant:
    fields = {"name": entry} if isinstance(entry, str) else entry
    if not isinstance(fields, dict) or "name" not in fields or set(fields) - set(_PARTICIPANT):
        raise _invalid(shown, "a participant has name, role, aliases", "un participant a name, role, aliases")
    aliases = fields.get("aliases") or []
    return Participant(
        name=_text(shown, "name", fields["name"]),
        role=_text(shown, "role", fields.get("role") or ""),
        aliases=tuple(
            _text(shown, "aliases", alias) for alias in (aliases if isinstance(aliases, list) else [aliases])
        ),
    )


def _date(shown: str, value: Any) -> datetime.date:
    try:
        return value if type(value) is datetime.date else datetime.date.fromisoformat(str(value))
    except ValueError as error:
        found = shortened(str(value))
        raise _invalid(shown, f"date: {found} is not YYYY-MM-DD", f"date : {found} n'est pas AAAA-MM-JJ") from error


def _text(shown: str, name: str, value: Any) -> str:
    if not isinstance(value, str):
        found = shortened(repr(value))
        raise _invalid(shown, f"{name}: {found} is no text", f"{name} : {found} n'est pas un texte")
    return " ".join(value.split())


def _invalid(shown: str, reason: str, reason_fr: str) -> MetadataInvalid:
    return MetadataInvalid(path=shown, reason=reason, reason_fr=reason_fr, fields=", ".join(_FIELDS))
