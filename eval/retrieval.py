"""How well passages are found: ``python -m eval.retrieval [--shared ../shared]`` prints a table.

It asks the questions over the debate that ships with the package, and with ``--shared`` also the 137 over the ten
debates of bench/fredsum-dev, all of them in one index. Indexes are kept in the cache folder, by model. A hit is a
passage that touches a grade-2 span; precision is the share of the first passage's time that is gold. Only answerable
questions count.
"""

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from eval.questions import SPEAKERS, TRANSCRIPT, GoldQuestion, GoldSpan, read_questions, shipped
from index.build import LAYOUT, Details
from rag.engine import Engine
from rag.settings import Settings, load_settings
from rag.types import Citation

TOP_K = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one question, or means. All in [0, 1] but ``words``, which are to be read in the first passage."""

    hit_1: float
    hit_3: float
    mrr_10: float
    recall_5: float
    precision_1: float
    words: float


def measure(question: GoldQuestion, citations: Sequence[Citation]) -> Measures:
    """``citations`` in rank order; where there are none, every measure is zero."""
    hits = [any(_touches(citation, span) for span in question.answers) for citation in citations]
    found = [any(_touches(citation, span) for citation in citations[:5]) for span in question.answers]
    return Measures(
        hit_1=float(any(hits[:1])),
        hit_3=float(any(hits[:3])),
        mrr_10=next((1 / rank for rank, hit in enumerate(hits[:10], start=1) if hit), 0.0),
        recall_5=sum(found) / len(found),
        precision_1=_gold_share(citations[0], question) if citations else 0.0,
        words=float(len(citations[0].text.split())) if citations else 0.0,
    )


def mean(values: Sequence[Measures]) -> Measures:
    """The mean of each measure over questions."""
    return Measures(*(sum(column) / len(values) for column in zip(*map(astuple, values), strict=True)))


def _touches(citation: Citation, span: GoldSpan) -> bool:
    return citation.debate == span.debate and citation.start < span.end and span.start < citation.end


def _gold_share(citation: Citation, question: GoldQuestion) -> float:
    """Spans of one grade do not overlap."""
    overlaps = (
        min(citation.end, span.end) - max(citation.start, span.start)
        for span in question.answers
        if _touches(citation, span)
    )
    return sum(overlaps) / (citation.end - citation.start)


def open_suite(name: str, transcripts: Mapping[Path, Details], settings: Settings) -> Engine:
    """An engine on an index of ``transcripts``, built once for each model and each content."""
    digest = hashlib.sha256(f"{settings.model} {LAYOUT}".encode())
    for path, details in sorted(transcripts.items()):
        digest.update(path.read_bytes() + (details.speakers.read_bytes() if details.speakers else b""))
    home = settings.cache / "eval" / f"{name}-{digest.hexdigest()[:12]}"
    engine = Engine.open(home, settings)
    present = {debate.id for debate in engine.debates()}
    for path, details in sorted(transcripts.items()):
        if details.id not in present:
            engine.add(path, details)
    return engine


def debate_suite(settings: Settings, *, labelled: bool = True) -> Engine:
    """The shipped debate, with or without its side file."""
    details = Details(id=TRANSCRIPT.stem, speakers=SPEAKERS if labelled else None)
    return open_suite("debate" if labelled else "debate-unlabelled", {TRANSCRIPT: details}, settings)


def fredsum_suite(shared: Path, settings: Settings) -> tuple[Engine, list[GoldQuestion]]:
    """Ten debates together. Their ids become slugs, in the gold as well."""
    folder = shared / "bench" / "fredsum-dev"
    files = sorted((folder / "debates").glob("*.json"))
    ids = {path.stem: path.stem.lower().replace("_", "-") for path in files}
    questions = [
        question.model_copy(
            update={"gold": tuple(span.model_copy(update={"debate": ids[span.debate]}) for span in question.gold)}
        )
        for question in read_questions(folder / "questions.jsonl")
    ]
    return open_suite("fredsum", {path: Details(id=ids[path.stem]) for path in files}, settings), questions


def evaluated(engine: Engine, questions: Sequence[GoldQuestion]) -> Measures:
    """Means over the answerable questions."""
    return mean([measure(q, engine.search(q.question, top_k=TOP_K).passages) for q in questions if q.answerable])


def main() -> None:
    """Print a line for each set of questions."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, help="the folder that holds bench/fredsum-dev")
    shared: Path | None = parser.parse_args().shared
    settings = load_settings()
    print(f"{'questions':28}" + "".join(f"{field.name:>13}" for field in fields(Measures)))
    for labelled in (True, False):
        engine = debate_suite(settings, labelled=labelled)
        for name in ("questions.dev.jsonl", "questions.own.jsonl"):
            _print(
                f"{name.removesuffix('.jsonl')}{'' if labelled else ' unlabelled'}",
                evaluated(engine, read_questions(shipped(name))),
            )
    if shared is not None:
        _print("fredsum-dev", evaluated(*fredsum_suite(shared, settings)))


def _print(name: str, measures: Measures) -> None:
    print(f"{name:28}" + "".join(f"{value:13.3f}" for value in astuple(measures)))


if __name__ == "__main__":
    main()
