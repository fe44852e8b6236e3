"""The form with which a transcript is added: its fields, each with its limits and what the description says of it."""

from typing import Annotated

from fastapi import File, Form, Query, UploadFile
from pydantic import Field

from api.schemas.shape import LONGEST_ID, LONGEST_LINE, MOST_PEOPLE, MOST_PEOPLE_CHARS, Day
from index.read_options import FRAME_RATES, PACES

Transcript = Annotated[UploadFile, File(description="The transcript.")]
SideFile = Annotated[UploadFile | None, File(description="RTTM, JSON, or TSV or CSV with start and speaker.")]
NewId = Annotated[str | None, Form(alias="id", max_length=LONGEST_ID, description="Else the slug of the file's name.")]
Title = Annotated[str | None, Form(max_length=LONGEST_LINE, examples=["Débat entre Ada Martin et Jean Petit"])]
Date = Annotated[Day | None, Form(examples=["2024-11-19"])]
Url = Annotated[str | None, Form(max_length=LONGEST_LINE, examples=["https://youtu.be/abc"])]
Media = Annotated[
    str | None,
    Form(
        max_length=LONGEST_LINE,
        description="Audio or video: an address, or a file of the server's media folder.",
        examples=["https://example.org/debat.mp3"],
    ),
]
SpokenLanguage = Annotated[str | None, Form(alias="language", max_length=40, examples=["fr"])]
People = Annotated[
    list[Annotated[str, Field(max_length=MOST_PEOPLE_CHARS)]] | None,
    Form(
        max_length=MOST_PEOPLE,
        description="“Name, role”, once for each, or one a line.",
        examples=[["Ada Martin, avocate"]],
    ),
]
Metadata = Annotated[
    UploadFile | None, File(description="YAML with title, date, url, media, language and participants.")
]
Strict = Annotated[bool, Form(description="Refuse what would be mended.")]
WordsPerMinute = Annotated[int | None, Form(ge=PACES[0], le=PACES[1], description="For a text without any time.")]
FramesPerSecond = Annotated[
    float | None, Form(ge=FRAME_RATES[0], le=FRAME_RATES[1], description="For formats that count frames.")
]
Columns = Annotated[
    str, Form(max_length=LONGEST_LINE, description="Of a table: start=NAME,text=NAME…, or their numbers.")
]
Overwrite = Annotated[bool, Form(description="False refuses an id that is there already.")]
Stream = Annotated[bool, Query(description="As server-sent events, with the progress.")]
