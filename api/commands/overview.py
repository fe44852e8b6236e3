"""The commands about whole debates: ``qdq compare``, ``qdq chapters``."""

from typing import Annotated

import typer

from api.commands.ask import print_answer
from api.commands.console import LANGUAGE, open_engine, print_either, progress, reported, say
from api.commands.options import DebateArgument, DebateOption, Json

app = typer.Typer()


@app.command(help=say("Comparer les positions sur un sujet.", "Compare positions on a topic."))
@reported
def compare(
    topic: Annotated[str, typer.Argument(help=say("Le sujet, en quelques mots.", "The topic, in a few words."))],
    debate: DebateOption = None,
    person: Annotated[
        list[str] | None, typer.Option(help=say("Cette personne (répétable).", "This person (repeatable)."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Exit code 3 when nobody speaks of it."""
    engine = open_engine()
    with progress(as_json) as told:
        answer = engine.compare(topic, debate=debate, people=person or (), progress=told)
    print_answer(answer, as_json)


@app.command(help=say("Montrer les chapitres d'un débat.", "Show the chapters of a debate."))
@reported
def chapters(debate: DebateArgument, as_json: Json = False) -> None:
    from api.commands.overview_text import chapters_text
    from api.schemas.overview import chapters_out

    found = open_engine().chapters(debate)
    print_either(as_json, lambda: chapters_out(debate, found), lambda: chapters_text(found, LANGUAGE))
