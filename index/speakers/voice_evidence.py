"""Why a voice has its name, for people to read: « 03:12 son nom est dit juste avant sa prise de parole »."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.errors import Language
from index.speakers.hosts import asks
from index.speakers.mentions import Mention, Word
from index.speakers.scene import Scene
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


_MESSAGES = {
    EvidenceKind.SELF: ("se présente : {name}", "says who they are: {name}"),
    EvidenceKind.INTRODUCED: ("à l'antenne, on présente {name}", "{name} is introduced"),
    EvidenceKind.CALLED: ("on nomme {name} juste avant sa prise de parole", "{name} is named just before this voice"),
    EvidenceKind.NAMED_AFTER: ("on nomme {name} juste après sa prise de parole", "{name} is named just after this voice"),
    EvidenceKind.ASKS: ("pose une question", "asks a question"),
}  # fmt: skip
_ORDER = tuple(EvidenceKind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """At ``time``, in seconds, ``name`` was said; empty for a host without a name."""

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
        kind = _kind(mention, near.says == voice, voice in (near.near, near.later), near.before == voice, scene.words)
        if kind is not None:
            found.append(Evidence(scene.segments[scene.words[mention.first].segment].start, kind, name))
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


def host_evidence(voice: str, segments: Sequence[Segment]) -> tuple[Evidence, ...]:
    """The first questions of a host without a name."""
    questions = [one for one in segments if one.speaker == voice and asks(one)]
    return tuple(Evidence(one.start, EvidenceKind.ASKS, "") for one in questions[:_MOST])
