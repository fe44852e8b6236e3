"""One question and what a system answered -> the value of each measure that is defined for it.

Of the ranking, whether or not the system abstains: hit@k, success@1, precision@5, MRR@10, recall@5, nDCG@20, the words
of the first passage, the speaker of the first five. Of the answer: what it cites and quotes, who says it, whether it
should have abstained. What a question leaves undefined (the speaker where nobody's words are asked for, or nothing is
cited) is absent.

A passage is a hit when it touches a span of grade 2; it is half gold when at least half of its time is gold of either
grade. An answer that abstains cites nothing.
"""

from collections.abc import Iterable, Sequence

from eval.measures.formulas import hit, ndcg, precision, recall, reciprocal_rank
from eval.measures.matching import Corpus, Place, Timed, covered, gold_seconds, touches
from eval.suites.questions import GoldQuestion
from eval.types import Response
from rag.types import Citation

_HALF = 0.5 - 1e-9
_FIRST = 5


def score(question: GoldQuestion, response: Response, corpus: Corpus) -> dict[str, float]:
    """By the names of ``eval.measures.names``."""
    exact = _exact(response, corpus)
    if not question.answerable:
        return exact | {"wrong_answers": float(not response.abstained)}
    return {
        **_ranking(question, response.passages),
        **_segments(question, response.passages, corpus),
        **(_recordings(question, response.passages) if len(corpus) > 1 else {}),
        **_citations(question, response, corpus),
        **exact,
        **_speaker("right_speaker_5", question, response.passages[:_FIRST], corpus),
        **({} if response.abstained else _speaker("right_speaker", question, response.cited, corpus)),
        "wrong_refusals": float(response.abstained),
    }


def is_right(question: GoldQuestion, response: Response) -> bool:
    """Whether giving the first passage as the answer would be right."""
    return any(touches(passage, span) for passage in response.passages[:1] for span in question.answers)


def _ranking(question: GoldQuestion, passages: Sequence[Citation]) -> dict[str, float]:
    hits = [any(touches(passage, span) for span in question.answers) for passage in passages]
    gold = [gold_share(passage, question) >= _HALF for passage in passages]
    found = [any(touches(passage, span) for passage in passages[:5]) for span in question.answers]
    values = {
        "hit_1": hit(hits, 1),
        "hit_3": hit(hits, 3),
        "hit_5": hit(hits, 5),
        "success_1": hit(gold, 1),
        "precision_5": precision(gold, 5),
        "mrr_10": reciprocal_rank(hits, 10),
        "recall_5": recall(found),
    }
    return values | ({"words": float(len(passages[0].text.split()))} if passages else {})


def gold_share(passage: Timed, question: GoldQuestion) -> float:
    """Of the passage's time; a moment without length is gold or not."""
    duration = passage.end - passage.start
    if duration <= 0:
        return float(any(span.start <= passage.start < span.end for span in question.gold if touches(passage, span)))
    return min(1.0, gold_seconds(passage, question.gold) / duration)


def _segments(question: GoldQuestion, passages: Sequence[Citation], corpus: Corpus) -> dict[str, float]:
    """Not defined where no segment lies in the gold."""
    gains = {place: float(2**grade - 1) for place, grade in corpus.grades(question).items()}
    ranked = [gains.get(place, 0.0) for place in flattened(passages, corpus)]
    return {"ndcg_20": ndcg(ranked, list(gains.values()), 20)} if gains else {}


def flattened(passages: Sequence[Citation], corpus: Corpus) -> list[Place]:
    """The segments of the passages in rank order, each where it comes first."""
    return list(dict.fromkeys(place for passage in passages for place in corpus.touched(passage)))


def _recordings(question: GoldQuestion, passages: Sequence[Citation]) -> dict[str, float]:
    """Each recording ranks as its best passage does."""
    gold = {span.debate for span in question.answers}
    relevant = [debate in gold for debate in dict.fromkeys(passage.debate for passage in passages)]
    return {"recording_mrr_10": reciprocal_rank(relevant, 10), "recording_hit_10": hit(relevant, 10)}


def _citations(question: GoldQuestion, response: Response, corpus: Corpus) -> dict[str, float]:
    cited = () if response.abstained else response.cited
    seconds = sum(passage.end - passage.start for passage in cited)
    gold = sum(gold_seconds(passage, question.gold) for passage in cited)
    return {
        "citation_precision": min(1.0, gold / seconds) if seconds else 0.0,
        "citation_recall": _covered_share(question, cited),
        "quote_precision": _quote_precision(question, cited, corpus),
    }


def _covered_share(question: GoldQuestion, cited: Sequence[Citation]) -> float:
    """How much of the answering time is cited."""
    spans = question.answers
    found = covered_by_debate(
        (passage.debate, max(passage.start, span.start), min(passage.end, span.end))
        for passage in cited
        for span in spans
        if touches(passage, span)
    )
    return min(1.0, found / covered_by_debate((span.debate, span.start, span.end) for span in spans))


def covered_by_debate(intervals: Iterable[tuple[str, float, float]]) -> float:
    """Seconds in the union of (debate, start, end)."""
    by_debate: dict[str, list[tuple[float, float]]] = {}
    for debate, start, end in intervals:
        by_debate.setdefault(debate, []).append((start, end))
    return sum(map(covered, by_debate.values()))


def _quote_precision(question: GoldQuestion, cited: Sequence[Citation], corpus: Corpus) -> float:
    """Of the quoted words; those that stand nowhere are not gold."""
    grades = corpus.grades(question)
    gold = total = 0
    for passage in cited:
        words = corpus.words(passage, passage.quote) or {}
        total += len(passage.quote.split())
        gold += sum(count for place, count in words.items() if place in grades)
    return gold / total if total else 0.0


def _exact(response: Response, corpus: Corpus) -> dict[str, float]:
    """Over the first five passages and their quotes."""
    shown = response.passages[:_FIRST]
    exact = [
        corpus.words(passage, passage.text) is not None
        and corpus.words(passage, passage.quote) is not None
        and passage.quote in passage.text
        for passage in shown
    ]
    return {"exact_quotes": sum(exact) / len(exact)} if exact else {}


def _speaker(name: str, question: GoldQuestion, passages: Sequence[Citation], corpus: Corpus) -> dict[str, float]:
    """Of the words whose gold speaker is known. Without passages the share is 0."""
    if question.speaker is None:
        return {}
    spoken: dict[str, int] = {}
    for passage in passages:
        for place, words in (corpus.words(passage, passage.text) or {}).items():
            speaker = corpus.speaker(place)
            if speaker is not None:
                spoken[speaker] = spoken.get(speaker, 0) + words
    if passages and not spoken:
        return {}
    return {name: spoken.get(question.speaker, 0) / max(sum(spoken.values()), 1)}
