"""What an evaluation gives: one JSON document, enough to show, compare, plot and export it without the index."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.suites.questions import GoldQuestion
from index.errors import FileUnreadable, QuestionUnknown, ResultInvalid, listed
from index.files import save_text

FORMAT: Literal[1] = 1
AROUND = 2
"""Segments kept on each side of gold."""
PASSAGES_KEPT = 20
"""Of each question: as many as nDCG@20 can need."""
TEXTS_KEPT = 5
"""Passages whose text is kept for each question; of the others only the place."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassageRecord(_Model):
    """``segments`` are the positions of those that the passage lies in; ``cited`` whether the answer quotes it."""

    debate: str
    start: float
    end: float
    score: float
    segments: tuple[int, ...]
    cited: bool = False
    speaker: str | None = None
    text: str | None = None
    quote: str | None = None
    link: str | None = None


class Excerpt(_Model):
    """A segment at or near gold."""

    debate: str
    position: int
    start: float
    end: float
    speaker: str | None = None
    text: str


class QuestionRecord(_Model):
    """A question with all that became of it. ``right``: its first passage answers. ``gold_segments`` holds (debate,
    position, grade)."""

    question: GoldQuestion
    set: str
    passages: tuple[PassageRecord, ...]
    gold_segments: tuple[tuple[str, int, int], ...]
    abstained: bool
    confidence: float
    right: bool
    took_ms: float
    measures: dict[str, float]
    error: str | None = None


class Value(_Model):
    """A measure over ``count`` questions, with its 95 % interval."""

    value: float
    low: float | None = None
    high: float | None = None
    count: int


class Latency(_Model):
    """Milliseconds."""

    p50: float
    p95: float


class IndexRecord(_Model):
    """See ``eval.suites.indexes.IndexFigures``."""

    debates: int
    windows: int
    tokens: int
    bytes_per_window: float
    seconds: float | None = None
    tokens_per_second: float | None = None
    peak_mb: float | None = None


class Machine(_Model):
    system: str
    processor: str
    cores: int
    python: str


class Result(_Model):
    """One system over one suite, with speakers or without. ``excerpts`` are the segments at gold and ``AROUND`` it."""

    format: Literal[1] = FORMAT
    suite: str
    system: str
    labelled: bool
    created: str
    version: str
    git_commit: str | None = None
    corpus_hash: str
    questions_hash: str
    left_out: int = 0
    fingerprint: str
    settings: dict[str, object]
    machine: Machine
    index: IndexRecord
    latency: Latency
    speakers: dict[str, float] | None = None
    summary: dict[str, Value]
    groups: dict[str, dict[str, Value]] = Field(description="by category, language and set: “category fact”")
    excerpts: tuple[Excerpt, ...] = ()
    questions: tuple[QuestionRecord, ...]

    @property
    def name(self) -> str:
        """For files and tables: "debate.shipped", "debate.shipped.unlabelled"."""
        return f"{self.suite}.{self.system}" + ("" if self.labelled else ".unlabelled")

    @property
    def errors(self) -> list[QuestionRecord]:
        return [record for record in self.questions if record.error is not None]

    def record(self, question: str) -> QuestionRecord:
        """Raises QuestionUnknown."""
        for record in self.questions:
            if record.question.id == question:
                return record
        raise QuestionUnknown(question=question, known=listed([record.question.id for record in self.questions]))


def write_result(result: Result, folder: Path) -> Path:
    """``NAME.json`` in ``folder``. Raises FileUnwritable."""
    path = folder / f"{result.name}.json"
    save_text(path, result.model_dump_json(exclude_none=True) + "\n")
    return path


def read_result(path: Path) -> Result:
    """Raises FileUnreadable or ResultInvalid."""
    try:
        return Result.model_validate_json(path.read_text("utf-8"))
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise ResultInvalid(path=str(path), reason=f"{where}: {fault['msg']}" if where else fault["msg"]) from error
    except UnicodeDecodeError as error:
        raise ResultInvalid(path=str(path), reason=str(error)) from error


def worst(records: Sequence[QuestionRecord], count: int = 10) -> list[QuestionRecord]:
    """Errors first, then answers to what nobody says, by their confidence, and questions by how little of the answer
    came first."""
    return sorted(records, key=lambda record: (_goodness(record), record.question.id))[:count]


def _goodness(record: QuestionRecord) -> float:
    if record.error is not None:
        return -1.0
    if not record.question.answerable:
        return 1.0 if record.abstained else 0.5 - record.confidence / 2
    values = record.measures
    return (values["mrr_10"] + values["ndcg_20"] + 1.0 - values["wrong_refusals"]) / 3
