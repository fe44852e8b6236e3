"""What the reader shows to correct speakers, beside the boxes of its turns."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.acts import Act, acts_of
from api.web.choices import names_offered
from api.web.choosing import LONGEST_NAME
from api.web.notices import Done, Notice, notice_of
from index.types import Debate
from rag.engine import Engine

_ACTS = 20


@dataclass(frozen=True, slots=True)
class Correcting:
    """What the reader shows to correct speakers: ``people`` and anonymous ``voices`` without a name speak in the
    debate, ``names`` complete what is typed, ``acts`` are the last ones, beside ``more_acts``."""

    notice: Notice
    people: tuple[str, ...]
    voices: tuple[str, ...]
    names: Sequence[str]
    acts: Sequence[Act]
    more_acts: int
    longest_name: int = LONGEST_NAME


def correcting(engine: Engine, debate: Debate, done: Done) -> Correcting:
    """For ``correct.html``; ``turn_choice`` there wants the ``choice_of`` a turn."""
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
