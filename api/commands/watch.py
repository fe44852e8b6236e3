"""The commands ``qdq watch``: to be told of debates to come."""

from typing import Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, print_json, reported, say
from api.commands.options import Json

app = typer.Typer(
    no_args_is_help=True,
    help=say("Être prévenu des débats à venir.", "Be told of debates to come."),
)
Id = Annotated[str, typer.Argument(help=say("Identifiant de la veille.", "The watch's id."))]
_THRESHOLD = 0.5
"""That of ``rag.watches.types``, which is not loaded for a list of commands."""


@app.command(help=say("Veiller sur une personne, un sujet, ou les deux.", "Watch for a person, a topic, or both."))
@reported
def add(
    speaker: Annotated[
        str | None,
        typer.Option(help=say("Ses propos ; une partie du nom suffit.", "Their words; part of a name will do.")),
    ] = None,
    topic: Annotated[str | None, typer.Option(help=say("Sujet.", "Topic."))] = None,
    webhook: Annotated[
        str | None, typer.Option(help=say("Adresse à prévenir, en https.", "Address to be told, with https."))
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.01, max=1.0, help=say("Confiance minimale.", "Least confidence."))
    ] = _THRESHOLD,
    backfill: Annotated[
        bool,
        typer.Option("--backfill", help=say("Regarder aussi les débats déjà là.", "Look at the debates there, too.")),
    ] = False,
    as_json: Json = False,
) -> None:
    """The secret of the webhook is told here, and nowhere else."""
    from api.commands.watch_text import added_text
    from api.schemas.watches import added_out

    engine = open_engine()
    watch = engine.watching.add(
        speaker, topic, webhook=webhook, threshold=threshold, language=LANGUAGE, backfill=backfill
    )
    print_either(as_json, lambda: added_out(watch), lambda: added_text(watch, LANGUAGE))


@app.command("list", help=say("Les veilles.", "The watches."))
@reported
def list_watches(as_json: Json = False) -> None:
    from api.commands.watch_text import watches_text
    from api.schemas.watches import watches_out

    watches = open_engine().watching.all()
    print_either(as_json, lambda: watches_out(watches), lambda: watches_text(watches, LANGUAGE))


@app.command(help=say("Une veille et ce qu'elle a trouvé.", "A watch and what it found."))
@reported
def show(watch: Id, as_json: Json = False) -> None:
    from api.commands.watch_text import findings_text
    from api.schemas.watches import findings_out

    watching = open_engine().watching
    known, found = watching.get(watch), watching.findings(watch)
    print_either(as_json, lambda: findings_out(known, found), lambda: findings_text(known, found, LANGUAGE))


@app.command(help=say("Supprimer une veille.", "Remove a watch."))
@reported
def remove(watch: Id, as_json: Json = False) -> None:
    open_engine().watching.remove(watch)
    if as_json:
        print_json({"removed": watch})
    else:
        typer.echo(say(f"{watch} supprimée.", f"{watch} removed."))


@app.command(help=say("Envoyer un essai au webhook d'une veille.", "Send a sample to a watch's webhook."))
@reported
def test(watch: Id, as_json: Json = False) -> None:
    """Exit code 1 when it did not arrive."""
    from api.commands.watch_text import attempt_text
    from api.schemas.watches import tested_out

    attempt = open_engine().watching.test(watch)
    print_either(as_json, lambda: tested_out(watch, attempt), lambda: attempt_text(attempt, LANGUAGE))
    if not attempt.delivered:
        raise typer.Exit(1)


@app.command(
    help=say(
        "Regarder les débats qui attendent et envoyer ce qui est dû, sans serveur.",
        "Look at the debates that wait, and send what is due, without a server.",
    )
)
@reported
def deliver(as_json: Json = False) -> None:
    """Exit code 1 when something did not arrive; it is tried again later."""
    from api.commands.watch_text import delivered_text
    from api.schemas.watches import DeliveredOut, sent_out

    watching = open_engine().watching
    found, sent = watching.look(), watching.deliver()
    print_either(
        as_json,
        lambda: DeliveredOut(found=found, sent=[sent_out(one) for one in sent]),
        lambda: delivered_text(found, sent, LANGUAGE),
    )
    if not all(one.attempt.delivered for one in sent):
        raise typer.Exit(1)
