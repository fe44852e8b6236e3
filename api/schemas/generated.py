"""What an answer tells beside its quotes: what a language model made of them, and how long each stage took."""

from pydantic import Field

from api.schemas.shape import Out
from rag.checked import Fault


class SentenceOut(Out):
    """A sentence of a language model that passed every check."""

    text: str = Field(description="Its quotes are exact substrings of the passages that it cites.")
    citations: list[int] = Field(description="Their numbers.")


class RemovedOut(Out):
    """Sentences of a language model that were taken out."""

    fault: Fault
    count: int


class GeneratedOut(Out):
    """What became of a language model's answer."""

    model: str
    sentences: list[SentenceOut]
    sentences_kept: int
    sentences_removed: int
    removed: list[RemovedOut]
    complete: bool = Field(description="False when the model failed, or had no time left.")
    failure: str | None = Field(description="The name of the error that ended it.")


class StageOut(Out):
    """A stage of the work on a question."""

    name: str = Field(examples=["retrieve"])
    ms: float
    count: int | None = Field(description="How many things it gave.")
