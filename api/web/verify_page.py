"""``/verify``: whether a quote is said, by whom, where, and what differs."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.errors import status_of
from api.routes.deps import EngineDep
from api.schemas.shape import LONGEST_ID, LONGEST_NAME
from api.web.choices import debates_offered, names_offered
from api.web.media import frames, media, players_of
from api.web.rendering import PageDep, PageRoute
from api.web.voices import certainty, colours
from index.errors import DebateError, QdqError, QuestionError
from rag.quotes.telling import parted, unnamed
from rag.quotes.types import Kind, Place

router = APIRouter(route_class=PageRoute)


@router.get("/verify")
def verify(
    page: PageDep,
    engine: EngineDep,
    quote: Annotated[str, Query()] = "",
    speaker: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    debate: Annotated[str, Query(max_length=LONGEST_ID)] = "",
) -> HTMLResponse:
    """The form, and under it the verdict where a quote is given: the address can be shared."""
    catalogue, found = engine.catalogue(), None
    problem: QdqError | None = None
    try:
        found = engine.verify(quote, speaker=speaker or None, debate=debate or None) if quote else None
    except (QuestionError, DebateError) as error:
        problem = error
    cited = [*found.places, *found.nearest] if found else []
    by_debate = colours(catalogue, {place.debate for place in cited})
    players = players_of(catalogue, cited)
    return page(
        "verify.html",
        frames=frames(players.values()),
        media=media(players.values()),
        players=players,
        status=status_of(type(problem)) if problem else 200,
        quote=quote,
        chosen_speaker=found.speaker if found and found.speaker else speaker,
        chosen_debate=debate,
        names=names_offered(catalogue),
        debates=debates_offered(catalogue, debate),
        languages={one.id: one.language for one in catalogue.debates},
        problem=problem.message(page.language) if problem else "",
        found=found,
        told=parted(found, page.language) if found else None,
        unnamed=found is not None and unnamed(found),
        colour=lambda debate, name: by_debate.get(debate, {}).get(name, 0),
        certainty=certainty,
        marked=lambda place: list(_marked(place)),
        kind_key=_KEYS.get,
    )


_KEYS = {kind: kind.value for kind in Kind} | {Kind.LEFT_OUT: "omitted"}


def _marked(place: Place) -> Iterator[tuple[str, bool]]:
    """The words of the transcript, those marked that the quote says otherwise."""
    at = 0
    for one in sorted(place.differences, key=lambda one: one.char_begin):
        begin, end = one.char_begin - place.char_begin, one.char_end - place.char_begin
        if begin >= at and end > begin:
            yield place.text[at:begin], False
            yield place.text[begin:end], True
            at = end
    yield place.text[at:], False
