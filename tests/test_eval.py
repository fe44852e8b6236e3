"""The shipped suite against the shipped debate, and the confidence."""

from itertools import product

from eval.shipped import DEBATE, QUESTIONS, SPEAKERS, TRANSCRIPT
from eval.suites.questions import read_questions
from index.speakers.labels import attribute, read_labels
from index.transcripts import read_transcript
from rag.confidence import Figures, confidence


def test_the_shipped_questions_speak_of_the_shipped_debate() -> None:
    transcript = read_transcript(TRANSCRIPT)
    segments = attribute(transcript.segments, read_labels(SPEAKERS), transcript.participants)
    questions = [question for path in QUESTIONS for _line, question in read_questions(path)]
    starts = {segment.start for segment in segments}
    assert len({question.id for question in questions}) == len(questions) == 172
    for question in questions:
        assert bool(question.gold) == question.answerable
        assert question.speaker is None or question.speaker in {segment.speaker for segment in segments}
        assert all(span.debate == DEBATE and span.start in starts and span.start < span.end for span in question.gold)


def test_the_shipped_questions_are_of_every_kind() -> None:
    questions = [question for path in QUESTIONS[1:] for _line, question in read_questions(path)]
    kinds = [question.category for question in questions]
    assert len(questions) >= 60
    assert sum(not question.answerable for question in questions) >= 30
    assert kinds.count("unanswerable-near") >= 15
    assert {"paraphrase", "crosslingual", "misheard", "said-by", "mention", "several"} <= set(kinds)
    assert all(
        len(question.answers) > 1 for question in questions if question.category == "several" and question.id[0] == "p"
    )


def test_confidence_rises_with_what_is_found() -> None:
    for same_language, tokens, model in product((True, False), (True, False), (True, False)):
        low = confidence(Figures(0.80, 0.2, 0.3 if tokens else None, True, 0.05, same_language, model))
        high = confidence(Figures(0.90, 0.6, 0.9 if tokens else None, False, 0.8, same_language, model))
        assert 0 <= low < 0.5 < high <= 1
        assert high - low > 0.4


def test_a_number_or_a_moment_that_the_passage_lacks_lowers_the_confidence() -> None:
    told, untold = (confidence(Figures(0.87, 0.4, 0.6, missing, 0.4, True)) for missing in (False, True))
    assert untold < told
