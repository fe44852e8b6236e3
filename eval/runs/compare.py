"""Two results over the same recordings and questions: the difference of each measure, and whether it is more than
chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.measures.bootstrap import Interval, area_interval, mean_interval, risk_interval
from eval.measures.names import MEASURES, Measure
from eval.runs.results import QuestionRecord, Result
from eval.runs.summary import confidences
from index.errors import ResultsDiffer

FEWEST = 10
"""Questions below which resampling them cannot tell a difference from chance."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``second`` less ``first`` on one measure, over ``count`` questions. ``won`` and ``lost`` count those on which the
    second is better and worse; None for a measure that has no value for one question."""

    measure: Measure
    first: float
    second: float
    interval: Interval
    won: int | None
    lost: int | None
    count: int

    @property
    def difference(self) -> float:
        return self.second - self.first

    @property
    def certain(self) -> bool:
        """Whether the 95 % interval leaves out 0; with few questions it says nothing."""
        return self.count >= FEWEST and (self.interval.low > 0 or self.interval.high < 0)


def compare(first: Result, second: Result) -> list[Difference]:
    """A row for each measure that both have, over the questions on which both have it. Raises ResultsDiffer."""
    if first.corpus_hash != second.corpus_hash:
        raise ResultsDiffer(what="recordings", what_fr="enregistrements")
    if first.questions_hash != second.questions_hash:
        raise ResultsDiffer(what="questions", what_fr="questions")
    theirs = {record.question.id: record for record in second.questions}
    pairs = [(record, theirs[record.question.id]) for record in first.questions]
    found = (_of_set(m, first, second) if m.of_set else _of_questions(m, pairs) for m in MEASURES.values())
    return [difference for difference in found if difference is not None]


def _of_questions(measure: Measure, pairs: Sequence[tuple[QuestionRecord, QuestionRecord]]) -> Difference | None:
    name = measure.name
    values = [(a.measures[name], b.measures[name]) for a, b in pairs if name in a.measures and name in b.measures]
    if not values:
        return None
    differences = [b - a for a, b in values]
    better = [value if measure.higher else -value for value in differences]
    return Difference(
        measure,
        sum(a for a, _ in values) / len(values),
        sum(b for _, b in values) / len(values),
        mean_interval(differences),
        won=sum(value > 1e-12 for value in better),
        lost=sum(value < -1e-12 for value in better),
        count=len(values),
    )


def _of_set(measure: Measure, first: Result, second: Result) -> Difference | None:
    if measure.name not in first.summary or measure.name not in second.summary:
        return None
    values = first.summary[measure.name].value, second.summary[measure.name].value
    interval = _area(first, second) if measure.name == "auroc" else _risk(measure.name, first, second)
    return Difference(measure, *values, interval, None, None, len(first.questions))


def _area(first: Result, second: Result) -> Interval:
    answered, others = zip(confidences(second.questions), confidences(first.questions), strict=True)
    return area_interval(answered, others, signs=(1.0, -1.0))


def _risk(name: str, first: Result, second: Result) -> Interval:
    ordered = [sorted(result.questions, key=lambda record: record.question.id) for result in (second, first)]
    of_area, of_excess = risk_interval(
        [[record.confidence for record in records] for records in ordered],
        [[record.right for record in records] for records in ordered],
        signs=(1.0, -1.0),
    )
    return of_area if name == "aurc" else of_excess
