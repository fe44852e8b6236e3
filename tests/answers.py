"""Recordings, questions, answers and systems made up for a test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.runs.results import QuestionRecord, Result
from eval.runs.run import evaluate
from eval.runs.summary import grouped, latency_of, summarised
from eval.suites.find import find_suite
from eval.suites.questions import GoldQuestion, GoldSpan
from eval.types import Response, System
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment, joined_text
from rag.settings import Settings
from rag.types import Citation
from tests.suite_files import Line, write_suite


def recording(*parts: tuple[float, float, str] | tuple[float, float, str, str], id_: str = "d") -> Debate:
    """Segments as (start, end, text, speaker if known)."""
    people = [Attribution(part[3], Origin.LABELLED, 1.0) if len(part) > 3 else UNKNOWN for part in parts]
    segments = (Segment(at, *part[:3], who) for at, (part, who) in enumerate(zip(parts, people, strict=True)))
    return Debate(id_, id_.upper(), tuple(segments))


def cite(start: float, end: float, text: str = "x", quote: str | None = None, debate: str = "d") -> Citation:
    """All of it is quoted unless said."""
    quote, link = text if quote is None else quote, f"/d/{debate}?t={start:g},{end:g}"
    return Citation(1, debate, "D", None, Origin.UNKNOWN, 0.0, start, end, quote, text, 1.0, link, None)


def whole(debate: Debate, first: int, last: int | None = None) -> Citation:
    """Segments ``first`` to ``last`` as they stand."""
    parts = debate.segments[first : (first if last is None else last) + 1]
    return cite(parts[0].start, max(part.end for part in parts), joined_text(parts), debate=debate.id)


def asked(*gold: tuple[float, float, int] | tuple[float, float, int, str], speaker: str | None = None) -> GoldQuestion:
    """A question with spans as (start, end, grade, debate if it is not "d")."""
    named = [(*span, "d")[:4] for span in gold]
    spans = tuple(GoldSpan(debate=debate, start=start, end=end, grade=grade) for start, end, grade, debate in named)
    return GoldQuestion(id="q", question="?", lang="fr", answerable=bool(gold), speaker=speaker, gold=spans)


def answer(*passages: Citation, abstained: bool = False, confidence: float = 1.0) -> Response:
    """All are cited."""
    return Response(passages, passages, abstained, confidence)


@dataclass
class Scripted:
    """Answers as ``says`` has it."""

    says: Callable[[str], Response]

    def answer(self, question: str) -> Response:
        return self.says(question)


def fixed(*passages: Citation, abstained: bool = False, confidence: float = 0.7) -> Scripted:
    """Always the same answer, which cites its first passage."""
    response = Response(passages, passages[:1], abstained, confidence)
    return Scripted(lambda _: response)


def broken(system: System, word: str) -> Scripted:
    """Fails on the questions that hold ``word``."""

    def says(question: str) -> Response:
        if word in question:
            raise RuntimeError("<b>out of tea</b>")
        return system.answer(question)

    return Scripted(says)


def with_records(result: Result, records: Sequence[QuestionRecord]) -> Result:
    """``result`` with other questions, and what follows from them."""
    return result.model_copy(
        update={
            "questions": tuple(records),
            "summary": summarised(records),
            "groups": grouped(records),
            "latency": latency_of([record.took_ms for record in records if record.error is None]),
        }
    )


def asked_lines(folder: Path, result: Result, system: System, *lines: Line) -> Result:
    """What ``system`` makes of other questions to the two debates of ``suite_files``."""
    suite = find_suite(str(write_suite(folder, {"questions.jsonl": lines})), Settings())
    return with_records(result, evaluate(system, suite))
