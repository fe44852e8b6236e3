"""Files become debates: ``POST /debates`` from a form, and what the script of ``/debates`` asks for while it sends
each file to ``POST /v1/debates`` by itself."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.access.quotas import Share
from api.routes.deps import EngineDep, ShareDep
from api.schemas.shape import LONGEST_ID, LONGEST_LINE, MOST_PEOPLE_CHARS
from api.serving.uploads import name_of, on_disk
from api.web.debates.brought import Brought, Chosen, brought, chosen
from api.web.debates.figures import number
from api.web.debates.list_page import summary
from api.web.rendering import Page, PageDep, PageRoute
from api.web.texts import say_in
from index.errors import QdqError
from index.media import media_from_afar
from index.read_options import PACES, ReadOptions
from index.writing.build import Details
from index.writing.metadata import participants_in

router = APIRouter(route_class=PageRoute)


@router.post("/debates")
def bring(  # one argument a form field
    page: PageDep,
    share: ShareDep,
    files: Annotated[list[UploadFile] | None, File()] = None,
    speakers: Annotated[UploadFile | None, File()] = None,
    new_id: Annotated[str | None, Form(alias="id", max_length=LONGEST_ID)] = None,
    title: Annotated[str | None, Form(max_length=LONGEST_LINE)] = None,
    date: Annotated[datetime.date | None, Form()] = None,
    url: Annotated[str | None, Form(max_length=LONGEST_LINE)] = None,
    media: Annotated[str | None, Form(max_length=LONGEST_LINE)] = None,
    language: Annotated[str | None, Form(max_length=40)] = None,
    participants: Annotated[str, Form(max_length=MOST_PEOPLE_CHARS)] = "",
    words_per_minute: Annotated[int | None, Form(ge=PACES[0], le=PACES[1])] = None,
    overwrite: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Adds each transcript with what goes with it by its name, and shows what became of each. Raises
    FieldInvalid for a medium or participants that cannot be."""
    engine = share.engine
    given_files = [file for file in files or () if file.filename]
    uploads = {name_of(file): file for file in given_files}
    found = chosen([name_of(file) for file in given_files], [], [], engine.settings.max_file_mb, page.language)
    single = bool(new_id or title or url or media or (speakers and speakers.filename))
    if problem := _problem(page, found, single=single):
        return page("debates_added.html", status=422, problem=problem, files=[], number=_numbers(page))
    people, options = participants_in(participants), ReadOptions(words_per_minute)
    plays = media_from_afar(media, engine.settings.media_folder) if media else None
    given = Details(new_id, title, date, url, language, options=options, participants=people, media=plays)
    side_file = speakers if speakers and speakers.filename else None
    results = [_added(share, page, one, uploads, given, side_file, overwrite) for one in found]
    return _results(page, results)


def _problem(page: Page, found: Sequence[Chosen], *, single: bool) -> str:
    """Why nothing can be done with the form as a whole."""
    say = say_in(page.language)
    if not found:
        return say("debates.no_file")
    if single and sum(not one.alone for one in found) > 1:
        return say("debates.for_one")
    return ""


def _added(
    share: Share,
    page: Page,
    one: Chosen,
    uploads: dict[str, UploadFile],
    given: Details,
    side_file: UploadFile | None,
    overwrite: bool,
) -> Brought:
    """What is wrong with a file stops no other."""
    if one.alone:
        return Brought(one.name, problem=say_in(page.language)("debates.alone", name=one.name))
    if one.problem:
        return Brought(one.name, problem=one.problem)
    speakers = side_file or (uploads[one.speakers] if one.speakers else None)
    metadata = uploads[one.metadata] if one.metadata else None
    files = on_disk(uploads[one.name], given, share.engine.settings, speakers=speakers, metadata=metadata)
    try:
        with files as (path, details):
            added = share.add(path, details, overwrite=overwrite)
    except QdqError as error:
        return Brought(one.name, problem=error.message(page.language))
    debate = summary(share.engine, added.debate.id)
    return brought(
        one.name, debate, added.report, added.voices, added.lost, replaced=added.replaced, language=page.language
    )


def _results(page: Page, results: Sequence[Brought]) -> HTMLResponse:
    status = 200 if any(not one.problem for one in results) else 422
    return page("debates_added.html", status=status, problem="", files=results, number=_numbers(page))


def _numbers(page: Page) -> Callable[[int], str]:
    return partial(number, language=page.language)


@router.post("/debates/chosen")
def show_chosen(
    page: PageDep,
    engine: EngineDep,
    name: Annotated[list[Annotated[str, Field(max_length=LONGEST_LINE)]], Form(max_length=1_000)],
    size: Annotated[list[int] | None, Form(max_length=1_000)] = None,
) -> HTMLResponse:
    """The fields of each file that somebody chose, before anything of it is sent: a part of a page."""
    debates, limit = engine.catalogue().debates, engine.settings.max_file_mb
    return page("bring_chosen.html", files=chosen(name, size or [], debates, limit, page.language))


@router.get("/debates/{debate}/added")
def show_added(
    debate: str,
    page: PageDep,
    engine: EngineDep,
    name: Annotated[str, Query(max_length=LONGEST_LINE)] = "",
    replaced: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """What became of a file that was added: a part of a page. Raises DebateUnknown."""
    found = summary(engine, debate)
    state = engine.attribution(debate)
    result = brought(
        name, found, engine.report(debate), state.voices, state.lost, replaced=replaced, language=page.language
    )
    return page("bring_added.html", one=result, number=_numbers(page))
