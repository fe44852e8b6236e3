"""The commands about whole debates: ``qdq compare``."""

from typing import Annotated

import typer

from api.console import LANGUAGE, open_engine, print_either, progress, reported, say
from api.options import DebateOption, Json

ABSTAINED = 3

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
    from api.schemas import AnswerOut
    from api.terminal import answer_text

    engine = open_engine()
    with progress(as_json) as told:
        answer = engine.compare(topic, debate=debate, people=person or (), progress=told)
    print_either(as_json, lambda: AnswerOut.model_validate(answer), lambda: answer_text(answer, LANGUAGE))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)
