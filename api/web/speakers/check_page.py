"""``/d/{debate}/check``: who speaks the turns that are least certain, five at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.errors import status_of
from api.routes.deps import EngineDep
from api.web.choices import names_offered
from api.web.media import frames, media, player_of
from api.web.rendering import Page, PageDep, PageRoute, see_other
from api.web.speakers.acts import acts_of
from api.web.speakers.checked import checked_turns
from api.web.speakers.choosing import LONGEST_NAME, Choice, FormDep, choices_in, field, name_in
from api.web.speakers.notices import Done, DoneDep, notice_of
from api.web.voices import colours
from index.errors import FieldInvalid, QdqError, SegmentsChanged, SegmentUnknown
from rag.engine import Engine

router = APIRouter(route_class=PageRoute)

_SKIPPED = 300
"""Turns that nobody could name, which the address holds."""
_ACTS = 50
OTHER = "+"
"""The answer that names somebody by typing; a name that is chosen has "=" before it, and "" leaves the turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``chosen`` as its form sends it, and what was ``typed``."""

    choice: Choice
    chosen: str
    typed: str

    @property
    def speaker(self) -> str:
        """Empty where the turn is left."""
        return self.chosen.removeprefix("=") if self.chosen.startswith("=") else self.typed

    @property
    def unnamed(self) -> bool:
        return self.chosen == OTHER and not self.typed


@router.get("/d/{debate}/check")
def check(
    page: PageDep,
    engine: EngineDep,
    debate: str,
    done: DoneDep,
    skip: Annotated[str, Query(max_length=13 * _SKIPPED)] = "",
) -> Response:
    """The turns, what was just saved, and what was corrected before."""
    return _shown(page, engine, debate, skip, done=done)


@router.post("/d/{debate}/check")
def save(page: PageDep, engine: EngineDep, debate: str, form: FormDep) -> Response:
    """The answers are one act; those that are left are not shown again."""
    skip = field(form, "skip")
    answers = [_answer(form, choice) for choice in choices_in(form, "turn")]
    if any(answer.unnamed for answer in answers):
        return _shown(page, engine, debate, skip, answers, done=Done(problem="no_name"), status=422)
    sayings = [answer.choice.said_by(answer.speaker) for answer in answers if answer.speaker]
    try:
        if sayings:
            engine.correct_all(debate, sayings)
    except (SegmentsChanged, SegmentUnknown, FieldInvalid) as error:
        return _shown(page, engine, debate, skip, answers, error=error, status=status_of(type(error)))
    left = [*skip.split(","), *(answer.choice.mark for answer in answers if not answer.speaker)]
    act = engine.corrections(debate)[-1].act if sayings else None
    return see_other(f"/d/{debate}/check", done=act, skip=",".join(filter(None, left[-_SKIPPED:])))


def _answer(form: FormDep, choice: Choice) -> Answer:
    return Answer(choice, field(form, f"who-{choice.first}"), name_in(form, f"name-{choice.first}"))


def _shown(
    page: Page,
    engine: Engine,
    debate: str,
    skip: str,
    answers: Sequence[Answer] = (),
    *,
    done: Done | None = None,
    error: QdqError | None = None,
    status: int = 200,
) -> Response:
    known, catalogue = engine.attribution(debate), engine.catalogue()
    turns, left, skipped = checked_turns(
        known, set(skip.split(",")), colours(catalogue, {debate}).get(debate, {}), page.language
    )
    acts = acts_of(debate, engine.corrections(debate), frozenset(known.lost))
    player = player_of(known.debate)
    return page(
        "check.html",
        status=status,
        frames=frames([player]),
        media=media([player]),
        player=player,
        debate=known.debate,
        turns=turns,
        left=left,
        skip=skip,
        skipped=skipped,
        given={answer.choice: answer for answer in answers},
        names=names_offered(catalogue),
        longest_name=LONGEST_NAME,
        notice=notice_of(engine, debate, done or Done()),
        error=error.message(page.language) if error else "",
        acts=acts[:_ACTS],
        more_acts=len(acts[_ACTS:]),
    )
