"""What the reader shows to correct speakers, beside the boxes of its turns."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.choices import names_offered
from api.web.reader.kept import Kept
from api.web.reader.shown import ShownBlock
from api.web.speakers.acts import Act, acts_of
from api.web.speakers.choosing import LONGEST_NAME, Choice, choice_of
from api.web.speakers.notices import Done, Notice, notice_of
from api.web.voices import certainty
from index.types import UNKNOWN, Debate
from rag.engine import Engine

_ACTS = 20


@dataclass(frozen=True, slots=True)
class TurnChoice:
    """The box of a turn; ``guess`` is who may speak it where that is not known, ``certainty`` the key of the sentence
    that says how sure that is."""

    choice: Choice
    guess: str | None
    colour: int
    certainty: str


@dataclass(frozen=True, slots=True)
class Correcting:
    """What the reader shows once: ``people`` and anonymous ``voices`` without a name speak in the
    debate, ``names`` complete what is typed, ``acts`` are the last ones, beside ``more_acts``."""

    notice: Notice
    people: tuple[str, ...]
    voices: tuple[str, ...]
    names: Sequence[str]
    acts: Sequence[Act]
    more_acts: int
    longest_name: int = LONGEST_NAME


def correcting(engine: Engine, debate: Debate, done: Done) -> Correcting:
    """The debate as it is known, what was corrected of it, and what was ``done`` just now."""
    spoken = dict.fromkeys(segment.speaker for segment in debate.segments if segment.speaker)
    voices = dict.fromkeys(one.voice for one in debate.segments if one.voice and not one.speaker)
    acts = acts_of(debate.id, engine.corrections(debate.id))
    return Correcting(
        notice_of(engine, debate.id, done),
        tuple(sorted(spoken)),
        tuple(voices),
        names_offered(engine.catalogue()),
        acts[:_ACTS],
        len(acts[_ACTS:]),
    )


def turn_choices(kept: Kept, blocks: Sequence[ShownBlock]) -> dict[str, TurnChoice]:
    """Of each of ``blocks``, by its name."""
    return {block.name: _turn_choice(kept, block) for block in blocks}


def _turn_choice(kept: Kept, block: ShownBlock) -> TurnChoice:
    guess = kept.guesses[block.first] if block.speaker is None else UNKNOWN
    colour = kept.colours.get(guess.speaker or "", 0)
    return TurnChoice(
        choice_of(kept.transcript.debate, block.first, block.last), guess.speaker, colour, certainty(guess)
    )
