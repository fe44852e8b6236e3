"""What the commands share: their language, errors as one sentence, JSON or text, progress."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from index.errors import QdqError
from rag.language import interface_language

if TYPE_CHECKING:
    from pydantic import BaseModel

    from index.types import Progress
    from rag.engine import Engine

LANGUAGE = interface_language()
_INTERRUPTED = 130
"""128 and the number of SIGINT, as a shell has it."""
_P = ParamSpec("_P")


def say(french: str, english: str) -> str:
    """The one in the language of the interface."""
    return french if LANGUAGE == "fr" else english


def open_engine() -> "Engine":
    """On the index of the settings."""
    from rag.engine import Engine

    return Engine.open()


def reported(command: Callable[_P, None]) -> Callable[_P, None]:
    """Our errors become one sentence on stderr, or a JSON document on stdout, and exit code 1; an interruption one
    sentence and 130."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except QdqError as error:
            if kwargs.get("as_json"):
                from api.errors import problem

                print_json(problem(error, LANGUAGE))
            else:
                typer.echo(error.message(LANGUAGE), err=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            stopped = "Interrompu : rien n'est à moitié fait, ce qui était calculé est gardé."
            typer.echo(say(stopped, "Interrupted: nothing is half done, what was computed is kept."), err=True)
            raise typer.Exit(_INTERRUPTED) from error

    return run


def progress(as_json: bool) -> "AbstractContextManager[Progress | None]":
    from api.progress import progress_bar

    return progress_bar(LANGUAGE, quiet=as_json)


def print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_either(as_json: bool, document: "Callable[[], BaseModel]", text: Callable[[], str]) -> None:
    """Only the form that is wanted is made."""
    if as_json:
        print_json(document().model_dump(mode="json"))
    else:
        typer.echo(text())
