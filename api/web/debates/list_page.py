"""``/debates``: the debates of the index, found and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.routes.deps import EngineDep, ShareDep
from api.schemas.shape import LONGEST_ID, LONGEST_LINE
from api.web.debates.figures import duration, number, percent
from api.web.debates.listed import Order, listed
from api.web.rendering import Page, PageDep, PageRoute, see_other
from api.web.texts import long_date, say_in
from index.errors import DebateUnknown
from index.errors import listed as names_listed
from index.types import DebateSummary
from index.writing.build import is_id
from rag.engine import Engine

router = APIRouter(route_class=PageRoute)

_PEOPLE_SHOWN = 6
_ORDERS = {Order.DATE: "debates.by_date", Order.TITLE: "debates.by_title"}


@router.get("/debates")
def debates(
    page: PageDep,
    engine: EngineDep,
    search: Annotated[str, Query(max_length=LONGEST_LINE)] = "",
    sort: Annotated[Order, Query()] = Order.DATE,
    number_: Annotated[int, Query(alias="page", ge=1)] = 1,
    removed: Annotated[str, Query(max_length=LONGEST_ID)] = "",
) -> HTMLResponse:
    """The form to bring some, and the list, a page of it."""
    catalogue = engine.catalogue()
    found = listed(catalogue, " ".join(search.split()), sort, number_)
    gone = is_id(removed) and all(debate.id != removed for debate in catalogue.debates)
    return page(
        "debates.html",
        listed=found,
        rows=[_row(page, debate, found.people[debate.id]) for debate in found.debates],
        orders=_ORDERS.items(),
        number=partial(number, language=page.language),
        removed=gone,
        limit=engine.settings.max_file_mb,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A debate of the list, in words; ``complete`` when a file or a person says of each word who speaks it."""

    id: str
    title: str
    language: str
    facts: str
    people: str
    known: str
    complete: bool


def _row(page: Page, debate: DebateSummary, people: Sequence[str]) -> Row:
    say = say_in(page.language)
    more = len(people) - _PEOPLE_SHOWN
    names = ", ".join(people[:_PEOPLE_SHOWN]) + (" " + say("debates.more_people", n=more) if more > 0 else "")
    known = _known(page, debate)
    return Row(debate.id, debate.title, debate.language, _facts(page, debate), names, known, debate.all_told)


def _known(page: Page, debate: DebateSummary) -> str:
    """Of how many words who speaks them is known, be it inferred."""
    say = say_in(page.language)
    share = percent(debate.labelled_words, debate.words)
    if share == 100:
        return say("debates.all_known" if debate.all_told else "debates.all_inferred")
    return say("debates.known", share=share) if share else say("debates.nobody_known")


def _facts(page: Page, debate: DebateSummary) -> str:
    """Its day, how long it is."""
    say = say_in(page.language)
    words, segments = (number(count, page.language) for count in (debate.words, debate.segments))
    day = [long_date(debate.date, page.language)] if debate.date else []
    told = [
        duration(debate.duration),
        say("debates.words", n=debate.words, count=words),
        say("debates.segments", n=debate.segments, count=segments),
    ]
    return " · ".join((*day, *told))


@router.get("/debates/{debate}/delete")
def ask_delete(debate: str, page: PageDep, engine: EngineDep) -> HTMLResponse:
    """What would be lost. Raises DebateUnknown."""
    found = summary(engine, debate)
    return page(
        "debate_delete.html",
        debate=found,
        facts=_facts(page, found),
        corrections=len(engine.corrections(debate)),
        uploaded=engine.uploads.holds(found.media),
    )


@router.post("/debates/{debate}/delete")
def delete(debate: str, share: ShareDep) -> Response:
    """Raises DebateUnknown."""
    share.remove(debate)
    return see_other("/debates", removed=debate)


def summary(engine: Engine, debate: str) -> DebateSummary:
    """Raises DebateUnknown."""
    catalogue = engine.catalogue()
    found = next((one for one in catalogue.debates if one.id == debate), None)
    if found is None:
        raise DebateUnknown(debate=debate, known=names_listed([one.id for one in catalogue.debates]))
    return found
