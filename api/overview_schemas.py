"""What goes over HTTP about whole debates: what each participant says of a topic."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Text


class CompareRequest(BaseModel):
    """A topic, and whose positions are wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topic": "la réglementation", "people": ["Kempf", "Pavléas"]}]},
    )

    topic: Text = Field(description="A few words; the answer follows their language.")
    debate: Text | None = Field(None, description="Only this debate, by id.")
    people: list[Text] = Field([], max_length=12, description="By name or a part of it; else whoever speaks.")
