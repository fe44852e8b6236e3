"""``/debates``: the debates of the index, found and removed."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.deps import EngineDep
from api.web.debates_listed import Order, listed
from api.web.figures import duration, number, percent
from api.web.rendering import Page, PageDep, PageRoute
from api.web.texts import say_in
from index.errors import DebateUnknown
from index.errors import listed as names_listed
from index.types import DebateSummary
from rag.engine import Engine

router = APIRouter(route_class=PageRoute)

_PEOPLE_SHOWN = 6
_ORDERS = {Order.DATE: "debates.by_date", Order.TITLE: "debates.by_title"}


@router.get("/debates")
def debates(
    page: PageDep,
    engine: EngineDep,
    search: Annotated[str, Query()] = "",
    sort: Annotated[Order, Query()] = Order.DATE,
    number_: Annotated[int, Query(alias="page", ge=1)] = 1,
    removed: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """The form to bring some, and the list, a page of it."""
    catalogue = engine.catalogue()
    found = listed(catalogue, " ".join(search.split()), sort, number_)
    gone = removed and all(debate.id != removed for debate in catalogue.debates)
    return page(
        "debates.html",
        listed=found,
        orders=_ORDERS.items(),
        known=partial(_known, page),
        people_shown=_PEOPLE_SHOWN,
        duration=duration,
        number=partial(number, language=page.language),
        removed=removed if gone else "",
        limit=engine.settings.max_file_mb,
    )


def _known(page: Page, debate: DebateSummary) -> str:
    """Of how much of a debate it is known who speaks, in words."""
    say = say_in(page.language)
    if debate.labelled_words >= debate.words:
        return say("debates.all_known")
    share = percent(debate.labelled_words, debate.words)
    return say("debates.known", share=share) if share else say("debates.nobody_known")


@router.get("/debates/{debate}/delete")
def ask_delete(debate: str, page: PageDep, engine: EngineDep) -> HTMLResponse:
    """What would be lost. Raises DebateUnknown."""
    return page(
        "debate_delete.html",
        debate=summary(engine, debate),
        corrections=len(engine.corrections(debate)),
        duration=duration,
        number=partial(number, language=page.language),
    )


@router.post("/debates/{debate}/delete")
def delete(debate: str, engine: EngineDep) -> Response:
    """Raises DebateUnknown."""
    engine.remove(debate)
    return RedirectResponse(f"/debates?removed={debate}", status_code=303)


def summary(engine: Engine, debate: str) -> DebateSummary:
    """Raises DebateUnknown."""
    catalogue = engine.catalogue()
    found = next((one for one in catalogue.debates if one.id == debate), None)
    if found is None:
        raise DebateUnknown(debate=debate, known=names_listed([one.id for one in catalogue.debates]))
    return found
