"""Who speaks, said in the reader: turns that are chosen, all that somebody speaks, a turn cut in two, a slip undone."""

import re
from collections.abc import Sequence
from math import ceil, floor
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response

from api.routes.deps import EngineDep
from api.schemas.shape import LONGEST_LINE
from api.web.rendering import PageDep, PageRoute, see_other
from api.web.speakers.choosing import FormDep, choice_of, choices_in, field, name_in, spoken_by
from api.web.speakers.notices import Problem
from index.errors import CorrectionUnknown, SegmentsChanged, SegmentUnknown
from index.speakers.corrections import Correction
from index.transcripts.segments import plain
from index.types import Debate, Segment

router = APIRouter(route_class=PageRoute)

Back = Literal["read", "check", "voices"]
"""The page that a form stands on."""

_WORD = re.compile(r"\d{1,7}:\d{1,7}", re.ASCII)
_CUT_WORDS = 400
"""Of one page to cut a turn in."""


@router.post("/d/{debate}/speakers")
def say_who_speaks(engine: EngineDep, debate: str, form: FormDep) -> Response:
    """Of the turns that are chosen, or of all that somebody speaks in this debate."""
    read, whose = engine.debate(debate), field(form, "whose")
    speaker = plain(name_in(form, "speaker")) or None
    chosen = spoken_by(read, whose) if whose else choices_in(form, "turns")
    if not chosen:
        return _back(debate, "read", problem="no_turn")
    place = read.segments[chosen[0].first : chosen[0].last + 1]
    if speaker is None and not field(form, "nobody"):
        return _back(debate, "read", place, problem="no_name")
    try:
        engine.correct_all(debate, [choice.said_by(speaker) for choice in chosen])
    except (SegmentsChanged, SegmentUnknown):
        return _back(debate, "read", place, problem="changed")
    return _back(debate, "read", place, act=engine.corrections(debate)[-1].act)


@router.post("/d/{debate}/undo")
def undo(
    engine: EngineDep,
    debate: str,
    act: Annotated[int, Form()],
    back: Annotated[Back, Form()] = "read",
    skip: Annotated[str, Form(max_length=LONGEST_LINE * 2)] = "",
) -> Response:
    """Take back what was said at once. Somebody else, or another window, may have done so before."""
    place = [one for one in engine.corrections(debate) if one.act == act][:1]
    try:
        engine.undo(debate, act)
    except CorrectionUnknown:
        return _back(debate, back, place, problem="gone", skip=skip)
    return _back(debate, back, place, undone=act, skip=skip)


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
    back: Back = "check" if field(form, "back") == "check" else "read"
    read, (segment, _, word) = engine.debate(debate), field(form, "word").partition(":")
    if not _WORD.fullmatch(field(form, "word")):
        return _back(debate, back, problem="no_word")
    if any(choice_of(read, one.first, one.last) != one for one in choices_in(form, "turn")):
        return _back(debate, back, problem="changed")
    found = engine.split(debate, int(segment), int(word)).debate
    return _back(debate, back, found.segments[int(segment) :][:1], act=engine.corrections(debate)[-1].act)


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
    back: Back,
    place: Sequence[Segment | Correction] = (),
    *,
    act: int | None = None,
    undone: int | None = None,
    problem: Problem | None = None,
    skip: str = "",
) -> Response:
    """To the page that the form stood on; in the reader to the same place."""
    told = {"done": act, "undone": undone, "problem": problem}
    if back == "check":
        return see_other(f"/d/{debate}/check", **told, skip=skip)
    if back == "voices":
        return see_other(f"/d/{debate}/voices", **told)
    t = f"{floor(place[0].start)},{ceil(place[-1].end)}" if place else None
    return see_other(f"/d/{debate}", correct=1, t=t, **told)
