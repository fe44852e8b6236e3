"""What all shapes that go over HTTP share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

DEBATE = "smart-tech-2024-11-19"
"""The debate of the examples, which comes with the package."""


def _encodable(text: str) -> str:
    """JSON can escape half of a surrogate pair, which no text holds."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds half of a surrogate pair")
    return text


Text = Annotated[str, AfterValidator(_encodable)]
"""Of a request."""


class Out(BaseModel):
    """What leaves: read from the attributes of ours."""

    model_config = ConfigDict(from_attributes=True)
