"""What was done to a file on its way in: nothing is dropped or mended in silence."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from index.errors import Language
from index.types import Participant, Segment


class NoteKind(StrEnum):
    """What can happen to a line of a file."""

    DROPPED_LINE = "dropped_line"
    JOINED_LINE = "joined_line"
    EMPTY_CUE = "empty_cue"
    BAD_TIME = "bad_time"
    TIME_WENT_BACK = "time_went_back"
    END_BEFORE_START = "end_before_start"
    END_UNREADABLE = "end_unreadable"
    DROPPED_BLOCK = "dropped_block"
    CHARACTERS_REPLACED = "characters_replaced"
    SPEAKER_UNMATCHED = "speaker_unmatched"
    BAD_LINE = "bad_line"
    LEFT_OUT = "left_out"
    MARKUP_REMOVED = "markup_removed"
    REPEAT_MERGED = "repeat_merged"
    FRAME_RATE_ASSUMED = "frame_rate_assumed"
    TIMES_SHIFTED = "times_shifted"
    OTHER_RECORDING = "other_recording"
    OTHER_TIER = "other_tier"
    TIME_ESTIMATED = "time_estimated"
    SPEAKERS_IN_TEXT = "speakers_in_text"
    SPEAKERS_CARRIED = "speakers_carried"
    TIMES_FROM_WORDS = "times_from_words"
    MILLISECONDS_GUESSED = "milliseconds_guessed"
    CELLS_JOINED = "cells_joined"
    VOICES_HEARD = "voices_heard"
    VOICES_CUT = "voices_cut"
    VOICES_UNKNOWN = "voices_unknown"
    VOICES_AT_ONCE = "voices_at_once"
    CLOCK_MOVED = "clock_moved"
    NOT_HEARD = "not_heard"
    RECORDING_UNPROVEN = "recording_unproven"
    VOICES_OF_FILE = "voices_of_file"


_SENTENCES: dict[NoteKind, tuple[str, str]] = {
    NoteKind.DROPPED_LINE: ("ligne de mise en page écartée : {detail}", "page furniture dropped: {detail}"),
    NoteKind.JOINED_LINE: (
        "ligne sans temps, jointe au passage précédent : {detail}",
        "line without a time, joined to the one before: {detail}",
    ),
    NoteKind.EMPTY_CUE: ("passage sans texte écarté", "passage without text dropped"),
    NoteKind.BAD_TIME: ("temps illisible, passage écarté : {detail}", "unreadable time, passage dropped: {detail}"),
    NoteKind.TIME_WENT_BACK: (
        "le temps recule, passage remis à sa place : {detail}",
        "the time goes back, passage put in its place: {detail}",
    ),
    NoteKind.END_BEFORE_START: (
        "fin avant le début, fin recalculée : {detail}",
        "end before start, end computed again: {detail}",
    ),
    NoteKind.END_UNREADABLE: (
        "fin illisible, fin recalculée : {detail}",
        "unreadable end, end computed again: {detail}",
    ),
    NoteKind.DROPPED_BLOCK: ("bloc sans parole écarté : {detail}", "block without speech dropped: {detail}"),
    NoteKind.CHARACTERS_REPLACED: (
        "caractères illisibles remplacés : {detail}",
        "unreadable characters replaced: {detail}",
    ),
    NoteKind.SPEAKER_UNMATCHED: (
        "personne n'est nommé dans ce passage : {detail}",
        "nobody is named for this passage: {detail}",
    ),
    NoteKind.BAD_LINE: ("ligne incomprise, écartée : {detail}", "line not understood, dropped: {detail}"),
    NoteKind.LEFT_OUT: ("laissé de côté : {detail}", "left out: {detail}"),
    NoteKind.MARKUP_REMOVED: ("balisage retiré : {detail}", "markup removed: {detail}"),
    NoteKind.REPEAT_MERGED: (
        "répétition réunie au passage précédent : {detail}",
        "repeat merged with the passage before: {detail}",
    ),
    NoteKind.FRAME_RATE_ASSUMED: (
        "images par seconde non indiquées, supposées : {detail}",
        "frames per second not given, assumed: {detail}",
    ),
    NoteKind.TIMES_SHIFTED: ("temps comptés autrement : {detail}", "times counted otherwise: {detail}"),
    NoteKind.OTHER_RECORDING: (
        "autre enregistrement, laissé de côté : {detail}",
        "another recording, left out: {detail}",
    ),
    NoteKind.OTHER_TIER: (
        "couche d'annotation sans parole, laissée de côté : {detail}",
        "tier that holds no speech, left out: {detail}",
    ),
    NoteKind.TIME_ESTIMATED: ("temps estimé : {detail}", "time estimated: {detail}"),
    NoteKind.SPEAKERS_IN_TEXT: (
        "passages dont le locuteur est lu en tête du texte : {detail}",
        "passages whose speaker was read at the beginning of the text: {detail}",
    ),
    NoteKind.SPEAKERS_CARRIED: (
        "passages sans nom donnés au dernier locuteur nommé : {detail}",
        "nameless passages given to the last speaker named: {detail}",
    ),
    NoteKind.TIMES_FROM_WORDS: (
        "temps estimés d'après le nombre de mots : {detail}",
        "times estimated from the number of words: {detail}",
    ),
    NoteKind.MILLISECONDS_GUESSED: (
        "les nombres entiers sont lus en millisecondes",
        "whole numbers are read as milliseconds",
    ),
    NoteKind.CELLS_JOINED: (
        "plus de cellules que de colonnes, jointes au texte : {detail}",
        "more cells than columns, joined to the text: {detail}",
    ),
    NoteKind.VOICES_HEARD: ("voix distinguées dans l'enregistrement : {detail}", "voices told apart by ear: {detail}"),
    NoteKind.VOICES_CUT: (
        "passages coupés, deux voix s'y suivent : {detail}",
        "passages cut, since one voice follows another there: {detail}",
    ),
    NoteKind.VOICES_UNKNOWN: (
        "passages qu'aucune voix distincte ne dit : {detail}",
        "passages that no voice told apart says: {detail}",
    ),
    NoteKind.VOICES_AT_ONCE: (
        "moments où deux voix parlent à la fois : {detail}",
        "moments in which two voices speak at once: {detail}",
    ),
    NoteKind.CLOCK_MOVED: (
        "temps de la transcription accordés à l'enregistrement : {detail}",
        "times of the transcript fitted to the recording: {detail}",
    ),
    NoteKind.NOT_HEARD: (
        "voix non écoutées ; pour qu'elles le soient : {detail}, puis qdq voices DÉBAT",
        "voices not listened to; to have that done: {detail}, then qdq voices DEBATE",
    ),
    NoteKind.VOICES_OF_FILE: (
        "le fichier distingue déjà {detail} voix, l'enregistrement n'a pas été écouté : qdq voices DÉBAT le fait",
        "the file tells {detail} voices apart already, the recording was not listened to: qdq voices DEBATE does",
    ),
    NoteKind.RECORDING_UNPROVEN: (
        "rien ne prouve que cet enregistrement ({detail}) est celui de la transcription : écoutez-en un extrait",
        "nothing proves that this recording ({detail}) is the transcript's: listen to an excerpt",
    ),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was mended or dropped. ``line`` counts from 1; None where a format has no lines."""

    kind: NoteKind
    line: int | None
    detail: str = ""

    def message(self, language: Language) -> str:
        """A sentence with the line before it: "line 3: markup removed: <i>"."""
        sentence = _SENTENCES[self.kind][0 if language == "fr" else 1].format(detail=self.detail)
        return (
            f"ligne {self.line} : {sentence}"
            if self.line and language == "fr"
            else f"line {self.line}: {sentence}"
            if self.line
            else sentence
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was read: times in seconds; ``speakers`` in order of first appearance, as the file names them."""

    format: str
    encoding: str
    segments: int
    words: int
    speakers: tuple[str, ...]
    first: float
    last: float
    notes: tuple[Note, ...] = ()

    def to_json(self) -> str:
        """As ``from_json`` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "ImportReport":
        """What ``to_json`` wrote."""
        fields = json.loads(text)
        notes = tuple(Note(NoteKind(note["kind"]), note["line"], note["detail"]) for note in fields.pop("notes"))
        return cls(**{**fields, "speakers": tuple(fields["speakers"])}, notes=notes)


def first_of_each_kind(notes: Sequence[Note], shown: int) -> list[tuple[list[Note], int]]:
    """The first ``shown`` of each kind, in the order in which the kinds come, and how many more there are."""
    kinds: dict[NoteKind, list[Note]] = {}
    for note in notes:
        kinds.setdefault(note.kind, []).append(note)
    return [(alike[:shown], max(0, len(alike) - shown)) for alike in kinds.values()]


class Unreadable(Exception):
    """A reader cannot go on: ``line`` where the file is at fault, None where it is another format after all.

    ``reason_fr`` is left out for what a library says, which is English in both languages.
    """

    def __init__(self, reason: str, line: int | None = None, reason_fr: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_fr = reason if reason_fr is None else reason_fr
        self.line = line


@dataclass(frozen=True, slots=True)
class Word:
    """A word as a recogniser gives it, with the punctuation that follows; ``end`` None when it is not given."""

    start: float
    end: float | None
    text: str
    speaker: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """What a reader finds, before it is checked and put in order: ``end`` None when the format gives only starts,
    ``words`` where it gives theirs."""

    start: float
    end: float | None
    text: str
    speaker: str | None = None
    line: int | None = None
    words: tuple[Word, ...] = ()


_DETAIL = 1000
"""Characters of which a note is made."""


@dataclass(slots=True)
class Reading:
    """What a reader returns. ``more[i]`` are lines that belong to cue ``i`` after its text.

    ``names_apart`` says that what stands before a colon is text, since the file has a place for names.
    """

    cues: list[Cue] = field(default_factory=list)
    more: dict[int, list[str]] = field(default_factory=dict)
    title: str = ""
    language: str | None = None
    description: str = ""
    date: datetime.date | None = None
    url: str | None = None
    media: str | None = None
    participants: tuple[Participant, ...] = ()
    notes: list[Note] = field(default_factory=list)
    names_apart: bool = False

    def join(self, line: int, text: str) -> None:
        """Give ``text``, which has no time, to the last cue, and note it."""
        self.more.setdefault(len(self.cues) - 1, []).append(text)
        self.note(NoteKind.JOINED_LINE, line, text)

    def readable(self, start: float | None, end: float | None, line: int | None, written: str) -> float | None:
        """``start``, or None for a passage to be dropped since that cannot be read; ``end`` may be missing. Either is
        noted, with the times as they are ``written``."""
        if start is None:
            self.note(NoteKind.BAD_TIME, line, written)
        elif end is None:
            self.note(NoteKind.END_UNREADABLE, line, written)
        return start

    def note(self, kind: NoteKind, line: int | None, detail: str = "") -> None:
        """Add a note; of a long ``detail`` the beginning."""
        self.notes.append(Note(kind, line, shortened(" ".join(detail[:_DETAIL].split()))))


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file that was read: what it says of itself, its segments in order, and the report."""

    title: str
    segments: tuple[Segment, ...]
    participants: tuple[Participant, ...]
    language: str
    report: ImportReport
    date: datetime.date | None = None
    url: str | None = None
    media: str | None = None
    description: str = ""


def shortened(text: str, limit: int = 60) -> str:
    """At most ``limit`` characters, for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def found_speakers(segments: Sequence[Segment]) -> tuple[str, ...]:
    """Their names, in order of first appearance."""
    return tuple(dict.fromkeys(segment.speaker for segment in segments if segment.speaker))
