"""Systems that are perfect, silent, random or broken, over the shipped suite and over made-up ones."""

import random
import statistics
from collections.abc import Sequence
from pathlib import Path

import ir_measures
import pytest
from ir_measures import nDCG

from eval.measures.formulas import auroc
from eval.measures.names import MEASURES
from eval.output.trec import export_trec
from eval.runs.results import QuestionRecord, Result
from eval.runs.run import evaluate
from eval.runs.summary import confidences, summarised
from eval.suites.find import find_suite
from eval.suites.suite import Recording, Suite
from eval.types import NOTHING, Response
from rag.settings import load_settings
from tests.answers import Scripted, answer, asked, recording, whole

_LOWER = {name for name, measure in MEASURES.items() if measure.share and not measure.higher}
_RECORDINGS = {"recording_mrr_10", "recording_hit_10"}
"""Not defined over one recording."""
_SHARES = {name for name, measure in MEASURES.items() if measure.share} - _RECORDINGS
_SPEAKER = {"right_speaker", "right_speaker_5"}


@pytest.fixture(scope="module")
def debates() -> Suite:
    return find_suite("debate", load_settings())


def _perfect(suite: Suite) -> Scripted:
    """The gold as it stands in the recordings, what answers first; silent and unsure on the others."""
    debates = {found.debate.id: found.debate for found in suite.recordings}
    answers: dict[str, Response] = {}
    for question in suite.questions:
        spans = sorted(question.gold, key=lambda span: -span.grade)
        parts = [(span.debate, debates[span.debate].between(span.start, span.end)) for span in spans]
        passages = [whole(debates[id_], held[0].index, held[-1].index) for id_, held in parts]
        answers[question.question] = answer(*passages) if passages else NOTHING
    return Scripted(answers.__getitem__)


def test_a_perfect_system_is_worth_one(debates: Suite) -> None:
    """But for whose words they are, where gold holds what others say as well."""
    records = evaluate(_perfect(debates), debates)
    values = {name: value.value for name, value in summarised(records).items() if name in _SHARES}
    area, speakers = values.pop("aurc"), [values.pop(name) for name in sorted(_SPEAKER)]
    ones = dict.fromkeys(_SHARES - _SPEAKER - {"aurc"}, 1.0)
    assert values == ones | dict.fromkeys(_LOWER - {"aurc"}, 0.0)
    silent = sum(not question.answerable for question in debates.questions)
    assert area == pytest.approx(_tail_risk(silent, len(debates.questions)))
    segments = debates.recordings[0].debate.segments
    said = {
        record.question.id: [segments[at].speaker == record.question.speaker for _, at, _ in record.gold_segments]
        for record in records
        if record.question.speaker
    }
    assert {id_ for id_, own in said.items() if all(own)} == {
        record.question.id for record in records if record.measures.get("right_speaker") == 1
    }
    assert all(0.95 < speaker < 1 for speaker in speakers)


def _tail_risk(wrong: int, count: int) -> float:
    """The area when the wrong ones all come last."""
    return sum(max(0, at - (count - wrong)) / at for at in range(1, count + 1)) / count


def test_a_system_that_never_answers(debates: Suite) -> None:
    values = {name: value.value for name, value in summarised(evaluate(Scripted(lambda _: NOTHING), debates)).items()}
    chance = {"wrong_refusals": 1, "wrong_answers": 0, "auroc": 0.5, "aurc": 1, "excess_aurc": 0}
    assert values == dict.fromkeys(_SHARES - {"exact_quotes", "right_speaker"}, 0.0) | chance


def test_a_random_system_is_near_chance(debates: Suite) -> None:
    """A moment of the recording, at random, answers as often as the answers last."""
    debate, random_ = debates.recordings[0].debate, random.Random(5)
    lengths = [segment.end - segment.start for segment in debate.segments]

    def moment(_question: str) -> Response:
        passage = whole(debate, random_.choices(range(len(lengths)), lengths)[0])
        return Response((passage,), (passage,), random_.random() < 0.5, random_.random())

    records = [record for _ in range(20) for record in evaluate(Scripted(moment), debates)]
    answerable = [record for record in records if record.question.answerable]
    chance = statistics.fmean(
        sum(span.end - span.start for span in record.question.answers) / sum(lengths) for record in answerable
    )
    assert statistics.fmean(record.measures["hit_1"] for record in answerable) == pytest.approx(chance, abs=0.01)
    assert 0.02 < chance < 0.05
    assert auroc(*confidences(records)) == pytest.approx(0.5, abs=0.03)
    assert statistics.fmean(record.measures["wrong_refusals"] for record in answerable) == pytest.approx(0.5, abs=0.03)


def _suite(count: int) -> Suite:
    """Made-up debates, with a question to each; each seventh has no answer."""
    debates = [
        recording(*[(5 * at, 5 * at + 5, f"mot{at} de {id_}") for at in range(30)], id_=f"e{id_}")
        for id_ in range(count)
    ]
    random_ = random.Random(3)
    questions = []
    for at in range(count):
        gold = [
            (start := random_.randrange(140), start + random_.randrange(1, 30), 2 - extra % 2, f"e{at}")
            for extra in range(3)
        ]
        question = asked(*(gold if at % 7 else []))
        questions.append(question.model_copy(update={"id": f"q{at}", "question": f"Question {at} ?"}))
    return Suite("made-up", tuple(questions), tuple(map(Recording, debates)))


def _guesses(suite: Suite) -> Scripted:
    """Passages of several segments from a few recordings, the same for the same question."""

    def guess(question: str) -> Response:
        random_ = random.Random(question)
        number = int(question.split()[1])
        found = []
        for _ in range(random_.randrange(15)):
            debate = suite.recordings[random_.choice([number, number, random_.randrange(len(suite.recordings))])].debate
            first = random_.randrange(30)
            found.append(whole(debate, first, min(29, first + random_.randrange(4))))
        return Response(tuple(found), tuple(found[:2]), random_.random() < 0.3, random_.random())

    return Scripted(guess)


def _untimed(records: Sequence[QuestionRecord]) -> list[QuestionRecord]:
    return [record.model_copy(update={"took_ms": 0.0}) for record in records]


@pytest.mark.parametrize("broken", [{0}, {3}, set(range(12))], ids=["first", "another", "all"])
def test_what_crashes_is_the_worst_answer_and_costs_the_others_nothing(broken: set[int]) -> None:
    """No refusal that may be right: where nobody answers it counts as a sure answer."""
    suite = _suite(12)
    sound = _guesses(suite)

    def says(question: str) -> Response:
        if int(question.split()[1]) in broken:
            raise KeyError("no such window")
        return sound.answer(question)

    records, whole_, silent, sure = (
        _untimed(evaluate(system, suite))
        for system in (Scripted(says), sound, Scripted(lambda _: NOTHING), Scripted(lambda _: answer()))
    )
    for at, record in enumerate(records):
        worst = silent[at] if record.question.answerable else sure[at]
        told = {"error": "KeyError: 'no such window'"}
        assert record == (worst.model_copy(update=told) if at in broken else whole_[at])
        if at in broken and not record.question.answerable:
            assert (record.measures, record.abstained, record.confidence) == ({"wrong_answers": 1}, False, 1)
    assert summarised(records)["wrong_refusals"].count == sum(question.answerable for question in suite.questions)


@pytest.mark.parametrize("confidence", [float("nan"), float("inf"), float("-inf")])
def test_a_confidence_that_is_no_number_is_a_crash(confidence: float) -> None:
    suite = _suite(12)
    odd = Scripted(lambda _: answer(whole(suite.recordings[1].debate, 0), confidence=confidence))
    for record in evaluate(odd, suite):
        assert record.error == f"ValueError: a confidence of {confidence}"
        assert (record.confidence, record.passages, record.right) == (float(not record.question.answerable), (), False)


def test_what_is_no_answer_at_all_is_an_error_as_well() -> None:
    records = evaluate(Scripted(lambda _: None), _suite(3))  # type: ignore[arg-type, return-value]
    assert [(record.error or "")[:16] for record in records] == ["AttributeError: "] * 3


def _result(suite: Suite, records: Sequence[QuestionRecord], system: str = "guesses") -> Result:
    """As much of one as is exported."""
    return Result.model_construct(suite=suite.name, system=system, labelled=True, questions=tuple(records))


def test_what_is_exported_has_the_same_ndcg_in_trec_eval(tmp_path: Path) -> None:
    suite = _suite(150)
    records = evaluate(_guesses(suite), suite)
    run, qrels = map(str, export_trec(_result(suite, records), tmp_path))
    judged = list(ir_measures.read_trec_qrels(qrels))  # type: ignore[no-untyped-call]
    ranked = list(ir_measures.read_trec_run(run))  # type: ignore[no-untyped-call]
    theirs = {metric.query_id: metric.value for metric in ir_measures.iter_calc([nDCG @ 20], judged, ranked)}
    ours = {record.question.id: record.measures["ndcg_20"] for record in records if record.question.answerable}
    assert theirs == pytest.approx(ours, abs=1e-9)
    assert len([value for value in ours.values() if 0 < value < 1]) > 50


def test_what_is_exported_has_its_columns_whatever_a_question_or_a_system_is_called(tmp_path: Path) -> None:
    """Names with spaces, and others that look like these once the space is written in signs."""
    suite = _suite(12)
    names = ["q 1", "q%201", "q\t1", "q\u20281", *(f"question {at}" for at in range(8))]
    records = [
        record.model_copy(update={"question": record.question.model_copy(update={"id": name})})
        for name, record in zip(names, evaluate(_guesses(suite), suite), strict=True)
    ]
    files = export_trec(_result(suite, records, "my settings"), tmp_path)
    run, qrels = ([line.split() for line in path.read_text("utf-8").splitlines()] for path in files)
    assert ({len(line) for line in run}, {len(line) for line in qrels}) == ({6}, {4})
    assert {line[5] for line in run} == {"my%20settings"}
    answerable = [record for record in records if record.question.answerable]
    assert len({line[0] for line in qrels}) == len(answerable)
