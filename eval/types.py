"""What is evaluated and what it gives back. Read this first."""

from dataclasses import dataclass
from typing import Protocol

from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Response:
    """``passages`` in rank order; ``cited`` those that the answer quotes; ``confidence`` higher is surer."""

    passages: tuple[Citation, ...]
    cited: tuple[Citation, ...]
    abstained: bool
    confidence: float


NOTHING = Response((), (), True, 0.0)


class System(Protocol):
    """Whatever it raises is reported on the question."""

    def answer(self, question: str) -> Response:
        """What it gives to a person who asks."""
