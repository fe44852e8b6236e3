"""``/debates/{debate}/edit``: what is said of a debate, changed in a form."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Json

from api.routes.deps import EngineDep
from api.schemas.shape import LONGEST_LINE, MOST_PEOPLE_CHARS
from api.web.rendering import Page, PageDep, PageRoute, see_other
from index.errors import FieldInvalid
from index.media import is_address, media_from_afar
from index.types import Debate, Participant
from index.writing.editing import STAYS, Changes
from index.writing.metadata import participants_in
from rag.engine import Engine
from rag.links import media_path

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form; empty where a debate has nothing. A form sends along what it showed, as JSON."""

    title: str
    date: str
    url: str
    media: str
    language: str
    participants: str

    @property
    def spelled(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@router.get("/debates/{debate}/edit")
def show_edit(debate: str, page: PageDep, engine: EngineDep, changed: Annotated[bool, Query()] = False) -> HTMLResponse:
    """The form with what is known. Raises DebateUnknown."""
    found = engine.debate(debate)
    return _form(page, found, fields_of(found), fields_of(found), changed=changed)


@router.post("/debates/{debate}/edit")
def edit(
    debate: str,
    page: PageDep,
    engine: EngineDep,
    title: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    date: Annotated[str, Form(max_length=40)] = "",
    url: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    media: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    language: Annotated[str, Form(max_length=40)] = "",
    participants: Annotated[str, Form(max_length=MOST_PEOPLE_CHARS)] = "",
    seen: Annotated[Json[Fields] | None, Form()] = None,
) -> Response:
    """Only what differs from what was ``seen``, and from what is known now, is changed; an empty field clears. Raises
    DebateUnknown."""
    found = engine.debate(debate)
    seen = seen or fields_of(found)
    given = Fields(title, date, url.strip(), media.strip(), language.strip(), participants)
    try:
        wanted = changes(engine, found, seen, given)
        if wanted != Changes():
            engine.edit(debate, wanted)
    except FieldInvalid as error:
        return _form(page, found, given, seen, problem=error.message(page.language))
    return see_other(f"/debates/{debate}/edit", changed=None if wanted == Changes() else "true")


def fields_of(debate: Debate) -> Fields:
    """A media file of this machine is shown as the path under which it plays."""
    media = debate.media or ""
    return Fields(
        title=debate.title,
        date=debate.date.isoformat() if debate.date else "",
        url=debate.url or "",
        media=media_path(debate.id) if media and not is_address(media) else media,
        language=debate.language,
        participants="\n".join(", ".join(filter(None, (one.name, one.role))) for one in debate.participants),
    )


def changes(engine: Engine, debate: Debate, seen: Fields, given: Fields) -> Changes:
    """What somebody who has ``seen`` these fields changed, as far as ``debate`` is not so already: another one may have
    changed the rest meanwhile. Raises FieldInvalid."""
    known, folder = fields_of(debate), engine.settings.media_folder
    people = [_lines(one.participants) for one in (seen, known)]
    same_people = _lines(given.participants) in people
    return Changes(
        title=STAYS if given.title in (seen.title, known.title) else given.title,
        date=STAYS if given.date in (seen.date, known.date) else _date(given.date),
        url=STAYS if given.url in (seen.url, known.url) else given.url or None,
        media=STAYS if given.media in (seen.media, known.media) else _media(given.media, folder),
        language=STAYS if given.language in (seen.language, known.language) else given.language,
        participants=STAYS if same_people else _people(given.participants, debate.participants),
    )


def _lines(text: str) -> list[str]:
    """A form sends other line ends than it is sent."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _media(text: str, folder: Path | None) -> str | None:
    return media_from_afar(text, folder) if text else None


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        expected, expected_fr = "a day as YYYY-MM-DD", "un jour écrit AAAA-MM-JJ"
        raise FieldInvalid(field="date", value=text, expected=expected, expected_fr=expected_fr) from error


def _people(text: str, known: Sequence[Participant]) -> tuple[Participant, ...]:
    """Whoever is there already keeps their other names."""
    aliases = {person.name: person.aliases for person in known}
    return tuple(Participant(one.name, one.role, aliases.get(one.name, ())) for one in participants_in(text))


def _form(
    page: Page, debate: Debate, fields: Fields, seen: Fields, *, problem: str = "", changed: bool = False
) -> HTMLResponse:
    return page(
        "debate_edit.html",
        status=422 if problem else 200,
        debate=debate,
        fields=fields,
        seen=seen.spelled,
        problem=problem,
        changed=changed,
    )
