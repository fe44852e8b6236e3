"""The commands ``qdq people``: whoever speaks in the debates, and the names that are one person."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, reported, say
from api.commands.options import Json

if TYPE_CHECKING:
    from rag.engine import Engine

app = typer.Typer(
    no_args_is_help=True,
    help=say("Lister, fusionner, renommer les personnes.", "List, merge and rename people."),
)

Names = Annotated[list[str], typer.Argument(help=say("Noms, entre guillemets.", "Names, quoted."))]
Into = Annotated[str, typer.Option("--into", help=say("Le nom qu'ils porteront.", "The name they will go by."))]


@app.command("list", help=say("Qui parle, dans quels débats.", "Who speaks, in which debates."))
@reported
def list_people(as_json: Json = False) -> None:
    _show(open_engine(), as_json)


@app.command(help=say("Plusieurs noms pour une personne.", "Several names for one person."))
@reported
def merge(names: Names, into: Into, as_json: Json = False) -> None:
    engine = open_engine()
    engine.rename(names, into)
    _show(engine, as_json)


@app.command(help=say("Changer un nom dans tous les débats.", "Change a name in every debate."))
@reported
def rename(
    name: Annotated[str, typer.Argument(help=say("Le nom actuel.", "The name now."))],
    new: Annotated[str, typer.Argument(help=say("Le nouveau nom.", "The new name."))],
    as_json: Json = False,
) -> None:
    engine = open_engine()
    engine.rename([name], new)
    _show(engine, as_json)


@app.command(help=say("Défaire un renommage ou une fusion.", "Undo a rename or a merge."))
@reported
def part(
    name: Annotated[str, typer.Argument(help=say("Le nom d'avant.", "The name before."))], as_json: Json = False
) -> None:
    engine = open_engine()
    engine.part(name)
    _show(engine, as_json)


def _show(engine: "Engine", as_json: bool) -> None:
    from api.commands.terminal import people_text
    from api.schemas.speakers import people_out

    people, alike = engine.people(), engine.people_alike()
    print_either(as_json, lambda: people_out(people, alike), lambda: people_text(people, alike, LANGUAGE))
