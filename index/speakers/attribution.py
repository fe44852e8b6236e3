"""Who speaks, from all that is known: the file's labels, the voices it does not name, corrections, renames, the text.

    what the file says -> anonymous voices named -> corrections laid over -> what the text tells -> one name a person

What is sure enough becomes the speaker of its segment, and answers questions; the rest is a guess, for a person to
confirm. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.speakers.corrections import Corrected, Correction, CorrectionKind, corrected
from index.speakers.names import canonical
from index.speakers.people import person_of
from index.speakers.suggest import suggest
from index.speakers.suggest.by_voice import names_of_voices
from index.speakers.suggest.turn_model import TurnModel, load_model
from index.speakers.voices import LEAST_HEARD, NamedVoice, is_anonymous, was_heard
from index.speakers.voices.casting import VoiceModel, voice_model
from index.speakers.whole_voices import SURE, whole_voices
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment

_LEAST_OF_VOICE = 0.95
"""Of a name that the text gives to all that one voice says: from it on, it is shown unasked."""


@dataclass(frozen=True, slots=True)
class Models:
    """What was fitted: how voices are named, and what the text alone tells."""

    voices: VoiceModel
    turns: TurnModel


@dataclass(frozen=True, slots=True)
class Guess:
    """Who may speak a segment that has no sure speaker. ``gain``: how many words more would be right, in expectation,
    if a person said who does."""

    attribution: Attribution = UNKNOWN
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Attributed:
    """``debate`` as it is searched and shown, with a guess for each segment; ``voices`` are the anonymous ones with the
    evidence for their names; ``lost`` are corrections whose place the transcript no longer has; a person spoke of the
    segments ``told``, and said that another turn begins with those of ``cuts``; ``heard`` is, for each segment, how
    sure it is that its voice says it, empty where no recording was heard."""

    debate: Debate
    guesses: tuple[Guess, ...]
    voices: tuple[NamedVoice, ...] = ()
    lost: tuple[Correction, ...] = ()
    told: frozenset[int] = frozenset()
    cuts: frozenset[int] = frozenset()
    heard: tuple[float, ...] = ()


def attributed(
    base: Debate, corrections: Sequence[Correction], renames: Mapping[str, str], *, models: Models | None = None
) -> Attributed:
    """``base`` is what the file says: the file's own labels, names or not, are its speakers and voices. ``models`` are
    others than those that are shipped, for measuring."""
    models = models or Models(voice_model(), load_model())
    base = replace(base, segments=_called(base, renames))
    whole = whole_voices(base, corrections, models.voices)
    laid = _spread(corrected(whole.segments, corrections), whole.nobody)
    participants = _participants(base.participants, laid.segments)
    heard = _heard(base, corrections)
    taken = {one.voice: one.speaker for one in whole.voices if one.speaker}
    text = _Text(laid, participants, base.language, models.turns)
    sure = heard or tuple(1.0 for _part in laid.segments)
    segments, guesses = _suggested(text, _Voiced(sure, taken) if whole.voices else None)
    debate, lost = replace(base, segments=segments, participants=participants), (*laid.lost, *whole.lost)
    return Attributed(_renamed(debate, renames), guesses, whole.voices, lost, laid.told, laid.cuts, heard)


def _called(base: Debate, renames: Mapping[str, str]) -> tuple[Segment, ...]:
    """Its segments, whoever takes part under their full name where the file has only a part of it, unless a person said
    whose name that is."""
    names = [person.name for person in base.participants]
    aliases = {alias: person.name for person in base.participants for alias in person.aliases}
    labels = {segment.speaker for segment in base.segments if segment.speaker}
    full = {
        label: aliases.get(label) or canonical(label, names)
        for label in labels - set(renames)
        if not is_anonymous(label)
    }
    return tuple(
        replace(segment, attribution=replace(segment.attribution, speaker=full[segment.speaker]))
        if segment.speaker and full.get(segment.speaker, segment.speaker) != segment.speaker
        else segment
        for segment in base.segments
    )


def _heard(base: Debate, corrections: Sequence[Correction]) -> tuple[float, ...]:
    if not any(map(was_heard, base.segments)):
        return ()
    cut = corrected(base.segments, [one for one in corrections if one.kind is CorrectionKind.SPLIT]).segments
    return tuple(part.attribution.confidence if part.voice else 0.0 for part in cut)


def _spread(laid: Corrected, nobody: frozenset[str]) -> Corrected:
    """A voice that nothing names takes the name that a person gave to a part of it, if they gave only one; of one that
    a person said to be ``nobody``, nothing more is guessed."""
    names: dict[str, set[str | None]] = {}
    for index in laid.told:
        segment = laid.segments[index]
        names.setdefault(segment.voice or "", set()).add(segment.speaker)

    def spread(segment: Segment) -> Segment:
        told = names.get(segment.voice or "", set())
        if not segment.voice or segment.speaker or segment.index in laid.told or len(told) != 1:
            return segment
        (name,) = told
        return replace(segment, attribution=Attribution(name, Origin.VOICE, SURE)) if name else segment

    unknown = {part.index for part in laid.segments if part.voice in nobody and not part.speaker}
    segments = tuple(part if part.index in unknown else spread(part) for part in laid.segments)
    return replace(laid, segments=segments, told=laid.told | unknown)


@dataclass(frozen=True, slots=True)
class _Text:
    """A debate with what is known of it, and what is needed to tell more."""

    laid: Corrected
    participants: Sequence[Participant]
    language: str
    model: TurnModel

    @property
    def known(self) -> dict[int, str]:
        return {segment.index: segment.speaker for segment in self.laid.segments if segment.speaker}

    @property
    def open(self) -> list[int]:
        """The segments of which nobody spoke."""
        laid = self.laid
        return [one.index for one in laid.segments if one.speaker is None and one.index not in laid.told]


@dataclass(frozen=True, slots=True)
class _Voiced:
    """How sure it is that each segment's voice says it; ``taken`` are the names of some voices, by their label."""

    heard: tuple[float, ...]
    taken: Mapping[str, str]


def _suggested(text: _Text, voiced: _Voiced | None) -> tuple[tuple[Segment, ...], tuple[Guess, ...]]:
    """What the text tells of the segments that nobody spoke for; a model's word stands above it. Where the sound or
    the file tells voices apart, the text has to agree with them."""
    laid, left = text.laid, text.open
    if not left:
        return laid.segments, (Guess(),) * len(laid.segments)
    guesses = {index: Guess(attribution) for index, attribution in laid.guesses.items() if index in left}
    found: dict[int, Attribution] = {}
    bare = [replace(segment, attribution=UNKNOWN, voice=None, words=()) for segment in laid.segments]  # found again
    told = suggest(bare, text.participants, text.known, changes=laid.cuts, language=text.language, model=text.model)
    for index in left:
        one = told[index]
        if one.speaker is None:
            continue
        attribution = Attribution(one.speaker, Origin.SUGGESTED, one.confidence)
        said = guesses[index].attribution.speaker if index in guesses else one.speaker
        if one.confidence >= text.model.shown_at and said == one.speaker:
            found[index] = attribution
        guesses[index] = Guess(guesses.get(index, Guess(attribution)).attribution, one.gain)
    if voiced is not None:
        agreed = {index: one for index, one in found.items() if _agrees(laid.segments[index], one, voiced.taken)}
        found = agreed | _by_voice(text, voiced)
    segments = tuple(
        replace(segment, attribution=found.get(segment.index, segment.attribution)) for segment in laid.segments
    )
    return segments, tuple(guesses.get(segment.index, Guess()) for segment in segments)


def _by_voice(text: _Text, voiced: _Voiced) -> dict[int, Attribution]:
    """The text's names of the voices that have none, for what they surely say."""
    laid, found = text.laid, dict[int, Attribution]()
    names = names_of_voices(
        laid.segments,
        text.participants,
        text.known,
        voiced.taken,
        changes=laid.cuts,
        language=text.language,
        model=text.model,
    )
    for index in text.open:
        name = names.get(laid.segments[index].voice or "")
        if name is None or name.confidence < _LEAST_OF_VOICE or not _unopposed(name, laid.guesses.get(index)):
            continue
        confidence = round(name.confidence * voiced.heard[index], 3)
        if confidence >= LEAST_HEARD:
            found[index] = replace(name, confidence=confidence)
    return found


def _unopposed(one: Attribution, said: Attribution | None) -> bool:
    """Whether a model did not say another name."""
    return said is None or said.speaker is None or said.speaker == one.speaker


def _agrees(segment: Segment, guess: Attribution, taken: Mapping[str, str]) -> bool:
    """Whether no voice is known to say the segment, or one with this name."""
    return segment.voice is None or taken.get(segment.voice) == guess.speaker


def _participants(announced: Sequence[Participant], segments: Sequence[Segment]) -> tuple[Participant, ...]:
    """Those announced, then whoever else is said to speak."""
    found = {participant.name: participant for participant in announced}
    for segment in segments:
        if segment.speaker is not None:
            found.setdefault(segment.speaker, Participant(segment.speaker))
    return tuple(found.values())


def _renamed(debate: Debate, renames: Mapping[str, str]) -> Debate:
    """Each person under the name that they go by; two participants who are one become one."""
    segments = tuple(
        replace(segment, attribution=replace(segment.attribution, speaker=person_of(segment.speaker, renames)))
        if segment.speaker and segment.speaker in renames
        else segment
        for segment in debate.segments
    )
    found: dict[str, Participant] = {}
    for participant in debate.participants:
        name = person_of(participant.name, renames)
        known = found.get(name, Participant(name))
        before = (participant.name,) if name != participant.name else ()
        aliases = dict.fromkeys((*known.aliases, *participant.aliases, *before))
        found[name] = Participant(name, known.role or participant.role, tuple(aliases))
    return replace(debate, segments=segments, participants=tuple(found.values()))
