"""What ``PATCH /v1/debates/{debate}`` takes, and what it means."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import MOST_PEOPLE, Day, Name, Text
from index.media import media_from_afar
from index.types import Participant
from index.writing.editing import Changes
from rag.links import media_path


class ParticipantIn(BaseModel):
    """Somebody who takes part."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(min_length=1)
    role: Text = Field("", max_length=500)
    aliases: list[Name] = Field([], max_length=50, description="Other names under which they may be asked for.")


class DebateChanges(BaseModel):
    """Fields that are not given stay; null clears one that can be empty."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "Le grand débat", "participants": [{"name": "Jean-Baptiste Kempf", "role": "VLC"}]}]
        },
    )

    title: Text = Field("", max_length=2_000)
    date: Day | None = None
    url: Text | None = Field(None, max_length=2_000, description="Where the recording is seen.")
    media: Text | None = Field(
        None,
        max_length=2_000,
        description="Audio or video: an address, or a file of the server's media folder; as it was shown, it stays.",
    )
    language: Text = Field("", max_length=40, description="A code of two letters.")
    participants: list[ParticipantIn] = Field(
        [], max_length=MOST_PEOPLE, description="All of them; who else speaks is found in the transcript."
    )


def changes_of(debate: str, asked: DebateChanges, folder: Path | None) -> Changes:
    """``folder`` is where media files may be named. Raises FieldInvalid."""
    given: dict[str, Any] = {name: getattr(asked, name) for name in asked.model_fields_set}
    if given.get("media") == media_path(debate):  # a file, as it is shown
        del given["media"]
    elif given.get("media") is not None:
        given["media"] = media_from_afar(given["media"], folder)
    if "participants" in given:
        people = (Participant(one.name, one.role, tuple(one.aliases)) for one in asked.participants)
        given["participants"] = tuple(people)
    return Changes(**given)
