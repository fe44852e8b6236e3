"""Anonymous voices ("SPEAKER_00") get names, from what is said around them.

    voices = name_voices(debate.segments, debate.participants, description)
    attribute_voices(debate.segments, voices)

Each voice has a name, with a calibrated confidence and the evidence for it, or none. A host whom nobody names is called
by the role. What is not done: two people in one voice are not told apart, and a voice is nobody new when no title
and no text names it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from index.speakers.host_names import is_host_label
from index.speakers.voices.casting import Array, Guess, VoiceModel, guesses, voice_model
from index.speakers.voices.hosts import generic_names
from index.speakers.voices.scene import Scene
from index.speakers.voices.voice_evidence import Evidence, evidence_for, host_evidence
from index.speakers.voices.voice_runs import mend
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment

LEAST_CONFIDENCE, LEAST_HOST = 0.85, 0.96
"""Below the first a voice gets no name, below the second it is not called a host either."""
LEAST_HEARD = 0.5
"""Of a name, times that of its voice being the one that speaks the segment: below it the segment is nobody's."""
_KNOWN = 100.0
"""Nats for a name that a voice is known by: more than a debate can hold against it."""
_LEAST_HOST_OF_NOBODY = 0.985
"""Where nobody is announced, a guest who asks back is easily taken for a host."""
_ANONYMOUS = re.compile(
    r"(?:(?:unknown|unidentified|anonymous)[\s_-]*)?"
    r"(?:speaker|spkr?|s|locuteur|locutrice|loc|intervenante?|voix|voice|sprecher(?:in)?|orateur|oratrice|hablante|"
    r"orador|parlante|participant|personne|person|talker|channel|canal|mic|micro)"
    r"[\s_.#:-]*(?:\d{1,4}|[a-z])"
    r"|(?:unknown|unidentified|anonymous)[\s_-]*(?:speaker|voice)|(?:locuteur|intervenant|voix)[\s_-]*inconnue?"
    r"|speaker|locuteur|sprecher|inconnue?|unknown|unk|\d{1,4}|[a-z]",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedVoice:
    """``speaker`` is None when it is not known; ``confidence`` is that of ``speaker``, or of the best guess."""

    voice: str
    speaker: str | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()


def is_anonymous(label: str) -> bool:
    """Whether a label only tells a voice from the others: "SPEAKER_00", "Locuteur 2"; not "Jean", "Présentateur"."""
    return bool(_ANONYMOUS.fullmatch(label.strip().strip("[]<>()")))


def name_voices(
    segments: Sequence[Segment],
    participants: Sequence[Participant],
    description: str = "",
    *,
    model: VoiceModel | None = None,
    known: Mapping[str, str] = MappingProxyType({}),
) -> tuple[NamedVoice, ...]:
    """A name for each label of ``segments``, in the order in which they first speak. ``description`` may announce the
    hosts (« animé par Ada Martin »); ``model`` is another than the one that is shipped, for measuring; ``known`` are
    participants by the label of a voice that is known to be theirs."""
    model = model or voice_model()
    scene = Scene.of(segments, participants, description)
    if not scene.voices:
        return ()
    odds = model.host.log_odds(scene.traits)
    found = guesses(scene.cues.likelihood + _of_known(scene, known), odds, scene.candidates)
    named = [_named(scene, at, guess, model) for at, guess in enumerate(found)]
    unnamed_hosts = [at for at, one in enumerate(named) if one.speaker is not None and is_host_label(one.speaker)]
    for at, name in zip(unnamed_hosts, generic_names(len(unnamed_hosts), scene.words), strict=True):
        named[at] = replace(named[at], speaker=name)
    left_out = [NamedVoice(voice, None, 0.0) for voice in scene.left_out]
    return (*named, *left_out)


def _of_known(scene: Scene, known: Mapping[str, str]) -> Array:
    """``(voices, candidates)``, nats."""
    table = np.zeros((len(scene.voices), len(scene.candidates)))
    for at, voice in enumerate(scene.voices):
        for number, candidate in enumerate(scene.candidates):
            table[at, number] = _KNOWN if known.get(voice) == candidate.name else 0.0
    return table


def attribute_voices(segments: Sequence[Segment], named: Sequence[NamedVoice]) -> tuple[Segment, ...]:
    """The segments with the names of their voices, unknown where the voice is; pieces that a diarization put into the
    middle of another voice's sentence get that one's name. Voices that were told apart by the sound come with how sure
    that is: they are mended there, and both doubts count."""
    names = {one.voice: one for one in named if one.speaker}
    return tuple(
        replace(segment, attribution=_attribution(segment if was_heard(segment) else mended, names))
        for segment, mended in zip(segments, mend(segments), strict=True)
    )


def was_heard(segment: Segment) -> bool:
    """Whether its label is that of a voice that the sound told apart from the others."""
    return segment.attribution.origin is Origin.VOICE


def _attribution(segment: Segment, names: Mapping[str, NamedVoice]) -> Attribution:
    one = names.get(segment.speaker or "")
    if one is None:
        return UNKNOWN
    sure = segment.attribution.confidence if was_heard(segment) else 1.0
    confidence = round(one.confidence * sure, 3)
    return (
        UNKNOWN
        if was_heard(segment) and confidence < LEAST_HEARD
        else Attribution(one.speaker, Origin.VOICE, confidence)
    )


def _named(scene: Scene, voice: int, guess: Guess, model: VoiceModel) -> NamedVoice:
    """With the likeliest name if that is sure enough, failing that as a host if that is."""
    label = scene.voices[voice]
    confidence = model.sureness(guess.probability, host=False)
    if guess.candidate >= 0 and confidence >= LEAST_CONFIDENCE:
        name = scene.candidates[guess.candidate].name
        return NamedVoice(label, name, confidence, evidence_for(scene, voice, guess.candidate))
    as_host = model.sureness(guess.host, host=True)
    as_asked = host_evidence(scene, voice)
    least = LEAST_HOST if any(one.announced for one in scene.candidates) else _LEAST_HOST_OF_NOBODY
    if as_host >= least and as_asked:
        return NamedVoice(label, generic_names(1, scene.words)[0], as_host, as_asked)
    return NamedVoice(label, None, confidence)
