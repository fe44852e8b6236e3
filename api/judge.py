"""The dialogue of ``qdq eval judge``, on stderr so that stdout stays for the result."""

from pathlib import Path

import typer

from api.console import LANGUAGE, say
from eval.judging import judged, pool, pooled_systems, read_drafts, write_drafts
from eval.suites.questions import DraftQuestion
from eval.types import System
from index.times import format_range
from index.types import Progress
from rag.settings import Settings
from rag.types import Citation

_GRADES = {"r": 2, "a": 1, "n": 0} if LANGUAGE == "fr" else {"a": 2, "h": 1, "n": 0}
_SKIP, _QUIT = ("p", "q") if LANGUAGE == "fr" else ("s", "q")


class _Quit(Exception):
    """The person has had enough for now."""


def judge_all(source: Path, target: Path, settings: Settings, progress: Progress | None) -> tuple[int, int]:
    """Returns how many questions are judged and how many are left. Raises a QdqError."""
    questions = read_drafts(target if target.exists() else source)
    with pooled_systems(settings) as systems:
        if progress:
            systems[0].answer("bonjour")
        try:
            for at, question in enumerate(questions):
                if question.answerable is None:
                    _say(f"\n[{at + 1}/{len(questions)}] {question.question}")
                    questions[at] = _asked(question, systems)
                    write_drafts(questions, target)
        except (_Quit, typer.Abort):
            _say("")
    write_drafts(questions, target)
    done = sum(question.answerable is not None for question in questions)
    return done, len(questions) - done


def _asked(question: DraftQuestion, systems: list[System]) -> DraftQuestion:
    """The judged question; as it was when it is skipped."""
    grades: dict[Citation, int] = {}
    passages = pool(question.question, systems)
    for number, passage in enumerate(passages, start=1):
        speaker = f"  {passage.speaker}" if passage.speaker else ""
        _say(f"\n  {number}/{len(passages)}  {passage.debate} {format_range(passage.start, passage.end)}{speaker}")
        _say(f"  {passage.text}")
        answer = _choice()
        if answer == _SKIP:
            return question
        grades[passage] = _GRADES[answer]
    if 2 not in grades.values() and not _nobody_says_it():
        return question
    return judged(question, grades)


def _choice() -> str:
    prompt = say(
        "  [r]épond, [a]ide, [n]on, [p]asser la question, [q]uitter",
        "  [a]nswers, [h]elps, [n]o, [s]kip the question, [q]uit",
    )
    while True:
        answer = str(typer.prompt(prompt, err=True, prompt_suffix=" ? ")).strip().lower()[:1]
        if answer == _QUIT:
            raise _Quit
        if answer == _SKIP or answer in _GRADES:
            return answer


def _nobody_says_it() -> bool:
    question = say(
        "  Aucun passage ne répond. Personne ne le dit dans ces débats",
        "  No passage answers. Does nobody say it in these debates",
    )
    return typer.confirm(question, err=True)


def _say(text: str) -> None:
    typer.echo(text, err=True)
