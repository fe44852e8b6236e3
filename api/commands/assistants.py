"""The command ``qdq mcp``."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import LANGUAGE, open_engine, print_json, reported, say

if TYPE_CHECKING:
    from rag.settings import Settings

app = typer.Typer()
_PASSED_ON = ("home", "cache", "store", "model", "media_folder", "keep_answers_days")
"""Settings that the assistant's program has to give; what is secret is for its user to add."""


@app.command(
    name="mcp",
    help=say(
        "Servir les débats à un assistant, par MCP, sur l'entrée et la sortie standard.",
        "Serve the debates to an assistant, by MCP, on standard input and output.",
    ),
)
@reported
def mcp(
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=say(
                "Ne rien servir : donner l'entrée à mettre dans les réglages de l'assistant.",
                "Serve nothing: print the entry to put into the assistant's settings.",
            ),
        ),
    ] = False,
) -> None:
    """Until standard input ends, which an assistant's program closes."""
    from api.assistants.extra import needed
    from rag.settings import load_settings

    if as_json:
        with needed():
            import mcp as _  # noqa: F401
        print_json(entry(load_settings()))
        return
    from api.assistants.stdio import serve

    engine = open_engine()
    try:
        serve(engine, LANGUAGE)
    finally:
        engine.close()


def entry(settings: "Settings") -> dict[str, Any]:
    """What programs with assistants read from their settings: how to start this one on this index."""
    command = shutil.which(sys.argv[0])
    start = [str(Path(command).absolute())] if command else [sys.executable, "-m", "api.commands.main"]
    given = settings.model_dump(mode="json", include=settings.model_fields_set & set(_PASSED_ON))
    variables = {f"QDQ_{name.upper()}": str(value) for name, value in given.items()}
    env = {"QDQ_HOME": str(settings.home.absolute())} | variables
    return {"mcpServers": {"qui-dit-quoi": {"command": start[0], "args": [*start[1:], "mcp"], "env": env}}}
