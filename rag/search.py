"""The searching part of the read path: a question that was read -> its passages, how sure they are, their shape.

read -> embed the topic -> retrieve -> passages -> confidence -> shape
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from index.cores import cores, one_thread_for_arrays
from index.encoding.encoder import Encoder
from index.encoding.reranker import CrossEncoderReranker, Reranker
from index.errors import QuestionEmpty, QuestionTooLong, StoreBusy, TopKInvalid
from index.store import Store
from index.types import EVERYWHERE, Progress, Scope
from index.writing.embedding import index_fingerprint
from rag.abstention import unsaid_words
from rag.answer import NOBODY, Outcome
from rag.asked import NO_FILTERS, Catalogue, Search, read
from rag.confidence import confidence, figures
from rag.heard import Hearing, Widened
from rag.layout import Layouts
from rag.passages import passages
from rag.rerank import reranked
from rag.retrieve import Topic, retrieve
from rag.settings import Settings
from rag.shapes import Searched, shaped
from rag.trace import Trace
from rag.turns import Turns
from rag.types import Filters, Passage

MOST_TOP_K = 50
_ATTEMPTS = 20

Reading = Callable[[str, Filters, Catalogue], Search]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one question asks of one state of the index, however often it is searched for: ``heard`` gives the words of
    a topic, each worked out once."""

    topic: Topic
    top_k: int
    filters: Filters
    trace: Trace
    catalogue: Catalogue
    within: Scope
    heard: Callable[[str], Widened]


class Searcher:
    """Searches one index. Safe to share between threads, each of which takes one core: see ``index/cores.py``."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self._settings = settings
        self._store = store
        self._encoder = encoder
        self._reranker: Reranker | None = CrossEncoderReranker(settings.reranker) if settings.reranker else None
        self.layouts = Layouts(store)
        self._hearing = Hearing(store, self.layouts)
        self._known: Catalogue | None = None
        self._turns = Turns(max(2, cores()))
        one_thread_for_arrays()

    def load(self, progress: Progress | None = None) -> None:
        """The models, now. Raises an EncoderError."""
        self._encoder.load(progress)
        if self._reranker:
            self._reranker.load(progress)

    def search(
        self,
        text: str,
        top_k: int,
        filters: Filters,
        trace: Trace,
        progress: Progress | None = None,
        *,
        in_its_shape: bool = False,
        reading: Reading = read,
    ) -> Search:
        """Read the question, embed its topic, then search the state of the index in which the question was read.
        Raises a QuestionError for a question or ``top_k`` that cannot be, DebateUnknown, ModelMismatch."""
        text = self._checked(text, top_k)
        vectors: dict[str, Topic] = {}
        for _attempt in range(_ATTEMPTS):
            with trace.stage("parse") as stage:
                catalogue = self.catalogue()
                wanted = reading(text, filters, catalogue)
                stage.count = len(wanted.debates)
            if not wanted.debates:
                return wanted
            if wanted.topic not in vectors:
                with trace.stage("embed"):
                    self.load(progress)
                    vectors[wanted.topic] = self._encoder.embed_questions([wanted.topic])[0]
            # outside, so that all who wait here are embedded in one pass
            with self._turns, self._store.reading():
                if self._store.generation() == catalogue.generation:
                    self._store.check_fingerprint(index_fingerprint(self._encoder))
                    asked = self._asked(wanted, vectors[wanted.topic], top_k, filters, trace, catalogue)
                    found = self._withheld(self._filled(wanted, asked), asked)
                    return self._shaped(found, asked) if in_its_shape else found
        raise StoreBusy(path=self._store.place)

    def _asked(
        self, wanted: Search, topic: Topic, top_k: int, filters: Filters, trace: Trace, catalogue: Catalogue
    ) -> _Asked:
        within = EVERYWHERE if len(wanted.debates) == len(catalogue.debates) else Scope(frozenset(wanted.debates))
        languages = sorted({debate.language for debate in wanted.debates.values()})

        @cache
        def heard(words: str) -> Widened:
            return self._hearing.widened(words, wanted.question.text, languages, catalogue.names, within)

        return _Asked(topic, top_k, filters, trace, catalogue, within, heard)

    def catalogue(self) -> Catalogue:
        """What is in the index, read again only after a change."""
        with self._store.reading():
            generation = self._store.generation()
            known = self._known
            if known is None or known.generation != generation:
                known = self._known = Catalogue(generation, tuple(self._store.debates()), self._store.speakers())
        return known

    def outcome(self, search: Search) -> Outcome:
        if not search.debates:
            return Outcome.NO_DEBATE_WITHIN if self.catalogue().debates else Outcome.NO_DEBATE
        if search.question.absent and not search.people:
            return Outcome.PERSON_ABSENT
        if search.people and not search.restricted and all(debate.all_identified for debate in search.debates.values()):
            return Outcome.NOTHING_ATTRIBUTED
        if search.confidence < self._settings.abstain_below:
            return Outcome.NOT_SAID_BY if search.restricted else Outcome.NOT_SAID
        return Outcome.ANSWERED if search.restricted or not search.people else Outcome.SPEAKERS_UNIDENTIFIED

    def _filled(self, wanted: Search, asked: _Asked) -> Search:
        """Where somebody's labelled words do not answer and not all are labelled, theirs may be among the rest."""
        found = self._judged(wanted, asked)
        enough = self._settings.abstain_below
        complete = all(debate.all_identified for debate in wanted.debates.values())
        if not wanted.restricted or complete or found.confidence >= enough:
            return found
        among_the_rest = self._judged(replace(wanted, restricted=False), asked)
        return among_the_rest if among_the_rest.confidence >= enough else found

    def _withheld(self, search: Search, asked: _Asked) -> Search:
        """Where nothing answers, with what tells why, and with what others say of it."""
        outcome = self.outcome(search)
        if outcome not in (Outcome.NOT_SAID, Outcome.NOT_SAID_BY):
            return search
        languages = {debate.language for debate in search.debates.values()}
        if search.question.language in languages:  # words of another language are not expected there
            unsaid = unsaid_words(self._store, search.topic, languages)
            spelt = {one.asked for one in search.heard}
            search = replace(search, unsaid=tuple(word for word in unsaid if word not in spelt))
        if outcome is Outcome.NOT_SAID or search.unsaid:
            return search
        anybody = self._judged(replace(search, people=(), restricted=False), asked)
        others = [one for one in anybody.passages if one.attribution.speaker not in search.people]
        answered = anybody.confidence >= self._settings.abstain_below and anybody.passages[:1] == others[:1]
        return replace(search, others=tuple(others)) if answered else search

    def _shaped(self, search: Search, asked: _Asked) -> Search:
        """With the answer in the shape that the question's kind wants, unless nobody has words to answer with."""
        outcome = self.outcome(search)
        if outcome in NOBODY or outcome is Outcome.SPEAKERS_UNIDENTIFIED:
            return search

        def judge(people: tuple[str, ...]) -> tuple[list[Passage], float]:
            found = self._judged(replace(search, people=people, restricted=True, passages=[]), asked)
            return (found.passages, found.confidence) if found.passages else ([], 0.0)

        found = Searched(
            search.question,
            search.debates,
            asked.within,
            asked.catalogue.speakers,
            search.people,
            search.passages,
            search.confidence,
            self._settings.abstain_below,
            self._settings.passage_words,
            self._store,
            self.layouts,
            judge,
            lambda topic: asked.heard(topic).groups,
        )
        return replace(search, shape=shaped(found))

    def _judged(self, wanted: Search, asked: _Asked) -> Search:
        """Retrieve, cut passages, judge."""
        question, topic, trace = wanted.question, asked.topic, asked.trace
        languages = {debate.language for debate in wanted.debates.values()}
        with trace.stage("hear"):
            widened = asked.heard(wanted.topic)
        groups = widened.groups
        scope, weights, longest = _scope(wanted, asked.filters), self._settings.weights, self._settings.passage_words
        with trace.stage("retrieve") as stage:
            among, evidence = retrieve(
                self._store, self.layouts, topic, groups, scope, lambda debate: wanted.debates[debate].words, weights
            )
            stage.count = len(among)
        # without labels it may be anybody whom nothing tells to be another
        speakers = scope.speakers or ({*wanted.people, None} if wanted.people else None)
        with trace.stage("passages") as stage:
            most = max(asked.top_k, self._settings.rerank_passages) if self._reranker else asked.top_k
            found = passages(list(among.values()), groups, most, longest, speakers, weights)
            stage.count = len(found)
        if not found:
            return wanted
        certain = wanted.restricted and not question.topic  # « Que dit Kempf ? » is answered by anything he says
        with trace.stage("confidence"):
            same, said = question.language in languages, (wanted.topic, topic[1])
            model = self._encoder.fingerprint
            seen = figures(question.text, said, evidence, among, found[0], same_language=same, model=model)
            sure = 1.0 if certain else confidence(seen)
        found = self._reread(wanted.topic, found, asked.top_k, trace)
        return replace(wanted, passages=found, figures=seen, confidence=sure, heard=widened.heard)

    def _reread(self, topic: str, found: list[Passage], top_k: int, trace: Trace) -> list[Passage]:
        """By a cross-encoder, where there is one."""
        if self._reranker is None:
            return found
        with trace.stage("rerank") as stage:
            found = reranked(self._reranker, topic, found, self._settings.rerank_passages)[:top_k]
            stage.count = len(found)
        return found

    def _checked(self, text: str, top_k: int) -> str:
        text = " ".join(text.split())
        if not any(character.isalnum() for character in text):
            raise QuestionEmpty
        if len(text) > self._settings.max_question_chars:
            raise QuestionTooLong(length=len(text), limit=self._settings.max_question_chars)
        if not 1 <= top_k <= MOST_TOP_K:
            raise TopKInvalid(top_k=top_k)
        return text


def _scope(wanted: Search, filters: Filters) -> Scope:
    """Everywhere, where nothing restricts it: then the debates need not be listed."""
    everywhere = filters == NO_FILTERS and wanted.restricted == bool(wanted.people)
    speakers = frozenset(wanted.people) if wanted.restricted else None
    return Scope(None if everywhere else frozenset(wanted.debates), speakers)
