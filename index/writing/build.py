"""The write path: a file becomes a debate in the store.

file -> read_transcript -> attribute speakers -> pieces -> windows -> vectors and terms -> one transaction
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from index.encoding.encoder import Encoder
from index.errors import DebateIdInvalid, DebatePresent, FileUnreadable
from index.media import check_media, is_address
from index.pieces.tokens import TokenVectors
from index.read_options import AS_IT_IS, ReadOptions
from index.speakers.attribution import attributed
from index.speakers.cast import date_of, participants_of
from index.speakers.corrections import Correction
from index.speakers.labels import attribute, read_labels
from index.speakers.names import canonical
from index.speakers.people import unified
from index.speakers.voices import NamedVoice
from index.store import Import, Store
from index.times import format_time
from index.transcripts import read_transcript
from index.transcripts.limits import LIMITS, Limits
from index.transcripts.report import ImportReport, Note, NoteKind, Transcript, found_speakers, shortened
from index.transcripts.segments import plain
from index.types import Debate, Participant, Progress, Segment, Vectors, joined_text
from index.weight import Admit, least_weight, weight
from index.words.lexical import fold
from index.writing.embedding import index_fingerprint, indexed, tokens_of
from index.writing.fields import check_language, check_title, check_url

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Details:
    """What a person says of a file; what is None comes from the file itself. ``name`` and
    ``speakers_name`` stand in messages for files under other names; ``options`` says how to read it. ``media`` is an
    address, or an absolute path: see ``index/media.py`` for who may give one."""

    id: str | None = None
    title: str | None = None
    date: datetime.date | None = None
    url: str | None = None
    language: str | None = None
    speakers: Path | None = None
    name: str | None = None
    speakers_name: str | None = None
    options: ReadOptions = AS_IT_IS
    participants: tuple[Participant, ...] = ()
    media: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding a file: the names given to anonymous ``voices``, and the corrections of an earlier version of
    it that were ``lost``, since they found no place in this one."""

    debate: Debate
    report: ImportReport
    replaced: bool
    voices: tuple[NamedVoice, ...] = ()
    lost: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as the debate that it becomes; ``source`` names its contents and all that was said of them."""

    debate: Debate
    report: ImportReport
    source: str


Completed: TypeAlias = Callable[[ReadFile], ReadFile]
"""What is done to a file between reading and storing it. Raises a QdqError; then it is not stored."""


def add_file(
    store: Store,
    encoder: Encoder,
    path: Path,
    details: Details | None = None,
    *,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
    overwrite: bool = True,
    admit: Admit | None = None,
    completed: Completed | None = None,
) -> Added:
    """Read, attribute, embed and store one file. Raises a QdqError, or what ``admit`` raises; then the index is as it
    was before."""
    read = read_file(path, details or Details(), limits=limits)
    present = store.summary(read.debate.id)
    if present and not overwrite:
        name = (details.name if details else None) or path.name
        raise DebatePresent(path=name, debate=present.id, title=shortened(present.title))
    if admit:
        admit(read.debate.id, least_weight(read.debate))
    read = completed(read) if completed else read
    return store_file(store, encoder, read, progress=progress, admit=admit)


def read_file(path: Path, details: Details, *, limits: Limits = LIMITS) -> ReadFile:
    """The first half of ``add_file``: nothing but reading. Raises a TranscriptError or a DebateError."""
    debate, report = read_debate(path, details, limits=limits)
    return ReadFile(debate, report, source_hash(path, details))


def store_file(
    store: Store, encoder: Encoder, read: ReadFile, *, progress: Progress | None = None, admit: Admit | None = None
) -> Added:
    """The second half: what is known of who speaks is laid over the file. Raises a StoreError or an EncoderError, or
    what ``admit`` raises."""
    encoder.load(progress)
    store.check_fingerprint(index_fingerprint(encoder))
    replaced = store.summary(read.debate.id) is not None
    vectors: dict[str, Vectors] = {}
    tokens = tokens_of(read.debate, encoder, progress)
    while True:
        said = store.corrections(read.debate.id), store.renames()
        spellings = _spellings(store, read.debate)
        found = attributed(read.debate, said[0], spellings | said[1])
        entry = indexed(found.debate, encoder, progress, vectors)
        vectors = {window.text: vector for window, vector in zip(entry.windows, entry.vectors, strict=True)}
        origin = Import(read.source, read.report)
        entry = replace(entry, origin=origin, base=read.debate, renames=spellings, tokens=tokens)
        if admit:
            admit(read.debate.id, weight(entry))
        store.add(entry, index_fingerprint(encoder))
        if said == (store.corrections(read.debate.id), _without(store.renames(), spellings)):
            return Added(found.debate, read.report, replaced, found.voices, found.lost)
        # somebody corrected it while it was embedded: once more, with the vectors that are there


def _without(renames: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    return {name: person for name, person in renames.items() if new.get(name) != person}


def _spellings(store: Store, debate: Debate) -> dict[str, str]:
    """Names of a new debate that the index has in full, unless a person said what becomes of them."""
    said = store.renames()
    found = unified(found_speakers(debate.segments), store.names())
    return {name: other for name, other in found.items() if name not in said}


def source_hash(path: Path, details: Details) -> str:
    """Over the contents of the files and all that is said of them, so that an unchanged file is known again. Raises
    FileUnreadable."""
    # without a media as before there were any, so that files of earlier versions are known again
    said = f"{path.name} {replace(details, speakers=None)}{details.media or ''}"
    digest = hashlib.sha256(said.encode())
    for file in (path, details.speakers):
        try:
            digest.update(b"\0" + (file.read_bytes() if file else b""))
        except OSError as error:
            raise FileUnreadable(path=str(file), reason=error.strerror or str(error)) from error
    return digest.hexdigest()


def read_debate(path: Path, details: Details, *, limits: Limits = LIMITS) -> tuple[Debate, ImportReport]:
    """A file as the debate that it becomes, without the index. Raises a TranscriptError or a DebateError."""
    _check(details)
    transcript = read_transcript(path, name=details.name, limits=limits, options=details.options)
    debate = _debate(transcript, path, details, limits)
    notes = (*transcript.report.notes, *(nameless(debate) if details.speakers is not None else ()))
    return debate, replace(transcript.report, speakers=found_speakers(debate.segments), notes=notes)


def nameless(debate: Debate) -> list[Note]:
    """What a side file leaves without a name, or gives to two people at once."""
    return [
        Note(NoteKind.SPEAKER_UNMATCHED, None, shortened(f"{format_time(segment.start)} {segment.text}"))
        for segment in debate.segments
        if segment.speaker is None
    ]


def rebuild(store: Store, encoder: Encoder, *, progress: Progress | None = None) -> int:
    """Embed every debate again with ``encoder``, and swap all of them in at once. Returns how many."""
    vectors: dict[str, Vectors] = {}
    tokens: dict[str, TokenVectors | None] = {}
    while True:
        since, renames = store.generation(), store.renames()
        bases = [store.original(summary.id) for summary in store.debates()]
        debates = [attributed(base, store.corrections(base.id), renames).debate for base in bases]
        entries = []
        for debate, base in zip(debates, bases, strict=True):
            entry, text = indexed(debate, encoder, progress, vectors), joined_text(base.segments)
            tokens[text] = tokens[text] if text in tokens else tokens_of(base, encoder, progress)
            entries.append(replace(entry, base=base, tokens=tokens[text]))
        if store.rebuild(entries, index_fingerprint(encoder), since):
            return len(entries)
        for entry in entries:  # somebody changed the index meanwhile: once more, with the vectors that are there
            vectors |= {window.text: vector for window, vector in zip(entry.windows, entry.vectors, strict=True)}


def slug(text: str) -> str:
    """An id for links: "Débat n°3 (2024)" -> "debat-n-3-2024"; "debate" when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:120].strip("-") or "debate"


def is_id(text: str) -> bool:
    """Whether a debate could have this id.

    >>> is_id("debat-2024"), is_id("Débat 2024")
    (True, False)
    """
    return _SLUG.fullmatch(text) is not None


def _check(details: Details) -> None:
    if details.id is not None and not is_id(details.id):
        raise DebateIdInvalid(debate=details.id)
    if details.title is not None:
        check_title(details.title)
    if details.language is not None:
        check_language(details.language)
    if details.url is not None:
        check_url(details.url)
    if details.media is not None:
        check_media(details.media)


def _address(url: str | None) -> str | None:
    """That of the file, if it can be one."""
    return url if url and is_address(url) else None


def _debate(transcript: Transcript, path: Path, details: Details, limits: Limits) -> Debate:
    if details.title is not None:
        title = plain(details.title)
        transcript = replace(transcript, title=title, participants=tuple(participants_of(title)))
    if details.participants:
        transcript = replace(transcript, participants=details.participants)
    segments = tuple(replace(part, voice=part.speaker) for part in _labelled(transcript, details, limits))
    return Debate(
        id=details.id or slug(Path(details.name or path.name).stem),
        title=transcript.title,
        segments=segments,
        participants=transcript.participants,
        date=details.date or transcript.date or date_of(transcript.title),
        url=details.url or _address(transcript.url),
        language=details.language or transcript.language,
        description=transcript.description,
        media=details.media or _address(transcript.media),
    )


def _labelled(transcript: Transcript, details: Details, limits: Limits) -> tuple[Segment, ...]:
    """With the side file's labels, or the file's own under the participants' full names."""
    if details.speakers is not None:
        labels = read_labels(details.speakers, name=details.speakers_name, limits=limits)
        return attribute(transcript.segments, labels, transcript.participants)
    names = [participant.name for participant in transcript.participants]
    aliases = {alias: person.name for person in transcript.participants for alias in person.aliases}
    people = {name: aliases.get(name) or canonical(name, names) for name in transcript.report.speakers}
    return tuple(
        replace(segment, attribution=replace(segment.attribution, speaker=people[segment.speaker]))
        if segment.speaker
        else segment
        for segment in transcript.segments
    )
