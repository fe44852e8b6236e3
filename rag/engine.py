"""The read path: a question in, a cited answer out. Read this after the types.

parse -> scope -> retrieve -> passages -> confidence -> shape -> citations -> answer
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from index.encoding.encoder import Encoder
from index.sound.hear import HearOptions
from index.speakers.attribution import Attributed
from index.speakers.corrections import Correction
from index.speakers.labels import read_labels
from index.store import Store
from index.transcripts.report import ImportReport, NoteKind
from index.types import Debate, DebateSummary, Origin, Progress
from index.weight import Admit
from index.writing import editing, labelling, renaming
from index.writing.batch import Outcome as FileOutcome
from index.writing.batch import add_files
from index.writing.build import Added, Completed, Details, add_file, index_fingerprint, rebuild
from index.writing.editing import Changes
from index.writing.hearing import Hear, Laid, lay_labels, lay_voices, place_of, unheard, with_voices
from index.writing.labelling import Saying, mark_of
from index.writing.renaming import Person
from rag.abstention import abstention, reason, with_others
from rag.answer import NOBODY, Outcome, compose
from rag.asked import NO_FILTERS, Catalogue, Search, read_comparison
from rag.chapters import Chapter, chapters_of
from rag.citations import citations_of
from rag.confidence import Figures
from rag.encoders import open_encoder
from rag.enrolled import Enrolment, VoiceVectors
from rag.enrolled.file import Enrolled
from rag.generate import generate as generated
from rag.generate import wants_model
from rag.heard import with_heard
from rag.label_with_llm import ModelLabels, label
from rag.listening import listener, open_voice_vectors
from rag.llm import ChatServer
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
from rag.uploads import Uploads
from rag.watches.watching import Watching

__all__ = ["DEFAULT_TOP_K", "MOST_TOP_K", "NO_FILTERS", "Engine"]

DEFAULT_TOP_K = 5


class Engine:
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
        self.settings = settings
        self._records = records or Records(settings.home, days=0)
        self._store = store
        self._encoder = encoder
        self._hear = hear or listener(settings)
        vectors = vectors or open_voice_vectors(settings)
        self.enrolment = Enrolment(watches or settings.home, vectors, on=settings.voice_enrolment)
        self._searcher = Searcher(store, encoder, settings)
        self._quotes = QuoteCheck(store, settings.max_quote_chars)
        self.watching = Watching(store, self._searcher, settings, watches)
        self.uploads = Uploads.of(store, settings, watches or settings.home)

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

    def debates(self) -> list[DebateSummary]:
        return self._store.debates()

    def debate(self, debate: str, *, words: bool = False) -> Debate:
        """With the times of its ``words`` where they are wanted and known. Raises DebateUnknown."""
        return self._store.debate(debate, words=words)

    def add(
        self,
        path: Path | str,
        details: Details | None = None,
        *,
        progress: Progress | None = None,
        overwrite: bool = True,
        admit: Admit | None = None,
        voices: HearOptions | None = None,
    ) -> Added:
        """Read and index a transcript, in place of the debate with its id, or only where there is none, if that is not
        to be ``overwrite``-n. With ``voices`` its recording is listened to, where that is a file of this machine and
        the transcript tells nobody apart. Raises a QdqError, or what ``progress`` or ``admit`` raises; then the index
        is as it was before."""
        with self.uploads.following():
            added = add_file(
                self._store,
                self._encoder,
                Path(path),
                details,
                progress=progress,
                limits=self.settings.limits,
                overwrite=overwrite,
                admit=admit,
                completed=self._listening(voices, progress),
            )
        self.watching.noticed()
        return self._known_again(added)

    def add_files(
        self,
        paths: Sequence[Path],
        details: Details | None = None,
        *,
        progress: Progress | None = None,
        voices: HearOptions | None = None,
    ) -> Iterator[FileOutcome]:
        """Many files, each with what lies beside it; unchanged ones stay as they are: ``index.writing.batch``. With
        ``voices`` their recordings are listened to, as when one is added."""
        with self.uploads.following():
            for outcome in add_files(
                self._store,
                self._encoder,
                paths,
                details or Details(),
                limits=self.settings.limits,
                progress=progress,
                completed=self._listening(voices, progress),
            ):
                yield replace(outcome, added=outcome.added and self._known_again(outcome.added))
        self.watching.noticed()

    def _listening(self, voices: HearOptions | None, progress: Progress | None) -> Completed | None:
        if voices is None:
            return None
        return partial(with_voices, hear=self._hear, options=voices, progress=progress)

    def hear(
        self,
        debate: str,
        recording: Path | str,
        *,
        options: HearOptions | None = None,
        progress: Progress | None = None,
    ) -> Laid:
        """Tell the voices of a debate apart by its recording, an audio or video file, in place of those that were heard
        before; what the file and people say of who speaks stays. The page plays the recording from then on.

        Takes minutes for an hour. Raises DebateUnknown, a RecordingError, TranscriptChanged, ModelMismatch, or what
        ``progress`` raises; then the debate is as it was.
        """
        path = Path(recording)
        heard = self._hear(path, unheard(self._store.original(debate)), options or HearOptions(), progress=progress)
        with self.uploads.following():
            laid = lay_voices(self._store, self._encoder, debate, heard, place_of(path))
            laid = replace(laid, known=self._recognised(laid.known, path))
        self.watching.noticed()
        return laid

    def _known_again(self, added: Added) -> Added:
        heard = any(note.kind is NoteKind.VOICES_HEARD for note in added.report.notes)
        if not self.enrolment.on or not heard or added.debate.media is None:
            return added
        known = self._recognised(self.attribution(added.debate.id), Path(added.debate.media))
        return replace(added, debate=known.debate, voices=known.voices)

    def _recognised(self, known: Attributed, path: Path) -> Attributed:
        """With the names of people who are enrolled, where that is switched on."""
        if not self.enrolment.on:
            return known
        names = self.enrolment.recognised(known, path)
        return labelling.know_voices(self._store, known.debate.id, names)

    def enrol(self, debate: str, name: str) -> Enrolled:
        """Keep the voice of ``name``, who speaks in ``debate``, to know it again. Raises DebateUnknown, EnrolmentOff,
        PersonUnknown, MediaMissing, EnrolmentShort, a RecordingError."""
        return self.enrolment.enrol(self.attribution(debate), name)

    def lay_labels(self, debate: str, side_file: Path, name: str | None = None) -> Laid:
        """Who speaks as a side file tells it, for a debate that is there: RTTM, JSON of a diarization, a table; in
        place of what its file or its recording said. Raises DebateUnknown, SpeakersInvalid, a TranscriptError."""
        labels = read_labels(side_file, name=name, limits=self.settings.limits)
        laid = lay_labels(self._store, self._encoder, debate, labels)
        self.watching.noticed()
        return laid

    def name_voice(self, debate: str, voice: str, speaker: str | None) -> Attributed:
        """Say whose a whole anonymous voice is; None that nobody knows it. Undone as every act. Raises DebateUnknown,
        VoiceUnknown, FieldInvalid."""
        return labelling.name_voice(self._store, debate, voice, speaker)

    def chapters(self, debate: str) -> tuple[Chapter, ...]:
        """Where the subject changes, what each part is called, who speaks. Loads no model. Raises DebateUnknown."""
        return chapters_of(self._store, self._searcher.layouts, debate)

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
        mark = None if seen is None else mark_of(seen)
        return self.correct_all(debate, [Saying(first, last, speaker, mark)])

    def correct_all(self, debate: str, sayings: Sequence[Saying]) -> Attributed:
        """The same of several stretches at once, which are undone at once. Raises the same errors; then nothing is
        changed."""
        return labelling.correct(self._store, debate, sayings)

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
        return renaming.people(self._store)

    def people_alike(self) -> list[tuple[str, str]]:
        """Pairs of people who may be one."""
        return renaming.may_be_one(self._store)

    def rename(self, names: Sequence[str], person: str) -> None:
        """``names`` go by ``person`` from now on, in every debate. Raises PersonUnknown, FieldInvalid."""
        renaming.rename(self._store, names, person)

    def part(self, name: str) -> None:
        """Undo the rename of ``name``. Raises PersonUnknown."""
        renaming.part(self._store, name)

    def edit(self, debate: str, changes: Changes) -> Debate:
        """Change fields of a debate: title, date, addresses, language, participants; its words stay. A file that is
        added again brings its own. Raises DebateUnknown."""
        with self.uploads.following():
            return editing.edit(self._store, debate, changes)

    def remove(self, debate: str) -> None:
        """With what watches found in it, and a recording that was uploaded for it. Raises DebateUnknown."""
        with self.uploads.following():
            self._store.remove(debate)
        self.watching.noticed()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Embed everything again with the model of the settings; returns the number of debates."""
        return rebuild(self._store, self._encoder, progress=progress)


def _why(search: Search) -> str:
    """The reason for an abstention, in words."""
    missing = search.figures is not None and search.figures.missing
    why = abstention(search.question.text, search.unsaid, missing=missing)
    return reason(why, search.confidence, search.question.language)


def _ms_since(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 1)
