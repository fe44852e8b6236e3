"""People who are known again by their voice, where an operator switched that on: ``QDQ_VOICE_ENROLMENT``.

    a debate in which somebody is known -> where they surely speak alone -> a vector -> ``voices.db``
    a recording -> its voices without a name -> a vector each, dropped at once -> the enrolled person, or nobody

Switched off, as it is by default, nothing is computed, compared or read but the list of those who are enrolled, and
deleting stays possible. A name that came of it stays in its debate, as a correction that can be undone.
"""

import time
from collections.abc import Callable, Container, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from index.errors import (
    EnrolledUnknown,
    EnrolmentOff,
    EnrolmentShort,
    EnrolmentUnheard,
    FieldInvalid,
    MediaMissing,
    PersonUnknown,
    listed,
)
from index.media import is_address
from index.speakers.attribution import Attributed
from index.speakers.excerpts import surest
from index.speakers.host_names import is_host_label
from index.speakers.voices import NamedVoice
from index.speakers.voices.voice_evidence import EvidenceKind
from index.types import Origin, Segment, Vectors
from rag.enrolled.file import Enrolled, EnrolledFile
from rag.enrolled.matching import recognised

VoiceVectors: TypeAlias = Callable[[Path, Sequence[tuple[float, float]]], tuple[Vectors, str]]
"""``(n, dim)`` for ``n`` stretches of a recording, and the fingerprint of the encoder; raises a RecordingError."""

LEAST_SECONDS, _MOST_SECONDS = 10.0, 60.0
"""Of speech by which a voice is known, and as much as is listened to."""


class Enrolment:
    """Safe to share between threads and processes."""

    def __init__(self, folder: Path, vectors: VoiceVectors, *, on: bool, now: Callable[[], float] = time.time) -> None:
        """Kept in ``folder``; ``now`` in seconds since the epoch."""
        self.on = on
        self._file = EnrolledFile(folder)
        self._vectors = vectors
        self._now = now

    def enrol(self, known: Attributed, name: str, *, heard: bool) -> Enrolled:
        """Keep the voice of somebody who speaks in a debate, in place of what was kept of them: where a person or the
        file told that it is they, and nowhere else. ``heard`` says that voices were told apart by its recording, whose
        clock fits then. A host without a name is nobody whom another debate could know. Raises EnrolmentOff,
        FieldInvalid, PersonUnknown, MediaMissing, EnrolmentUnheard, EnrolmentShort, a RecordingError, a StoreError."""
        self.check_on()
        _check_name(name)
        debate = known.debate
        sure = [part for part in debate.segments if part.speaker and not part.attribution.origin.guessed]
        speaking = dict.fromkeys(part.speaker for part in sure if part.speaker)
        if name not in speaking:
            raise PersonUnknown(person=name, known=listed(list(speaking)))
        if debate.media is None or is_address(debate.media):
            raise MediaMissing(debate=debate.id)
        if not heard:
            raise EnrolmentUnheard(debate=debate.id)
        spans = surest(known, partial(_is_told, name, _told_voices(known)), _MOST_SECONDS)
        _check_seconds(spans, name, debate.id)
        vectors, model = self._vectors(Path(debate.media), spans)
        # a stretch in which nothing is heard has a vector of zeros
        _check_seconds([span for span, vector in zip(spans, vectors, strict=True) if vector.any()], name, debate.id)
        person = Enrolled(name, debate.id, self._now(), model)
        self._file.put(person, _mean(vectors))
        return person

    def all(self) -> list[Enrolled]:
        """Whose voices are kept, by name. Raises a StoreError."""
        return self._file.all()

    def forget(self, name: str) -> None:
        """Raises EnrolledUnknown, a StoreError."""
        if not self._file.forget(name):
            raise EnrolledUnknown(person=name, known=listed([one.name for one in self.all()]))

    def recognised(self, known: Attributed, recording: Path) -> dict[str, tuple[str, float]]:
        """By the label of a voice that has no name but for having been recognised before, whose it is and how sure that
        is. Raises EnrolmentOff, a RecordingError, a StoreError."""
        self.check_on()
        open_voices = list(filter(_is_open, known.voices))
        if not open_voices or not self.all():
            return {}
        stretches = {voice.voice: surest(known, partial(_says, voice.voice), _MOST_SECONDS) for voice in open_voices}
        long = {voice: spans for voice, spans in stretches.items() if _seconds(spans) >= LEAST_SECONDS}
        if not long:
            return {}
        owners = [voice for voice, spans in long.items() for _span in spans]
        vectors, model = self._vectors(recording, [span for spans in long.values() for span in spans])
        theirs = {voice: _mean(vectors[[owner == voice for owner in owners]]) for voice in long}
        return recognised(theirs, self._file.vectors(model))

    def check_on(self) -> None:
        """Raises EnrolmentOff."""
        if not self.on:
            raise EnrolmentOff


def _check_name(name: str) -> None:
    if is_host_label(name):
        expected, expected_fr = "the name of a person", "le nom d'une personne"
        raise FieldInvalid(field="name", value=name, expected=expected, expected_fr=expected_fr)


def _is_open(voice: NamedVoice) -> bool:
    return voice.speaker is None or any(told.kind is EvidenceKind.ENROLLED for told in voice.evidence)


def _told_voices(known: Attributed) -> frozenset[str]:
    """Those that a person named."""
    return frozenset(one.voice for one in known.voices if any(told.kind is EvidenceKind.TOLD for told in one.evidence))


def _is_told(name: str, voices: Container[str | None], segment: Segment) -> bool:
    """Whether the file or a person gave it this name, itself or with its whole voice."""
    origin = segment.attribution.origin
    return segment.speaker == name and (origin.settled or (origin is Origin.VOICE and segment.voice in voices))


def _says(voice: str, segment: Segment) -> bool:
    return segment.voice == voice


def _check_seconds(spans: Sequence[tuple[float, float]], name: str, debate: str) -> None:
    seconds = _seconds(spans)
    if seconds < LEAST_SECONDS:
        raise EnrolmentShort(person=name, debate=debate, seconds=round(seconds), least=round(LEAST_SECONDS))


def _seconds(spans: Sequence[tuple[float, float]]) -> float:
    return sum(end - start for start, end in spans)


def _mean(vectors: Vectors) -> Vectors:
    """Of length 1; zero where nothing was heard, which is near nobody."""
    total = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    mean: Vectors = (total / length if length else total).astype(np.float32)
    return mean
