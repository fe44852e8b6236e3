"""What all shapes that go over HTTP share."""

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

DEBATE = "smart-tech-2024-11-19"
"""The debate of the examples, which comes with the package."""


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _encodable(text: str) -> str:
    """JSON can escape half of a surrogate pair, which no text holds."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds half of a surrogate pair")
    return text


def _spelled_day(day: object) -> object:
    """Pydantic takes a number, also as text, for seconds since 1970."""
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        raise ValueError("a date is spelled YYYY-MM-DD")
    return day


def _whole(number: object) -> object:
    """JSON knows one kind of number: 5.0 is 5."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Day = Annotated[datetime.date, BeforeValidator(_spelled_day)]
"""Of a request."""
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
"""A whole number in the JSON of a request: no text, and no truth."""
SOMETHING: dict[str, JsonValue] = {"minLength": 1}
"""For the description only: an empty question has an error of its own, which says more."""
Text = Annotated[str, AfterValidator(_encodable)]
"""Of a request."""
LONGEST_NAME = 200
LONGEST_ID = 120
LONGEST_LINE = 2_000
"""Characters of a title, an address, the name of a file."""
MOST_PEOPLE = 500
"""Who take part in a debate."""
MOST_PEOPLE_CHARS = 100_000
"""Of all of them in one field of a form."""
Name = Annotated[Text, Field(max_length=LONGEST_NAME)]
Id = Annotated[Text, Field(max_length=LONGEST_ID)]


def file_as(media_types: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI, an answer that is a file of one of these types."""
    named = {"description": "With the name of the file.", "schema": {"type": "string"}, "required": True}
    kinds = ((name, "object" if name == "application/json" else "string") for name in media_types)
    content = {name: {"schema": {"type": kind}} for name, kind in kinds}
    return {200: {"description": "The file.", "headers": {"Content-Disposition": named}, "content": content}}


class Out(BaseModel):
    """What leaves: read from the attributes of ours."""

    model_config = ConfigDict(from_attributes=True)
