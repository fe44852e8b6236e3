"""The turns that most need a person's word, with all that helps to give it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.web.speakers.choosing import Choice, choice_of
from api.web.voices import certainty
from index.errors import Language
from index.speakers.attribution import Attributed
from index.speakers.host_names import is_host, is_host_label
from index.types import Debate, Origin, joined_text
from index.writing.labelling import SpokenTurn, uncertain
from rag.links import permalink

AT_ONCE = 5
_ANSWERS = 8
"""People to choose among; whoever else it is can be typed."""
_AROUND = 160
"""Characters of what is said before and after."""
_SEGMENTS_AROUND = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person to choose; ``guessed`` is who it is thought to be."""

    name: str
    colour: int
    guessed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A turn as its form shows it. ``certainty`` is the key of the sentence that says how sure its guess is,
    ``evidence`` why in words; ``before`` and ``after`` are what is said around it."""

    turn: SpokenTurn
    choice: Choice
    link: str
    candidates: tuple[Candidate, ...]
    certainty: str
    evidence: tuple[str, ...]
    before: str
    after: str

    @property
    def guess(self) -> str | None:
        return next((one.name for one in self.candidates if one.guessed), None)


def checked_turns(
    known: Attributed, skipped: Collection[str], colours: Mapping[str, int], language: Language
) -> tuple[list[Checked], int, int]:
    """The first ones; how many there are beside those that are ``skipped``, by the mark of their text; how many are
    skipped."""
    turns = uncertain(known)
    chosen = [(turn, choice_of(known.debate, turn.first, turn.last)) for turn in turns]
    left = [(turn, choice) for turn, choice in chosen if choice.mark not in skipped]
    shown = [_checked(known, turn, choice, colours, language) for turn, choice in left[:AT_ONCE]]
    return shown, len(left), len(turns) - len(left)


def _checked(
    known: Attributed, turn: SpokenTurn, choice: Choice, colours: Mapping[str, int], language: Language
) -> Checked:
    likeliest = turn.attribution if turn.attribution.speaker else turn.guess.attribution
    names = [person.name for person in known.debate.participants]
    return Checked(
        turn,
        choice,
        permalink(known.debate.id, turn.start, turn.end),
        _candidates(_own_host(known.debate, likeliest.speaker), names, colours),
        certainty(likeliest),
        _evidence(known, turn, language),
        *_around(known, turn),
    )


def _own_host(debate: Debate, guess: str | None) -> str | None:
    """The guess, but for a host without a name: whom this debate calls its host already, to not make a second one."""
    if guess is None or not is_host_label(guess):
        return guess
    told = (one.speaker for one in debate.segments if one.attribution.origin in (Origin.LABELLED, Origin.CORRECTED))
    hosts = [
        *(name for name in told if name and is_host_label(name)),
        *(one.name for one in filter(is_host, debate.participants)),
    ]
    return guess if guess in hosts else next(iter(hosts), guess)


def _candidates(guess: str | None, names: Sequence[str], colours: Mapping[str, int]) -> tuple[Candidate, ...]:
    ordered = dict.fromkeys([*([guess] if guess else []), *names])
    return tuple(Candidate(name, colours.get(name, 0), name == guess) for name in list(ordered)[:_ANSWERS])


def _evidence(known: Attributed, turn: SpokenTurn, language: Language) -> tuple[str, ...]:
    return tuple(
        told.message(language) for voice in known.voices if voice.voice == turn.voice for told in voice.evidence
    )


def _around(known: Attributed, turn: SpokenTurn) -> tuple[str, str]:
    """Whole words of what is said before and after."""
    segments = known.debate.segments
    before = joined_text(segments[max(turn.first - _SEGMENTS_AROUND, 0) : turn.first])
    after = joined_text(segments[turn.last + 1 : turn.last + 1 + _SEGMENTS_AROUND])
    if len(before) > _AROUND:
        before = before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0]
    return before, after
