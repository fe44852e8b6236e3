"""The write path of a recording that was listened to: its voices become what the debate's file gave, at once.

    recording, transcript -> hear -> the base with voices -> corrections laid over it again -> one transaction

What is kept are labels and how sure they are. Of the voices themselves, by which people could be known, nothing is
stored, here or anywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoding.encoder import Encoder
from index.errors import AudioMissing, StoreBusy, TranscriptChanged
from index.media import is_address, media_type
from index.sound.hear import HearOptions
from index.sound.types import Heard
from index.speakers.attribution import Attributed, attributed
from index.speakers.corrections import Correction
from index.speakers.labels import Label, attribute
from index.speakers.voices import is_anonymous, was_heard
from index.store import ATTEMPTS, Import, Relabelling, Store
from index.times import format_time
from index.transcripts.report import ImportReport, Note, NoteKind, found_speakers
from index.types import UNKNOWN, Debate, Progress, Segment
from index.writing.build import ReadFile, nameless
from index.writing.embedding import index_fingerprint, indexed
from index.writing.labelling import vectors_of

Array: TypeAlias = npt.NDArray[np.float64]

NOTES = (
    NoteKind.VOICES_HEARD,
    NoteKind.VOICES_CUT,
    NoteKind.VOICES_UNKNOWN,
    NoteKind.VOICES_AT_ONCE,
    NoteKind.CLOCK_MOVED,
    NoteKind.NOT_HEARD,
    NoteKind.RECORDING_UNPROVEN,
    NoteKind.VOICES_OF_FILE,
    NoteKind.SPEAKER_UNMATCHED,
)
"""What is told of a recording among the notes of a debate's file."""
_INSTALL = "pip install 'qui-dit-quoi[audio]'"
_SAME_TIME = 0.001
_TOLD_MOMENTS = 12
"""In which two voices speak at once, that are told of by their time."""


class Hear(Protocol):
    """``index.sound.hear.hear``, or what stands for it in a test."""

    def __call__(
        self, path: Path, debate: Debate, options: HearOptions = ..., *, progress: Progress | None = None
    ) -> Heard: ...


@dataclass(frozen=True, slots=True)
class Laid:
    """A debate with other voices than before; ``heard`` is what its recording told, where that was listened to;
    ``notes`` say what was done."""

    known: Attributed
    heard: Heard | None
    notes: tuple[Note, ...]


def unheard(base: Debate) -> Debate:
    """``base`` as it is listened to: names that the file gives stay, labels of voices go."""
    return replace(base, segments=tuple(map(_unheard, base.segments)))


def _unheard(segment: Segment) -> Segment:
    named = segment.speaker is not None and not was_heard(segment) and not is_anonymous(segment.speaker)
    if named:
        return replace(segment, voice=segment.speaker)
    return replace(segment, voice=None, attribution=UNKNOWN)


def wants_voices(debate: Debate) -> bool:
    """Whether its file names nobody, and tells no voices apart either."""
    return all(segment.speaker is None for segment in debate.segments)


def with_voices(read: ReadFile, hear: Hear, options: HearOptions, progress: Progress | None = None) -> ReadFile:
    """A file that is about to be stored, with the voices of its recording, where that is a file of this machine and the
    transcript tells nobody apart. A note says where it tells voices apart itself, and, without the extra, what to
    install. Raises a RecordingError."""
    media = read.debate.media
    if media is None or is_address(media):
        return read
    if not wants_voices(read.debate):
        voices = {part.speaker for part in read.debate.segments if part.speaker and is_anonymous(part.speaker)}
        return _noted(read, Note(NoteKind.VOICES_OF_FILE, None, str(len(voices)))) if voices else read
    try:
        heard = hear(Path(media), read.debate, options, progress=progress)
    except AudioMissing:
        return _noted(read, Note(NoteKind.NOT_HEARD, None, _INSTALL))
    notes = notes_of(read.debate.segments, heard)
    debate = replace(read.debate, segments=heard.segments)
    return replace(read, debate=debate, report=_reported(read.report, debate, notes))


def _noted(read: ReadFile, note: Note) -> ReadFile:
    return replace(read, report=replace(read.report, notes=(*read.report.notes, note)))


def lay_voices(store: Store, encoder: Encoder, debate: str, heard: Heard, media: str | None) -> Laid:
    """``heard`` becomes what the debate's file gave. ``media`` is where the recording lies; None leaves what is known
    of that. Raises DebateUnknown, TranscriptChanged, ModelMismatch, StoreBusy; then the debate is as it was."""

    def change(base: Debate) -> tuple[Debate, tuple[Note, ...]]:
        if list(_said(base.segments)) != list(_said(heard.segments)):
            raise TranscriptChanged(debate=debate)
        voiced = replace(base, segments=heard.segments, media=media or base.media)
        return voiced, notes_of(base.segments, heard)

    return replace(_laid(store, encoder, debate, change), heard=heard)


def lay_labels(store: Store, encoder: Encoder, debate: str, labels: Sequence[Label]) -> Laid:
    """What a side file says of who speaks takes the place of what the debate's file, or its recording, said. Raises
    DebateUnknown, StoreBusy; then the debate is as it was."""

    def change(base: Debate) -> tuple[Debate, tuple[Note, ...]]:
        spoken = attribute(base.segments, labels, base.participants)
        labelled = replace(base, segments=tuple(replace(part, voice=part.speaker) for part in spoken))
        return labelled, tuple(nameless(labelled))

    return _laid(store, encoder, debate, change)


def _laid(
    store: Store, encoder: Encoder, debate: str, change: Callable[[Debate], tuple[Debate, tuple[Note, ...]]]
) -> Laid:
    """``change`` makes another base of the one that there is, and notes what it did. What people said of who speaks is
    laid over it again, and finds its place when the times were moved."""
    for _attempt in range(ATTEMPTS):
        with store.reading():
            since, now, before = store.generation(), store.debate(debate), store.original(debate)
            base, notes = change(before)
            said = store.corrections(debate)
            moved = _moved(said, before.segments, base.segments)
            found = attributed(base, said if moved is None else moved, store.renames())
            vectors, origin = vectors_of(store, now), _origin(store, debate)
        if [part.text for part in found.debate.segments] != [part.text for part in now.segments]:
            encoder.load()
            store.check_fingerprint(index_fingerprint(encoder))
        if origin:
            origin = replace(origin, report=_reported(origin.report, base, notes))
        entry = indexed(found.debate, encoder, known=vectors)
        entry = replace(entry, base=base, origin=origin, corrections=moved)
        if store.relabel(Relabelling(recut=[entry]), since):
            return Laid(found, None, notes)
    raise StoreBusy(path=store.place)


def place_of(path: Path) -> str | None:
    """Where a page finds the recording; None for one that no browser plays."""
    return str(path.resolve()) if media_type(path.name) else None


def notes_of(before: Sequence[Segment], heard: Heard) -> tuple[Note, ...]:
    """What hearing did to the segments that there were ``before``."""
    unknown = sum(segment.voice is None for segment in heard.segments)
    cut = len(heard.segments) - len(before)
    told = {
        NoteKind.VOICES_HEARD: str(len(heard.voices)),
        NoteKind.VOICES_CUT: str(cut) if cut else "",
        NoteKind.VOICES_UNKNOWN: f"{unknown} / {len(heard.segments)}" if unknown else "",
        NoteKind.VOICES_AT_ONCE: _moments(heard.at_once),
        NoteKind.CLOCK_MOVED: _shift(before, heard.segments),
        NoteKind.RECORDING_UNPROVEN: "" if heard.proven else format_time(heard.duration),
    }
    return tuple(Note(kind, None, detail) for kind, detail in told.items() if detail)


def _moments(at_once: Sequence[tuple[float, float]]) -> str:
    """How many and how long in all, and when the longest begin; nothing of none."""
    if not at_once:
        return ""
    longest = sorted(at_once, key=lambda moment: moment[0] - moment[1])[:_TOLD_MOMENTS]
    times = ", ".join(format_time(start) for start, _end in sorted(longest))
    more = ", …" if len(at_once) > len(longest) else ""
    return f"{len(at_once)} ({sum(end - start for start, end in at_once):.0f} s) – {times}{more}"


def _origin(store: Store, debate: str) -> Import | None:
    report = store.report(debate)
    source = next((source for source, of in store.sources().items() if of == debate), None)
    return Import(source, report) if report and source else None


def _reported(report: ImportReport, debate: Debate, notes: Sequence[Note]) -> ImportReport:
    kept = tuple(note for note in report.notes if note.kind not in NOTES)
    first, last = debate.segments[0].start, max(segment.end for segment in debate.segments)
    told = found_speakers([segment for segment in debate.segments if not was_heard(segment)])
    found = replace(report, segments=len(debate.segments), speakers=told, first=first, last=last)
    return replace(found, notes=(*kept, *notes))


def _said(segments: Sequence[Segment]) -> Iterator[tuple[str, str | None]]:
    """Each word with the name that the file gives to whoever says it."""
    for segment in map(_unheard, segments):
        for word in segment.text.split():
            yield word, segment.voice


def _moved(
    corrections: Sequence[Correction], before: Sequence[Segment], after: Sequence[Segment]
) -> list[Correction] | None:
    """At the times at which their words are said now; None where no time was moved."""
    times, later = _offsets(before, after)
    if not np.abs(later).max(initial=0.0) > _SAME_TIME:
        return None

    def moved(time: float) -> float:
        return round(time + float(np.interp(time, times, later)), 3)

    return [replace(one, start=moved(one.start), end=moved(one.end)) for one in corrections]


def _offsets(before: Sequence[Segment], after: Sequence[Segment]) -> tuple[Array, Array]:
    """When segments began, and by how many seconds later they begin now: cuts only add segments."""
    begins = dict(zip(_first_words(after), after, strict=True))
    times = [part.start for part in before]
    now = [begins[word].start for word in _first_words(before)]
    return np.array(times), np.array(now) - np.array(times)


def _first_words(segments: Sequence[Segment]) -> list[int]:
    """The number, within the debate, of the word with which each segment begins."""
    counts = [len(segment.text.split()) for segment in segments]
    return list(accumulate(counts[:-1], initial=0)) if counts else []


def _shift(before: Sequence[Segment], after: Sequence[Segment]) -> str:
    """By how much the times were moved, from and to: "+12.4 s", "+12.4 … +43.1 s"; empty for less than a moment."""
    _times, later = _offsets(before, after)
    if not np.abs(later).max(initial=0.0) > _SAME_TIME:
        return ""
    least, most = f"{later.min():+.1f}", f"{later.max():+.1f}"
    return f"{least} s" if least == most else f"{least} … {most} s"
