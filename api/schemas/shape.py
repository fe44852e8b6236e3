"""What all shapes that go over HTTP share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

DEBATE = "smart-tech-2024-11-19"
"""The debate of the examples, which comes with the package."""


def _encodable(text: str) -> str:
    """JSON can escape half of a surrogate pair, which no text holds."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds half of a surrogate pair")
    return text


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


class Out(BaseModel):
    """What leaves: read from the attributes of ours."""

    model_config = ConfigDict(from_attributes=True)
