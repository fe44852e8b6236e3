"""The command ``qdq``. Whatever loads models or numbers is imported inside the commands, so that ``--help`` is instant.

Exit codes: 0 done, 1 error, 2 usage, 3 abstained, 4 a quote that is not so. With ``--json`` stdout holds one JSON
document, also for an error.
"""

import typer

from api import (
    answers_cli,
    ask_cli,
    debates_cli,
    edit_cli,
    eval_cli,
    files_cli,
    migrate_cli,
    overview_cli,
    people_cli,
    serve_cli,
    verify_cli,
)
from api.console import say

app = typer.Typer(
    name="qdq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say("Qui dit quoi : questions aux débats enregistrés.", "Qui dit quoi: questions to recorded debates."),
)


for commands in (files_cli, ask_cli, overview_cli, verify_cli, debates_cli, edit_cli, migrate_cli, serve_cli):
    app.add_typer(commands.app)
app.add_typer(people_cli.app, name="people")
app.add_typer(answers_cli.app, name="answers")
app.add_typer(eval_cli.app, name="eval")


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
