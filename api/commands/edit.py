"""The command ``qdq edit``: what is said of a debate, changed."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, reported, say
from api.commands.options import Day, DebateArgument, Iso, Json, Media, People, Title, Url

if TYPE_CHECKING:
    from index.types import Debate, Participant

app = typer.Typer()


class Clearable(StrEnum):
    """What a debate can be without."""

    DATE = "date"
    URL = "url"
    MEDIA = "media"
    PARTICIPANTS = "participants"


Clear = Annotated[
    list[Clearable] | None, typer.Option("--clear", help=say("Champ à vider ; à répéter.", "Field to empty; repeated."))
]


@app.command(help=say("Changer le titre, la date, le média… d'un débat.", "Change a debate's title, date, media…"))
@reported
def edit(
    debate: DebateArgument,
    title: Title = None,
    date: Day = None,
    url: Url = None,
    media: Media = None,
    language: Iso = None,
    participant: People = None,
    clear: Clear = None,
    as_json: Json = False,
) -> None:
    """What is not given stays. Adding the file again brings back its own."""
    from api.commands.terminal import debates_text
    from api.schemas.debates import DebateOut
    from index.media import media_from_here
    from index.writing.editing import Changes

    engine = open_engine()
    given: dict[str, Any] = {one.value: () if one is Clearable.PARTICIPANTS else None for one in clear or []}
    given |= {
        name: value for name, value in (("title", title), ("url", url), ("language", language)) if value is not None
    }
    if date:
        given["date"] = date.date()
    if media is not None:
        given["media"] = media_from_here(media, Path())
    if participant:
        given["participants"] = _people(participant, engine.debate(debate))
    engine.edit(debate, Changes(**given))
    found = next(one for one in engine.debates() if one.id == debate)
    print_either(as_json, lambda: DebateOut.model_validate(found), lambda: debates_text([found], LANGUAGE))


def _people(given: list[str], debate: "Debate") -> "tuple[Participant, ...]":
    """ "Ada Martin, maire" is a name and a role; whoever is there already keeps their other names."""
    from index.writing.metadata import participants_in

    aliases = {person.name: person.aliases for person in debate.participants}
    return tuple(replace(one, aliases=aliases.get(one.name, ())) for one in participants_in("\n".join(given)))
