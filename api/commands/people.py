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


@app.command(
    help=say("Garder la voix d'une personne, pour la reconnaître.", "Keep a person's voice, to know it again.")
)
@reported
def enroll(
    name: Annotated[str, typer.Argument(help=say("Nom, entre guillemets.", "Name, quoted."))],
    debate: Annotated[str, typer.Option(help=say("Un débat où elle parle.", "A debate in which they speak."))],
    yes: Annotated[bool, typer.Option("--yes", help=say("Sans demander.", "Without asking."))] = False,
    as_json: Json = False,
) -> None:
    """Only where ``QDQ_VOICE_ENROLMENT`` is true."""
    engine = open_engine()
    engine.enrolment.check_on()
    if not yes:
        _ask(name)
    engine.enrol(debate, name)
    _show_enrolled(engine, as_json)


@app.command(help=say("De qui la voix est gardée.", "Whose voices are kept."))
@reported
def enrolled(as_json: Json = False) -> None:
    _show_enrolled(open_engine(), as_json)


@app.command(help=say("Effacer la voix d'une personne.", "Delete a person's voice."))
@reported
def forget(
    name: Annotated[str, typer.Argument(help=say("Nom, entre guillemets.", "Name, quoted."))], as_json: Json = False
) -> None:
    """Names that it gave stay in their debates, where each can be undone."""
    engine = open_engine()
    engine.enrolment.forget(name)
    _show_enrolled(engine, as_json)


def _ask(name: str) -> None:
    """Exits when the answer is no, or there is none."""
    meant = say(
        f"Une empreinte de la voix de {name} sera gardée sur cette machine (voices.db), pour reconnaître cette "
        "personne dans d'autres enregistrements. C'est une donnée biométrique (RGPD, article 9) : il faut son "
        "consentement explicite. « qdq people forget » l'efface.\nGarder cette empreinte ?",
        f"A print of {name}'s voice will be kept on this machine (voices.db), to know them in other recordings. "
        "This is biometric data (GDPR, article 9): it needs their explicit consent. “qdq people forget” deletes it.\n"
        "Keep this print?",
    )
    typer.confirm(meant, abort=True, err=True)


def _show_enrolled(engine: "Engine", as_json: bool) -> None:
    from api.commands.terminal import enrolled_text
    from api.schemas.speakers import enrolled_out

    found = engine.enrolment.all()
    print_either(as_json, lambda: enrolled_out(found), lambda: enrolled_text(found, LANGUAGE))


def _show(engine: "Engine", as_json: bool) -> None:
    from api.commands.terminal import people_text
    from api.schemas.speakers import people_out

    people, alike = engine.people(), engine.people_alike()
    print_either(as_json, lambda: people_out(people, alike), lambda: people_text(people, alike, LANGUAGE))
