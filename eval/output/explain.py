"""Why a passage counts, or does not, in words."""

import textwrap
from dataclasses import dataclass

from eval.measures.matching import touches
from eval.measures.scoring import gold_share
from eval.runs.results import AROUND, Excerpt, PassageRecord, QuestionRecord, Result
from eval.suites.questions import GoldSpan
from index.errors import Language
from index.times import format_range

_LONGEST = 600
"""Characters of a segment that are shown."""


@dataclass(frozen=True, slots=True)
class GoldText:
    """A gold span with the segments under it, which are ``expected``, and around."""

    span: GoldSpan
    lines: tuple[tuple[Excerpt, bool], ...]


def gold_texts(result: Result, record: QuestionRecord) -> list[GoldText]:
    """What was expected, as far as the result keeps it."""
    return [_gold_text(result, record, span) for span in record.question.gold]


def _gold_text(result: Result, record: QuestionRecord, span: GoldSpan) -> GoldText:
    graded = {position for debate, position, _grade in record.gold_segments if debate == span.debate}
    here = [line for line in result.excerpts if line.debate == span.debate]
    under = {line.position for line in here if line.position in graded and touches(line, span)}
    near = {position + step for position in under for step in range(-AROUND, AROUND + 1)}
    lines = (
        (line.model_copy(update={"text": _cut(line.text)}), line.position in under)
        for line in here
        if line.position in near
    )
    return GoldText(span, tuple(lines))


def _cut(text: str) -> str:
    """A whole document is a segment in some suites."""
    return textwrap.shorten(text, _LONGEST, placeholder=" […]")


def verdict(record: QuestionRecord, passage: PassageRecord, language: Language) -> str:
    """ "Answers: touches 03:40–04:00; 82 % of its time is gold."""
    question = record.question
    touched = [span for span in question.gold if touches(passage, span)]
    answers = [span for span in touched if span.grade == 2]
    share = f"{100 * gold_share(passage, question):.0f}"
    french = language == "fr"
    if not question.answerable:
        return "personne ne répond à cette question" if french else "nobody answers this question"
    if not touched:
        return "rien d'attendu ici" if french else "nothing expected here"
    spans = ", ".join(format_range(span.start, span.end) for span in answers or touched)
    if answers:
        return (
            f"répond : touche {spans} ; {share} % de son temps est attendu"
            if french
            else f"answers: touches {spans}; {share}% of its time is gold"
        )
    return f"aide sans répondre : touche {spans}" if french else f"helps without answering: touches {spans}"


def outcome(record: QuestionRecord, language: Language) -> str:
    """What became of the question in one sentence."""
    french = language == "fr"
    if record.error is not None:
        return f"erreur : {record.error}" if french else f"error: {record.error}"
    percent = f"{100 * record.confidence:.0f} %" if french else f"{100 * record.confidence:.0f}%"
    sure = f"confiance {percent}" if french else f"confidence {percent}"
    if record.question.answerable:
        right = ("le premier passage répond", "the first passage answers")
        wrong = ("le premier passage ne répond pas", "the first passage does not answer")
        first = (right if record.right else wrong)[0 if french else 1]
        refused = ("refus à tort, ", "wrongly refused, ")[0 if french else 1] if record.abstained else ""
        return f"{refused}{first} ({sure})"
    kept = ("abstention juste", "rightly refused") if record.abstained else ("réponse à tort", "wrongly answered")
    return f"{kept[0 if french else 1]} ({sure})"
