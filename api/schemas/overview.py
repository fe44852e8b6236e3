"""What goes over HTTP about whole debates: what each participant says of a topic, chapters."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import SOMETHING, Id, Name, Out, Text
from rag.chapters import Chapter
from rag.links import permalink


class CompareRequest(BaseModel):
    """A topic, and whose positions are wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topic": "la réglementation", "people": ["Kempf", "Pavléas"]}]},
    )

    topic: Text = Field(description="A few words; the answer follows their language.", json_schema_extra=SOMETHING)
    debate: Id | None = Field(None, description="Only this debate, by id.")
    people: list[Name] = Field([], max_length=12, description="By name or a part of it; else whoever speaks.")


class ShareOut(Out):
    """How much of a chapter somebody says."""

    speaker: str | None
    share: float = Field(ge=0, le=1, description="Of its words.")


class ChapterOut(BaseModel):
    """A part of a debate with one subject."""

    n: int
    title: str = Field(description="Its phrases, with commas between them.")
    phrases: list[str] = Field(description="As they stand in the transcript.")
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    permalink: str
    speakers: list[ShareOut] = Field(description="Who speaks, most first.")


class ChaptersOut(BaseModel):
    """A debate from beginning to end."""

    debate: str
    chapters: list[ChapterOut]


def chapters_out(debate: str, chapters: tuple[Chapter, ...]) -> ChaptersOut:
    """With a link to each."""
    return ChaptersOut(
        debate=debate,
        chapters=[
            ChapterOut(
                n=one.n,
                title=one.title,
                phrases=list(one.phrases),
                start=one.start,
                end=one.end,
                permalink=permalink(debate, one.start, one.end),
                speakers=[ShareOut.model_validate(share) for share in one.speakers],
            )
            for one in chapters
        ],
    )
