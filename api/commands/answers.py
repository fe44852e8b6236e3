"""The commands ``qdq answers``: those that are kept."""

from typing import Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, print_json, reported, say
from api.commands.options import Json

app = typer.Typer(
    no_args_is_help=True,
    help=say("Revoir et effacer les réponses conservées.", "See again and delete the answers that are kept."),
)
Id = Annotated[str, typer.Argument(help=say("Identifiant de la réponse.", "The answer's id."))]


@app.command("list", help=say("Les réponses, de la plus récente à la plus ancienne.", "The answers, newest first."))
@reported
def list_answers(as_json: Json = False) -> None:
    from api.commands.terminal import records_text
    from api.schemas.kept import records_out

    records = open_engine().answers()
    print_either(as_json, lambda: records_out(records), lambda: records_text(records, LANGUAGE))


@app.command(
    help=say("Une réponse, et si ses citations tiennent toujours.", "An answer, and if its quotes still stand.")
)
@reported
def show(answer: Id, as_json: Json = False) -> None:
    from api.commands.terminal import record_text
    from api.schemas.kept import record_out

    engine = open_engine()
    record = engine.answer_record(answer)
    stood = engine.standing(record.answer)
    print_either(as_json, lambda: record_out(record, stood), lambda: record_text(record, stood, LANGUAGE))


@app.command(help=say("Effacer une réponse.", "Delete an answer."))
@reported
def delete(answer: Id, as_json: Json = False) -> None:
    open_engine().forget_answer(answer)
    if as_json:
        print_json({"deleted": answer})
    else:
        typer.echo(say(f"{answer} effacée.", f"{answer} deleted."))


@app.command(help=say("Effacer toutes les réponses.", "Delete every answer."))
@reported
def clear(as_json: Json = False) -> None:
    count = open_engine().forget_answers()
    if as_json:
        print_json({"deleted": count})
    else:
        typer.echo(say(f"{count} réponse(s) effacée(s).", f"{count} answer(s) deleted."))
