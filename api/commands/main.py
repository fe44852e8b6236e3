"""The command ``qdq``. Whatever loads models or numbers is imported inside the commands, so that ``--help`` is instant.

Exit codes: 0 done, 1 error, 2 usage, 3 abstained, 4 a quote that is not so. With ``--json`` stdout holds one JSON
document, also for an error.
"""

import typer

from api.commands import (
    answers,
    ask,
    assistants,
    backup,
    debates,
    doctor,
    edit,
    evaluate,
    files,
    keys,
    migrate,
    overview,
    people,
    serve,
    verify,
    voices,
    watch,
)
from api.commands.console import say

app = typer.Typer(
    name="qdq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say("Qui dit quoi : questions aux débats enregistrés.", "Qui dit quoi: questions to recorded debates."),
)


for commands in (files, ask, overview, verify, debates, voices, edit, migrate, backup, doctor, serve, assistants):
    app.add_typer(commands.app)
app.add_typer(people.app, name="people")
app.add_typer(answers.app, name="answers")
app.add_typer(watch.app, name="watch")
app.add_typer(keys.app, name="keys")
app.add_typer(evaluate.app, name="eval")


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
