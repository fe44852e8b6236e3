"""Per-question records -> the values of a result, with their intervals."""

import statistics
from collections.abc import Callable, Sequence

from eval.measures.bootstrap import area_interval, mean_interval, risk_interval
from eval.measures.formulas import auroc, risk_coverage
from eval.measures.names import MEASURES
from eval.runs.results import Latency, QuestionRecord, Value


def summarised(records: Sequence[QuestionRecord]) -> dict[str, Value]:
    """Means over the questions on which a measure is defined, and the measures of the whole set."""
    found: dict[str, Value] = {}
    for name, measure in MEASURES.items():
        values = [record.measures[name] for record in records if name in record.measures]
        if values:
            interval = mean_interval(values)
            found[name] = Value(value=statistics.fmean(values), low=interval.low, high=interval.high, count=len(values))
        elif measure.of_set:
            found |= _of_set(name, records)
    return found


def _of_set(name: str, records: Sequence[QuestionRecord]) -> dict[str, Value]:
    """The areas of abstention; none unless there are answerable and unanswerable questions."""
    positive, negative = confidences(records)
    if not positive or not negative:
        return {}
    if name == "auroc":
        interval = area_interval([positive], [negative])
        area = auroc(positive, negative)
        return {name: Value(value=area, low=interval.low, high=interval.high, count=len(records))}
    confidence, right = [record.confidence for record in records], [record.right for record in records]
    curve = risk_coverage(confidence, right)
    of_area, of_excess = risk_interval([confidence], [right])
    value, interval = (curve.area, of_area) if name == "aurc" else (curve.excess, of_excess)
    return {name: Value(value=value, low=interval.low, high=interval.high, count=len(records))}


def confidences(records: Sequence[QuestionRecord]) -> tuple[list[float], list[float]]:
    """Of the answerable questions, and of the others."""
    return (
        [record.confidence for record in records if record.question.answerable],
        [record.confidence for record in records if not record.question.answerable],
    )


def grouped(records: Sequence[QuestionRecord]) -> dict[str, dict[str, Value]]:
    """Each set, category and language that is not all there is."""
    kinds: dict[str, Callable[[QuestionRecord], str]] = {
        "set": lambda record: record.set,
        "category": lambda record: record.question.category,
        "lang": lambda record: record.question.lang,
    }
    found: dict[str, dict[str, Value]] = {}
    for kind, key in kinds.items():
        names = sorted({key(record) for record in records})
        for name in names if len(names) > 1 else ():
            found[f"{kind} {name}"] = summarised([record for record in records if key(record) == name])
    return found


def latency_of(took: Sequence[float]) -> Latency:
    if len(took) < 2:
        return Latency(p50=sum(took), p95=sum(took))
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    return Latency(p50=round(cuts[9], 2), p95=round(cuts[18], 2))
