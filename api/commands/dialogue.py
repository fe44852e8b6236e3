"""What the dialogues of ``qdq label`` share: a key, a line, a sentence."""

import sys

import click
import typer


def pressed() -> str:
    """One key where a person types; the next sign that is no line end where a program does. Raises EOFError."""
    if sys.stdin.isatty():
        key = click.getchar().lower()
        return " " if key in "\r\n" else key
    while (key := sys.stdin.read(1)) in "\r\n":
        if not key:
            raise EOFError
    return key.lower()


def typed(prompt: str) -> str:
    """A line, with single spaces. Raises EOFError at the end of the input."""
    typer.echo(prompt, err=True, nl=False)
    line = sys.stdin.readline()
    if line == "\n" and not sys.stdin.isatty():
        line = sys.stdin.readline()  # the end of the line on which the key stood
    if not line:
        raise EOFError
    return " ".join(line.split())


def tell(text: str) -> None:
    """On stderr, so that stdout stays for the result."""
    typer.echo(text, err=True)
