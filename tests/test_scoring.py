"""What is measured on a question, by hand and for any answer."""

import statistics
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures.matching import Corpus
from eval.measures.names import MEASURES
from eval.measures.scoring import is_right, score
from eval.suites.questions import GoldQuestion
from eval.types import NOTHING, Response
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment
from rag.types import Citation
from tests.answers import answer, asked, cite, recording, whole

_SHARES = {name for name, measure in MEASURES.items() if measure.share}

TENS = recording(*[(10 * at, 10 * at + 10, f"mot{at} deux trois quatre") for at in range(12)])
QUESTION = asked((10, 20, 2), (100, 110, 2), (50, 60, 1))
CORPUS = Corpus([TENS])


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        ([], (0, 0, 0, 0, 0, 0, 0)),
        ([cite(10, 20), cite(100, 110)], (1, 1, 1, 1, 1, 1, 1)),
        ([cite(5, 15)], (1, 1, 1, 1, 1, 1, 0.5)),
        ([cite(4.9, 15)], (1, 1, 1, 1, 0, 0, 0.5)),
        ([cite(50, 60), cite(0, 10), cite(19, 30)], (0, 1, 1, 1 / 3, 1, 1 / 3, 0.5)),
        ([cite(10, 20, debate="other"), cite(20, 100)], (0, 0, 0, 0, 0, 0, 0)),
        ([cite(0, 1)] * 4 + [cite(15, 105)], (0, 0, 1, 1 / 5, 0, 0, 1)),
        ([cite(0, 1)] * 5 + [cite(10, 20)], (0, 0, 0, 1 / 6, 0, 0, 0)),
        ([cite(0, 1)] * 10 + [cite(10, 20)], (0, 0, 0, 0, 0, 0, 0)),
    ],
    ids=[
        *("nothing", "perfect", "exactly half", "nearly half", "grade 1 and borders", "elsewhere", "fifth"),
        *("beyond five", "beyond ten"),
    ],
)  # fmt: skip
def test_known_rankings(passages: list[Citation], expected: tuple[float, ...]) -> None:
    names = ("hit_1", "hit_3", "hit_5", "mrr_10", "success_1", "precision_5", "recall_5")
    found = score(QUESTION, answer(*passages), CORPUS)
    assert tuple(found[name] for name in names) == expected
    assert is_right(QUESTION, answer(*passages)) == bool(expected[0])


def test_gold_spans_that_overlap_count_once() -> None:
    question = asked((10, 20, 2), (15, 20, 2), (12, 20, 1), (20, 22, 2))
    found = score(question, answer(cite(0, 24)), CORPUS)
    assert found["success_1"] == 1  # 12 of 24 s
    assert score(question, answer(cite(0, 24.1)), CORPUS)["success_1"] == 0
    assert found["citation_precision"] == 0.5
    assert score(question, answer(cite(10, 16)), CORPUS)["citation_recall"] == 0.5


def test_the_segments_of_gold() -> None:
    """Those whose middle lies in it; of a span that holds no middle the one that it overlaps most."""
    assert CORPUS.grades(asked((14, 31, 2), (35, 36, 1), (20, 25, 1))) == {("d", 1): 2, ("d", 2): 2, ("d", 3): 1}
    assert CORPUS.grades(asked((17, 22, 2))) == {("d", 1): 2}
    assert CORPUS.grades(asked((41, 42, 2))) == {("d", 4): 2}
    assert CORPUS.grades(asked()) == {}


def test_ndcg_is_of_segments_in_the_order_in_which_they_are_read() -> None:
    ideal = 3 + 3 / 1.5849625 + 1 / 2
    read = answer(whole(TENS, 4, 5), whole(TENS, 5), whole(TENS, 1))
    assert score(QUESTION, read, CORPUS)["ndcg_20"] == pytest.approx((1 / 1.5849625 + 3 / 2) / ideal)
    late = answer(whole(TENS, 0), *[cite(0, 10, "inventé")] * 30, whole(TENS, 1))
    assert score(QUESTION, late, CORPUS)["ndcg_20"] == pytest.approx(3 / 1.5849625 / ideal)


CAPTIONS = recording((0, 6, "un deux", "Ada"), (4, 10, "trois quatre cinq", "Jean"), (8, 12, "six"), (12, 14, "sept"))


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (cite(4, 10, "trois quatre cinq"), {1: 3}),
        (cite(0, 10, "deux trois"), {0: 1, 1: 1}),
        (cite(4, 12, "cinq six"), {1: 1, 2: 1}),
        (cite(8, 14, "quatre cinq six sept"), {1: 2, 2: 1, 3: 1}),
        (cite(0, 3, "un deux trois"), None),
        (cite(12, 14, "six"), None),
        (cite(0, 10, "eux trois"), None),
        (cite(0, 10, "deux troi"), None),
        (cite(4, 10, "trois  quatre"), None),
        (cite(4, 10, "Trois quatre cinq"), None),
        (cite(4, 10, ""), None),
        (cite(4, 10, "trois quatre cinq", debate="e"), None),
    ],
)
def test_the_words_of_captions_that_overlap(passage: Citation, expected: dict[int, int] | None) -> None:
    places = None if expected is None else {("d", at): count for at, count in expected.items()}
    assert Corpus([CAPTIONS]).words(passage, passage.text) == places


def test_a_passage_whose_text_is_not_there_touches_the_segments_of_its_time() -> None:
    corpus = Corpus([CAPTIONS])
    assert corpus.touched(cite(0, 10, "deux trois")) == [("d", 0), ("d", 1)]
    assert corpus.touched(cite(5, 10, "inventé")) == [("d", 0), ("d", 1), ("d", 2)]
    assert corpus.touched(cite(5, 10, "deux", debate="e")) == []


@pytest.mark.parametrize(
    ("start", "end", "text", "at"),
    [
        (0, 4, "Oui.", 0),
        (3, 6, "Oui.", 1),
        (5, 12, "Oui.", 3),
        (2, 13, "Oui.", 1),
        (0, 13, "Oui.", 0),
        (9, 14, "ou", 3),
    ],
)
def test_of_the_same_words_those_nearest_to_the_time_are_meant(start: float, end: float, text: str, at: int) -> None:
    """ "Ou" begins a word as well, which is another one."""
    again = recording((0, 4, "Oui."), (3, 6, "Oui."), (6, 9, "Un roux ou deux."), (9, 12, "Oui. Dix ou onze."))
    assert Corpus([again]).words(cite(start, end), text) == {("d", at): 1}
    assert Corpus([again]).touched(cite(start, end, text)) == [("d", at)]


def test_a_caption_without_length_is_a_passage_like_any_other() -> None:
    """As Whisper writes them, and the readers take them. It counts where the passage begins or ends with it."""
    debate = recording((0, 5, "un deux", "Ada"), (5, 5, "trois", "Ada"), (5, 9, "quatre", "Jean"))
    passages = [whole(debate, 1), whole(debate, 0, 1), whole(debate, 1, 2)]
    found = score(asked((0, 9, 2), speaker="Ada"), answer(*passages), Corpus([debate]))
    assert [Corpus([debate]).touched(passage) for passage in passages] == [
        [("d", 1)], [("d", 0), ("d", 1)], [("d", 1), ("d", 2)],
    ]  # fmt: skip
    assert (found["exact_quotes"], found["right_speaker"], found["right_speaker_5"]) == (1, 5 / 6, 5 / 6)
    assert Corpus([debate]).words(cite(0, 4, "trois"), "trois") is None


def test_what_an_answer_cites() -> None:
    """Of 30 cited seconds 20 are gold; of 20 answering ones 10 are cited; of four quoted words three are gold, one
    stands before the gold."""
    across = replace(whole(TENS, 0, 1), quote="quatre mot1 deux")
    cited = (across, replace(whole(TENS, 5), quote="trois"))
    response = Response((whole(TENS, 10), across), cited, False, 1.0)
    found = score(QUESTION, response, CORPUS)
    assert found["citation_precision"] == 20 / 30
    assert found["citation_recall"] == 10 / 20
    assert found["quote_precision"] == 3 / 4
    assert found["wrong_refusals"] == 0


def test_a_quote_that_stands_nowhere_is_not_gold() -> None:
    cited = (replace(whole(TENS, 1), quote="mot1 deux trois"), replace(whole(TENS, 1), quote="cinq"))
    assert score(QUESTION, answer(*cited), CORPUS)["quote_precision"] == 3 / 4


def test_an_answer_that_abstains_cites_nothing() -> None:
    refused = score(QUESTION, answer(whole(TENS, 1), abstained=True), CORPUS)
    assert [refused[name] for name in ("citation_precision", "citation_recall", "quote_precision")] == [0, 0, 0]
    assert (refused["wrong_refusals"], refused["hit_1"], refused["exact_quotes"]) == (1, 1, 1)
    assert score(asked(), answer(whole(TENS, 1), abstained=True), CORPUS)["wrong_answers"] == 0
    assert score(asked(), answer(whole(TENS, 1)), CORPUS) == {"wrong_answers": 1, "exact_quotes": 1}
    assert score(asked(), NOTHING, CORPUS) == {"wrong_answers": 0}


@pytest.mark.parametrize(
    ("passage", "exact"),
    [
        (whole(TENS, 1, 2), 1),
        (replace(whole(TENS, 1), quote="deux trois"), 1),
        (replace(whole(TENS, 1), text="mot1 deux trois quatrs", quote="deux"), 0),
        (replace(whole(TENS, 1), quote="deux, trois"), 0),
        (replace(whole(TENS, 1, 2), text="mot1 deux", quote="mot2"), 0),
        (replace(whole(TENS, 1), start=20.0, end=30.0), 0),
        (replace(whole(TENS, 1, 2), end=20.0), 0),
        (replace(whole(TENS, 1), debate="e"), 0),
        (replace(whole(TENS, 1), quote=""), 0),
    ],
    ids=[
        *("as it stands", "a part quoted", "one letter", "one comma", "the quote elsewhere", "another time"),
        *("cut short", "another debate", "no quote"),
    ],
)
def test_quotes_word_for_word(passage: Citation, exact: int) -> None:
    response = answer(passage, whole(TENS, 7), *[cite(0, 1, "inventé")] * 2, whole(TENS, 8), cite(0, 1))
    assert score(QUESTION, response, CORPUS)["exact_quotes"] == (exact + 2) / 5
    assert score(asked(), response, CORPUS)["exact_quotes"] == (exact + 2) / 5


def test_whose_words_they_are() -> None:
    """By words, without those of nobody known; captions that only overlap in time are not said."""
    debate = recording((0, 9, "un deux trois", "Ada"), (8, 15, "quatre", "Jean"), (15, 20, "cinq six"))
    question, corpus = asked((0, 9, 2), speaker="Ada"), Corpus([debate])
    found = [
        score(question, answer(*passages), corpus)
        for passages in (
            [],
            [whole(debate, 0)],
            [whole(debate, 0, 2)],
            [whole(debate, 1, 2)],
            [whole(debate, 2)],
            [cite(0, 20, "trois quatre")],
            [whole(debate, 1)] * 5 + [whole(debate, 0)],
        )
    ]
    assert [values.get("right_speaker") for values in found] == [0, 1, 3 / 4, 0, None, 1 / 2, 3 / 8]
    assert [values.get("right_speaker_5") for values in found] == [0, 1, 3 / 4, 0, None, 1 / 2, 0]
    assert not {"right_speaker", "right_speaker_5"} & set(score(asked((0, 9, 2)), answer(whole(debate, 0)), corpus))


def test_whose_words_are_cited() -> None:
    """Nothing is where the answer abstains; the five passages are shown all the same."""
    debate = recording((0, 9, "un deux trois", "Ada"), (8, 15, "quatre", "Jean"))
    question, shown, corpus = asked((0, 9, 2), speaker="Ada"), (whole(debate, 0), whole(debate, 1)), Corpus([debate])
    names = ("right_speaker", "right_speaker_5")
    for cited, abstained, expected in (
        (shown[:1], False, (1, 3 / 4)),
        (shown[1:], False, (0, 3 / 4)),
        (shown, True, (None, 3 / 4)),
    ):
        found = score(question, Response(shown, cited, abstained, 1.0), corpus)
        assert tuple(found.get(name) for name in names) == expected
    assert tuple(score(question, NOTHING, corpus).get(name) for name in names) == (None, 0)


def test_each_recording_ranks_as_its_best_passage() -> None:
    corpus = Corpus([recording((0, 10, "mot"), id_=f"e{at}") for at in range(12)])
    question = asked((0, 10, 2, "e2"), (0, 10, 2, "e11"), (0, 10, 1, "e0"))
    ranked = [cite(0, 10, "mot", debate=f"e{at}") for at in (0, 0, 1, 0, 2, 3, 11)]
    names = ("recording_mrr_10", "recording_hit_10", "mrr_10")
    assert [score(question, answer(*ranked), corpus)[name] for name in names] == [1 / 3, 1, 1 / 5]
    others = [cite(0, 10, "mot", debate=f"e{at}") for at in (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 2)]
    assert [score(question, answer(*others), corpus)[name] for name in names] == [0, 0, 0]
    assert [score(question, answer(*others[1:]), corpus)[name] for name in names] == [1 / 10, 1, 1 / 10]
    assert not {*names[:2]} & set(score(QUESTION, answer(cite(10, 20)), CORPUS))


_WORDS = st.lists(st.sampled_from(["un", "deux", "trois", "oui."]), min_size=1, max_size=5).map(" ".join)
_NAMES = st.sampled_from(["Ada", "Jean", None])


@st.composite
def recordings(draw: st.DrawFn, id_: str = "d") -> Debate:
    """Segments that overlap or touch, at milliseconds."""
    segments: list[Segment] = []
    start = 0
    for text in draw(st.lists(_WORDS, min_size=1, max_size=8)):
        end = start + draw(st.integers(1, 9000))
        name = draw(_NAMES)
        known = Attribution(name, Origin.LABELLED, 1.0) if name else UNKNOWN
        segments.append(Segment(len(segments), start / 1000, end / 1000, text, known))
        start = draw(st.integers(start + 1, end))
    return Debate(id_, id_.upper(), tuple(segments))


def _spans(debate: Debate) -> st.SearchStrategy[tuple[float, float]]:
    """Some time of it."""
    last = int(1000 * max(segment.end for segment in debate.segments))
    two = st.lists(st.integers(0, last), min_size=2, max_size=2, unique=True).map(sorted)
    return two.map(lambda times: (times[0] / 1000, times[1] / 1000))


@st.composite
def _passages(draw: st.DrawFn, debates: Sequence[Debate]) -> Citation:
    """Segments as they stand, or a text that may be at that time."""
    debate = draw(st.sampled_from(debates))
    if draw(st.booleans()):
        first, last = sorted(draw(st.lists(st.integers(0, len(debate.segments) - 1), min_size=2, max_size=2)))
        passage = whole(debate, first, last)
        return replace(passage, quote=passage.text[draw(st.integers(0, 3)) : draw(st.integers(4, 40))])
    return cite(*draw(_spans(debate)), draw(_WORDS), draw(_WORDS), debate.id)


@st.composite
def answered(draw: st.DrawFn) -> tuple[GoldQuestion, Response, list[Debate]]:
    """A question to one recording or two, and any answer to it."""
    debates = [draw(recordings(id_)) for id_ in ("d", "e")[: draw(st.integers(1, 2))]]
    places = [
        (*draw(_spans(debate)), draw(st.integers(1, 2)), debate.id) for debate in debates * draw(st.integers(1, 3))
    ]
    gold = [*places, (*draw(_spans(debates[0])), 2, "d")] if draw(st.integers(0, 4)) else []
    passages = draw(st.lists(_passages(debates), max_size=12))
    cited = tuple(passage for passage in passages if draw(st.booleans()))
    response = Response(tuple(passages), cited, draw(st.booleans()), 0.5)
    return asked(*gold, speaker=draw(_NAMES)), response, debates


@settings(max_examples=300)
@given(answered())
def test_every_share_lies_between_nothing_and_one(case: tuple[GoldQuestion, Response, list[Debate]]) -> None:
    question, response, debates = case
    found = score(question, response, Corpus(debates))
    outside = {name: value for name, value in found.items() if name in _SHARES and not 0 <= value <= 1}
    assert set(found) <= set(MEASURES)
    assert outside == {}


def test_rounding_makes_no_share_more_than_one() -> None:
    """(46.12 - 14.09) + (56.09 - 46.12) is more than 56.09 - 14.09."""
    corpus, full, parts = Corpus([recording((0, 60, "mot"))]), (14.09, 56.09), ((14.09, 46.12), (46.12, 56.09))
    in_parts = score(asked((*full, 2)), answer(*[cite(*part) for part in parts]), corpus)
    over_parts = score(asked(*[(*part, 2) for part in parts]), answer(cite(*full)), corpus)
    assert (in_parts["citation_recall"], over_parts["citation_precision"]) == (1, 1)


def _seconds(*spans: tuple[str, float, float]) -> set[tuple[str, int]]:
    return {(debate, at) for debate, start, end in spans for at in range(int(start), int(end))}


_WHOLE_SECONDS = st.tuples(st.sampled_from("de"), st.integers(0, 30), st.integers(1, 15))


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_WHOLE_SECONDS, st.integers(1, 2)), max_size=5),
    _WHOLE_SECONDS,
    st.lists(_WHOLE_SECONDS, max_size=6),
)
def test_times_against_a_count_of_seconds(
    spans: list[tuple[tuple[str, int, int], int]], sure: tuple[str, int, int], shown: list[tuple[str, int, int]]
) -> None:
    corpus = Corpus([recording((0, 50, "mot"), id_=id_) for id_ in "de"])
    gold = [(start, start + length, grade, id_) for (id_, start, length), grade in [*spans, (sure, 2)]]
    passages = [cite(start, start + length, debate=id_) for id_, start, length in shown]
    found = score(asked(*gold), answer(*passages), corpus)
    all_gold = _seconds(*[(id_, start, end) for start, end, _, id_ in gold])
    answers = [_seconds((id_, start, end)) for start, end, grade, id_ in gold if grade == 2]
    of_each = [_seconds((passage.debate, passage.start, passage.end)) for passage in passages]
    said: set[tuple[str, int]] = set().union(*of_each)
    half = [2 * len(one & all_gold) >= len(one) for one in of_each]
    hits = [any(one & span for span in answers) for one in of_each]
    assert found["success_1"] == (half[:1] == [True])
    assert found["precision_5"] == (statistics.fmean(half[:5]) if half else 0)
    assert found["hit_3"] == any(hits[:3])
    assert found["recall_5"] == statistics.fmean(any(one & span for one in of_each[:5]) for span in answers)
    assert found["citation_recall"] == len(said & set().union(*answers)) / len(set().union(*answers))
    total = sum(map(len, of_each))
    assert found["citation_precision"] == (sum(len(one & all_gold) for one in of_each) / total if total else 0)
