"""What goes over HTTP about the recording of a debate."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from api.schemas.voices import VoiceOut, voices_out
from index.errors import Language
from index.media import is_address
from index.speakers.attribution import Attributed
from index.transcripts.report import Note
from rag.links import media_path


class RecordingOut(BaseModel):
    """The recording that a debate plays, and whom it let tell apart."""

    debate: str
    media: str = Field(description="Where it plays: an address, or a path on this server.")
    heard: bool = Field(description="Whether it was listened to.")
    notes: list[str] = Field(description="What the listening came to, in sentences.")
    voices: list[VoiceOut]


def recording_out(known: Attributed, notes: Sequence[Note] | None, language: Language) -> RecordingOut:
    """Of a debate that plays something; where a file lies is told to nobody. ``notes`` are None where nobody
    listened."""
    debate, media = known.debate.id, known.debate.media or ""
    return RecordingOut(
        debate=debate,
        media=media if is_address(media) else media_path(debate),
        heard=notes is not None,
        notes=[note.message(language) for note in notes or ()],
        voices=voices_out(known, language).voices,
    )
