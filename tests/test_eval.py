"""The measures on rankings whose values are known, and the shipped questions against the shipped debate."""

import pytest
from pydantic import ValidationError

from eval.questions import DEBATE, SPEAKERS, TRANSCRIPT, GoldQuestion, GoldSpan, read_questions, shipped
from eval.retrieval import Measures, mean, measure
from index.speakers.labels import attribute, read_labels
from index.transcripts import read_transcript
from index.types import Origin
from rag.confidence import FEATURES, confidence
from rag.retrieve import Evidence
from rag.types import Citation

QUESTION = GoldQuestion(
    id="q",
    question="?",
    lang="fr",
    category="fact",
    answerable=True,
    gold=(
        GoldSpan(debate="d", start=10, end=20, grade=2),
        GoldSpan(debate="d", start=100, end=110, grade=2),
        GoldSpan(debate="d", start=50, end=60, grade=1),
    ),
)


def _citation(start: float, end: float, debate: str = "d") -> Citation:
    return Citation(
        1, debate, "D", None, Origin.UNKNOWN, 0.0, start, end, "un deux", "un deux trois", 1.0, "/d/d", None
    )


@pytest.mark.parametrize(
    ("citations", "expected"),
    [
        ([], Measures(0, 0, 0, 0, 0, 0)),
        ([_citation(10, 20), _citation(100, 110)], Measures(1, 1, 1, 1, 1, 3)),
        ([_citation(5, 15)], Measures(1, 1, 1, 0.5, 0.5, 3)),
        ([_citation(50, 60), _citation(0, 10), _citation(19, 30)], Measures(0, 1, 1 / 3, 0.5, 0, 3)),
        ([_citation(10, 20, "other"), _citation(20, 100)], Measures(0, 0, 0, 0, 0, 3)),
        ([_citation(0, 1)] * 5 + [_citation(10, 20)], Measures(0, 0, 1 / 6, 0, 0, 3)),
        ([_citation(0, 1)] * 10 + [_citation(10, 20)], Measures(0, 0, 0, 0, 0, 3)),
    ],
    ids=["nothing", "perfect", "half of the first", "grade 1 and borders", "elsewhere", "beyond five", "beyond ten"],
)
def test_measures_of_known_rankings(citations: list[Citation], expected: Measures) -> None:
    assert measure(QUESTION, citations) == expected


def test_means_are_over_questions() -> None:
    assert mean([Measures(1, 1, 1, 1, 1, 10), Measures(0, 1, 0.5, 0.5, 0, 30)]) == Measures(0.5, 1, 0.75, 0.75, 0.5, 20)


def test_the_shipped_questions_speak_of_the_shipped_debate() -> None:
    transcript = read_transcript(TRANSCRIPT)
    people = {
        segment.speaker for segment in attribute(transcript.segments, read_labels(SPEAKERS), transcript.participants)
    }
    questions = [q for name in ("questions.dev.jsonl", "questions.own.jsonl") for q in read_questions(shipped(name))]
    starts = {segment.start for segment in transcript.segments}
    assert len({question.id for question in questions}) == len(questions) == 128
    for question in questions:
        assert bool(question.gold) == question.answerable
        assert question.speaker is None or question.speaker in people
        assert all(span.debate == DEBATE and span.start in starts and span.start < span.end for span in question.gold)


@pytest.mark.parametrize("line", ["{}", '{"id": "x"}', "[]", QUESTION.model_dump_json()[:-1] + ', "surprise": 1}'])
def test_a_line_that_is_no_question_is_refused(line: str) -> None:
    with pytest.raises(ValidationError):
        GoldQuestion.model_validate_json(line)


def test_confidence_rises_with_what_is_found() -> None:
    nothing, something = Evidence(2.0, 0.0, 0.0), Evidence(4.0, 0.8, 1.0)
    for same_language in (True, False):
        low = confidence(nothing, 1.0, same_language=same_language)
        high = confidence(something, 8.0, same_language=same_language)
        assert 0 <= low < 0.2 < 0.8 < high <= 1
    assert FEATURES == ("narrow_z", "wide_share", "known", "best")
