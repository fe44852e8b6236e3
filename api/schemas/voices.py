"""What goes over HTTP, and what ``--json`` prints, about the voices of a debate."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import LONGEST_NAME, Text
from index.errors import Language
from index.speakers.attribution import Attributed
from index.speakers.excerpts import Excerpt, excerpts
from index.speakers.voices import NamedVoice
from index.types import Debate
from rag.links import permalink, sound_url


class EvidenceOut(BaseModel):
    """Something that tells whose a voice is, such as what is said around it."""

    time: float
    kind: str
    name: str
    message: str


class ExcerptOut(BaseModel):
    """A few seconds in which a voice speaks by itself."""

    start: float
    end: float
    text: str
    link: str | None = Field(description="Where it is heard, null where the debate plays nothing.")
    permalink: str = Field(description="Where it is read.")


class VoiceOut(BaseModel):
    """A voice that the file does not name."""

    voice: str
    speaker: str | None
    confidence: float
    words: int
    share: float = Field(ge=0, le=1, description="Of all words of the debate.")
    evidence: list[EvidenceOut]
    excerpts: list[ExcerptOut]


class VoicesOut(BaseModel):
    """Empty where the file names everybody, or nobody, and no recording was listened to."""

    debate: str
    voices: list[VoiceOut]


class VoiceNaming(BaseModel):
    """Whose a whole voice is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"speaker": "Kempf"}]})

    speaker: Text | None = Field(
        min_length=1, max_length=LONGEST_NAME, description="A participant's surname will do; null for nobody known."
    )


def voices_out(known: Attributed, language: Language) -> VoicesOut:
    """With the evidence as sentences in ``language``."""
    said: Counter[str | None] = Counter()
    for segment in known.debate.segments:
        said[segment.voice] += len(segment.text.split())
    voices = [_voice_out(known, one, said[one.voice], said.total(), language) for one in known.voices]
    return VoicesOut(debate=known.debate.id, voices=voices)


def _voice_out(known: Attributed, one: NamedVoice, words: int, total: int, language: Language) -> VoiceOut:
    return VoiceOut(
        voice=one.voice,
        speaker=one.speaker,
        confidence=one.confidence,
        words=words,
        share=round(words / total, 4) if total else 0.0,
        evidence=[
            EvidenceOut(time=told.time, kind=told.kind, name=told.name, message=told.message(language))
            for told in one.evidence
        ],
        excerpts=[_excerpt_out(known.debate, excerpt) for excerpt in excerpts(known, one.voice)],
    )


def _excerpt_out(debate: Debate, one: Excerpt) -> ExcerptOut:
    return ExcerptOut(
        start=one.start,
        end=one.end,
        text=one.text,
        link=sound_url(debate, one.start, one.end),
        permalink=permalink(debate.id, one.start, one.end),
    )
