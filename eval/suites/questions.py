"""Questions with gold answers: JSONL, one a line, gold as spans of time so that it survives every change of windows.

    {"id": "d01", "question": "Que pense Kempf du RGPD ?", "lang": "fr", "category": "opinion", "answerable": true,
     "speaker": "Jean-Baptiste Kempf", "gold": [{"debate": "smart-tech-2024-11-19", "start": 220, "end": 240,
     "grade": 2}]}

Grade 2 answers, grade 1 helps. ``speaker`` is whose words are asked for, when that is somebody's. ``lang`` and
``category`` may be left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.errors import FileUnreadable, QuestionsInvalid
from rag.question import language_of


class Fault(ValueError):
    """What is wrong with a line, in both languages."""

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english)
        self.french = french


class GoldSpan(BaseModel):
    """Seconds ``start`` to ``end`` of a debate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    debate: str
    start: float = Field(ge=0, allow_inf_nan=False)
    end: float = Field(allow_inf_nan=False)
    grade: int = Field(ge=1, le=2)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            moments = f"{self.end:g} s", f"{self.start:g} s"
            raise Fault(
                "a span ends at {} and starts at {}".format(*moments),
                "un passage finit à {} et commence à {}".format(*moments),
            )
        return self


class DraftQuestion(BaseModel):
    """A question that may still have to be judged: ``answerable`` is None until then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    lang: str
    category: str = "other"
    answerable: bool | None = None
    speaker: str | None = None
    gold: tuple[GoldSpan, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_language(cls, data: Any) -> Any:
        if isinstance(data, dict) and "lang" not in data and isinstance(data.get("question"), str):
            return {**data, "lang": language_of(data["question"])}
        return data

    @property
    def answers(self) -> tuple[GoldSpan, ...]:
        """The spans that answer by themselves."""
        return tuple(span for span in self.gold if span.grade == 2)


class GoldQuestion(DraftQuestion):
    """A question, and where its answer lies; ``gold`` is empty when it is unanswerable."""

    answerable: bool

    @model_validator(mode="after")
    def _gold_when_answerable(self) -> Self:
        if self.answerable != bool(self.answers) or (self.gold and not self.answerable):
            if self.answerable:
                raise Fault(
                    "it is answerable, so a gold span has to have grade 2",
                    "elle a une réponse : il faut un passage de note 2",
                )
            raise Fault(
                "it is not answerable, so there can be no gold", "elle n'a pas de réponse : aucun passage n'est permis"
            )
        return self


_Line = TypeVar("_Line", bound=BaseModel)


def read_questions(path: Path) -> list[tuple[int, GoldQuestion]]:
    """Each question with its line number. Raises QuestionsInvalid naming file and line, or FileUnreadable."""
    found = list(read_lines(path, GoldQuestion))
    refuse_repeats(path, [(number, question.id) for number, question in found])
    return found


def read_lines(path: Path, model: type[_Line]) -> Iterator[tuple[int, _Line]]:
    """A JSONL file as objects of ``model``, empty lines left out. Raises as ``read_questions`` does."""
    for number, line in lines_of(path):
        yield number, validated(path, number, line, model)


def validated(path: Path, number: int, line: str, model: type[_Line], id_: str | None = None) -> _Line:
    """One line; ``id_`` is for an object without an id. Raises QuestionsInvalid."""
    try:
        data = json.loads(line)
        if id_ is not None and isinstance(data, dict):
            data = {"id": id_, **data}
        return model.model_validate(data)
    except ValueError as error:
        raise invalid(path, number, *_reasons(error)) from error


def invalid(path: Path, line: int, reason: str, reason_fr: str | None = None) -> QuestionsInvalid:
    """An error that names file and line. A reason in English alone comes from a library."""
    return QuestionsInvalid(path=path.name, line=line, reason=reason, reason_fr=reason_fr or reason)


def refuse_repeats(path: Path, ids: Sequence[tuple[int, str]], known: Mapping[str, str] | None = None) -> None:
    """Raises QuestionsInvalid at the first id that came before, in this file or among ``known`` ids of other files."""
    seen = dict(known or {})
    for number, id_ in ids:
        if id_ in seen:
            reason, reason_fr = (
                f"the id “{id_}” is taken by {seen[id_]}",
                f"l'identifiant « {id_} » sert déjà : {seen[id_]}",
            )
            raise invalid(path, number, reason, reason_fr)
        seen[id_] = f"{path.name}:{number}"


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Of a text in UTF-8, with their numbers; empty ones are left out. Raises FileUnreadable or QuestionsInvalid."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise invalid(path, 1, "it is not a text in UTF-8", "ce n'est pas un texte en UTF-8") from error
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


_FRENCH = {"missing": "il manque", "extra_forbidden": "champ inconnu"}
"""Of pydantic's own faults; the others are told in English."""


def _reasons(error: ValueError) -> tuple[str, str]:
    """The first fault in English and in French, as "field: what is wrong"."""
    if not isinstance(error, ValidationError):
        return str(error), str(error)
    fault = error.errors()[0]
    where = ".".join(map(str, fault["loc"]))
    ours = fault.get("ctx", {}).get("error")
    english = str(ours) if ours else fault["msg"]
    french = ours.french if isinstance(ours, Fault) else _FRENCH.get(fault["type"], english)
    return (f"{where}: {english}", f"{where} : {french}") if where else (english, french)
