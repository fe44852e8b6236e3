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
from eval.suites.questions import DraftQuestion, GoldSpan, lines_of, refuse_repeats, validated
from eval.types import System
from index.encoding.encoder import Encoder
from index.errors import SuiteInvalid
from index.files import save_text
from index.writing.embedding import index_fingerprint
from rag.engine import Engine
from rag.settings import Settings
from rag.stores import open_store
from rag.types import Citation

DEPTH = 5
"""Passages taken from each system."""
_SAME = 0.5
"""Of the shorter of two passages: what they share when the second is not shown again."""


def read_drafts(path: Path) -> list[DraftQuestion]:
    """Questions in JSONL, judged or not, or as plain lines; one without an id is called by its line, "q007".

    Raises QuestionsInvalid naming the line, or FileUnreadable.
    """
    found = [(number, _draft(path, number, line)) for number, line in lines_of(path)]
    refuse_repeats(path, [(number, question.id) for number, question in found])
    return [question for _number, question in found]


def merged(asked: Sequence[DraftQuestion], kept: Sequence[DraftQuestion]) -> list[DraftQuestion]:
    """The questions ``asked``, each as it was judged before when the same text is among those ``kept``; then the rest
    of these. An id that is taken gets a number."""
    judged_before: dict[str, DraftQuestion] = {}
    for question in kept:
        known = judged_before.get(question.question)
        if known is None or is_open(known):
            judged_before[question.question] = question
    questions = [judged_before.get(question.question, question) for question in asked]
    texts = {question.question for question in questions}
    questions += [question for question in kept if question.question not in texts]
    taken: set[str] = set()
    found = []
    for question in questions:
        id_, number = question.id, 2
        while id_ in taken:
            id_, number = f"{question.id}-{number}", number + 1
        taken.add(id_)
        found.append(question.model_copy(update={"id": id_}))
    return found


def is_open(question: DraftQuestion) -> bool:
    """Whether it still has to be judged: also when it is said to be answerable and nobody said where."""
    return question.answerable is None or (question.answerable and not question.answers)


def _draft(path: Path, number: int, line: str) -> DraftQuestion:
    text = line.strip()
    document = text if text.startswith("{") else json.dumps({"question": text})
    return validated(path, number, document, DraftQuestion, f"q{number:03}")


def write_drafts(questions: Sequence[DraftQuestion], path: Path) -> None:
    """Raises FileUnwritable; then the file is as it was."""
    save_text(path, "".join(question.model_dump_json(exclude_none=True) + "\n" for question in questions))


@contextmanager
def pooled_systems(settings: Settings, encoder: Encoder) -> Iterator[list[System]]:
    """All systems over the user's own index, with one model between them. Raises a QdqError, SuiteInvalid when the
    index is empty."""
    store = open_store(settings)
    try:
        store.check_fingerprint(index_fingerprint(encoder))
        if not store.debates():
            reason, reason_fr = "the index is empty, so there is nothing to judge", "l'index est vide : rien à juger"
            raise SuiteInvalid(suite=store.place, reason=reason, reason_fr=reason_fr)
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
    if one.debate == other.debate and (one.start, one.end) == (other.start, other.end):
        return True
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


def _span(passage: Citation) -> tuple[str, float, float]:
    """A moment without length becomes a tenth of a second around it."""
    if passage.end > passage.start:
        return passage.debate, passage.start, passage.end
    return passage.debate, max(0.0, passage.start - 0.05), passage.start + 0.05


def _merged(passages: Sequence[Citation]) -> list[tuple[str, float, float]]:
    """Spans that overlap become one."""
    found: list[tuple[str, float, float]] = []
    for debate, start, end in sorted(map(_span, passages)):
        if found and found[-1][0] == debate and start < found[-1][2]:
            found[-1] = (debate, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((debate, start, end))
    return found
