"""Who speaks, from all that is known: the file's labels, the voices it does not name, corrections, renames. Pure.

what the file says -> anonymous voices named -> corrections laid over -> one name a person
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.people import person_of
from index.speakers.corrections import Correction, corrected
from index.speakers.voices import NamedVoice, attribute_voices, is_anonymous, name_voices
from index.types import Debate, Participant, Segment


@dataclass(frozen=True, slots=True)
class Attributed:
    """``debate`` as it is searched and shown; ``voices`` are the anonymous ones with the evidence for their names;
    ``lost`` are corrections whose place the transcript no longer has."""

    debate: Debate
    voices: tuple[NamedVoice, ...] = ()
    lost: tuple[Correction, ...] = ()


def attributed(base: Debate, corrections: Sequence[Correction], renames: Mapping[str, str]) -> Attributed:
    """``base`` is what the file says: its segments have the file's own labels as ``voice``, and no speaker yet."""
    voices = voices_of(base)
    laid = corrected(_named(base, voices), corrections)
    segments = tuple(_renamed(segment, renames) for segment in laid.segments)
    return Attributed(
        replace(base, segments=segments, participants=_participants(base, segments, renames)), voices, laid.lost
    )


def voices_of(base: Debate) -> tuple[NamedVoice, ...]:
    """The anonymous voices of a debate with their names; empty where the file names everybody."""
    if not any(segment.voice and is_anonymous(segment.voice) for segment in base.segments):
        return ()
    return name_voices(base.segments, base.participants, base.title)


def _named(base: Debate, voices: Sequence[NamedVoice]) -> tuple[Segment, ...]:
    """A name that the file itself gives stays."""
    if not voices:
        return base.segments
    named = attribute_voices(base.segments, voices)
    return tuple(
        new if segment.voice is None or is_anonymous(segment.voice) else segment
        for segment, new in zip(base.segments, named, strict=True)
    )


def _renamed(segment: Segment, renames: Mapping[str, str]) -> Segment:
    if segment.speaker is None or segment.speaker not in renames:
        return segment
    return replace(segment, attribution=replace(segment.attribution, speaker=person_of(segment.speaker, renames)))


def _participants(base: Debate, segments: Sequence[Segment], renames: Mapping[str, str]) -> tuple[Participant, ...]:
    """Those announced, then whoever else is said to speak; each once, under the name that they go by."""
    found: dict[str, Participant] = {}
    for participant in base.participants:
        name = person_of(participant.name, renames)
        known = found.get(name)
        aliases = (*participant.aliases, *((participant.name,) if name != participant.name else ()))
        found[name] = replace(
            known or participant,
            name=name,
            role=(known.role if known else "") or participant.role,
            aliases=tuple(dict.fromkeys((*(known.aliases if known else ()), *aliases))),
        )
    for segment in segments:
        if segment.speaker is not None:
            found.setdefault(segment.speaker, Participant(segment.speaker))
    return tuple(found.values())
