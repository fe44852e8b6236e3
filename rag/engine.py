"""The read path: a question in, a cited answer out. Read this after the types.

parse -> scope -> retrieve -> passages -> confidence -> shape -> citations -> answer
"""

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from index.encoding.encoder import Encoder
from index.store import Store
from index.types import Progress
from index.writing.embedding import index_fingerprint
from index.writing.hearing import Hear
from rag.abstention import abstention, reason, with_others
from rag.answer import NOBODY, Outcome, compose
from rag.asked import NO_FILTERS, Catalogue, Search, read_comparison
from rag.chapters import Chapter, chapters_of
from rag.citations import citations_of
from rag.confidence import Figures
from rag.encoders import open_encoder
from rag.enrolled import VoiceVectors
from rag.generate import generate as generated
from rag.generate import wants_model
from rag.heard import with_heard
from rag.keeping import Keeping
from rag.quotes.check import QuoteCheck
from rag.quotes.types import Verdict, Verification
from rag.records import Circumstances, Record, Records, RecordSummary
from rag.search import MOST_TOP_K, Searcher
from rag.settings import ANSWERING, Settings, load_settings
from rag.shapes.told import in_shape
from rag.standing import Stood, standing
from rag.stores import is_milvus, open_place, open_store
from rag.trace import Trace
from rag.types import Answer, Done, Filters, Found, SearchResult, Step
from rag.watches.watching import Watching

__all__ = ["DEFAULT_TOP_K", "MOST_TOP_K", "NO_FILTERS", "Engine"]

DEFAULT_TOP_K = 5


class Engine(Keeping):
    """Ask, search, list, add and remove, on one index. Safe to share between threads."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        settings: Settings,
        records: Records | None = None,
        *,
        watches: Path | None = None,
        hear: Hear | None = None,
        vectors: VoiceVectors | None = None,
    ) -> None:
        """``records`` keep the answers; without them none is kept, as evaluations want it. ``watches`` is the folder
        in which those are kept; without one they last as long as the engine. ``hear`` is another way to hear
        recordings than the settings', ``vectors`` another to know the voices of people who are enrolled."""
        searcher = Searcher(store, encoder, settings)
        watching = Watching(store, searcher, settings, watches)
        super().__init__(store, encoder, settings, watching, home=watches or settings.home, hear=hear, vectors=vectors)
        self._records = records or Records(settings.home, days=0)
        self._searcher = searcher
        self._quotes = QuoteCheck(store, settings.max_quote_chars)

    @classmethod
    def open(cls, path: Path | str | None = None, settings: Settings | None = None) -> "Engine":
        """The engine on the index in folder ``path`` (by default the settings' ``store``, else their ``home``), made
        when there is none.

        The model is loaded when a vector is wanted. Raises a StoreError or SettingsInvalid.
        """
        settings = settings or load_settings()
        store = open_store(settings) if path is None else open_place(path, settings)
        home = settings.home if path is None or is_milvus(path) else Path(path)
        return cls(store, open_encoder(settings), settings, Records.of(home, settings), watches=home)

    def close(self) -> None:
        self.watching.close()
        self._records.close()
        self._store.close()

    def warm_up(self, progress: Progress | None = None) -> None:
        """Load the model and the vectors now, so that the first question need not wait. Raises ModelMismatch, an
        EncoderError."""
        self._searcher.load(progress)
        self._store.check_fingerprint(index_fingerprint(self._encoder))
        self._store.background(self._encoder.embed_query("bonjour"))

    def ask(
        self,
        question: str,
        *,
        top_k: int = DEFAULT_TOP_K,
        filters: Filters = NO_FILTERS,
        generate: bool | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """What the debates say to ``question``; abstains, with the nearest passages, when they do not say it.

        ``generate``: whether a language model words the answer from the quotes; None: as the settings say. Raises a
        QuestionError for a question or ``top_k`` that cannot be, DebateUnknown, ModelMismatch.
        """
        *_, done = self.steps(question, top_k=top_k, filters=filters, generate=generate, progress=progress)
        assert isinstance(done, Done)
        return done.answer

    def steps(
        self,
        question: str,
        *,
        top_k: int = DEFAULT_TOP_K,
        filters: Filters = NO_FILTERS,
        generate: bool | None = None,
        progress: Progress | None = None,
    ) -> Generator[Step, None, None]:
        """The same, told while it is made: the quotes at once, a model's sentences as they pass, the whole. Raises the
        same errors, before the first step; closing it leaves the model."""
        began, trace = time.perf_counter(), Trace()
        search = self._searcher.search(question, top_k, filters, trace, progress, in_its_shape=True)
        found = self._answer(search, top_k, trace, began)
        yield Found(found)
        if wants_model(self.settings, generate, found):
            language = search.question.language
            with trace.stage("generate"), closing(generated(found, language, search.debates, self.settings)) as told:
                for step in told:
                    if isinstance(step, Answer):
                        found = step
                    else:
                        yield step
        found = replace(found, took_ms=_ms_since(began), trace=trace.stages)
        yield Done(self._records.kept(found, self._circumstances(search, top_k, filters, generate)))

    def compare(
        self, topic: str, *, debate: str | None = None, people: Sequence[str] = (), progress: Progress | None = None
    ) -> Answer:
        """What each of ``people`` says of ``topic``, or whoever speaks in the debates, and who says nothing.

        Raises a QuestionError, also for somebody who takes no part, DebateUnknown, ModelMismatch.
        """
        began, trace, reading = time.perf_counter(), Trace(), partial(read_comparison, people=people)
        filters = Filters(debate=debate)
        search = self._searcher.search(
            topic, DEFAULT_TOP_K, filters, trace, progress, in_its_shape=True, reading=reading
        )
        found = self._answer(search, DEFAULT_TOP_K, trace, began)
        return self._records.kept(found, self._circumstances(search, DEFAULT_TOP_K, filters, False))

    def _answer(self, search: Search, top_k: int, trace: Trace, began: float) -> Answer:
        """From quotes alone; ``began`` is when the question came."""
        with trace.stage("compose"):
            outcome = self._searcher.outcome(search)
            citations = citations_of(search.passages, search.debates)
            answer = Answer(
                question=search.question.text,
                answer=compose(
                    outcome,
                    citations,
                    search.question,
                    people=search.people,
                    debates=list(search.debates.values()),
                    elsewhere=search.elsewhere,
                    why=_why(search) if search.figures else "",
                ),
                abstained=outcome not in (Outcome.ANSWERED, Outcome.SPEAKERS_UNIDENTIFIED),
                confidence=0.0 if outcome in NOBODY else round(search.confidence, 3),
                speaker=", ".join(search.people) or None,
                citations=citations,
                took_ms=0.0,
                kind=search.question.kind,
            )
            shape, debates = search.shape, search.debates
            others = citations_of(search.others, search.debates)
            answer = with_others(answer, others, search.question.language) if others else answer
            answer = in_shape(answer, shape, search.passages, debates, search.question.language, top_k)
            answer = with_heard(answer, search.heard, search.question.language)
        return replace(answer, took_ms=_ms_since(began), trace=trace.stages)

    def _circumstances(self, search: Search, top_k: int, filters: Filters, generate: bool | None) -> Circumstances:
        settings = self.settings.model_dump(mode="json", include=set(ANSWERING))
        asked = {"top_k": top_k, "generate": generate, **asdict(filters)}
        fingerprint = index_fingerprint(self._encoder) if search.figures else ""
        return Circumstances(search.generation, fingerprint, settings, asked)

    def answers(self) -> list[RecordSummary]:
        """Those that are kept, the newest first. Raises a StoreError."""
        return self._records.all()

    def answer_record(self, answer: str) -> Record:
        """An answer as it was given. Raises AnswerUnknown, a StoreError."""
        return self._records.get(answer)

    def standing(self, answer: Answer) -> list[Stood]:
        """Where the words of its citations are now. Raises a StoreError."""
        with self._store.reading():
            known = {debate.id for debate in self._store.debates()}
            cited = {one.debate for one in answer.citations} & known
            debates = {debate: self._store.debate(debate) for debate in cited}
        return [standing(citation, debates.get(citation.debate)) for citation in answer.citations]

    def forget_answer(self, answer: str) -> None:
        """Raises AnswerUnknown, a StoreError."""
        self._records.delete(answer)

    def forget_answers(self) -> int:
        """All of them; returns how many. Raises a StoreError."""
        return self._records.clear()

    def search(
        self, query: str, *, top_k: int = DEFAULT_TOP_K, filters: Filters = NO_FILTERS, progress: Progress | None = None
    ) -> SearchResult:
        """The same reading and ranking as ``ask``, also where that would abstain. Raises the same errors."""
        search = self._searcher.search(query, top_k, filters, Trace(), progress)
        return SearchResult(
            search.question.text, ", ".join(search.people) or None, citations_of(search.passages, search.debates)
        )

    def verify(
        self, quote: str, *, speaker: str | None = None, debate: str | None = None, progress: Progress | None = None
    ) -> Verification:
        """Whether ``speaker``, or anybody, says ``quote`` in the debates, or in ``debate``; where, and how it differs.

        The model is loaded only where nothing shares the quote's words. Raises QuoteEmpty, QuoteTooLong, DebateUnknown.
        """
        with self._store.reading():
            catalogue = self._searcher.catalogue()
            found = self._quotes.verify(quote, speaker, debate, catalogue.debates, catalogue.speakers)
        if found.verdict is not Verdict.NOT_FOUND or found.nearest or not catalogue.debates:
            return found
        self._encoder.load(progress)
        vector = self._encoder.embed_query(quote)
        with self._store.reading():
            self._store.check_fingerprint(index_fingerprint(self._encoder))
            return self._quotes.nearest(found, vector, None if debate is None else {debate})

    def figures(self, question: str) -> Figures | None:
        """What the confidence in an answer is computed from; None when it is decided without. For fitting."""
        search = self._searcher.search(question, DEFAULT_TOP_K, NO_FILTERS, Trace())
        return None if search.question.absent else search.figures

    def catalogue(self) -> Catalogue:
        """The debates and who is labelled in which, read again only after a change."""
        return self._searcher.catalogue()

    def chapters(self, debate: str) -> tuple[Chapter, ...]:
        """Where the subject changes, what each part is called, who speaks. Loads no model. Raises DebateUnknown."""
        return chapters_of(self._store, self._searcher.layouts, debate)


def _why(search: Search) -> str:
    """The reason for an abstention, in words."""
    missing = search.figures is not None and search.figures.missing
    why = abstention(search.question.text, search.unsaid, missing=missing)
    return reason(why, search.confidence, search.question.language)


def _ms_since(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 1)
