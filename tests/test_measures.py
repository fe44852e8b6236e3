"""The formulas, intervals and speaker measures: against ``ir_measures``, against naive counts, and by hand."""

import random
import statistics
from collections.abc import Sequence
from itertools import permutations

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, P, R, Success, nDCG

from eval.measures.bootstrap import Interval, area_interval, mean_interval, risk_interval
from eval.measures.formulas import auroc, hit, ndcg, precision, recall, reciprocal_rank, risk_coverage
from eval.measures.matching import covered
from eval.measures.speakers import SpeakerMeasures, measure_speakers
from index.types import UNKNOWN, Attribution, Origin, Segment

_SURENESS = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])


@st.composite
def rankings(draw: st.DrawFn) -> tuple[dict[str, int], list[str]]:
    """The grades of documents, one of them gold at least, and some of the documents in an order."""
    grades = [*draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), max_size=40)), draw(st.integers(1, 2))]
    documents = {f"d{at}": grade for at, grade in enumerate(grades)}
    shuffled = draw(st.permutations(list(documents)))
    return documents, shuffled[: draw(st.integers(1, len(shuffled)))]


@settings(max_examples=300)
@given(rankings(), st.sampled_from([1, 3, 5, 10, 20]))
def test_the_formulas_are_those_of_trec_eval(case: tuple[dict[str, int], list[str]], k: int) -> None:
    """Its nDCG takes the relevance as gain. Its precision divides by k, ours by what is shown."""
    grades, ranked = case
    gains = {document: 2**grade - 1 for document, grade in grades.items()}
    relevant = [gains[document] > 0 for document in ranked]
    qrels = [ir_measures.Qrel("q", document, gain) for document, gain in gains.items()]
    run = [ir_measures.ScoredDoc("q", document, -float(at)) for at, document in enumerate(ranked)]
    ours = {
        nDCG @ k: ndcg([float(gains[document]) for document in ranked], list(gains.values()), k),
        RR @ k: reciprocal_rank(relevant, k),
        R @ k: recall([document in ranked[:k] for document, gain in gains.items() if gain]),
        Success @ k: hit(relevant, k),
        P @ k: precision(relevant, k) * len(relevant[:k]) / k,
    }
    theirs = {metric.measure: metric.value for metric in ir_measures.iter_calc(list(ours), qrels, run)}
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert all(0 <= value <= 1 for value in ours.values())


@pytest.mark.parametrize(
    ("ranking", "hits", "rank", "share"),
    [
        ("", (0, 0, 0), 0, 0),
        ("x", (1, 1, 1), 1, 1),
        (".x", (0, 1, 1), 1 / 2, 1 / 2),
        ("...x", (0, 0, 1), 1 / 4, 1 / 4),
        (".....x", (0, 0, 0), 1 / 6, 0),
        ("xx..xxx", (1, 1, 1), 1, 3 / 5),
        (".........x", (0, 0, 0), 1 / 10, 0),
        ("..........x", (0, 0, 0), 0, 0),
    ],
)
def test_known_rankings(ranking: str, hits: tuple[int, int, int], rank: float, share: float) -> None:
    relevant = [mark == "x" for mark in ranking]
    assert (hit(relevant, 1), hit(relevant, 3), hit(relevant, 5)) == hits
    assert reciprocal_rank(relevant, 10) == rank
    assert precision(relevant, 5) == share


def test_known_gains() -> None:
    assert ndcg([1, 3], [3, 1], 20) == pytest.approx((1 + 3 / 1.5849625) / (3 + 1 / 1.5849625))
    assert ndcg([0, 0, 3], [3], 20) == 0.5
    assert ndcg([0, 0, 3], [3], 2) == 0
    assert ndcg([3], [3, 3], 1) == 1
    assert ndcg([], [1], 20) == 0
    assert recall([True, False, False, True]) == 0.5


@given(st.lists(st.sampled_from([0.0, 1.0, 3.0]), min_size=1, max_size=30), st.integers(1, 25))
def test_the_ideal_order_alone_is_worth_one(gains: list[float], k: int) -> None:
    ideal = sorted(gains, reverse=True)
    if any(gains):
        assert ndcg(ideal, gains, k) == 1
        assert (ndcg(gains, gains, k) == 1) == (gains[:k] == ideal[:k])


@given(st.lists(_SURENESS, min_size=1, max_size=12), st.lists(_SURENESS, min_size=1, max_size=12))
def test_the_area_counts_pairs(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(statistics.fmean(pairs), abs=1e-12)


def _risks(right: Sequence[bool]) -> list[float]:
    return [right[:count].count(False) / count for count in range(1, len(right) + 1)]


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.9]), st.booleans()), min_size=1, max_size=5))
def test_the_risk_is_what_any_order_of_equal_confidence_gives_on_average(answers: list[tuple[float, bool]]) -> None:
    curve = risk_coverage([sure for sure, _ in answers], [right for _, right in answers])
    surest_first = [sorted(order, key=lambda answer: -answer[0]) for order in permutations(answers)]
    risks = [_risks([right for _, right in order]) for order in surest_first]
    best = _risks(sorted((right for _, right in answers), reverse=True))
    assert curve.risk == pytest.approx([statistics.fmean(column) for column in zip(*risks, strict=True)], abs=1e-12)
    assert curve.coverage == tuple(count / len(answers) for count in range(1, len(answers) + 1))
    assert curve.area == pytest.approx(statistics.fmean(curve.risk), abs=1e-12)
    assert curve.excess == pytest.approx(curve.area - statistics.fmean(best), abs=1e-12)


def test_a_known_curve() -> None:
    """The two in the middle are as sure as each other."""
    curve = risk_coverage([0.1, 0.5, 0.9, 0.5], [False, False, True, True])
    assert curve.risk == pytest.approx((0, 1 / 4, 1 / 3, 1 / 2))
    assert (curve.area, curve.excess) == pytest.approx((13 / 48, 1 / 16))


@given(st.lists(st.tuples(_SURENESS, st.booleans()), min_size=1, max_size=30))
def test_nothing_exceeds_the_best_order(answers: list[tuple[float, bool]]) -> None:
    sure, right = [sure for sure, _ in answers], [right for _, right in answers]
    curve = risk_coverage(sure, right)
    assert 0 <= curve.excess <= curve.area <= 1
    assert risk_coverage(sure[::-1], right[::-1]) == curve
    assert risk_coverage([float(value) for value in right], right).excess == 0
    assert risk_coverage([0.5] * len(right), right).risk == pytest.approx(
        [right.count(False) / len(right)] * len(right)
    )


def test_what_is_not_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="without gold"):
        recall([])
    with pytest.raises(ValueError, match="without gold"):
        ndcg([1], [0], 20)
    for positive, negative in ([], [1.0]), ([1.0], []):
        with pytest.raises(ValueError, match="both kinds"):
            auroc(positive, negative)
        with pytest.raises(ValueError, match="no values"):
            area_interval([positive], [negative])
    with pytest.raises(ValueError, match="without questions"):
        risk_coverage([], [])
    with pytest.raises(ValueError, match="no values"):
        mean_interval([])
    with pytest.raises(ValueError, match="no values"):
        risk_interval([[]], [[]])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15)), max_size=8))
def test_what_is_covered_twice_counts_once(spans: list[tuple[int, int]]) -> None:
    inside = [at for at in range(60) if any(start <= at < start + length for start, length in spans)]
    assert covered((float(start), float(start + length)) for start, length in spans) == len(inside)


def test_intervals_of_a_binomial_are_its_quantiles() -> None:
    """Of 20 answers half are right, so the resampled number is binomial: 2.1 % lie below 6, 5.8 % at 6 or below."""
    half, sure = [1.0, 0.0] * 10, [1.0] * 20
    area, difference = area_interval([half], [[0.5]]), area_interval([sure, half], [[0.5], [0.5]], (1, -1))
    assert mean_interval(half) == Interval(0.3, 0.7)
    assert (area.low, area.high) == pytest.approx((0.3, 0.7))
    assert (difference.low, difference.high) == pytest.approx((0.3, 0.7))


@settings(max_examples=30)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20))
def test_an_interval_is_ordered_and_the_same_each_time(values: list[float]) -> None:
    interval = mean_interval(values)
    assert min(values) - 1e-12 <= interval.low <= interval.high <= max(values) + 1e-12
    assert mean_interval(values) == interval
    constant = mean_interval([values[0]] * len(values))
    assert (constant.low, constant.high) == pytest.approx((values[0], values[0]), abs=1e-12)


@settings(max_examples=20)
@given(st.lists(_SURENESS, min_size=1, max_size=12), st.lists(_SURENESS, min_size=1, max_size=12))
def test_intervals_of_areas(positive: list[float], negative: list[float]) -> None:
    interval = area_interval([positive], [negative])
    assert -1e-9 <= interval.low <= interval.high <= 1 + 1e-9
    assert area_interval([positive], [negative]) == interval
    assert area_interval([positive] * 2, [negative] * 2, (1, -1)) == Interval(0, 0)


_MANY = [at / 40 for at in range(40)]
_SOME_RIGHT = [at % 3 > 0 or at > 25 for at in range(40)]


def _drawn(sure: Sequence[float], right: Sequence[bool]) -> tuple[Interval, Interval]:
    """The intervals of the area and of its excess, one resampling after the other."""
    random_ = random.Random(1)
    curves = []
    for _ in range(2000):
        drawn = random_.choices(range(len(sure)), k=len(sure))
        curves.append(risk_coverage([sure[at] for at in drawn], [right[at] for at in drawn]))
    cuts = [statistics.quantiles(values, n=40) for values in zip(*((c.area, c.excess) for c in curves), strict=True)]
    return Interval(cuts[0][0], cuts[0][-1]), Interval(cuts[1][0], cuts[1][-1])


@pytest.mark.parametrize(
    ("sure", "right"),
    [
        (_MANY, _SOME_RIGHT),
        (_MANY[::-1], _SOME_RIGHT),
        ([round(value, 1) for value in _MANY], _SOME_RIGHT),
        ([value > 0.4 for value in _MANY], _SOME_RIGHT),
        ([0.5] * 40, _SOME_RIGHT),
        ([float(value) for value in _SOME_RIGHT], _SOME_RIGHT),
        ([value + at / 100 for at, value in enumerate(_SOME_RIGHT)], _SOME_RIGHT),
    ],
    ids=["all different", "the other way", "some tie", "two values", "all the same", "perfect, tied", "perfect"],
)
def test_intervals_of_risk_are_those_of_resampling(sure: list[float], right: list[bool]) -> None:
    for found, wanted in zip(risk_interval([sure], [right]), _drawn(sure, right), strict=True):
        assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=0.03)
        assert found.low >= -1e-9


def test_intervals_of_differences_of_risk_share_their_draws() -> None:
    """Where both are as good as each other on every question nothing is left."""
    turned = _MANY[::-1]
    assert risk_interval([_MANY] * 2, [_SOME_RIGHT] * 2, (1, -1)) == (Interval(0, 0), Interval(0, 0))
    for found in risk_interval([_MANY, turned], [_SOME_RIGHT] * 2, (1, -1)):
        difference = risk_coverage(_MANY, _SOME_RIGHT).area - risk_coverage(turned, _SOME_RIGHT).area
        assert found.low < difference < found.high
    assert risk_interval([_MANY], [_SOME_RIGHT]) == risk_interval([_MANY], [_SOME_RIGHT])
    wrong = [not right for right in _SOME_RIGHT]
    of_area, _ = risk_interval([_MANY] * 2, [[True] * 40, wrong], (1, -1))
    alone, _ = risk_interval([_MANY], [wrong])
    assert (of_area.low, of_area.high) == pytest.approx((-alone.high, -alone.low))


def _said(*parts: str | tuple[str, float] | None) -> list[Segment]:
    """Segments of ten words by those named, with a confidence."""
    given_ = [part if isinstance(part, tuple) else (part, 1.0) for part in parts]
    return [
        Segment(at, at, at + 1, " ".join(["mot"] * 10), Attribution(name, Origin.VOICE, sureness) if name else UNKNOWN)
        for at, (name, sureness) in enumerate(given_)
    ]


def test_speakers_by_hand() -> None:
    """Fifty words are known, forty of them named, thirty rightly; the surest are ten right, ten wrong, twenty right."""
    gold = _said("Ada", "Jean", "Jean", "Ada", None, "Ada")
    found = _said(("Ada", 0.9), ("Ada", 0.8), ("Jean", 0.3), ("Ada", 0.7), ("Zoé", 1.0), None)
    assert measure_speakers(gold, found) == SpeakerMeasures(
        accuracy=30 / 40,
        coverage=40 / 50,
        accuracy_60=20 / 30,
        accuracy_80=30 / 40,
        accuracy_100=30 / 50,
        turn_f1=2 * 2 / (2 + 3),
    )


def test_the_last_segment_counts_in_part() -> None:
    """Of twenty words the 60 % are twelve: ten right ones and two wrong ones; the 80 % sixteen."""
    measured = measure_speakers(_said("Ada", "Jean"), _said(("Ada", 0.9), ("Ada", 0.2)))
    assert measured is not None
    assert (measured.accuracy_60, measured.accuracy_80) == pytest.approx((10 / 12, 10 / 16))


def test_speakers_at_the_limits() -> None:
    gold = _said("Ada", "Jean", "Ada")
    assert measure_speakers(gold, gold) == SpeakerMeasures(1, 1, 1, 1, 1, 1)
    assert measure_speakers(gold, _said(None, None, None)) == SpeakerMeasures(0, 0, 0, 0, 0, 0)
    assert measure_speakers(_said(None, None), _said("Ada", "Jean")) is None
    with pytest.raises(ValueError, match="zip"):
        measure_speakers(gold, gold[:2])


def _most_matched(wanted: Sequence[int], given_: Sequence[int]) -> int:
    """The most pairs within one of each other, by trying every choice."""
    if not wanted:
        return 0
    near = [other for other in given_ if abs(other - wanted[0]) <= 1]
    matched = [1 + _most_matched(wanted[1:], [one for one in given_ if one != other]) for other in near]
    return max([_most_matched(wanted[1:], given_), *matched])


@settings(max_examples=300)
@given(st.lists(st.tuples(*[st.sampled_from(["Ada", "Jean", "Zoé"])] * 2), min_size=1, max_size=10))
def test_as_many_turns_are_matched_as_can_be(pairs: list[tuple[str, str]]) -> None:
    gold, found = [one for one, _ in pairs], [other for _, other in pairs]
    wanted, given_ = ([at for at in range(1, len(pairs)) if who[at] != who[at - 1]] for who in (gold, found))
    measured = measure_speakers(_said(*gold), _said(*found))
    changes = len(wanted) + len(given_)
    assert measured is not None
    assert measured.turn_f1 == pytest.approx(2 * _most_matched(wanted, given_) / changes if changes else 1.0)


@given(st.lists(st.tuples(*[st.sampled_from([None, "Ada", "Jean"])] * 2, _SURENESS), max_size=20))
def test_speaker_measures_are_shares(parts: list[tuple[str | None, str | None, float]]) -> None:
    gold = _said(*[one for one, _, _ in parts])
    measured = measure_speakers(gold, _said(*[(other, sure) if other else None for _, other, sure in parts]))
    assert (measured is None) == all(one is None for one, _, _ in parts)
    if measured is not None:
        values = [getattr(measured, name) for name in SpeakerMeasures.__slots__]
        assert all(0 <= value <= 1 for value in values)
        assert measured.accuracy_100 == pytest.approx(measured.accuracy * measured.coverage)
