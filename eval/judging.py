"""How users make their own set: passages pooled from several systems, judged one by one.

Pooling as in TREC (Spärck Jones and van Rijsbergen 1975): what no system found is taken for not answering, so the more
unlike the systems are, the better the gold.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.measures.matching import Timed, touches
from eval.runs.systems import NAMES, PLAIN, Asked, PlainFusion, system_settings
from eval.suites.questions import DraftQuestion, GoldSpan, refuse_repeats, validated
from eval.types import System
from index.encoder import SentenceTransformerEncoder
from index.errors import FileUnreadable
from index.files import save_text
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Citation

DEPTH = 5
"""Passages taken from each system."""
_SAME = 0.5
"""Of the shorter of two passages: what they share when the second is not shown again."""


def read_drafts(path: Path) -> list[DraftQuestion]:
    """Questions in JSONL, judged or not, or as plain lines; one without an id is called by its line, "q007".

    Raises QuestionsInvalid naming the line, or FileUnreadable.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(path=str(path), reason=getattr(error, "strerror", None) or str(error)) from error
    found = [(number, _draft(path, number, line)) for number, line in enumerate(lines, start=1) if line.strip()]
    refuse_repeats(path, [(number, question.id) for number, question in found])
    return [question for _number, question in found]


def _draft(path: Path, number: int, line: str) -> DraftQuestion:
    text = line.strip()
    return validated(
        path, number, text if text[0] == "{" else json.dumps({"question": text}), DraftQuestion, f"q{number:03}"
    )


def write_drafts(questions: Sequence[DraftQuestion], path: Path) -> None:
    """Raises FileUnwritable; then the file is as it was."""
    save_text(path, "".join(question.model_dump_json(exclude_none=True) + "\n" for question in questions))


@contextmanager
def pooled_systems(settings: Settings) -> Iterator[list[System]]:
    """All systems over the user's own index, with one model between them. Raises a QdqError."""
    encoder = SentenceTransformerEncoder(settings.model, cache=settings.cache)
    store = LocalStore(settings.home)
    try:
        engines = [Engine(store, encoder, system_settings(name, settings)) for name in NAMES if name != PLAIN]
        yield [*map(Asked, engines), PlainFusion(store, encoder)]
    finally:
        store.close()


def pool(question: str, systems: Sequence[System], depth: int = DEPTH) -> list[Citation]:
    """The first passages of every system, the first of each before the second of each, without those that are mostly
    the same."""
    rankings = [system.answer(question).passages[:depth] for system in systems]
    kept: list[Citation] = []
    for rank in range(depth):
        for ranking in rankings:
            if rank < len(ranking) and not any(_same(ranking[rank], other) for other in kept):
                kept.append(ranking[rank])
    return kept


def _same(one: Timed, other: Timed) -> bool:
    if not touches(one, other):
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= _SAME * min(one.end - one.start, other.end - other.start)


def judged(question: DraftQuestion, grades: Mapping[Citation, int]) -> DraftQuestion:
    """The question with gold from the grades of its pool (0 no, 1 helps, 2 answers); unanswerable when none answers."""
    answerable = 2 in grades.values()
    spans = [
        GoldSpan(debate=debate, start=start, end=end, grade=grade)
        for grade in (2, 1)
        for debate, start, end in _merged([passage for passage, given in grades.items() if given == grade])
    ]
    return question.model_copy(update={"answerable": answerable, "gold": tuple(spans) if answerable else ()})


def _merged(passages: Sequence[Citation]) -> list[tuple[str, float, float]]:
    """Spans that overlap become one."""
    found: list[tuple[str, float, float]] = []
    for debate, start, end in sorted((passage.debate, passage.start, passage.end) for passage in passages):
        if found and found[-1][0] == debate and start < found[-1][2]:
            found[-1] = (debate, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((debate, start, end))
    return found
