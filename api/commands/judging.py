"""The dialogue of ``qdq eval judge``, on stderr so that stdout stays for the result."""

import sys
from contextlib import suppress
from pathlib import Path

import typer

from api.commands.console import LANGUAGE, progress, say
from eval.judging import is_open, judged, merged, pool, pooled_systems, read_drafts, write_drafts
from eval.suites.questions import DraftQuestion
from eval.types import System
from index.errors import QuestionError
from index.times import format_range
from rag.encoders import open_encoder
from rag.settings import Settings
from rag.types import Citation

_GRADES = {"2": 2, "1": 1, "0": 0}
_SKIP, _QUIT = ("p", "q") if LANGUAGE == "fr" else ("s", "q")


class _Quit(Exception):
    """The person has had enough for now."""


def judge_all(source: Path, out: Path | None, settings: Settings, *, quiet: bool) -> tuple[Path, int, int]:
    """Returns the file that was written, and how many questions are judged and left. Raises a QdqError.

    A question that is left in the middle is asked again at the next call.
    """
    asked = read_drafts(source)
    target = out or source.with_suffix(".jsonl")
    known = read_drafts(target) if target != source and target.exists() else []
    questions = merged(asked, known)
    write_drafts(questions, target)
    encoder = open_encoder(settings)
    with progress(quiet) as told:  # a bar must not be there while somebody types
        encoder.load(told)
    with pooled_systems(settings, encoder) as systems, suppress(_Quit):
        for at, question in enumerate(questions):
            if is_open(question):
                _say(f"\n[{at + 1}/{len(questions)}] {question.question}")
                questions[at] = _asked(question, systems)
                write_drafts(questions, target)
    left = sum(map(is_open, questions))
    return target, len(questions) - left, left


def _asked(question: DraftQuestion, systems: list[System]) -> DraftQuestion:
    """The judged question; as it was when it is skipped or cannot be asked."""
    grades: dict[Citation, int] = {}
    try:
        passages = pool(question.question, systems)
    except QuestionError as error:
        _say(f"  {error.message(LANGUAGE)}")
        return question
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
        "  [2] répond, [1] aide, [0] non, [p]asser la question, [q]uitter ? ",
        "  [2] answers, [1] helps, [0] no, [s]kip the question, [q]uit? ",
    )
    while (answer := _typed(prompt)) not in {*_GRADES, _SKIP}:
        pass
    return answer


def _nobody_says_it() -> bool:
    prompt = say(
        "  Aucun passage ne répond. Personne ne le dit dans ces débats ? [o]ui, [n]on : ",
        "  No passage answers. Does nobody say it in these debates? [y]es, [n]o: ",
    )
    yes = say("o", "y")
    while (answer := _typed(prompt)) not in {yes, "n"}:
        pass
    return answer == yes


def _typed(prompt: str) -> str:
    """The first letter of the next line. Raises _Quit for q and at the end of the input."""
    typer.echo(prompt, err=True, nl=False)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    if not line or line.strip().lower()[:1] == _QUIT:
        _say("")
        raise _Quit
    return line.strip().lower()[:1]


def _say(text: str) -> None:
    typer.echo(text, err=True)
