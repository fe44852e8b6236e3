"""Who speaks, said in the reader: turns that are chosen, all that somebody speaks, a turn cut in two, a slip undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response

from api.deps import EngineDep
from api.web.acts import Act, acts_of
from api.web.choices import names_offered
from api.web.choosing import (
    LONGEST_NAME,
    FormDep,
    choice_of,
    choices_in,
    field,
    name_in,
    spoken_by,
)
from api.web.notices import Done, Notice, Problem, notice_of, see_other
from api.web.rendering import PageDep, PageRoute
from index.errors import SegmentsChanged, SegmentUnknown
from index.speakers.corrections import Correction
from index.transcripts.segments import plain
from index.types import Debate, Segment
from rag.asked import Catalogue
from rag.engine import Engine

router = APIRouter(route_class=PageRoute)

Back = Literal["read", "check"]
"""The page that a form stands on."""

_ACTS = 20
_CUT_WORDS = 400
"""Of one page to cut a turn in."""


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


def correcting(engine: Engine, catalogue: Catalogue, debate: Debate, done: Done) -> Correcting:
    """For ``correct.html``; ``turn_choice`` there wants the ``choice_of`` a turn."""
    spoken = dict.fromkeys(segment.speaker for segment in debate.segments if segment.speaker)
    voices = dict.fromkeys(one.voice for one in debate.segments if one.voice and not one.speaker)
    acts = acts_of(debate.id, engine.corrections(debate.id))
    return Correcting(
        notice_of(engine, debate.id, done),
        tuple(sorted(spoken)),
        tuple(voices),
        names_offered(catalogue),
        acts[:_ACTS],
        len(acts[_ACTS:]),
    )


@router.post("/d/{debate}/speakers")
def say_who_speaks(engine: EngineDep, debate: str, form: FormDep) -> Response:
    """Of the turns that are chosen, or of all that somebody speaks in this debate."""
    read, whose = engine.debate(debate), field(form, "whose")
    speaker = plain(name_in(form, "speaker")) or None
    chosen = spoken_by(read, whose) if whose else choices_in(form, "turns")
    if not chosen:
        return _back(debate, problem="no_turn")
    place = read.segments[chosen[0].first : chosen[0].last + 1]
    if speaker is None and not field(form, "nobody"):
        return _back(debate, place, problem="no_name")
    try:
        engine.correct_all(debate, [choice.said_by(speaker) for choice in chosen])
    except (SegmentsChanged, SegmentUnknown):
        return _back(debate, place, problem="changed")
    return _back(debate, place, act=engine.corrections(debate)[-1].act)


@router.post("/d/{debate}/undo")
def undo(
    engine: EngineDep,
    debate: str,
    act: Annotated[int, Form()],
    back: Annotated[Back, Form()] = "read",
    skip: Annotated[str, Form()] = "",
) -> Response:
    """Take back what was said at once."""
    place = [one for one in engine.corrections(debate) if one.act == act][:1]
    engine.undo(debate, act)
    if back == "check":
        return see_other(f"/d/{debate}/check", undone=1, skip=skip)
    return _back(debate, place, undone=True)


@router.get("/d/{debate}/cut")
def choose_cut(
    page: PageDep,
    engine: EngineDep,
    debate: str,
    first: Annotated[int, Query(ge=0)],
    last: Annotated[int, Query(ge=0)],
    back: Back = "read",
) -> Response:
    """The words of a turn, to choose the first one that somebody else speaks. Of a long turn a part at a time."""
    read = engine.debate(debate)
    end = _part_end(read, first, last)
    return page(
        "cut.html",
        debate=read,
        segments=[(segment, segment.text.split()) for segment in read.segments[first : end + 1]],
        choice=choice_of(read, first, end),
        last=last,
        back=back,
    )


@router.post("/d/{debate}/cut")
def cut(engine: EngineDep, debate: str, form: FormDep) -> Response:
    """Before the word that is chosen, "12:3": the fourth of segment 12."""
    read, back = engine.debate(debate), "check" if field(form, "back") == "check" else "read"
    segment, _, word = field(form, "word").partition(":")
    path = f"/d/{debate}/check" if back == "check" else f"/d/{debate}"
    if not (segment.isdecimal() and word.isdecimal()):
        return see_other(path, problem="no_word")
    if any(choice_of(read, one.first, one.last) != one for one in choices_in(form, "turn")):
        return see_other(path, problem="changed")
    found = engine.split(debate, int(segment), int(word)).debate
    place = found.segments[int(segment) : int(segment) + 1]
    return _back(debate, place, path=path, act=engine.corrections(debate)[-1].act)


def _part_end(debate: Debate, first: int, last: int) -> int:
    """The segment before which so many words are shown. Raises SegmentUnknown."""
    if not first <= last < len(debate.segments):
        raise SegmentUnknown(first=first, last=last, debate=debate.id, end=len(debate.segments) - 1)
    words = 0
    for segment in debate.segments[first : last + 1]:
        words += len(segment.text.split())
        if words >= _CUT_WORDS:
            return segment.index
    return last


def _back(
    debate: str,
    place: Sequence[Segment | Correction] = (),
    *,
    path: str = "",
    act: int | None = None,
    undone: bool = False,
    problem: Problem | None = None,
) -> Response:
    """To the reader, at the same place."""
    t = f"{floor(place[0].start)},{ceil(place[-1].end)}" if place else None
    return see_other(path or f"/d/{debate}", t=t, done=act, undone=int(undone), problem=problem)
