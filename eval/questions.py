"""Questions with gold answers: JSONL, one a line, gold as spans of time so that it survives every change of windows.

    {"id": "d01", "question": "Que pense Kempf du RGPD ?", "lang": "fr", "category": "opinion", "answerable": true,
     "speaker": "Jean-Baptiste Kempf", "gold": [{"debate": "smart-tech-2024-11-19", "start": 220, "end": 240,
     "grade": 2}]}

Grade 2 answers, grade 1 helps. ``speaker`` is whose words are asked for, when that is somebody's.
"""

from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

DEBATE = "smart-tech-2024-11-19"


class GoldSpan(BaseModel):
    """Seconds ``start`` to ``end`` of a debate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    debate: str
    start: float = Field(ge=0)
    end: float
    grade: int = Field(ge=1, le=2)


class GoldQuestion(BaseModel):
    """A question, and where its answer lies; ``gold`` is empty exactly when it is unanswerable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str
    lang: str
    category: str
    answerable: bool
    speaker: str | None = None
    gold: tuple[GoldSpan, ...]

    @property
    def answers(self) -> tuple[GoldSpan, ...]:
        return tuple(span for span in self.gold if span.grade == 2)


def read_questions(path: Path) -> list[GoldQuestion]:
    """Raises pydantic's ValidationError for a line that is none."""
    return [GoldQuestion.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def shipped(name: str) -> Path:
    """A file of the debate that ships with the package: its transcript, side file and questions."""
    return Path(str(resources.files("eval").joinpath("data/debate", name)))


TRANSCRIPT = shipped(f"{DEBATE}.txt")
SPEAKERS = shipped(f"{DEBATE}.speakers.tsv")
