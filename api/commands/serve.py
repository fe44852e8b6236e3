"""The command ``qdq serve``."""

import sys
from typing import Annotated

import typer

from api.commands.console import open_engine, print_json, reported, say
from api.commands.options import Json

app = typer.Typer()


@app.command(help=say("Servir l'API HTTP.", "Serve the HTTP API."))
@reported
def serve(
    host: Annotated[str | None, typer.Option(help=say("Adresse d'écoute.", "Address to listen on."))] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help=say("Port.", "Port."))] = None,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure",
            help=say(
                "Ne demander de clef à personne : qui atteint le serveur peut tout lire et tout changer.",
                "Ask nobody for a key: whoever reaches the server may read and change everything.",
            ),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Until it is interrupted. Port 0 takes a free one; the address is printed once it listens. Raises KeysNeeded."""
    from api.access.policy import access_of
    from api.serving.server import is_loopback, listening, run

    engine = open_engine()
    host = host or engine.settings.host
    with listening(host, engine.settings.port if port is None else port) as (socket, address):
        access = access_of(engine.settings, address, loopback=is_loopback(socket), insecure=insecure)
        if insecure:
            typer.echo(
                say(
                    "Sans clef : qui atteint cette adresse peut tout lire et tout changer.",
                    "Without a key: whoever reaches this address may read and change everything.",
                ),
                err=True,
            )
        if as_json:
            print_json({"url": address})
        else:
            typer.echo(
                say(
                    f"Qui dit quoi écoute sur {address} (Ctrl-C pour arrêter)",
                    f"Qui dit quoi listens on {address} (Ctrl-C to stop)",
                )
            )
        sys.stdout.flush()
        run(engine, socket, host, access)
