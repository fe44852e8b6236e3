"""Two results over the same recordings and questions: the difference of each measure, and whether it is more than
chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.measures.bootstrap import Interval, area_interval, mean_interval
from eval.measures.names import MEASURES, Measure
from eval.runs.results import QuestionRecord, Result
from eval.runs.summary import confidences
from index.errors import ResultsDiffer


@dataclass(frozen=True, slots=True)
class Difference:
    """``second`` less ``first`` on one measure. ``won`` and ``lost`` count the questions on which the second is better
    and worse; None for a measure that has no value for one question, and for one that neither direction betters."""

    measure: Measure
    first: float
    second: float
    interval: Interval | None
    won: int | None
    lost: int | None

    @property
    def difference(self) -> float:
        return self.second - self.first

    @property
    def certain(self) -> bool:
        """Whether the 95 % interval leaves out 0."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


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
    better = None if measure.higher is None else [d if measure.higher else -d for d in differences]
    return Difference(
        measure,
        sum(a for a, _ in values) / len(values),
        sum(b for _, b in values) / len(values),
        mean_interval(differences),
        won=None if better is None else sum(value > 1e-12 for value in better),
        lost=None if better is None else sum(value < -1e-12 for value in better),
    )


def _of_set(measure: Measure, first: Result, second: Result) -> Difference | None:
    if measure.name not in first.summary or measure.name not in second.summary:
        return None
    interval = None
    if measure.name == "auroc":
        answered, others = zip(confidences(second.questions), confidences(first.questions), strict=True)
        interval = area_interval(answered, others, signs=(1.0, -1.0))
    values = first.summary[measure.name].value, second.summary[measure.name].value
    return Difference(measure, *values, interval, None, None)
