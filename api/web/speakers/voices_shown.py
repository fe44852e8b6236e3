"""The voices of a debate as their page shows them: how sure each name is, where each is heard, who it may be."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from api.web.voices import certainty
from index.errors import Language
from index.speakers.attribution import Attributed
from index.speakers.excerpts import Excerpt, excerpts
from index.speakers.voices import NamedVoice
from index.speakers.voices.voice_evidence import EvidenceKind
from index.types import Attribution, Debate, Origin, joined_text
from index.writing.labelling import mark_of
from rag.links import permalink

_CANDIDATES = 8
_BY = {
    EvidenceKind.TOLD: "voices.by_person",
    EvidenceKind.NOBODY: "voices.by_nobody",
    EvidenceKind.LABELLED: "voices.by_file",
    EvidenceKind.ENROLLED: "voices.by_enrolled",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """An excerpt, with the link to read it."""

    excerpt: Excerpt
    link: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose with one click; ``chosen`` is who the voice is taken for."""

    name: str
    colour: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """``number`` counts from 1; ``mark`` is that of its words, by which a form notices that it is no longer the same.
    ``standing`` is the key of the sentence that says how its name is known; ``share`` of the words in percent."""

    number: int
    voice: str
    mark: str
    speaker: str | None
    colour: int
    standing: str
    share: int
    samples: tuple[Sample, ...]
    candidates: tuple[Candidate, ...]
    evidence: tuple[str, ...]
    told: bool


def shown_voices(known: Attributed, colours: Mapping[str, int], language: Language) -> list[ShownVoice]:
    """In the order in which they first speak."""
    said: Counter[str | None] = Counter()
    for segment in known.debate.segments:
        said[segment.voice] += len(segment.text.split())
    every = max(said.total(), 1)
    return [
        _shown(known, number, one, round(100 * said[one.voice] / every), colours, language)
        for number, one in enumerate(known.voices, 1)
    ]


def mark_of_voice(debate: Debate, voice: str) -> str:
    """Of all that it says."""
    return mark_of(joined_text([segment for segment in debate.segments if segment.voice == voice]))


def _shown(
    known: Attributed, number: int, one: NamedVoice, share: int, colours: Mapping[str, int], language: Language
) -> ShownVoice:
    debate = known.debate
    samples = (Sample(it, permalink(debate.id, it.start, it.end)) for it in excerpts(known, one.voice))
    return ShownVoice(
        number,
        one.voice,
        mark_of_voice(debate, one.voice),
        one.speaker,
        colours.get(one.speaker or "", 0),
        _standing(one),
        share,
        tuple(samples),
        _candidates(known, one, colours),
        tuple(told.message(language) for told in one.evidence),
        any(told.kind is EvidenceKind.TOLD or told.kind is EvidenceKind.NOBODY for told in one.evidence),
    )


def _standing(one: NamedVoice) -> str:
    for told in one.evidence:
        if told.kind in _BY:
            return _BY[told.kind]
    return certainty(Attribution(one.speaker, Origin.VOICE, one.confidence)) if one.speaker else "voices.unknown"


def _candidates(known: Attributed, one: NamedVoice, colours: Mapping[str, int]) -> tuple[Candidate, ...]:
    """Whose it is taken to be, then who takes part: those first whom no other voice is taken for."""
    taken = {other.speaker for other in known.voices if other is not one}
    names = sorted((person.name for person in known.debate.participants), key=lambda name: name in taken)
    ordered = dict.fromkeys([*([one.speaker] if one.speaker else []), *names])
    return tuple(Candidate(name, colours.get(name, 0), name == one.speaker) for name in list(ordered)[:_CANDIDATES])
