"""The command ``qdq verify``. Exit codes: 0 when the quote is exact or near, 4 when it is anything else."""

from typing import Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, progress, reported, say
from api.commands.options import DebateOption, Json

NOT_SO = 4

app = typer.Typer()


@app.command(help=say("Vérifier une citation : est-ce dit, par qui ?", "Verify a quote: is it said, and by whom?"))
@reported
def verify(
    quote: Annotated[str, typer.Argument(help=say("La citation.", "The quote."))],
    speaker: Annotated[str | None, typer.Option(help=say("Qui l'aurait dit.", "Who is said to have said it."))] = None,
    debate: DebateOption = None,
    as_json: Json = False,
) -> None:
    """Exit code 4 unless it is exact or near."""
    from api.commands.verify_text import verification_text
    from api.schemas.verify import verification_out
    from rag.quotes.types import Verdict

    engine = open_engine()
    with progress(as_json) as told:
        found = engine.verify(quote, speaker=speaker, debate=debate, progress=told)
    print_either(as_json, lambda: verification_out(found, LANGUAGE), lambda: verification_text(found, LANGUAGE))
    if found.verdict not in (Verdict.EXACT, Verdict.NEAR):
        raise typer.Exit(NOT_SO)
