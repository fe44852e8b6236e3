"""Why a voice has its name, for people to read: « 03:12 son nom est dit juste avant sa prise de parole »."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.errors import Language
from index.speakers.voices.hosts import asks
from index.speakers.voices.mentions import Mention, Word
from index.speakers.voices.scene import Scene
from index.times import format_time
from index.types import Segment

_MOST = 5
_GREETINGS = frozenset(
    """
    bonjour bonsoir bienvenue convie recois recevons invite invites invitee accueillons accueille cotes presence
    welcome hello joined guest
    """.split()
)


class EvidenceKind(StrEnum):
    """What was said."""

    SELF = "self"
    INTRODUCED = "introduced"
    CALLED = "called"
    NAMED_AFTER = "named_after"
    ASKS = "asks"
    ADDRESSES = "addresses"
    TOLD = "told"
    NOBODY = "nobody"
    LABELLED = "labelled"
    ENROLLED = "enrolled"


_MESSAGES = {
    EvidenceKind.SELF: ("se présente : {name}", "says who they are: {name}"),
    EvidenceKind.INTRODUCED: ("à l'antenne, on présente {name}", "{name} is introduced"),
    EvidenceKind.CALLED: ("on nomme {name} juste avant sa prise de parole", "{name} is named just before this"),
    EvidenceKind.NAMED_AFTER: ("on nomme {name} juste après sa prise de parole", "{name} is named just after this"),
    EvidenceKind.ASKS: ("pose une question", "asks a question"),
    EvidenceKind.ADDRESSES: ("nomme {name}", "names {name}"),
    EvidenceKind.TOLD: ("quelqu'un a dit de cette voix : {name}", "somebody said of this voice: {name}"),
    EvidenceKind.NOBODY: ("quelqu'un a dit qu'on ne sait pas qui c'est", "somebody said that nobody knows who it is"),
    EvidenceKind.ENROLLED: ("voix connue de {name}, qui est enregistrée", "the voice of {name}, who is enrolled"),
    EvidenceKind.LABELLED: ("le fichier nomme {name} là où parle cette voix", "the file names {name} where it speaks"),
}  # fmt: skip
_ORDER = tuple(EvidenceKind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """At ``time``, in seconds, ``name`` was said, or told of the voice that speaks; empty for a host without a name."""

    time: float
    kind: EvidenceKind
    name: str

    def message(self, language: Language) -> str:
        """« 00:29 à l'antenne, on présente Ada Martin »."""
        french, english = _MESSAGES[self.kind]
        return f"{format_time(self.time)} {(french if language == 'fr' else english).format(name=self.name)}"


def evidence_for(scene: Scene, voice: int, person: int) -> tuple[Evidence, ...]:
    """The five strongest reasons for which a voice is a candidate, both by number, in the order of time."""
    name = scene.candidates[person].name
    found: list[Evidence] = []
    for mention, near in zip(scene.mentions, scene.cues.around, strict=True):
        if mention.name != person:
            continue
        kind = _kind(mention, near.says == voice, near.follows == voice, near.before == voice, scene.words)
        if kind is not None:
            found.append(Evidence(scene.start_of(mention), kind, name))
    strongest = sorted(dict.fromkeys(found), key=lambda one: (_ORDER.index(one.kind), one.time))[:_MOST]
    return tuple(sorted(strongest, key=lambda one: one.time))


def _kind(mention: Mention, says: bool, begins: bool, ended: bool, words: Sequence[Word]) -> EvidenceKind | None:
    if says:
        return EvidenceKind.SELF if mention.own else None
    around = [*words[max(mention.first - 6, 0) : mention.first], *words[mention.last + 1 : mention.last + 3]]
    if any(word.text in _GREETINGS for word in around):
        return EvidenceKind.INTRODUCED
    if begins:
        return EvidenceKind.CALLED
    return EvidenceKind.NAMED_AFTER if ended else None


def host_evidence(scene: Scene, voice: int) -> tuple[Evidence, ...]:
    """The first questions of a host, and the first times that one names a participant."""
    questions = [Evidence(one.start, EvidenceKind.ASKS, "") for one in scene.segments if _asks(scene, voice, one)]
    names = [
        Evidence(scene.start_of(mention), EvidenceKind.ADDRESSES, scene.candidates[mention.name].name)
        for mention, near in zip(scene.mentions, scene.cues.around, strict=True)
        if near.says == voice and scene.candidates[mention.name].announced
    ]
    return tuple(sorted([*questions[:_MOST], *names[:_MOST]], key=lambda one: one.time)[:_MOST])


def _asks(scene: Scene, voice: int, segment: Segment) -> bool:
    return segment.speaker == scene.voices[voice] and asks(segment)
