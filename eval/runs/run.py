"""Ask a suite's questions of a system, and judge what comes: suite, system -> Result."""

import datetime
import importlib.metadata
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

from eval.measures.matching import Corpus
from eval.measures.scoring import is_right, score
from eval.measures.speakers import measure_speakers
from eval.runs.machine import git_commit, this_machine
from eval.runs.results import (
    AROUND,
    PASSAGES_KEPT,
    TEXTS_KEPT,
    Excerpt,
    IndexRecord,
    PassageRecord,
    QuestionRecord,
    Result,
)
from eval.runs.summary import grouped, latency_of, summarised
from eval.runs.systems import EVALUATED, PLAIN, Asked, PlainFusion, system_label, system_settings
from eval.suites.indexes import IndexFigures, open_index
from eval.suites.questions import GoldQuestion
from eval.suites.suite import Suite
from eval.types import NOTHING, Response, System
from index.encoding.encoder import Encoder
from index.errors import SuiteInvalid
from index.store import Store
from index.types import Progress
from index.writing.embedding import index_fingerprint
from rag.encoders import open_encoder
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Citation


class Evaluation:
    """Runs systems over one suite, sharing the model and the index between them."""

    def __init__(self, suite: Suite, settings: Settings, encoder: Encoder | None = None) -> None:
        self.suite = suite
        self._settings = settings
        self._encoders: dict[tuple[str, str], Encoder] = {}
        if encoder:
            self._encoders[settings.model, settings.encoder] = encoder

    def run(self, system: str, *, labelled: bool = True, progress: Progress | None = None) -> Result:
        """``system`` is a name or a settings file, see ``systems.py``. Raises a QdqError before the first question;
        what fails on one question is told in its record."""
        if self.suite.home is not None and not labelled:
            reason, reason_fr = "the labels of an index cannot be switched off", "les noms d'un index ne s'ôtent pas"
            raise SuiteInvalid(suite=self.suite.name, reason=reason, reason_fr=reason_fr)
        settings = system_settings(system, self._settings)
        encoder = self._encoder(settings)
        store, figures = open_index(self.suite, settings, encoder, labelled=labelled, progress=progress)
        try:
            asked = PlainFusion(store, encoder) if system == PLAIN else Asked(Engine(store, encoder, settings))
            records = evaluate(asked, self.suite, progress)
            return _result(self.suite, system_label(system), labelled, settings, encoder, store, figures, records)
        finally:
            store.close()

    def _encoder(self, settings: Settings) -> Encoder:
        key = settings.model, settings.encoder
        if key not in self._encoders:
            # what embedding takes is measured, so nothing is kept
            self._encoders[key] = open_encoder(settings.model_copy(update={"keep_vectors_mb": 0}))
        return self._encoders[key]


def evaluate(system: System, suite: Suite, progress: Progress | None = None) -> list[QuestionRecord]:
    """Every question of ``suite``, in its order. The first one is asked twice, so that nothing is loaded on the
    clock."""
    corpus = Corpus(recording.debate for recording in suite.recordings)
    records: list[QuestionRecord] = []
    with suppress(Exception):  # it fails again below, on the record
        if suite.questions:
            system.answer(suite.questions[0].question)
    for question in suite.questions:
        records.append(_record(system, question, suite.sets.get(question.id, suite.name), corpus))
        if progress:
            progress("ask", len(records), len(suite.questions))
    return records


def _record(system: System, question: GoldQuestion, set_: str, corpus: Corpus) -> QuestionRecord:
    began = time.perf_counter()
    error = None
    try:
        response = system.answer(question.question)
        took = 1000 * (time.perf_counter() - began)
        measures, passages = score(question, response, corpus), _passages(response, corpus)
        if not math.isfinite(response.confidence):
            raise ValueError(f"a confidence of {response.confidence}")
    except Exception as fault:  # one question must not cost the others
        took, error = 1000 * (time.perf_counter() - began), f"{type(fault).__name__}: {fault}"
        response, passages = _failed(question), ()
        measures = score(question, response, corpus)
    return QuestionRecord(
        question=question,
        set=set_,
        passages=passages,
        gold_segments=tuple((*place, grade) for place, grade in sorted(corpus.grades(question).items())),
        abstained=response.abstained,
        confidence=response.confidence,
        right=is_right(question, response),
        took_ms=round(took, 2),
        measures=measures,
        error=error,
    )


def _failed(question: GoldQuestion) -> Response:
    """A crash counts as the worst answer, not as a refusal that may be right."""
    return NOTHING if question.answerable else Response((), (), False, 1.0)


def _passages(response: Response, corpus: Corpus) -> tuple[PassageRecord, ...]:
    kept = enumerate(response.passages[:PASSAGES_KEPT])
    return tuple(_passage(citation, rank, response, corpus) for rank, citation in kept)


def _passage(citation: Citation, rank: int, response: Response, corpus: Corpus) -> PassageRecord:
    kept = rank < TEXTS_KEPT
    return PassageRecord(
        debate=citation.debate,
        start=citation.start,
        end=citation.end,
        score=citation.score,
        segments=tuple(position for _debate, position in corpus.touched(citation)),
        cited=citation in response.cited and not response.abstained,
        speaker=citation.speaker,
        text=citation.text if kept else None,
        quote=citation.quote if kept else None,
        link=(citation.video_url or citation.permalink) if kept else None,
    )


def _result(
    suite: Suite,
    system: str,
    labelled: bool,
    settings: Settings,
    encoder: Encoder,
    store: Store,
    figures: IndexFigures,
    records: Sequence[QuestionRecord],
) -> Result:
    kept = settings.model_dump(mode="json")
    return Result(
        suite=suite.name,
        system=system,
        labelled=labelled,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        version=importlib.metadata.version("qui-dit-quoi"),
        git_commit=git_commit(),
        corpus_hash=suite.corpus_hash,
        questions_hash=suite.questions_hash,
        left_out=suite.left_out,
        fingerprint=index_fingerprint(encoder),
        settings={name: kept[name] for name in EVALUATED},
        machine=this_machine(),
        index=IndexRecord(**asdict(figures), tokens_per_second=figures.tokens_per_second),
        latency=latency_of([record.took_ms for record in records if record.error is None]),
        speakers=None if labelled else _speakers(suite, store),
        summary=summarised(records),
        groups=grouped(records),
        excerpts=_excerpts(suite, records),
        questions=tuple(records),
    )


def _speakers(suite: Suite, store: Store) -> dict[str, float] | None:
    """Over all recordings whose gold speakers are known. Only without labels: those are the gold itself."""
    known = [
        recording.debate for recording in suite.recordings if any(part.speaker for part in recording.debate.segments)
    ]
    gold = [part for debate in known for part in debate.segments]
    found = [part for debate in known for part in store.debate(debate.id).segments]
    measured = measure_speakers(gold, found)
    return asdict(measured) if measured else None


def _excerpts(suite: Suite, records: Sequence[QuestionRecord]) -> tuple[Excerpt, ...]:
    """The segments around the gold of every question, each once."""
    debates = {recording.debate.id: recording.debate for recording in suite.recordings}
    wanted = {
        (debate, near)
        for record in records
        for debate, position, _grade in record.gold_segments
        for near in range(position - AROUND, position + AROUND + 1)
        if 0 <= near < len(debates[debate].segments)
    }
    return tuple(
        Excerpt(debate=debate, position=at, start=part.start, end=part.end, speaker=part.speaker, text=part.text)
        for debate, at in sorted(wanted)
        for part in [debates[debate].segments[at]]
    )
