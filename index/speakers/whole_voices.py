"""Whose each anonymous voice of a debate is: a person's word, what the file names in it, then what the text tells.

A voice of the sound may speak where the file names somebody: such a segment keeps its name, and where nearly all that
the file names in a voice is one person, that is whose voice it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.speakers.corrections import Correction, voices_said
from index.speakers.voices import NamedVoice, attribute_voices, is_anonymous, name_voices
from index.speakers.voices.casting import VoiceModel
from index.speakers.voices.voice_evidence import Evidence, EvidenceKind
from index.types import Debate, Origin, Participant, Segment

SURE = 0.95
"""The confidence of a name that a person or the file gave to a voice: diarizations mix voices up here and there."""
_LEAST_WORDS = 20
_LEAST_SHARE = 0.9
"""Of the words that the file names in a voice, at least so many, and of one person, tell whose voice it is."""


@dataclass(frozen=True, slots=True)
class WholeVoices:
    """``segments`` with the names of their ``voices``; of those of ``nobody`` a person said that nobody knows them;
    ``lost`` is what was said of voices that are not there any more."""

    voices: tuple[NamedVoice, ...]
    segments: tuple[Segment, ...]
    nobody: frozenset[str] = frozenset()
    lost: tuple[Correction, ...] = ()


def whole_voices(base: Debate, corrections: Sequence[Correction], model: VoiceModel) -> WholeVoices:
    """No voices where the file names everybody, or nobody, and nobody heard them."""
    said, lost = voices_said(base.segments, corrections)
    labels = [voice for voice in dict.fromkeys(part.voice for part in base.segments) if voice and is_anonymous(voice)]
    if not labels:
        return WholeVoices((), base.segments, lost=(*lost, *said.values()))
    told = {
        one.voice: one for one in [*_named_in(base.segments), *map(_told, said, said.values())] if one.voice in labels
    }
    named = told | {one.voice: one for one in _by_text(base, told, model) if one.voice not in told}
    voices = tuple(named.get(label, NamedVoice(label, None, 0.0)) for label in labels)
    nobody = frozenset(one.voice for one in told.values() if one.speaker is None)
    lost += tuple(one for voice, one in said.items() if voice not in labels)
    return WholeVoices(voices, _with_names(base.segments, voices), nobody, lost)


def _told(voice: str, correction: Correction) -> NamedVoice:
    name = correction.speaker
    if correction.origin is Origin.VOICE:
        known = Evidence(correction.start, EvidenceKind.ENROLLED, name or "")
        return NamedVoice(voice, name, correction.confidence, (known,))
    kind = EvidenceKind.TOLD if name else EvidenceKind.NOBODY
    return NamedVoice(voice, name, SURE if name else 0.0, (Evidence(correction.start, kind, name or ""),))


def _named_in(segments: Iterable[Segment]) -> list[NamedVoice]:
    """Voices in which the file names one person and hardly anybody else."""
    words: dict[str, Counter[str]] = {}
    first: dict[tuple[str, str], float] = {}
    for part in segments:
        if part.voice and part.speaker and is_anonymous(part.voice) and not is_anonymous(part.speaker):
            words.setdefault(part.voice, Counter())[part.speaker] += len(part.text.split())
            first.setdefault((part.voice, part.speaker), part.start)
    found: list[NamedVoice] = []
    for voice, counts in words.items():
        ((name, most),) = counts.most_common(1)
        if counts.total() >= _LEAST_WORDS and most >= _LEAST_SHARE * counts.total():
            reason = Evidence(first[voice, name], EvidenceKind.LABELLED, name)
            found.append(NamedVoice(voice, name, SURE, (reason,)))
    return found


def _by_text(base: Debate, told: Mapping[str, NamedVoice], model: VoiceModel) -> tuple[NamedVoice, ...]:
    """What the text tells of every label, given whose voice some are."""
    known = {voice: one.speaker for voice, one in told.items() if one.speaker}
    announced = {person.name for person in base.participants}
    others = [Participant(name) for name in dict.fromkeys(known.values()) if name not in announced]
    segments = [_under_its_voice(part) for part in base.segments]
    people = [*base.participants, *others]
    return name_voices(segments, people, f"{base.title}. {base.description}", model=model, known=known)


def _under_its_voice(segment: Segment) -> Segment:
    if not segment.voice or not is_anonymous(segment.voice) or segment.speaker == segment.voice:
        return segment
    return replace(segment, attribution=replace(segment.attribution, speaker=segment.voice))


def _with_names(segments: tuple[Segment, ...], voices: Sequence[NamedVoice]) -> tuple[Segment, ...]:
    """A name that the file itself gives stays."""
    named = attribute_voices(segments, voices)
    return tuple(
        new if segment.speaker and is_anonymous(segment.speaker) else segment
        for segment, new in zip(segments, named, strict=True)
    )
