"""The read path: a question in, a cited answer out. Read this after the types.

parse -> scope -> retrieve -> passages -> confidence -> citations -> answer
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import labelling
from index.attribution import Attributed
from index.batch import Outcome as FileOutcome
from index.batch import add_files
from index.build import Added, Details, add_file, index_fingerprint, rebuild
from index.encoder import Encoder, SentenceTransformerEncoder
from index.errors import (
    DebateUnknown,
    FieldInvalid,
    QuestionEmpty,
    QuestionTooLong,
    SpeakerUnknown,
    StoreBusy,
    TopKInvalid,
    listed,
)
from index.labelling import Person
from index.lexical import query_groups
from index.local import LocalStore
from index.speakers.corrections import Correction
from index.store import Store
from index.transcripts.report import ImportReport
from index.types import Debate, DebateSummary, Origin, Progress, Scope, Vectors
from rag.answer import NOBODY, Outcome, compose
from rag.citations import citations_of
from rag.confidence import confidence, features
from rag.label_with_llm import ModelLabels, label
from rag.layout import Layouts
from rag.llm import ChatServer
from rag.passages import passages
from rag.people import People
from rag.question import parse
from rag.quotes.check import QuoteCheck
from rag.quotes.types import Verdict, Verification
from rag.retrieve import Evidence, retrieve
from rag.settings import Settings, load_settings
from rag.types import Answer, Filters, Passage, Question, SearchResult

DEFAULT_TOP_K = 5
MOST_TOP_K = 50
_ATTEMPTS = 20
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class _Search:
    """A question with all that was found for it. ``people`` are those whose words were wanted; ``restricted`` whether
    their words are labelled, so that the passages are theirs; ``elsewhere`` counts further debates of theirs without
    labels."""

    question: Question
    debates: dict[str, DebateSummary]
    people: tuple[str, ...]
    restricted: bool
    elsewhere: int = 0
    passages: list[Passage] = field(default_factory=list)
    evidence: Evidence | None = None
    confidence: float = 0.0

    @property
    def topic(self) -> str:
        """What is searched: the whole question when nothing remains of it."""
        return self.question.topic or self.question.text


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The debates of an index, and who is labelled in which, at one generation."""

    generation: str
    debates: tuple[DebateSummary, ...]
    speakers: dict[str, frozenset[str]]


class Engine:
    """Ask, search, list, add and remove, on one index. Safe to share between threads."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self.settings = settings
        self._store = store
        self._encoder = encoder
        self._layouts = Layouts(store)
        self._quotes = QuoteCheck(store, settings.max_quote_chars)
        self._known: _Catalogue | None = None

    @classmethod
    def open(cls, path: Path | str | None = None, settings: Settings | None = None) -> "Engine":
        """The engine on the index in folder ``path`` (by default ``QDQ_HOME``), made when there is none.

        The model is loaded when a vector is wanted. Raises a StoreError or SettingsInvalid.
        """
        settings = settings or load_settings()
        store = LocalStore(Path(path) if path is not None else settings.home)
        return cls(store, SentenceTransformerEncoder(settings.model, cache=settings.cache), settings)

    def close(self) -> None:
        self._store.close()

    def warm_up(self, progress: Progress | None = None) -> None:
        """Load the model and the vectors now, so that the first question need not wait. Raises ModelMismatch."""
        self._encoder.load(progress)
        self._store.check_fingerprint(index_fingerprint(self._encoder))
        self._store.background(self._encoder.embed_query("bonjour"))

    def ask(
        self,
        question: str,
        *,
        top_k: int = DEFAULT_TOP_K,
        filters: Filters = NO_FILTERS,
        progress: Progress | None = None,
    ) -> Answer:
        """What the debates say to ``question``; abstains, with the nearest passages, when they do not say it.

        Raises a QuestionError for a question or ``top_k`` that cannot be, DebateUnknown, ModelMismatch.
        """
        began = time.perf_counter()
        search = self._search(question, top_k, filters, progress)
        outcome = self._outcome(search)
        citations = citations_of(search.passages, search.debates)
        return Answer(
            question=search.question.text,
            answer=compose(
                outcome,
                citations,
                search.question,
                people=search.people,
                debates=list(search.debates.values()),
                elsewhere=search.elsewhere,
            ),
            abstained=outcome not in (Outcome.ANSWERED, Outcome.SPEAKERS_UNIDENTIFIED),
            confidence=0.0 if outcome in NOBODY else round(search.confidence, 3),
            speaker=", ".join(search.people) or None,
            citations=citations,
            took_ms=round(1000 * (time.perf_counter() - began), 1),
        )

    def search(
        self, query: str, *, top_k: int = DEFAULT_TOP_K, filters: Filters = NO_FILTERS, progress: Progress | None = None
    ) -> SearchResult:
        """The same reading and ranking as ``ask``, also where that would abstain. Raises the same errors."""
        search = self._search(query, top_k, filters, progress)
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
            catalogue = self._catalogue()
            found = self._quotes.verify(quote, speaker, debate, catalogue.debates, catalogue.speakers)
        if found.verdict is not Verdict.NOT_FOUND or found.nearest or not catalogue.debates:
            return found
        self._encoder.load(progress)
        vector = self._encoder.embed_query(quote)
        with self._store.reading():
            self._store.check_fingerprint(index_fingerprint(self._encoder))
            return self._quotes.nearest(found, vector, None if debate is None else {debate})

    def figures(self, question: str) -> tuple[float, ...] | None:
        """What the confidence in an answer is computed from, in the order of ``rag.confidence.FEATURES``; None when
        it is decided without them. For fitting."""
        search = self._search(question, DEFAULT_TOP_K, NO_FILTERS)
        if search.evidence is None or search.question.absent:
            return None
        return features(search.evidence, search.passages[0].score)

    def debates(self) -> list[DebateSummary]:
        return self._store.debates()

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        """With the times of its ``words`` where they are wanted and known. Raises DebateUnknown."""
        return self._store.debate(debate, words=words)

    def add(self, path: Path | str, details: Details | None = None, *, progress: Progress | None = None) -> Added:
        """Read and index a transcript. Raises a QdqError; then the index is as it was before."""
        return add_file(self._store, self._encoder, Path(path), details, progress=progress, limits=self.settings.limits)

    def add_files(
        self, paths: Sequence[Path], details: Details | None = None, *, progress: Progress | None = None
    ) -> Iterator[FileOutcome]:
        """Many files, each with what lies beside it; unchanged ones are left as they are. See ``index.batch``."""
        return add_files(
            self._store,
            self._encoder,
            paths,
            details or Details(),
            limits=self.settings.limits,
            progress=progress,
        )

    def report(self, debate: str) -> ImportReport | None:
        """What was done to a debate's file on its way in; None for one that was added by an earlier version. Raises
        DebateUnknown."""
        return self._store.report(debate)

    def attribution(self, debate: str) -> Attributed:
        """A debate with what is known of its speakers: anonymous voices, corrections that lost their place. Raises
        DebateUnknown."""
        return labelling.state(self._store, debate)

    def corrections(self, debate: str) -> list[Correction]:
        """In the order in which they were made."""
        return self._store.corrections(debate)

    def correct(
        self, debate: str, first: int, last: int, speaker: str | None, *, seen: str | None = None
    ) -> Attributed:
        """Say who speaks segments ``first`` to ``last``; None that nobody knows. ``seen`` is their text as it was
        shown. Raises DebateUnknown, SegmentUnknown, SegmentsChanged, FieldInvalid."""
        return labelling.correct(self._store, debate, first, last, speaker, seen=seen)

    def split(self, debate: str, segment: int, word: int) -> Attributed:
        """Cut a segment before a word, counted from 0. Raises DebateUnknown, SegmentUnknown, WordUnknown."""
        return labelling.split(self._store, self._encoder, debate, segment, word)

    def undo(self, debate: str, act: int) -> Attributed:
        """Take back what was said at once. Raises DebateUnknown, CorrectionUnknown."""
        return labelling.undo(self._store, self._encoder, debate, act)

    def label_with_model(self, debate: str, progress: Progress | None = None) -> ModelLabels:
        """Ask the language model of the settings who speaks. What it says are guesses, for a person to confirm, in
        place of what one said before. Raises DebateUnknown, ParticipantsMissing, an LlmError."""
        known = self.attribution(debate)
        with ChatServer.of(self.settings) as server:
            found = label(known.debate, server, progress)
        unread = {index for piece in found.failed for index in range(piece.first, piece.last + 1)}
        before = {
            index: (guess.attribution.speaker, guess.attribution.confidence)
            for index, guess in enumerate(known.guesses)
            if index in unread and guess.attribution.origin is Origin.MODEL and guess.attribution.speaker
        }
        names = before | {
            one.index: (one.attribution.speaker, one.attribution.confidence)
            for one in found.suggested
            if one.attribution.speaker
        }
        labelling.attribute_by_model(self._store, known.debate, names, found.model)
        return found

    def people(self) -> list[Person]:
        """Whoever speaks or takes part in the debates."""
        return labelling.people(self._store)

    def people_alike(self) -> list[tuple[str, str]]:
        """Pairs of people who may be one."""
        return labelling.may_be_one(self._store)

    def rename(self, names: Sequence[str], person: str) -> None:
        """``names`` go by ``person`` from now on, in every debate. Raises PersonUnknown, FieldInvalid."""
        labelling.rename(self._store, names, person)

    def part(self, name: str) -> None:
        """Undo the rename of ``name``. Raises PersonUnknown."""
        labelling.part(self._store, name)

    def remove(self, debate: str) -> None:
        """Raises DebateUnknown."""
        self._store.remove(debate)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Embed everything again with the model of the settings; returns the number of debates."""
        return rebuild(self._store, self._encoder, progress=progress)

    def _search(self, text: str, top_k: int, filters: Filters, progress: Progress | None = None) -> _Search:
        """Read the question, embed its topic, then search the state of the index in which the question was read."""
        text = self._checked(text, top_k)
        vectors: dict[str, Vectors] = {}
        for _attempt in range(_ATTEMPTS):
            catalogue = self._catalogue()
            wanted = _read(text, filters, catalogue)
            if not wanted.debates:
                return wanted
            if wanted.topic not in vectors:
                self._encoder.load(progress)
                vectors[wanted.topic] = self._encoder.embed_query(wanted.topic)
            with self._store.reading():
                if self._store.generation() == catalogue.generation:
                    return self._filled(wanted, vectors[wanted.topic], top_k, filters)
        raise StoreBusy(path=self.settings.home)

    def _catalogue(self) -> _Catalogue:
        """What is in the index, read again only after a change."""
        with self._store.reading():
            generation = self._store.generation()
            known = self._known
            if known is None or known.generation != generation:
                known = self._known = _Catalogue(generation, tuple(self._store.debates()), self._store.speakers())
        return known

    def _filled(self, wanted: _Search, vector: Vectors, top_k: int, filters: Filters) -> _Search:
        """Where somebody's labelled words do not answer and not all are labelled, theirs may be among the rest."""
        found = self._judged(wanted, vector, top_k, filters)
        enough = self.settings.abstain_below
        complete = all(debate.all_identified for debate in wanted.debates.values())
        if not wanted.restricted or complete or found.confidence >= enough:
            return found
        among_the_rest = self._judged(replace(wanted, restricted=False), vector, top_k, filters)
        return among_the_rest if among_the_rest.confidence >= enough else found

    def _judged(self, wanted: _Search, vector: Vectors, top_k: int, filters: Filters) -> _Search:
        """Retrieve, cut passages, judge."""
        question, debates = wanted.question, wanted.debates
        self._store.check_fingerprint(index_fingerprint(self._encoder))
        languages = sorted({debate.language for debate in debates.values()})
        groups = query_groups(wanted.topic, languages)
        speakers = frozenset(wanted.people) if wanted.restricted else None
        everywhere = filters == NO_FILTERS and wanted.restricted == bool(wanted.people)
        scope = Scope(None if everywhere else frozenset(debates), speakers)
        weights, longest = self.settings.weights, self.settings.passage_words
        ranked, evidence = retrieve(self._store, self._layouts, vector, groups, scope, weights)
        # without labels it may be anybody whom nothing tells to be another
        among = speakers or ({*wanted.people, None} if wanted.people else None)
        found = passages(ranked, groups, top_k, longest, among, weights)
        if not found:
            return wanted
        certain = wanted.restricted and not question.topic  # « Que dit Kempf ? » is answered by anything he says
        judged = confidence(evidence, found[0].score, same_language=question.language in languages)
        return replace(wanted, passages=found, evidence=evidence, confidence=1.0 if certain else judged)

    def _checked(self, text: str, top_k: int) -> str:
        text = " ".join(text.split())
        if not any(character.isalnum() for character in text):
            raise QuestionEmpty
        if len(text) > self.settings.max_question_chars:
            raise QuestionTooLong(length=len(text), limit=self.settings.max_question_chars)
        if not 1 <= top_k <= MOST_TOP_K:
            raise TopKInvalid(top_k=top_k)
        return text

    def _outcome(self, search: _Search) -> Outcome:
        if not search.debates:
            return Outcome.NO_DEBATE_WITHIN if self._catalogue().debates else Outcome.NO_DEBATE
        if search.question.absent and not search.people:
            return Outcome.PERSON_ABSENT
        if search.people and not search.restricted and all(debate.all_identified for debate in search.debates.values()):
            return Outcome.NOTHING_ATTRIBUTED
        if search.confidence < self.settings.abstain_below:
            return Outcome.NOT_SAID_BY if search.restricted else Outcome.NOT_SAID
        return Outcome.ANSWERED if search.restricted or not search.people else Outcome.SPEAKERS_UNIDENTIFIED


def _read(text: str, filters: Filters, catalogue: _Catalogue) -> _Search:
    """Whose words are wanted, and in which debates. Raises FieldInvalid, DebateUnknown, SpeakerUnknown."""
    if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
        expected, expected_fr = "no later than date_to", "une date qui ne dépasse pas date_to"
        raise FieldInvalid(field="date_from", value=filters.date_from, expected=expected, expected_fr=expected_fr)
    ids = [debate.id for debate in catalogue.debates]
    if filters.debate is not None and filters.debate not in ids:
        raise DebateUnknown(debate=filters.debate, known=listed(ids))
    debates = [debate for debate in catalogue.debates if _within(debate, filters)]
    people = People.of(catalogue.speakers, debates)
    question, asked = _whose_words(text, people, filters)
    labelled = people.labelled_among(asked)
    taking_part = people.debates_of(asked)
    theirs = [debate for debate in debates if debate.id in taking_part]
    elsewhere = [debate for debate in theirs if not debate.speakers_identified]
    if asked and not labelled:
        debates = elsewhere or theirs
    elif question.absent and not asked and (nameless := [debate for debate in debates if _nameless(debate)]):
        debates, asked = nameless, (question.absent,)
    found = {debate.id: debate for debate in debates}
    return _Search(question, found, labelled or asked, bool(labelled), elsewhere=len(elsewhere) if labelled else 0)


def _whose_words(text: str, people: People, filters: Filters) -> tuple[Question, tuple[str, ...]]:
    """The question as read, and the people whose words are wanted: the filter's before those of the question."""
    question = parse(text, people.askable)
    question = replace(question, speakers=people.meant(question.speakers))
    if filters.speaker:
        named = people.named(filters.speaker)
        if not named:
            raise SpeakerUnknown(speaker=filters.speaker, known=listed(people.names))
        return question, named
    return question, question.speakers


def _nameless(debate: DebateSummary) -> bool:
    """Nobody knows who takes part, so nobody can be said not to."""
    return not debate.participants and not debate.speakers_identified


def _within(debate: DebateSummary, filters: Filters) -> bool:
    if filters.debate is not None and debate.id != filters.debate:
        return False
    if filters.date_from is None and filters.date_to is None:
        return True
    day = debate.date
    return day is not None and (filters.date_from or day) <= day <= (filters.date_to or day)
