"""The write path behind the engine: debates added, heard in their recordings, changed, removed, and who speaks in them.

Each change is one transaction of the store, followed by what has to know of it: watches, and copies of recordings.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.encoding.encoder import Encoder
from index.errors import DebateError, EnrolmentError, RecordingError, StoreError
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
from index.writing.build import Added, Completed, Details, ReadFile, add_file, rebuild
from index.writing.editing import Changes
from index.writing.hearing import Hear, Laid, lay_labels, lay_voices, place_of, unheard, with_voices
from index.writing.labelling import Saying, mark_of
from index.writing.renaming import Person
from rag.enrolled import Enrolment, VoiceVectors
from rag.enrolled.file import Enrolled
from rag.label_with_llm import ModelLabels, label
from rag.listening import listener, open_voice_vectors
from rag.llm import ChatServer
from rag.settings import Settings
from rag.uploads import Uploads
from rag.watches.watching import Watching

_LOG = logging.getLogger("qdq")


class Keeping:
    """What an index holds, and every change of it. Safe to share between threads."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        settings: Settings,
        watching: Watching,
        *,
        home: Path,
        hear: Hear | None = None,
        vectors: VoiceVectors | None = None,
    ) -> None:
        """``home`` is the folder in which lies what is kept beside the index; ``hear`` is another way to hear
        recordings than the settings', ``vectors`` another to know the voices of people who are enrolled."""
        self.settings = settings
        self.watching = watching
        self.uploads = Uploads.of(store, settings, home)
        self.enrolment = Enrolment(home, vectors or open_voice_vectors(settings), on=settings.voice_enrolment)
        self._store = store
        self._encoder = encoder
        self._hear = hear or listener(settings)

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
                completed=self._completed(voices, progress),
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
                completed=self._completed(voices, progress),
                hears=voices is not None,
            ):
                yield replace(outcome, added=outcome.added and self._known_again(outcome.added))
        self.watching.noticed()

    def _completed(self, voices: HearOptions | None, progress: Progress | None) -> Completed:
        """A file that was read, with the recording that was uploaded for an earlier version of it where it names none,
        and with the voices of its recording where these are wanted."""

        def completed(read: ReadFile) -> ReadFile:
            known = self._store.summary(read.debate.id)
            if read.debate.media is None and known and self.uploads.holds(known.media):
                read = replace(read, debate=replace(read.debate, media=known.media))
            return read if voices is None else with_voices(read, self._hear, voices, progress)

        return completed

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
        self.watching.noticed()
        return replace(laid, known=self._recognised(debate, path) or laid.known)

    def _known_again(self, added: Added) -> Added:
        if not self.enrolment.on or not _was_heard(added.report) or added.debate.media is None:
            return added
        known = self._recognised(added.debate.id, Path(added.debate.media))
        return replace(added, debate=known.debate, voices=known.voices) if known else added

    def _recognised(self, debate: str, path: Path) -> Attributed | None:
        """With the names of people who are enrolled, where that is switched on. The debate is stored already: what
        goes wrong here leaves its voices without these names."""
        if not self.enrolment.on:
            return None
        try:
            names = self.enrolment.recognised(self.attribution(debate), path)
            return labelling.know_voices(self._store, debate, names)
        except (EnrolmentError, RecordingError, StoreError, DebateError) as error:
            # its class alone: the sentence may name people
            _LOG.warning("nobody was known again by their voice in %s: %s", debate, type(error).__name__)
            return None

    def enrol(self, debate: str, name: str) -> Enrolled:
        """Keep the voice of ``name``, who speaks in ``debate``, to know it again. Raises DebateUnknown, EnrolmentOff,
        PersonUnknown, MediaMissing, EnrolmentUnheard, EnrolmentShort, a RecordingError."""
        known = self.attribution(debate)
        return self.enrolment.enrol(known, name, heard=bool(known.heard) or _was_heard(self._store.report(debate)))

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


def _was_heard(report: ImportReport | None) -> bool:
    return report is not None and any(note.kind is NoteKind.VOICES_HEARD for note in report.notes)
